"""Who sits at the desk: the queues and languages of each adviser, whether they are here, and when they were last given something."""

import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from guildhall.handoffs.presence import PRESENT_FOR as PRESENT_FOR
from guildhall.handoffs.presence import is_here as is_here
from guildhall.handoffs.presence import is_present as is_present
from guildhall.storage.database import Database
from guildhall.storage.desk_schema import advisers
from guildhall.storage.record import write_events
from guildhall.storage.schema import handoffs
from guildhall.storage.staff import staff
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.handoffs import Adviser, AdviserStatus, HandoffStatus, PassedBack
from guildhall.vocabulary.ids import EventId

SEEN_EVERY: Final = PRESENT_FOR / 5
"""Being heard of is written so often."""


class NoRoomError(RefusedError):
    """The adviser takes nothing new now, or has as much as they can do; nothing was done."""


class AdviserStore:
    """Repository of advisers."""

    def __init__(self, database: Database, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._new_id = new_id
        self._seen: dict[str, datetime] = {}

    def get(self, staff_id: str) -> Adviser | None:
        """The adviser of that id."""
        return next(iter(self._find(advisers.c.staff_id == staff_id)), None)

    def everyone(self) -> tuple[Adviser, ...]:
        """Every adviser, by name; who is kept out is not one."""
        return self._find(staff.c.active.is_(True))

    def present(self, now: datetime, queues: Collection[str] = ()) -> tuple[Adviser, ...]:
        """Who is here and takes something new, of these queues when any are named."""
        here = self._find(
            staff.c.active.is_(True), advisers.c.status == AdviserStatus.AVAILABLE.value, advisers.c.seen_at > now - PRESENT_FOR
        )
        return tuple(adviser for adviser in here if not queues or adviser.queues & set(queues))

    def set(
        self,
        staff_id: str,
        queues: Collection[str],
        languages: Collection[str],
        safeguarding: bool,
        capacity: int,
        by: str,
        at: datetime,
        why: str = "",
    ) -> None:
        """Say what somebody serves, and why as a code; they begin as offline."""
        values: dict[str, Any] = {
            "queues": json.dumps(sorted(queues)),
            "languages": json.dumps(sorted(languages)),
            "safeguarding": safeguarding,
            "capacity": capacity,
        }
        with self._database.writing() as connection:
            known = connection.execute(update(advisers).where(advisers.c.staff_id == staff_id).values(**values)).rowcount
            if not known:
                connection.execute(
                    insert(advisers).values(staff_id=staff_id, status=AdviserStatus.OFFLINE.value, status_since=at, **values)
                )
            facts = {"adviser": staff_id, "by": by, "queues": sorted(queues), "languages": sorted(languages)}
            self._note(connection, EventKind.ADVISER_CHANGED, facts | {"capacity": capacity, "safeguarding": safeguarding, "why": why}, at)

    def set_phone(self, staff_id: str, number: str, by: str, at: datetime) -> None:
        """Say where callers reach somebody; an empty number takes calls from them. The number must have been checked, and is in no event."""
        with self._database.writing() as connection:
            mine = (advisers.c.staff_id == staff_id, advisers.c.phone != number)
            if connection.execute(update(advisers).where(*mine).values(phone=number)).rowcount:
                self._note(connection, EventKind.ADVISER_CHANGED, {"adviser": staff_id, "by": by, "takes_calls": bool(number)}, at)

    def set_status(self, staff_id: str, status: AdviserStatus, at: datetime, why: str = "") -> None:
        """Come, go, or take nothing new. Saying the same again changes nothing but that they were seen."""
        with self._database.writing() as connection:
            known = (advisers.c.staff_id == staff_id, advisers.c.status != status.value)
            changed = connection.execute(update(advisers).where(*known).values(status=status.value, status_since=at)).rowcount
            connection.execute(update(advisers).where(advisers.c.staff_id == staff_id).values(seen_at=at, why=""))
            if changed:
                facts = {"adviser": staff_id, "status": status.value} | ({"why": why} if why else {})
                self._note(connection, EventKind.ADVISER_STATUS_CHANGED, facts, at)

    def stand_down(self, staff_id: str, why: PassedBack, at: datetime) -> bool:
        """The desk gives them nothing new until they say that they are available again, and tells them why. False when they were not.

        Unlike what they do themselves it is no sign that they are here.
        """
        with self._database.writing() as connection:
            available = (advisers.c.staff_id == staff_id, advisers.c.status == AdviserStatus.AVAILABLE.value)
            busy = {"status": AdviserStatus.BUSY.value, "status_since": at, "why": why.value}
            if not connection.execute(update(advisers).where(*available).values(**busy)).rowcount:
                return False
            facts = {"adviser": staff_id, "status": AdviserStatus.BUSY.value, "why": why.value}
            self._note(connection, EventKind.ADVISER_STATUS_CHANGED, facts, at)
        return True

    def seen(self, staff_id: str, at: datetime) -> None:
        """Their page was heard of. Written now and then only: a hundred pages that read themselves again would all wait for one lock."""
        last = self._seen.get(staff_id)
        if last is not None and timedelta() <= at - last < SEEN_EVERY:
            return
        with self._database.writing() as connection:
            connection.execute(update(advisers).where(advisers.c.staff_id == staff_id).values(seen_at=at))
        self._seen[staff_id] = at

    def given(self, staff_id: str, at: datetime) -> None:
        """They were given something, so others come first next time."""
        with self._database.writing() as connection:
            connection.execute(update(advisers).where(advisers.c.staff_id == staff_id).values(given_at=at))

    def _find(self, *where: ColumnElement[bool]) -> tuple[Adviser, ...]:
        query = select(advisers, staff.c.name).join(staff, staff.c.id == advisers.c.staff_id).where(*where).order_by(staff.c.name)
        with self._database.reading() as connection:
            return tuple(_adviser(row) for row in connection.execute(query))

    def _note(self, connection: Connection, kind: EventKind, facts: dict[str, Any], at: datetime) -> None:
        write_events(connection, None, [Event(EventId(self._new_id("event")), kind, at, None, None, facts)])


@lru_cache(maxsize=512)
def _keys(text: str) -> frozenset[str]:
    """A list as it is stored; many advisers serve the same."""
    return frozenset(json.loads(text))


def _adviser(row: Any) -> Adviser:
    return Adviser(
        row.staff_id, row.name, _keys(row.queues), _keys(row.languages), row.safeguarding, row.capacity,
        AdviserStatus(row.status), row.status_since, row.seen_at, row.given_at, row.why, row.since_share,
        row.phone,
    )  # fmt: skip


def give_to(connection: Connection, staff_id: str, tally: int | None, at: datetime) -> None:
    """Note that an adviser is given something; `tally` as in an Offer. Raises NoRoomError unless they take it and have room."""
    row = connection.execute(select(advisers).where(advisers.c.staff_id == staff_id).with_for_update()).one_or_none()
    theirs = (handoffs.c.adviser_id == staff_id, handoffs.c.status.in_((HandoffStatus.OFFERED, HandoffStatus.ACCEPTED)))
    has = connection.execute(select(func.count(handoffs.c.conversation_id.distinct())).where(*theirs)).scalar() or 0
    if row is None or row.status != AdviserStatus.AVAILABLE.value or has >= row.capacity:
        raise NoRoomError("the adviser takes nothing more now")
    counted = 0 if tally is None else row.since_share + tally
    connection.execute(update(advisers).where(advisers.c.staff_id == staff_id).values(given_at=at, since_share=counted))
