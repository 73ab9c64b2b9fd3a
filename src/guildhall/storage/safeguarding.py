"""Safeguarding records: read, told of, acknowledged and closed. They are opened in `safeguarding_opening.py`, with the request for a person.

Telling is a step of its own: a record says when the next route is due, and whichever process sees that first tells it, in one transaction with
the alert's row in the outbox. So an alert is neither lost nor told twice, and needs nobody at the desk.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, exists, func, insert, or_, select, update

from guildhall.records.sealing import SealError
from guildhall.safeguarding.alerting import alerts_of, next_telling
from guildhall.safeguarding.config import SafeguardingFile
from guildhall.storage.after_schema import safeguarding_records as records
from guildhall.storage.after_schema import safeguarding_steps as steps
from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.notifications import put_alert
from guildhall.storage.safeguarding_opening import Escalation, open_record
from guildhall.storage.schema import handoffs
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.safeguarding import SafeguardingOutcome, SafeguardingRecord, Step, StepKind

SWEPT: Final = timedelta(days=1)
"""How far back requests without a record are looked for, so that a first start does not alert about old ones."""
SETTLED: Final = timedelta(days=30)
NOTE_AT_MOST: Final = 4000


@dataclass(frozen=True)
class AlertTerms:
    """What alerting needs of a council: who is told, when queues are open, how a link and a time are written."""

    file: SafeguardingFile
    is_open: Callable[[str, datetime], bool]
    address: str
    zone: ZoneInfo

    def link(self, record_id: str) -> str:
        """Where a record is acknowledged, after signing in."""
        return f"{self.address.rstrip('/')}/console/safeguarding/{record_id}"

    def clock(self, at: datetime | None) -> str:
        """A time as an alert says it."""
        return f"{at.astimezone(self.zone):%H:%M}" if at else ""


class SafeguardingStore:
    """Repository of safeguarding records."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str], terms: AlertTerms) -> None:
        self._database = database
        self._keys = keys
        self._writer = EventWriter(keys, new_id)
        self.terms = terms

    # what the ticking thread does

    def tick(self, now: datetime) -> int:
        """Open records that are missing, see who was met meanwhile, and tell whoever is due. How many routes were told. Safe in any process."""
        self.sweep(now)
        self._settle(now)
        due = select(records.c.id).where(records.c.next_at <= now, *_UNHEARD).order_by(records.c.next_at).limit(100)
        with self._database.reading() as connection:
            found = list(connection.scalars(due))
        return sum(self._tell(record_id, now) for record_id in found)

    def sweep(self, now: datetime) -> int:
        """Open the records of requests that have none: an adviser raised them, or the record could not be made then. How many."""
        has_one = exists().where(records.c.handoff_id == handoffs.c.id, records.c.category == handoffs.c.category)
        categories = [category.value for category in self.terms.file.categories]
        query = select(handoffs).where(handoffs.c.category.in_(categories), handoffs.c.requested_at >= now - SWEPT, ~has_one)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(handoffs.c.requested_at)).all()
        opened = 0
        for row in rows:
            with self._database.writing() as connection:
                lock(connection, row.conversation_id)
                shut = not self.terms.is_open(row.queue, now)
                found = Escalation(row.id, row.reference, row.conversation_id, row.category, row.queue, now, shut)
                opened += bool(open_record(connection, self._writer, found, None))
        return opened

    def _settle(self, now: datetime) -> None:
        """Keep on the record when an adviser was there; the request itself goes with its retention."""
        unmet = or_(records.c.met_at.is_(None), records.c.first_reply_at.is_(None))
        joined = select(records.c.id, handoffs.c.met_at, handoffs.c.first_reply_at).join(handoffs, handoffs.c.id == records.c.handoff_id)
        changed = or_(
            records.c.met_at.is_(None) & handoffs.c.met_at.is_not(None),
            records.c.first_reply_at.is_(None) & handoffs.c.first_reply_at.is_not(None),
        )
        with self._database.reading() as connection:
            rows = connection.execute(joined.where(unmet, changed, records.c.raised_at >= now - SETTLED)).all()
        for row in rows:
            with self._database.writing() as connection:
                values = {"met_at": row.met_at, "first_reply_at": row.first_reply_at}
                connection.execute(update(records).where(records.c.id == row.id).values(**values))

    def _tell(self, record_id: str, now: datetime) -> bool:
        with self._database.writing() as connection:
            due = select(records).where(records.c.id == record_id, records.c.next_at <= now, *_UNHEARD)
            row = connection.execute(due.with_for_update()).one_or_none()
            if row is None:
                return False  # another process told it, or somebody acknowledged
            record = _record(row)
            telling = next_telling(self.terms.file, record, now)
            alerts = alerts_of(record, telling, self.terms.link(record.id), self.terms.clock(telling.next_at))
            for alert in alerts:
                put_alert(connection, self._writer, alert, record.id, telling.route, now)
            told = " ".join(alert.channel.value for alert in alerts) or ("phone" if telling.route else "")
            kind = StepKind.RUN_OUT if not telling.route else StepKind.ESCALATED if record.step else StepKind.ALERTED
            values: dict[str, Any] = {"next_at": telling.next_at}
            if telling.route:
                values |= {"step": record.step + 1, "told_at": record.told_at or now}
            connection.execute(update(records).where(records.c.id == record.id).values(**values))
            self._step(connection, record, kind, now, route=telling.route, told=told)
            event = EventKind.SAFEGUARDING_ALERTED if kind == StepKind.ALERTED else EventKind.SAFEGUARDING_ESCALATED
            until = telling.next_at.isoformat() if telling.next_at else None
            facts = _facts(record) | {"route": telling.route, "told": told, "step": record.step, "acknowledge_by": until}
            self._writer.note(connection, event, now, record.conversation_id, facts)
        return bool(telling.route)

    # what people do

    def acknowledge(self, record_id: str, by: str, at: datetime) -> SafeguardingRecord:
        """Somebody has it in hand; nobody else is told. Doing it again changes nothing. Raises NotFoundError, RefusedError without a name."""
        _need_name(by)
        with self._database.writing() as connection:
            record = self._locked(connection, record_id)
            if record.acknowledged_at is None:
                self._acknowledge(connection, record, by, at)
        return self.get(record_id)

    def close(self, record_id: str, by: str, outcome: SafeguardingOutcome, note: str, at: datetime) -> SafeguardingRecord:
        """Write down what came of it. Whoever closes has acknowledged. Raises NotFoundError, RefusedError."""
        _need_name(by)
        if len(note) > NOTE_AT_MOST:
            raise RefusedError(f"a note has at most {NOTE_AT_MOST:,} characters.")
        with self._database.writing() as connection:
            record = self._locked(connection, record_id)
            if record.closed_at is not None:
                raise RefusedError("the record was closed by somebody else a moment ago; theirs stands.")
            if record.acknowledged_at is None:
                self._acknowledge(connection, record, by, at)
            values = {"closed_at": at, "outcome": outcome.value, "next_at": None}
            connection.execute(update(records).where(records.c.id == record_id).values(**values))
            self._step(connection, record, StepKind.CLOSED, at, by=by, note=note)
            facts = _facts(record) | {"by": by, "outcome": outcome.value}
            self._writer.note(connection, EventKind.SAFEGUARDING_CLOSED, at, record.conversation_id, facts)
        return self.get(record_id)

    def _acknowledge(self, connection: Connection, record: SafeguardingRecord, by: str, at: datetime) -> None:
        values = {"acknowledged_at": at, "acknowledged_by": by, "next_at": None}
        connection.execute(update(records).where(records.c.id == record.id).values(**values))
        self._step(connection, record, StepKind.ACKNOWLEDGED, at, by=by)
        facts = _facts(record) | {"by": by, "after_seconds": round((at - record.raised_at).total_seconds()), "step": record.step}
        self._writer.note(connection, EventKind.SAFEGUARDING_ACKNOWLEDGED, at, record.conversation_id, facts)

    # reading

    def get(self, record_id: str) -> SafeguardingRecord:
        """The record of an id, or the newest of a request's reference. Raises NotFoundError."""
        found = self.find(or_(records.c.id == record_id, records.c.reference == record_id))
        if not found:
            raise NotFoundError(f"there is no safeguarding record {record_id}; `guildhall safeguarding list` shows them")
        return found[0]

    def open_ones(self) -> tuple[SafeguardingRecord, ...]:
        """Records that are not closed: those that nobody acknowledged first, then the oldest."""
        found = self.find(records.c.closed_at.is_(None))
        return tuple(sorted(found, key=lambda record: (record.acknowledged_at is not None, record.raised_at)))

    def since(self, at: datetime) -> tuple[SafeguardingRecord, ...]:
        """Every record since a time, newest first."""
        return self.find(records.c.raised_at >= at)

    def find(self, *where: ColumnElement[bool]) -> tuple[SafeguardingRecord, ...]:
        """Records with what happened to them, newest first. No words."""
        query = select(records).where(*where).order_by(records.c.raised_at.desc(), records.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            ids = select(records.c.id).where(*where)
            happened: dict[str, list[Step]] = {}
            taken = select(steps).where(steps.c.record_id.in_(ids)).order_by(steps.c.record_id, steps.c.number)
            for row in connection.execute(taken):
                happened.setdefault(row.record_id, []).append(_a_step(row))
        return tuple(_record(row, happened.get(row.id, ())) for row in rows)

    def words(self, record: SafeguardingRecord) -> Mapping[str, Any]:
        """The words that raised it; empty once they were erased. Whoever shows them records that first."""
        with self._database.reading() as connection:
            sealed = connection.execute(select(records.c.sealed).where(records.c.id == record.id)).scalar() or b""
        return self._opened(record.conversation_id, sealed, record.id)

    def notes(self, record: SafeguardingRecord) -> Mapping[int, str]:
        """Notes of staff by the number of their step. Whoever shows them records that first."""
        query = select(steps.c.number, steps.c.sealed).where(steps.c.record_id == record.id, func.length(steps.c.sealed) > 0)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        found = {row.number: self._opened(record.conversation_id, row.sealed, f"{record.id}.{row.number}").get("note", "") for row in rows}
        return {number: note for number, note in found.items() if note}

    def _opened(self, conversation_id: str, sealed: bytes, bound_to: str) -> Mapping[str, Any]:
        if not sealed:
            return {}
        try:
            return self._keys.sealer.open(self._keys.get(conversation_id), sealed, bound_to)
        except (NotFoundError, SealError):
            return {}

    def _locked(self, connection: Connection, record_id: str) -> SafeguardingRecord:
        row = connection.execute(select(records).where(records.c.id == record_id).with_for_update()).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no safeguarding record {record_id}; `guildhall safeguarding list` shows them")
        return _record(row)

    def _step(self, connection: Connection, record: SafeguardingRecord, kind: StepKind, at: datetime, **more: str) -> None:
        """Add what happened. The record's row is locked, so that numbers do not collide."""
        last = select(func.coalesce(func.max(steps.c.number), 0)).where(steps.c.record_id == record.id)
        number = int(connection.execute(last).scalar_one()) + 1
        note, sealed = more.pop("note", "").strip(), b""
        if note:
            try:
                key = self._keys.get(record.conversation_id)
            except NotFoundError:
                raise RefusedError("what was said was erased, so no note can be kept with it; close the record without one.") from None
            sealed = self._keys.sealer.seal(key, {"note": note}, f"{record.id}.{number}")
        of_record = {"record_id": record.id, "number": number, "conversation_id": record.conversation_id}
        connection.execute(insert(steps).values(**of_record, kind=kind.value, at=at, sealed=sealed, **more))


_UNHEARD = (records.c.acknowledged_at.is_(None), records.c.closed_at.is_(None))


def _need_name(by: str) -> None:
    if not by.strip():
        raise RefusedError("a named person acknowledges or closes a safeguarding record; give --as NAME.")


def _facts(record: SafeguardingRecord) -> dict[str, Any]:
    return {"record": record.id, "reference": record.reference, "category": record.category}


def _a_step(row: Row[Any]) -> Step:
    return Step(row.number, StepKind(row.kind), row.at, row.route, row.told, row.by, bool(row.sealed))


def _record(row: Row[Any], happened: Sequence[Step] = ()) -> SafeguardingRecord:
    return SafeguardingRecord(
        row.id, row.reference, row.handoff_id, row.conversation_id, row.turn_id, row.category, row.grade, row.pack,
        tuple(json.loads(row.rules)), row.queue, row.raised_at, row.out_of_hours, row.found_later, row.step, row.next_at,
        row.acknowledged_at, row.acknowledged_by, row.met_at, row.first_reply_at, row.closed_at, row.outcome, row.told_at, tuple(happened),
    )  # fmt: skip
