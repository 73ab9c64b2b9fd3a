"""Keeps the record's checkpoints: signs when enough is new, has witnesses cosign, tries again when they fail, and never holds up a turn."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from guildhall.conversations.ports import Records
from guildhall.providers.witnesses.tlog_witness import TlogWitness, WitnessConflictError
from guildhall.records.checkpoints import OPERATOR, Signer
from guildhall.storage.checkpoints import CheckpointStore, StoredCheckpoint, WitnessState
from guildhall.vocabulary.errors import GuildhallError, ProviderError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId

log = structlog.get_logger("guildhall.record")

LOOK_EVERY_SECONDS = 5.0
STOP_WITHIN_SECONDS = 10.0
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class RecordKeeper:
    """Everything about checkpoints, done when it is asked to. `clock` is injected, so that five minutes need not pass in a test."""

    store: CheckpointStore
    signer: Signer
    witnesses: Sequence[TlogWitness]
    records: Records
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    every_records: int
    every_seconds: float

    def tick(self) -> None:
        """Sign if it is time, then ask every witness that has not cosigned the newest checkpoint."""
        waiting = self.store.waiting()
        age = (self.clock() - waiting.last.at).total_seconds() if waiting.last else self.every_seconds
        if waiting.fresh >= self.every_records or (waiting.fresh and age >= self.every_seconds):
            self.sign()
        for state in self.ask_witnesses():
            log.warning("witness_failed", witness=state.witness.partition("+")[0], failures=state.failures, problem=state.problem)

    def sign(self) -> StoredCheckpoint:
        """A checkpoint over all that is recorded by now. Raises ForkError when the past no longer fits what was signed."""
        checkpoint, new = self.store.sign(self.signer)
        if new:
            facts = {"size": checkpoint.size, "root": checkpoint.root.hex(), "key": self.signer.key(OPERATOR).text}
            self._record(EventKind.CHECKPOINT_SIGNED, facts)
        return checkpoint

    def ask_witnesses(self, patient: bool = True) -> list[WitnessState]:
        """Have the newest checkpoint cosigned, and say who failed. One that failed is left alone for a while, unless `patient` is false."""
        newest = self.store.latest()
        if newest is None:
            return []
        states = {state.witness: state for state in self.store.witnesses()}
        failed = []
        for witness in self.witnesses:
            state = states.get(witness.key.text)
            has_it = state is not None and state.size == newest.size and not state.failures
            if not has_it and not (patient and state and self.clock() < next_try(state)):
                failed.append(self._ask(witness, newest, state.size if state else 0))
        return [state for state in failed if state]

    def _ask(self, witness: TlogWitness, newest: StoredCheckpoint, old: int) -> WitnessState | None:
        try:
            line = self._cosigned(witness, newest, old)
        except ProviderError as error:
            return self.store.failed(witness.key.text, str(error))
        self.store.cosigned(newest.size, witness.key.text, line)
        self._record(EventKind.CHECKPOINT_WITNESSED, {"size": newest.size, "witness": witness.key.text})
        return None

    def _cosigned(self, witness: TlogWitness, newest: StoredCheckpoint, old: int) -> str:
        """Ask from the size we believe it holds, and if it says another, from that."""
        try:
            return self._ask_from(witness, newest, old)
        except WitnessConflictError as conflict:
            return self._ask_from(witness, newest, conflict.size)

    def _ask_from(self, witness: TlogWitness, newest: StoredCheckpoint, old: int) -> str:
        if old > newest.size:
            raise ProviderError(
                f"witness {witness.key.name} has seen {old} records, and we hold {newest.size}: our tail was cut, or an old copy was restored"
            )
        return witness.cosign(old, self.store.proof(old, newest.size), newest.note)

    def _record(self, kind: EventKind, facts: dict[str, Any]) -> None:
        self.records.append([Event(EventId(self.new_id("event")), kind, self.clock(), facts=facts)])

    def close(self) -> None:
        """Let the witnesses' connections go."""
        for witness in self.witnesses:
            witness.close()


def next_try(state: WitnessState) -> datetime:
    """When a witness is asked again: after 30 seconds, then after twice as long each time, at most an hour."""
    pause = min(LONGEST_PAUSE, timedelta(seconds=30) * 2 ** min(state.failures - 1, 10)) if state.failures else timedelta(0)
    return state.tried_at + pause


class KeepingThread(threading.Thread):
    """Ticks in the background of `serve`, and signs once more when it is stopped."""

    def __init__(self, keeper: RecordKeeper, every_seconds: float = LOOK_EVERY_SECONDS) -> None:
        super().__init__(name="record-keeper", daemon=True)
        self._keeper = keeper
        self._every = every_seconds
        self._stopping = threading.Event()

    def run(self) -> None:
        """Until stopped. What fails is said in the log and tried again at the next tick."""
        while not self._stopping.wait(self._every):
            self._try(self._keeper.tick)
        self._try(self._last)

    def stop(self) -> None:
        """Sign over what is there, ask the witnesses once, and end."""
        self._stopping.set()
        self.join(STOP_WITHIN_SECONDS)

    def _last(self) -> None:
        if self._keeper.store.waiting().fresh:
            self._keeper.sign()
        self._keeper.ask_witnesses()

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except (GuildhallError, SQLAlchemyError, OSError) as error:
            log.error("record_keeping_failed", error=type(error).__name__, problem=str(error) if isinstance(error, GuildhallError) else "")
