"""Handoffs as they stand, and every way one passes from hand to hand. Each change, its event and the conversation's owner are one transaction.

A conversation has one owner at a time. Whoever acts on it says who they believe they are, and the transaction refuses when that is no
longer so: two advisers cannot hold the same resident, and a late click changes nothing.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, select, update

from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.record import write_events
from guildhall.storage.schema import conversations, events, handoffs
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.handoffs import HELD, LANE_RANK, LIVE, WAITING, Handoff, HandoffStatus, Lane, PassedBack, WrapUp
from guildhall.vocabulary.ids import ConversationId, EventId
from guildhall.vocabulary.turns import Owner


class NotTheOwnerError(RefusedError):
    """Somebody else has the conversation now; nothing was done."""


@dataclass(frozen=True)
class EventWriter:
    """Writes events beside a repository's own change."""

    keys: KeyRing
    new_id: Callable[[str], str]

    def note(
        self,
        connection: Connection,
        kind: EventKind,
        at: datetime,
        conversation_id: str,
        facts: Mapping[str, Any],
        words: Mapping[str, Any] | None = None,
        event_id: str = "",
    ) -> str:
        """Write one event; its id."""
        event_id = event_id or self.new_id("event")
        event = Event(EventId(event_id), kind, at, ConversationId(conversation_id), None, facts, words or {})
        write_events(connection, self.keys, [event])
        return event_id


def handoff_of(row: Row[Any]) -> Handoff:
    """A row as a value. The row may carry `source`, the conversation's."""
    return Handoff(
        row.id, row.reference, row.conversation_id, row.queue, row.reason, row.category, Lane(row.lane), HandoffStatus(row.status),
        row.requested_at, row.language, row.service, row.live, row.adviser_id, row.offered_at, row.taken_at, row.met_at,
        row.first_reply_at, row.last_adviser_at, row.last_resident_at, row.snoozed_until, row.breached_at, row.closed_at,
        row.overflowed_from, row.returned, getattr(row, "source", ""), row.wrap_up, row.right_team,
    )  # fmt: skip


def lock(connection: Connection, conversation_id: str) -> Row[Any]:
    """Take the conversation's row for this transaction. Always the first lock of a change: the log's comes last, so none waits in a ring."""
    return connection.execute(select(conversations).where(conversations.c.id == conversation_id).with_for_update()).one()


def own(connection: Connection, writer: EventWriter, conversation_id: str, owner: Owner, adviser_id: str, at: datetime) -> None:
    """Pass a conversation to its next owner, and put that into the record. Nothing happens when it is theirs already."""
    row = lock(connection, conversation_id)
    if row.owner == owner.value and row.adviser_id == adviser_id:
        return
    values = {"owner": owner.value, "adviser_id": adviser_id}
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(**values))
    facts = {"owner": owner.value} | ({"by": adviser_id} if adviser_id else {})
    writer.note(connection, EventKind.OWNER_CHANGED, at, conversation_id, facts)


def make_live(connection: Connection, writer: EventWriter, handoff_id: str, conversation_id: str, queue: str, at: datetime) -> None:
    """The resident waits in the conversation, and the queue owns it."""
    connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(live=True, queue=queue))
    own(connection, writer, conversation_id, Owner.QUEUE, "", at)


def raise_lane(connection: Connection, writer: EventWriter, row: Row[Any], lane: Lane, queue: str, category: str, at: datetime) -> Handoff:
    """Make a handoff more urgent, never less. One that nobody has yet moves to the queue that the greater need names."""
    before = handoff_of(row)
    if LANE_RANK[lane] >= LANE_RANK[before.lane]:
        return before
    to = queue if before.waits and queue else before.queue
    values = {"lane": lane.value, "queue": to, "category": category or before.category}
    connection.execute(update(handoffs).where(handoffs.c.id == before.id).values(**values))
    writer.note(connection, EventKind.HANDOFF_RAISED, at, before.conversation_id, values | {"reference": before.reference})
    return handoff_of(connection.execute(select(handoffs).where(handoffs.c.id == before.id)).one())


