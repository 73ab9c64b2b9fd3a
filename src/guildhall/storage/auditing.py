"""Audited samples: drawn once, marked blind, never edited. Each change and its event are one transaction."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from guildhall.storage.audit_frame import frame, with_arms
from guildhall.storage.auditing_schema import audit_draws, audit_items, audit_marks, audit_strata
from guildhall.storage.database import Database, in_lots
from guildhall.storage.record import write_events
from guildhall.value.auditing.marking import Draw, GivenMark, Item, MarkError, checked
from guildhall.value.auditing.sampling import Candidate, Stratum, allocate, draw, seed_of
from guildhall.vocabulary.auditing import MAY_DRAW, MAY_MARK, UNDECIDED, Fault, Group, Mark
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.roles import ROLE_LABELS, Role
from guildhall.vocabulary.staff import StaffMember

SIZE: Final = 200
FLOOR: Final = 10
DOUBLE_PERCENT: Final = 20
LONGEST_DAYS: Final = 366
SHORTEST_WHY: Final = 10


class AuditStore:
    """Repository of one council's audits. Who may do what is decided in the transaction that does it."""

    def __init__(
        self, database: Database, council: str, new_id: Callable[[str], str], clock: Callable[[], datetime], zone: tzinfo = UTC
    ) -> None:
        self._database, self._council, self._new_id, self._clock, self._zone = database, council, new_id, clock, zone

    @property
    def today(self) -> date:
        """The day where the council is."""
        return self._clock().astimezone(self._zone).date()

    def draw(
        self, since: date, until: date, member: StaffMember, size: int = SIZE, floor: int = FLOOR, double: int = DOUBLE_PERCENT
    ) -> Draw:
        """Draw a sample of the turns of a period that is over. Raises RefusedError, and then nothing is kept."""
        _may(member, MAY_DRAW, "draw a sample")
        self._check(since, until, size, floor, double)
        with self._database.reading() as connection:  # a period that is over gets no more turns, so nobody who writes has to wait for this
            found, simulated = frame(connection, self._council, since, until, self._zone)
        with self._database.writing() as connection:
            _one_at_a_time(connection, self._council)
            attempt = self._attempts(connection, since, until)
            sample = draw(found, size, floor, seed_of(self._council, since, until, attempt))
            draw_id, at = self._new_id("audit"), self._clock()
            connection.execute(
                insert(audit_draws).values(
                    id=draw_id, council=self._council, since=since, until=until, size=size, floor=floor, double_percent=double,
                    seed=sample.seed, by=member.id, at=at, simulated=simulated, withdrawn_by="", withdrawn_why="",
                )
            )  # fmt: skip
            strata = [{"draw_id": draw_id, "key": one.key, "size": one.size, "drawn": one.drawn} for one in sample.strata]
            connection.execute(insert(audit_strata), strata)
            items = [
                _item_values(self._new_id("item"), draw_id, place.number, place.candidate) for place in with_arms(connection, sample.places)
            ]
            for lot in in_lots(items):
                connection.execute(insert(audit_items), list(lot))
            facts = {
                "draw": draw_id, "since": since.isoformat(), "until": until.isoformat(), "seed": sample.seed, "size": sample.size,
                "of": len(found), "floor": floor, "double_percent": double, "simulated": simulated, "by": member.id,
                "strata": {one.key: [one.size, one.drawn] for one in sample.strata},
            }  # fmt: skip
            self._write(connection, EventKind.AUDIT_DRAWN, at, [facts])
            return self._get(connection, draw_id)

    def withdraw(self, draw_id: str, why: str, member: StaffMember) -> None:
        """Give up a draw that nobody has begun to mark, so that its days can be drawn again. Raises NotFoundError, RefusedError."""
        _may(member, MAY_DRAW, "withdraw a sample")
        reason = " ".join(why.split())
        if not SHORTEST_WHY <= len(reason) <= 400:
            raise RefusedError("say in a sentence why it is withdrawn")
        with self._database.writing() as connection:
            one = self._locked(connection, draw_id)
            if one.withdrawn_at is not None:
                raise RefusedError("it was withdrawn before")
            if any(item.marks for item in one.items):
                raise RefusedError(
                    "somebody has marked turns of it; what was begun is finished, so that nobody can draw until the result suits"
                )
            at = self._clock()
            values = {"withdrawn_at": at, "withdrawn_by": member.id, "withdrawn_why": reason}
            connection.execute(update(audit_draws).where(audit_draws.c.id == draw_id).values(**values))
            self._write(connection, EventKind.AUDIT_WITHDRAWN, at, [{"draw": draw_id, "why": reason, "by": member.id}])

    def close(self, draw_id: str, why: str, member: StaffMember) -> Draw:
        """Close a draw whose last marks do not come. What nobody decided is counted both ways. Raises NotFoundError, RefusedError."""
        _may(member, MAY_DRAW, "close a sample")
        reason = " ".join(why.split())
        if not SHORTEST_WHY <= len(reason) <= 400:
            raise RefusedError("say in a sentence why it is closed before all its marks are in")
        with self._database.writing() as connection:
            one = self._locked(connection, draw_id)
            if one.withdrawn_at is not None:
                raise RefusedError("it was withdrawn, so there is nothing to close")
            if one.closed_at is not None:
                raise RefusedError("it was closed before")
            if one.finished:
                raise RefusedError("all its marks are in, so it is finished and needs no closing")
            if not one.given:
                raise RefusedError("nobody has marked a turn of it. Withdraw it instead, so that its days can be drawn again")
            at, open_ones = self._clock(), [item for item in one.in_order if one.lacks(item)]
            values = {"closed_at": at, "closed_by": member.id, "closed_why": reason}
            connection.execute(update(audit_draws).where(audit_draws.c.id == draw_id).values(**values))
            facts = {"draw": draw_id, "why": reason, "by": member.id, "undecided": len(open_ones), "of": len(one.in_order)}
            self._write(connection, EventKind.AUDIT_CLOSED, at, [facts])
            return self._count(connection, draw_id, at)

    def mark(self, draw_id: str, item_id: str, mark: str, fault: str, member: StaffMember) -> Draw:
        """Mark a turn, or correct one's own mark of it. Raises NotFoundError, RefusedError; MarkError names the field."""
        _may(member, MAY_MARK, "mark a turn")
        with self._database.writing() as connection:
            one = self._locked(connection, draw_id)
            item = _found(one, item_id)
            if item.id in one.undecided:
                raise RefusedError("this sample was closed before anybody decided this turn, so it takes no more marks")
            verdict = checked(item, mark, fault)
            own = next(((slot, given) for slot, given in enumerate(item.marks, 1) if given.by == member.id), None)
            if own is None:
                if item not in one.in_order or not one.needed(item):
                    raise RefusedError("this turn needs no more marks; a colleague may have marked it a moment ago")
                slot, revision = len(item.marks) + 1, 0
            else:
                slot, revision = own[0], self._revisions(connection, item_id, own[0])
                if (own[1].mark, own[1].fault) == (verdict.mark, verdict.fault):
                    raise MarkError("mark", "This is how you marked it already")
            at, mark_id = self._clock(), self._new_id("mark")
            fault_code = verdict.fault.value if verdict.fault else ""
            connection.execute(
                insert(audit_marks).values(
                    item_id=item_id,
                    slot=slot,
                    revision=revision,
                    id=mark_id,
                    mark=verdict.mark.value,
                    fault=fault_code,
                    by=member.id,
                    at=at,
                )
            )
            sealed = hashlib.sha256(f"{mark_id}|{verdict.mark}|{fault_code}".encode()).hexdigest()
            told = {"draw": draw_id, "item": item_id, "slot": slot, "revision": revision, "mark_digest": sealed, "by": member.id}
            self._write(connection, EventKind.AUDIT_MARKED, at, [told])
            return self._count(connection, draw_id, at)

    def gone(self, draw_id: str, item_id: str, member: StaffMember) -> Draw:
        """Say that nobody can read a turn's words any more, so that another takes its place. Raises NotFoundError, RefusedError."""
        _may(member, MAY_MARK, "mark a turn")
        with self._database.writing() as connection:
            one = self._locked(connection, draw_id)
            item = _found(one, item_id)
            if item.gone or not one.needed(item):
                return one
            at = self._clock()
            connection.execute(update(audit_items).where(audit_items.c.id == item_id).values(gone_at=at))
            self._write(connection, EventKind.AUDIT_MARKED, at, [{"draw": draw_id, "item": item_id, "gone": True, "by": member.id}])
            return self._count(connection, draw_id, at)

    def get(self, draw_id: str) -> Draw:
        """A draw with its items and marks. Raises NotFoundError."""
        with self._database.reading() as connection:
            return self._get(connection, draw_id)

    def all(self) -> tuple[Draw, ...]:
        """Every draw, the newest first."""
        query = select(audit_draws.c.id).where(audit_draws.c.council == self._council).order_by(audit_draws.c.at.desc(), audit_draws.c.id)
        with self._database.reading() as connection:
            return tuple(self._get(connection, draw_id) for draw_id in connection.scalars(query).all())

    def history(self, item_id: str) -> tuple[GivenMark, ...]:
        """Every mark of a turn, also those that were corrected, in the order in which they were given."""
        query = (
            select(audit_marks)
            .where(audit_marks.c.item_id == item_id)
            .order_by(audit_marks.c.at, audit_marks.c.slot, audit_marks.c.revision)
        )
        with self._database.reading() as connection:
            return tuple(_mark(row) for row in connection.execute(query))

    def _check(self, since: date, until: date, size: int, floor: int, double: int) -> None:
        if until < since:
            raise RefusedError(f"the period ends on {until} before it begins on {since}; give the earlier day first.")
        if until >= self.today:
            raise RefusedError("the period is not over; draw up to yesterday at the latest, so that every turn of it can be drawn.")
        if (until - since).days >= LONGEST_DAYS:
            raise RefusedError("the period is longer than a year; draw a shorter one.")
        if not 0 <= double <= 100:
            raise RefusedError("the share that two people mark is between 0 and 100 in a hundred.")
        allocate({"": size}, size, floor)

    def _attempts(self, connection: Connection, since: date, until: date) -> int:
        """How often just this period was drawn and given up before. Raises RefusedError where a draw that stands covers any of its days."""
        rows = connection.execute(select(audit_draws).where(audit_draws.c.council == self._council)).all()
        for row in rows:
            if row.withdrawn_at is None and row.since <= until and since <= row.until:
                raise RefusedError(
                    f"the draw of {row.since} to {row.until} covers some of these days; a turn counts in one draw only. Choose other days."
                )
        return sum(1 for row in rows if (row.since, row.until) == (since, until))

    def _revisions(self, connection: Connection, item_id: str, slot: int) -> int:
        query = select(audit_marks.c.revision).where(audit_marks.c.item_id == item_id, audit_marks.c.slot == slot)
        return int(max(connection.scalars(query))) + 1

    def _locked(self, connection: Connection, draw_id: str) -> Draw:
        _one_at_a_time(connection, self._council)
        return self._get(connection, draw_id)

    def _get(self, connection: Connection, draw_id: str) -> Draw:
        row = connection.execute(
            select(audit_draws).where(audit_draws.c.council == self._council, audit_draws.c.id == draw_id)
        ).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no audit {draw_id}; `guildhall value audit list` lists them.")
        strata = connection.execute(select(audit_strata).where(audit_strata.c.draw_id == draw_id).order_by(audit_strata.c.key)).all()
        items = connection.execute(select(audit_items).where(audit_items.c.draw_id == draw_id).order_by(audit_items.c.id)).all()
        joined = select(audit_marks).join(audit_items, audit_items.c.id == audit_marks.c.item_id).where(audit_items.c.draw_id == draw_id)
        standing: dict[str, dict[int, GivenMark]] = defaultdict(dict)
        for mark in connection.execute(joined.order_by(audit_marks.c.item_id, audit_marks.c.slot, audit_marks.c.revision)):
            standing[mark.item_id][mark.slot] = _mark(mark)
        return _draw(row, strata, items, standing)

    def _count(self, connection: Connection, draw_id: str, at: datetime) -> Draw:
        """Put into the record what each turn of a finished draw counts as, where that is not there yet or was corrected."""
        one = self._get(connection, draw_id)
        if not one.finished:
            return one
        was = {row.id: (row.counted_mark, row.counted_fault, row.counted_weight) for row in connection.execute(
            select(audit_items).where(audit_items.c.draw_id == draw_id)
        )}  # fmt: skip
        told = []
        for counted in one.counted():
            verdict, item = counted.verdict, counted.item
            mark = verdict.mark.value if verdict else UNDECIDED
            now = (mark, verdict.fault.value if verdict and verdict.fault else "", counted.weight)
            if was[item.id] != now:
                names = dict(zip(("counted_mark", "counted_fault", "counted_weight"), now, strict=True))
                connection.execute(update(audit_items).where(audit_items.c.id == item.id).values(**names))
                told.append(_counted_facts(one, item, now))
        self._write(connection, EventKind.AUDIT_COUNTED, at, told)
        return one

    def _write(self, connection: Connection, kind: EventKind, at: datetime, facts: Sequence[Mapping[str, Any]]) -> None:
        made = [Event(EventId(self._new_id("event")), kind, at, facts={"council": self._council, **one}) for one in facts]
        write_events(connection, None, made)


