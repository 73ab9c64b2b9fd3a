"""Packs as they are kept: under the SHA-256 of their canonical rules, and read back only when the address still matches."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import ValidationError

from guildhall.policy.packs import Pack, canonical, pack_from
from guildhall.storage.governance import GovernanceStore
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.governance import Activation, HowActivated

KEPT = 64
SHORT = 12


def to_go_back_to(activations: Sequence[Activation]) -> list[Activation]:
    """What was in force and was not taken back, oldest first: the last is in force now, the one before it is where a roll-back leads."""
    standing: list[Activation] = []
    for activation in activations:
        if activation.how in (HowActivated.ROLLBACK, HowActivated.UNREADABLE):
            packs = [earlier.pack for earlier in standing]
            if activation.pack in packs:
                del standing[packs.index(activation.pack) + 1 :]
                continue
            standing = standing[:-1]
        standing.append(activation)
    return standing


class UnreadablePackError(GuildhallError):
    """A stored pack is missing, or is not what its address says; it is never used."""


class Packs:
    """Packs by address. What was read once is kept in memory: a pack never changes."""

    def __init__(self, store: GovernanceStore) -> None:
        self._store = store
        self._kept: OrderedDict[str, Pack] = OrderedDict()

    def get(self, pack: str) -> Pack:
        """The pack of that address. Raises UnreadablePackError."""
        if found := self._kept.get(pack):
            return found
        stored = self._store.pack(pack)
        if stored is None:
            raise UnreadablePackError(f"the pack {pack[:SHORT]} is not in the store")
        text = stored[0].encode()
        if hashlib.sha256(text).hexdigest() != pack:
            raise UnreadablePackError(f"the stored pack {pack[:SHORT]} was changed: its rules do not match its address")
        try:
            read = pack_from(text)
        except (ValidationError, ValueError) as error:
            raise UnreadablePackError(
                f"the stored pack {pack[:SHORT]} cannot be read by this version of Guildhall: {type(error).__name__}"
            ) from None
        if read.id != pack:
            raise UnreadablePackError(f"this version of Guildhall reads the stored pack {pack[:SHORT]} as other rules than were signed")
        self.keep(read)
        return read

    def keep(self, pack: Pack) -> None:
        """Remember a pack that was read."""
        self._kept[pack.id] = pack
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def put(self, pack: Pack, files: Mapping[str, str], at: datetime) -> None:
        """Store a pack with the files it was read from, so that a board can read them as they were written."""
        self._store.put_pack(pack.id, canonical(pack.rules).decode(), files, at)
        self.keep(pack)
