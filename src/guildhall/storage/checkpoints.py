"""Checkpoints of the log, what witnesses cosigned, and what they have last said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from guildhall.records.checkpoints import OPERATOR, Checkpoint, SignedNote, Signer, parse_checkpoint, parse_note
from guildhall.records.merkle import consistency_path, inclusion_path, range_root
from guildhall.storage.database import Database
from guildhall.storage.log import LogHashes, keep_tiles, log_checkpoints, log_cosignatures, log_records, log_witnesses, size_of
from guildhall.storage.schema import events
from guildhall.vocabulary.errors import GuildhallError, NotFoundError
from guildhall.vocabulary.events import EventKind

OWN_KINDS = (EventKind.CHECKPOINT_SIGNED.value, EventKind.CHECKPOINT_WITNESSED.value)
"""Events about checkpoints do not by themselves call for another checkpoint."""


class ForkError(GuildhallError):
    """What is stored no longer leads to a root that was signed before. Nothing more may be signed."""


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A signed checkpoint with the cosignatures it has so far."""

    size: int
    root: bytes
    at: datetime
    note: SignedNote


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has been recorded since the last checkpoint, apart from events about checkpoints."""

    size: int
    fresh: int
    last: StoredCheckpoint | None


@dataclass(frozen=True, slots=True)
class WitnessState:
    """The last size a witness is known to hold, and what went wrong since, if anything did."""

    witness: str
    size: int
    failures: int
    problem: str
    tried_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """That one event is in the log: its record, its place, the way from it to the root, and the signed checkpoint."""

    index: int
    record: bytes
    path: tuple[bytes, ...]
    checkpoint: StoredCheckpoint
    facts: str
    facts_salt: bytes


class CheckpointStore:
    """Repository of the log's checkpoints. `clock` says when they were made."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def waiting(self) -> Waiting:
        """How much a new checkpoint would cover that the last does not."""
        with self._database.reading() as connection:
            size, last = size_of(connection), self._latest(connection)
            since = last.size if last else 0
            own = select(func.count()).select_from(events).where(events.c.kind.in_(OWN_KINDS), events.c.log_seq >= since)
            own = own.where(events.c.at >= last.at) if last else own  # the index knows kinds by time
            return Waiting(size, size - since - connection.execute(own).scalar_one(), last)

    def sign(self, signer: Signer) -> tuple[StoredCheckpoint, bool]:
        """A checkpoint over everything recorded by now, and whether it is new. Raises ForkError when the past does not fit."""
        self._keep_tiles()
        with self._database.writing() as connection:
            size, last = size_of(connection), self._latest(connection)
            if last and size == last.size and last.note.names(signer.key(OPERATOR)):
                return last, False
            while not keep_tiles(connection, size):
                pass
            hashes = LogHashes(connection)
            if last:
                self._check_past(hashes, size, last)
                self._take_over(connection, last, signer)
            checkpoint = Checkpoint(signer.name, size, range_root(hashes, 0, size))
            note = SignedNote(checkpoint.body, (signer.sign(checkpoint.body),))
            made = StoredCheckpoint(size, checkpoint.root, self._clock(), note)
            connection.execute(delete(log_checkpoints).where(log_checkpoints.c.size == size))  # of another name, or there is none
            connection.execute(insert(log_checkpoints).values(size=size, root=made.root, at=made.at, note=note.text))
            return made, True

    def _check_past(self, hashes: LogHashes, size: int, last: StoredCheckpoint) -> None:
        if size < last.size:
            raise ForkError(f"a checkpoint over {last.size} records was signed, but the log holds {size}: its tail was cut")
        if range_root(hashes, 0, last.size) != last.root:
            raise ForkError(f"the first {last.size} records no longer lead to the root that was signed over them: they were changed")

    def _take_over(self, connection: Connection, last: StoredCheckpoint, signer: Signer) -> None:
        """Another key may go on only under another name, which witnesses and auditors have to be told; it begins with no witness."""
        if last.note.names(signer.key(OPERATOR)):
            return
        if parse_checkpoint(last.note.body).origin == signer.name:
            raise GuildhallError(
                f"the record of {signer.name} was signed with another key. Put that key back, or give the record a new name with "
                "GUILDHALL_LOG_ORIGIN and tell its witnesses and auditors why."
            )
        connection.execute(delete(log_witnesses))
        connection.execute(delete(log_cosignatures).where(log_cosignatures.c.size == last.size))

    def _keep_tiles(self) -> None:
        """A few at a time, so that an old, long record holds no turn up."""
        kept = False
        while not kept:
            with self._database.writing() as connection:
                kept = keep_tiles(connection, size_of(connection))

    def latest(self) -> StoredCheckpoint | None:
        """The newest checkpoint."""
        with self._database.reading() as connection:
            return self._latest(connection)

    def fits(self, checkpoint: StoredCheckpoint) -> bool:
        """Whether what is stored still leads to the root of a checkpoint."""
        with self._database.reading() as connection:
            try:
                return range_root(LogHashes(connection), 0, checkpoint.size) == checkpoint.root
            except GuildhallError:  # some of the hashes are gone
                return False

    def all(self, connection: Connection) -> list[StoredCheckpoint]:
        """Every checkpoint, smallest first."""
        lines: dict[int, list[str]] = {}
        for row in connection.execute(select(log_cosignatures).order_by(log_cosignatures.c.witness)):
            lines.setdefault(row.size, []).append(row.line)
        rows = connection.execute(select(log_checkpoints).order_by(log_checkpoints.c.size))
        return [StoredCheckpoint(r.size, r.root, r.at, parse_note(r.note).with_lines(lines.get(r.size, []))) for r in rows]

    def proof(self, first: int, second: int) -> tuple[bytes, ...]:
        """That the log of `second` records began as the log of `first`."""
        with self._database.reading() as connection:
            return tuple(consistency_path(LogHashes(connection), first, second))

    def receipt(self, event_id: str) -> Receipt:
        """The receipt of an event under the newest checkpoint. Raises NotFoundError when there is no such event or no checkpoint over it."""
        with self._database.reading() as connection:
            event = connection.execute(
                select(events.c.log_seq, events.c.facts, events.c.facts_salt).where(events.c.id == event_id)
            ).one_or_none()
            if event is None or event.log_seq is None:
                raise NotFoundError(f"the record has no event {event_id}")
            last = self._latest(connection)
            if last is None or last.size <= event.log_seq:
                raise NotFoundError(f"no checkpoint covers event {event_id} yet: make one with `guildhall log checkpoint`")
            record = connection.execute(select(log_records.c.record).where(log_records.c.seq == event.log_seq)).scalar_one()
            path = inclusion_path(LogHashes(connection), event.log_seq, last.size)
            return Receipt(event.log_seq, record, tuple(path), last, event.facts, event.facts_salt)

    def cosigned(self, size: int, witness: str, line: str) -> None:
        """Keep a witness's line on the checkpoint of that size."""
        now = self._clock()
        with self._database.writing() as connection:
            this = (log_cosignatures.c.size == size, log_cosignatures.c.witness == witness)
            connection.execute(delete(log_cosignatures).where(*this))
            connection.execute(insert(log_cosignatures).values(size=size, witness=witness, line=line, at=now))
            self._note_witness(connection, WitnessState(witness, size, 0, "", now))

    def failed(self, witness: str, problem: str) -> WitnessState:
        """Note that a witness did not cosign, and how often that has now been so in a row."""
        with self._database.writing() as connection:
            before = next((state for state in self._states(connection) if state.witness == witness), None)
            size, failures = (before.size, before.failures + 1) if before else (0, 1)
            state = WitnessState(witness, size, failures, problem, self._clock())
            self._note_witness(connection, state)
            return state

    def witnesses(self) -> list[WitnessState]:
        """What each witness last said."""
        with self._database.reading() as connection:
            return self._states(connection)

    def last_cosigned(self) -> dict[str, tuple[int, datetime]]:
        """The newest checkpoint that each witness cosigned, by its size, and when its cosignature came."""
        with self._database.reading() as connection:
            rows = connection.execute(select(log_cosignatures).order_by(log_cosignatures.c.size))
            return {row.witness: (row.size, row.at) for row in rows}

    def _states(self, connection: Connection) -> list[WitnessState]:
        rows = connection.execute(select(log_witnesses).order_by(log_witnesses.c.witness))
        return [WitnessState(row.witness, row.size, row.failures, row.problem, row.tried_at) for row in rows]

    def _note_witness(self, connection: Connection, state: WitnessState) -> None:
        connection.execute(delete(log_witnesses).where(log_witnesses.c.witness == state.witness))
        values = {name: getattr(state, name) for name in ("witness", "size", "failures", "problem", "tried_at")}
        connection.execute(insert(log_witnesses).values(**values))

    def _latest(self, connection: Connection) -> StoredCheckpoint | None:
        row = connection.execute(select(log_checkpoints).order_by(log_checkpoints.c.size.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        query = select(log_cosignatures.c.line).where(log_cosignatures.c.size == row.size).order_by(log_cosignatures.c.witness)
        return StoredCheckpoint(row.size, row.root, row.at, parse_note(row.note).with_lines(connection.execute(query).scalars().all()))