class HandoffStore:
    """Repository of handoffs. PeopleStore asks for them; here they move."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str]) -> None:
        self._database = database
        self.writer = EventWriter(keys, new_id)

    # reading

    def get(self, reference: str) -> Handoff:
        """The handoff of a reference. Raises NotFoundError."""
        found = self.find(handoffs.c.reference == reference)
        if not found:
            raise NotFoundError(f"there is no request with the reference {reference}")
        return found[0]

    def find(self, *where: ColumnElement[bool]) -> tuple[Handoff, ...]:
        """Handoffs, the oldest first, each with where its conversation came from."""
        query = select(handoffs, conversations.c.source).join(conversations, conversations.c.id == handoffs.c.conversation_id)
        with self._database.reading() as connection:
            return tuple(handoff_of(row) for row in connection.execute(query.where(*where).order_by(handoffs.c.requested_at)))

    def waiting(self) -> tuple[Handoff, ...]:
        """Everyone who waits or is being offered, callbacks too, the oldest first. No names and no words."""
        return self.find(handoffs.c.status.in_((*WAITING, HandoffStatus.OFFERED)))

    def next_in(self, queues: Collection[str], at_most: int) -> tuple[tuple[Handoff, ...], int]:
        """The first of those who wait in these queues, whoever comes first first (as `handoffs.ordering`), and how many wait in all."""
        here = (handoffs.c.status.in_(WAITING), handoffs.c.queue.in_(queues))
        rank = case({lane.value: number for lane, number in LANE_RANK.items()}, value=handoffs.c.lane)
        query = select(handoffs).where(*here).order_by(rank, handoffs.c.requested_at, handoffs.c.id).limit(at_most)
        with self._database.reading() as connection:
            first = tuple(handoff_of(row) for row in connection.execute(query))
            count = int(connection.execute(select(func.count()).select_from(handoffs).where(*here)).scalar_one())
        return first, count

    def live_of(self, conversation_id: str) -> Handoff | None:
        """The conversation's handoff that is not over: the one that somebody has, or the oldest."""
        found = self.find(handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(LIVE))
        return min(found, key=lambda h: (h.status not in HELD, not h.live, h.requested_at), default=None)

    def was_asked_for(self, conversation_id: str) -> bool:
        """Whether a person was ever asked for in a conversation."""
        query = select(handoffs.c.id).where(handoffs.c.conversation_id == conversation_id).limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).scalar() is not None

    def advisers_of(self, conversation_id: str) -> frozenset[str]:
        """Who has a conversation or is asked to take it."""
        query = select(handoffs.c.adviser_id).where(handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(LIVE))
        with self._database.reading() as connection:
            return frozenset(str(each) for each in connection.execute(query).scalars() if each)

    def held_by(self, staff_id: str) -> tuple[Handoff, ...]:
        """What an adviser has."""
        return self.find(handoffs.c.adviser_id == staff_id, handoffs.c.status.in_(HELD))

    def offered_to(self, staff_id: str) -> tuple[Handoff, ...]:
        """What an adviser is being asked to take."""
        return self.find(handoffs.c.adviser_id == staff_id, handoffs.c.status == HandoffStatus.OFFERED.value)

    def last_danger_closed_by(self, staff_id: str, since: datetime) -> Handoff | None:
        """The newest that an adviser wrapped up since then, if somebody was in danger in it."""
        mine = (handoffs.c.adviser_id == staff_id, handoffs.c.status == HandoffStatus.CLOSED.value, handoffs.c.closed_at >= since)
        found = self.find(*mine, handoffs.c.lane == Lane.DANGER.value)
        return max(found, key=lambda handoff: handoff.closed_at or since, default=None)

    # moving

    def offer(self, reference: str, staff_id: str, at: datetime) -> Handoff:
        """Ask an adviser to take it. Raises NotTheOwnerError when it does not wait any more."""
        with self._database.writing() as connection:
            found = self._locked(connection, reference)
            if not found.waits:
                raise NotTheOwnerError(f"{reference} does not wait any more")
            self._change(connection, found, status=HandoffStatus.OFFERED, adviser_id=staff_id, offered_at=at)
            self.writer.note(connection, EventKind.HANDOFF_OFFERED, at, found.conversation_id, {"reference": reference, "to": staff_id})
        return self.get(reference)

    def accept(self, reference: str, staff_id: str, at: datetime) -> Handoff:
        """Take it, and with it every other open request of the same conversation. Taking what one has changes nothing.

        Raises NotTheOwnerError when somebody else took it, or it is over.
        """
        with self._database.writing() as connection:
            found = self._locked(connection, reference)
            if found.status in HELD and found.adviser_id == staff_id:
                return found
            offered_elsewhere = found.status == HandoffStatus.OFFERED and found.adviser_id != staff_id
            if found.status not in (*WAITING, HandoffStatus.OFFERED) or offered_elsewhere:
                raise NotTheOwnerError(f"{reference} was taken by somebody else, or is over")
            owner = lock(connection, found.conversation_id)
            if owner.owner == Owner.ADVISER.value and owner.adviser_id != staff_id:
                raise NotTheOwnerError(f"somebody else is talking with the resident of {reference}")
            open_here = (handoffs.c.conversation_id == found.conversation_id, handoffs.c.status.in_((*WAITING, HandoffStatus.OFFERED)))
            connection.execute(
                update(handoffs).where(*open_here).values(status=HandoffStatus.ACCEPTED.value, adviser_id=staff_id, taken_at=at)
            )
            unmet = (handoffs.c.conversation_id == found.conversation_id, handoffs.c.met_at.is_(None))
            connection.execute(update(handoffs).where(*unmet).values(met_at=at))
            facts = {"reference": reference, "by": staff_id, "queue": found.queue}
            self.writer.note(connection, EventKind.HANDOFF_ACCEPTED, at, found.conversation_id, facts)
            own(connection, self.writer, found.conversation_id, Owner.ADVISER, staff_id, at)
        return self.get(reference)

    def pass_back(self, reference: str, why: PassedBack, at: datetime, *, staff_id: str = "", queue: str = "", to: str = "") -> Handoff:
        """Put it back into its queue, or another, with its place kept. `staff_id` is who must have it now; `to` is offered it at once.

        Raises NotTheOwnerError when that person does not have it.
        """
        with self._database.writing() as connection:
            found = self._locked(connection, reference)
            held = found.status in (*HELD, HandoffStatus.OFFERED)
            if not held or (staff_id and found.adviser_id != staff_id):
                raise NotTheOwnerError(f"{reference} is with somebody else, or is over")
            status = HandoffStatus.OFFERED if to else HandoffStatus.REQUESTED
            values: dict[str, Any] = {"status": status, "adviser_id": to, "queue": queue or found.queue, "snoozed_until": None}
            if to:
                values["offered_at"] = at
            self._change(connection, found, returned=found.returned + 1, live=True, **values)
            facts = {"reference": reference, "why": why.value, "had": found.adviser_id, "queue": queue or found.queue}
            self.writer.note(connection, EventKind.HANDOFF_PASSED_BACK, at, found.conversation_id, facts | ({"to": to} if to else {}))
            if found.status in HELD:
                own(connection, self.writer, found.conversation_id, Owner.QUEUE, "", at)
        return self.get(reference)

    def snooze(self, reference: str, staff_id: str, until: datetime | None, at: datetime) -> Handoff:
        """Put it aside until a time, or take it up again. Raises NotTheOwnerError."""
        with self._database.writing() as connection:
            found = self._held(connection, reference, staff_id)
            status = HandoffStatus.SNOOZED if until else HandoffStatus.ACCEPTED
            self._change(connection, found, status=status, snoozed_until=until)
            facts = {"reference": reference, "until": until.isoformat() if until else None}
            self.writer.note(connection, EventKind.HANDOFF_SNOOZED, at, found.conversation_id, facts)
        return self.get(reference)

    def close(self, reference: str, staff_id: str, wrap_up: WrapUp, right_team: bool, at: datetime) -> Handoff:
        """Wrap it up: the conversation is closed until the resident writes again. Raises NotTheOwnerError."""
        with self._database.writing() as connection:
            found = self._held(connection, reference, staff_id)
            here = (handoffs.c.conversation_id == found.conversation_id, handoffs.c.status.in_(LIVE))
            connection.execute(
                update(handoffs)
                .where(*here)
                .values(status=HandoffStatus.CLOSED.value, wrap_up=wrap_up.value, right_team=right_team, closed_at=at)
            )
            facts = {"reference": reference, "by": staff_id, "wrap_up": wrap_up.value, "right_team": right_team, "queue": found.queue}
            self.writer.note(connection, EventKind.HANDOFF_CLOSED, at, found.conversation_id, facts)
            own(connection, self.writer, found.conversation_id, Owner.CLOSED, "", at)
        return self.get(reference)

    def withdraw(self, conversation_id: str, owner: Owner, at: datetime) -> int:
        """The resident goes on without a person: with the assistant, or not at all (`owner`). Booked callbacks stay. How many were live."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            here = (
                handoffs.c.conversation_id == conversation_id,
                handoffs.c.status.in_(LIVE),
                handoffs.c.status != HandoffStatus.BOOKED.value,
            )
            gone = connection.execute(update(handoffs).where(*here).values(status=HandoffStatus.WITHDRAWN.value, closed_at=at)).rowcount
            self.writer.note(connection, EventKind.HANDOFF_WITHDRAWN, at, conversation_id, {"requests": gone, "owner": owner.value})
            own(connection, self.writer, conversation_id, owner, "", at)
            if owner == Owner.ASSISTANT:
                start_afresh(connection, conversation_id)
        return int(gone)

    def raise_live(self, conversation_id: str, lane: Lane, queue: str, category: str, at: datetime) -> Handoff | None:
        """Make the conversation's handoff more urgent, if it has one and that is more."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            query = select(handoffs).where(handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(LIVE))
            rows = connection.execute(query.order_by(handoffs.c.requested_at)).all()
            row = min(rows, key=lambda r: (r.status not in HELD, not r.live), default=None)
            return raise_lane(connection, self.writer, row, lane, queue, category, at) if row else None

    def resident_wrote(self, conversation_id: str, at: datetime) -> None:
        """The resident said something to whoever has, or will have, the conversation; what was snoozed is awake again."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            here = (handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(LIVE))
            connection.execute(update(handoffs).where(*here).values(last_resident_at=at))
            awake = {"status": HandoffStatus.ACCEPTED.value, "snoozed_until": None}
            connection.execute(update(handoffs).where(*here, handoffs.c.status == HandoffStatus.SNOOZED.value).values(**awake))

    def _locked(self, connection: Connection, reference: str) -> Handoff:
        conversation_id = connection.execute(select(handoffs.c.conversation_id).where(handoffs.c.reference == reference)).scalar()
        if conversation_id is None:
            raise NotFoundError(f"there is no request with the reference {reference}")
        lock(connection, conversation_id)
        return handoff_of(connection.execute(select(handoffs).where(handoffs.c.reference == reference)).one())

    def _held(self, connection: Connection, reference: str, staff_id: str) -> Handoff:
        found = self._locked(connection, reference)
        if found.status not in HELD or found.adviser_id != staff_id:
            raise NotTheOwnerError(f"{reference} is with somebody else, or is over")
        return found

    def _change(self, connection: Connection, handoff: Handoff, **values: Any) -> None:
        connection.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(**values))


def start_afresh(connection: Connection, conversation_id: str) -> None:
    """What was said until now is no context for what is said next, so that an old trigger does not fire again."""
    last = select(events.c.seq).where(events.c.conversation_id == conversation_id).order_by(events.c.seq.desc()).limit(1)
    seq = connection.execute(last).scalar() or 0
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(context_from=seq))