def _counted_facts(one: Draw, item: Item, now: tuple[str, str, float]) -> dict[str, Any]:
    turn = item.turn
    return {
        "draw": one.id, "item": item.id, "stratum": turn.stratum, "mark": now[0], "fault": now[1], "weight": now[2],
        "turn_at": turn.at.isoformat(), "did": turn.group.value, "channel": turn.channel, "language": turn.language,
        "service": turn.service, "ward": turn.ward, "arm": turn.arm, "simulated": one.simulated,
    }  # fmt: skip


def _may(member: StaffMember, roles: frozenset[Role], act: str) -> None:
    if not member.holds(roles):
        names = ", ".join(ROLE_LABELS[role][0].lower() for role in Role if role in roles)
        raise RefusedError(f"{member.name} may not {act}; it takes one of: {names}.")


def _one_at_a_time(connection: Connection, council: str) -> None:
    """On SQLite a writer is alone anyway; PostgreSQL holds a lock of its own until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext(%s))", (f"audits:{council}",))


def _found(one: Draw, item_id: str) -> Item:
    if one.withdrawn_at is not None:
        raise RefusedError("this draw was withdrawn, and nothing of it is marked any more")
    item = one.item(item_id)
    if item is None:
        raise NotFoundError(f"there is no turn {item_id} in the audit {one.id}")
    return item


def _item_values(item_id: str, draw_id: str, number: int, turn: Candidate) -> dict[str, Any]:
    plain = {name: getattr(turn, name) for name in Candidate.__slots__}
    counted = {"counted_mark": "", "counted_fault": "", "counted_weight": 0.0}
    return {"id": item_id, "draw_id": draw_id, "number": number, **plain, "group": turn.group.value, **counted}


def _draw(row: Row[Any], strata: Sequence[Row[Any]], items: Sequence[Row[Any]], marks: Mapping[str, Mapping[int, GivenMark]]) -> Draw:
    return Draw(
        row.id, row.since, row.until, row.size, row.floor, row.double_percent, row.seed, row.by, row.at, row.simulated,
        tuple(Stratum(one.key, one.size, one.drawn) for one in strata),
        tuple(_item(one, tuple(mark for _, mark in sorted(marks.get(one.id, {}).items()))) for one in items),
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_why, row.closed_at, row.closed_by, row.closed_why,
    )  # fmt: skip


def _item(row: Row[Any], marks: tuple[GivenMark, ...]) -> Item:
    plain = {name: getattr(row, name) for name in Candidate.__slots__}
    return Item(row.id, Candidate(**(plain | {"group": Group(plain["group"])})), row.number, row.gone_at is not None, marks)


def _mark(row: Row[Any]) -> GivenMark:
    fault = Fault(row.fault) if row.fault else None
    return GivenMark(row.id, row.item_id, Mark(row.mark), fault, row.by, row.at, row.revision)
