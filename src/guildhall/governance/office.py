"""What the life of a rule change needs: its memory, the council's folder, the detectors and the record of the past."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guildhall.governance.packs import Packs
from guildhall.governance.signing import public_key_of
from guildhall.policy.compare import Message
from guildhall.policy.config import Example, RuleFile
from guildhall.policy.packs import Pack
from guildhall.policy.replay import Replayable
from guildhall.storage.governance import GovernanceStore
from guildhall.storage.past import PastTurns
from guildhall.vocabulary.decisions import Facts
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.governance import InForce, Member

Progress = Callable[[int, int], None]
"""How much is done, of how much."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The rules as they stand in the council's folder: the pack, and every file as written."""

    pack: Pack
    files: Mapping[str, str]


class Bench(Protocol):
    """Where a change is tried: the real detectors, and past decisions. Nothing here can act on anybody."""

    def facts_of_words(self, rule: RuleFile, example: Example) -> Facts:
        """What the detectors make of an example's words."""
        ...

    def messages(self, rules: Sequence[RuleFile]) -> Sequence[Message]:
        """Messages that may illustrate a difference: the examples of these rules, heard by the detectors."""
        ...

    def detectors(self) -> Sequence[str]:
        """The names of the detectors that run."""
        ...

    def past(self, since: datetime, full: bool) -> tuple[int, Iterator[Replayable | None]]:
        """About how many past decisions there are, and each of them; heard again from words still kept when `full`."""
        ...


@dataclass(frozen=True)
class Office:
    """Everything that proposing, testing, signing and activating share."""

    council: str
    store: GovernanceStore
    packs: Packs
    folder: Callable[[], Folder]
    check_pack: Callable[[Pack], None]
    """Raises ConfigurationError when a pack names wording, signposts or queues that do not exist."""
    bench: Bench
    past: PastTurns
    clock: Callable[[], datetime]
    unfair: Callable[[], Sequence[str]] = tuple
    """Why the fairness probes block a change, a sentence each; nothing when they do not."""

    def in_force(self) -> InForce:
        """What is in force. Raises RefusedError while there is no board."""
        found = self.store.in_force()
        if found is None:
            raise RefusedError(
                "nobody is on the board yet, so the rules in the council's folder are in force; "
                "found the board with `guildhall board enrol NAME --role ROLE --key-out FILE`"
            )
        return found

    def member(self, name: str) -> Member:
        """The member of that name. Raises RefusedError."""
        members = {member.name: member for member in self.store.members()}
        if name not in members:
            raise RefusedError(f"{name} is not on the board; its members are: {', '.join(members) or 'nobody yet'}")
        return members[name]

    def acting(self, name: str, key: Ed25519PrivateKey | None) -> Member:
        """The member who acts, proved by the key. Raises RefusedError."""
        member = self.member(name)
        if key is None:
            raise RefusedError(f"{name} must show who they are: give the key file with --key")
        if public_key_of(key) != member.public_key:
            raise RefusedError(f"this is not the key that {name} was enrolled with")
        return member
