"""Which packs judge a conversation now. Asked in every turn, so it answers from memory and polls one number a second.

While there is no board, the folder's rules are in force. With one, the store says; a pack that cannot be read is never used:
the last good one is put in force instead, said aloud and recorded.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guildhall.governance.packs import Packs, UnreadablePackError, to_go_back_to
from guildhall.policy.judging import Judging
from guildhall.policy.packs import Pack
from guildhall.storage.governance import GovernanceStore
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.governance import HowActivated, InForce, Phase, Proposal
from guildhall.vocabulary.turns import Conversation

log = structlog.get_logger("guildhall.governance")

POLL_SECONDS = 1.0
GUILDHALL = "guildhall"
"""Who acts when no person does."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is in force, with every pack read."""

    generation: int
    active: Pack
    canary: tuple[Proposal, Pack] | None = None
    shadow: tuple[tuple[Proposal, Pack], ...] = ()
    emergencies: tuple[tuple[Proposal, Pack], ...] = ()
    rolled_back: frozenset[str] = frozenset()


def in_canary(change: Proposal, conversation_id: str) -> bool:
    """Whether a conversation belongs to the share that the change is tried on: always the same answer, and a wider share holds the narrower."""
    digest = hashlib.sha256(f"{change.id}:{change.pack}:{conversation_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10_000 < change.share * 100


class PacksInForce:
    """The port that the turn asks; one for each process."""

    def __init__(
        self,
        store: GovernanceStore,
        packs: Packs,
        folder: Callable[[], Pack],
        clock: Callable[[], datetime],
        stopwatch: Callable[[], float],
    ) -> None:
        self._store, self._packs, self._folder = store, packs, folder
        self._clock, self._stopwatch = clock, stopwatch
        self._refreshing = threading.Lock()
        self._snapshot = self._read()
        self._looked_at = stopwatch()

    def now(self) -> Snapshot:
        """What is in force, at most a second old."""
        if self._stopwatch() - self._looked_at >= POLL_SECONDS and self._refreshing.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._refreshing.release()
        return self._snapshot

    def for_conversation(self, conversation: Conversation) -> Judging:
        """The pack of its first turn, or the one that a new conversation gets now; and what judges beside it."""
        snapshot, at = self.now(), self._clock()
        pack = self._pack_of(conversation, snapshot)
        beside = [tighter for change, tighter in snapshot.emergencies if change.lapses_at and at < change.lapses_at]
        if pack.id in snapshot.rolled_back:
            beside.append(snapshot.active)
        others = tuple({other.id: other for other in beside if other.id != pack.id}.values())
        watching = tuple(other for change, other in snapshot.shadow if change.base == pack.id)  # a change is compared with what it replaces
        return Judging(pack, others, watching)

    def _pack_of(self, conversation: Conversation, snapshot: Snapshot) -> Pack:
        if conversation.pack == snapshot.active.id:
            return snapshot.active
        if conversation.pack:
            try:
                return self._packs.get(conversation.pack)
            except UnreadablePackError as error:
                log.error("conversation_pack_unreadable", why=str(error))
                return snapshot.active
        if snapshot.canary and in_canary(snapshot.canary[0], conversation.id):
            return snapshot.canary[1]
        return snapshot.active

    def _refresh(self) -> None:
        self._looked_at = self._stopwatch()
        try:
            generation = self._store.generation()
            if generation != self._snapshot.generation:
                self._snapshot = self._read()
            self._lapse()
        except SQLAlchemyError as error:
            log.error("rules_not_polled", error=type(error).__name__)  # the rules that were in force stay so

    def _read(self) -> Snapshot:
        stored = self._store.in_force()
        if stored is None:
            return Snapshot(0, self._folder())
        active = self._active(stored)
        canary = self._readable((stored.canary,) if stored.canary else (), Phase.ROLLED_BACK, EventKind.PACK_ROLLED_BACK)
        return Snapshot(
            generation=stored.generation,
            active=active,
            canary=canary[0] if canary else None,
            shadow=self._readable(stored.shadow, Phase.WITHDRAWN, EventKind.RULE_CHANGE_REFUSED),
            emergencies=self._readable(stored.emergencies, Phase.LAPSED, EventKind.EMERGENCY_LAPSED),
            rolled_back=stored.rolled_back,
        )

    def _active(self, stored: InForce) -> Pack:
        try:
            return self._packs.get(stored.active)
        except UnreadablePackError as error:
            why = str(error)
        good = self._last_good(stored.active)
        log.error("pack_unreadable", why=why, instead=good.id)
        try:
            self._store.activate(stored.active, good.id, HowActivated.UNREADABLE, GUILDHALL, why, self._clock())
        except RefusedError:
            log.info("pack_replaced_by_another_process", pack=good.id)
        return good

    def _last_good(self, unreadable: str) -> Pack:
        for activation in reversed(to_go_back_to(self._store.activations())):
            if activation.pack == unreadable:
                continue
            try:
                return self._packs.get(activation.pack)
            except UnreadablePackError:
                continue
        folder = self._folder()
        self._packs.put(folder, {}, self._clock())
        return folder

    def _readable(self, changes: tuple[Proposal, ...], phase: Phase, kind: EventKind) -> tuple[tuple[Proposal, Pack], ...]:
        """The changes with their packs. One that cannot be read ends, and the record says why."""
        found = []
        for change in changes:
            try:
                found.append((change, self._packs.get(change.pack)))
            except UnreadablePackError as error:
                log.error("pack_unreadable", why=str(error), change=change.id)
                self._end(change, phase, kind, str(error))
        return tuple(found)

    def _lapse(self) -> None:
        for change, _ in self._snapshot.emergencies:
            if change.lapses_at and self._clock() >= change.lapses_at:
                self._end(change, Phase.LAPSED, EventKind.EMERGENCY_LAPSED, "it was not ratified in time")

    def _end(self, change: Proposal, phase: Phase, kind: EventKind, why: str) -> None:
        at = self._clock()
        try:
            self._store.move(change, kind, at, {"by": GUILDHALL, "why": why}, phase=phase.value, phase_since=at)
        except RefusedError:
            log.info("change_ended_by_another_process", change=change.id)
