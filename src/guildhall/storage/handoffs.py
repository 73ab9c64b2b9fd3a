"""Handoffs as they stand, and every way one passes from hand to hand. Each change, its event and the conversation's owner are one transaction.

A conversation has one owner at a time. Whoever acts on it says who they believe they are, and the transaction refuses when that is no
longer so: two advisers cannot hold the same resident, and a late click changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, select, update

from guildhall.conversations.recording import part_as_json
from guildhall.handoffs.assigning import Offer
from guildhall.handoffs.ordering import may_be_given
from guildhall.storage.advisers import give_to
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.looks import ask_to_look
from guildhall.storage.record import write_events
from guildhall.storage.schema import callbacks, conversations, events, handoffs
from guildhall.vocabulary.calls import CallStanding
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.handoffs import HELD, LANE_RANK, LIVE, WAITING, Handoff, HandoffStatus, Lane, PassedBack, WrapUp
from guildhall.vocabulary.ids import ConversationId, EventId
from guildhall.vocabulary.turns import Owner, ReplyPart

WITH_ADVISER: Final = (HandoffStatus.OFFERED, *HELD)
FROM: Final[dict[PassedBack, tuple[HandoffStatus, ...]]] = {
    PassedBack.DECLINED: (HandoffStatus.OFFERED,),
    PassedBack.NOT_TAKEN: (HandoffStatus.OFFERED,),
    PassedBack.WENT_QUIET: (HandoffStatus.ACCEPTED,),
    PassedBack.GONE: HELD,
    PassedBack.MISSED_CALL: WITH_ADVISER,
    PassedBack.CALLER_GONE: (HandoffStatus.OFFERED,),
}
"""What it must be for it to go back for that reason: an offer that was taken in the same moment stays taken."""


class NotTheOwnerError(RefusedError):
    """Somebody else has the conversation now; nothing was done."""


@dataclass(frozen=True)
class EventWriter:
    """Writes events beside a repository's own change."""

    keys: KeyRing
    new_id: Callable[[str], str]

    def notice(self, connection: Connection, parts: Sequence[ReplyPart], at: datetime, conversation_id: str) -> None:
        """Tell the resident something outside a turn. Nothing to say writes nothing."""
        if parts:
            facts = {"wording": [part.wording for part in parts], "language": parts[0].language}
            self.note(connection, EventKind.NOTICE_GIVEN, at, conversation_id, facts, {"parts": [part_as_json(part) for part in parts]})

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
        row.queued_at, row.owed_since, row.reply_breached_at, row.alerted_at,
        CallStanding(row.call),
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
    connection.execute(update(handoffs).where(handoffs.c.id == handoff_id).values(live=True, queue=queue, queued_at=at))
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

    def offer(self, reference: str, staff_id: str, at: datetime, desks_choice: Offer | None = None) -> Handoff:
        """Ask an adviser to take it. An offer of the desk's own choice heeds that they take something new and have room.

        Raises NotTheOwnerError when it does not wait any more, NoRoomError when the adviser takes nothing more. Both are looked at in the
        transaction that makes the offer, so that no number of processes gives an adviser too much.
        """
        with self._database.writing() as connection:
            found = locked(connection, reference)
            may = may_be_given(found, at) if desks_choice else found.waits
            if not may or _is_elsewhere(connection, found):
                raise NotTheOwnerError(f"{reference} does not wait any more")
            if desks_choice:
                give_to(connection, staff_id, desks_choice.tally, at)
            helps = {"overflowed_from": found.queue} if desks_choice and desks_choice.overflow else {}
            self._change(connection, found, status=HandoffStatus.OFFERED, adviser_id=staff_id, offered_at=at, **helps)
            facts: dict[str, Any] = {"reference": reference, "to": staff_id, "queue": found.queue, "lane": found.lane.value}
            if desks_choice:
                facts |= {"share": desks_choice.share, "overflow": desks_choice.overflow}
            self.writer.note(connection, EventKind.HANDOFF_OFFERED, at, found.conversation_id, facts)
        return self.get(reference)

    def accept(self, reference: str, staff_id: str, at: datetime) -> Handoff:
        """Take it, and with it every other open request of the same conversation. Taking what one has changes nothing.

        Raises NotTheOwnerError when somebody else took it, or it is over.
        """
        with self._database.writing() as connection:
            found = locked(connection, reference)
            if found.status in HELD and found.adviser_id == staff_id:
                return found
            offered_elsewhere = found.status == HandoffStatus.OFFERED and found.adviser_id != staff_id
            if found.status not in (*WAITING, HandoffStatus.OFFERED) or offered_elsewhere:
                raise NotTheOwnerError(f"{reference} was taken by somebody else, or is over")
            owner = lock(connection, found.conversation_id)
            if owner.owner == Owner.ADVISER.value and owner.adviser_id != staff_id:
                raise NotTheOwnerError(f"somebody else is talking with the resident of {reference}")
            open_here = (handoffs.c.conversation_id == found.conversation_id, handoffs.c.status.in_((*WAITING, HandoffStatus.OFFERED)))
            on_the_page = found.live or found.lane == Lane.DANGER  # else they are phoned: nobody there waits for written words
            owed = at if on_the_page else None
            taken = {"status": HandoffStatus.ACCEPTED.value, "adviser_id": staff_id, "taken_at": at, "owed_since": owed}
            connection.execute(update(handoffs).where(*open_here).values(**taken))
            unmet = (handoffs.c.conversation_id == found.conversation_id, handoffs.c.met_at.is_(None))
            connection.execute(update(handoffs).where(*unmet).values(met_at=at))
            facts = {"reference": reference, "by": staff_id, "queue": found.queue}
            self.writer.note(connection, EventKind.HANDOFF_ACCEPTED, at, found.conversation_id, facts)
            own(connection, self.writer, found.conversation_id, Owner.ADVISER, staff_id, at)
        return self.get(reference)

    def pass_back(
        self,
        reference: str,
        why: PassedBack,
        at: datetime,
        *,
        staff_id: str = "",
        queue: str = "",
        to: str = "",
        owed_since: datetime | None = None,
        notice: Sequence[ReplyPart] = (),
    ) -> Handoff:
        """Put it back into its queue, or another, with its place kept, and every other request of the conversation with it.

        `staff_id` is who must have it now; `to` is offered it at once; `notice` is what the resident is told. Raises NotTheOwnerError when
        that person does not have it, an offer was taken meanwhile, or, given `owed_since`, the adviser answered meanwhile.
        """
        with self._database.writing() as connection:
            found = locked(connection, reference)
            if found.status not in FROM.get(why, WITH_ADVISER) or (staff_id and found.adviser_id != staff_id):
                raise NotTheOwnerError(f"{reference} is with somebody else, or is over")
            if owed_since and found.owed_since != owed_since:
                raise NotTheOwnerError(f"the resident of {reference} has their reply")
            put_back(connection, self.writer, found, why, at, queue=queue, to=to)
            self.writer.notice(connection, notice, at, found.conversation_id)
        return self.get(reference)

    def snooze(self, reference: str, staff_id: str, until: datetime | None, at: datetime) -> Handoff:
        """Put it aside until a time, or take it up again; taking up what is awake changes nothing. Raises NotTheOwnerError."""
        with self._database.writing() as connection:
            found = held(connection, reference, staff_id)
            if until is None and found.status == HandoffStatus.ACCEPTED:
                return found
            status = HandoffStatus.SNOOZED if until else HandoffStatus.ACCEPTED
            self._change(connection, found, status=status, snoozed_until=until, owed_since=None)
            facts = {"reference": reference, "until": until.isoformat() if until else None}
            self.writer.note(connection, EventKind.HANDOFF_SNOOZED, at, found.conversation_id, facts)
        return self.get(reference)

    def close(
        self, reference: str, staff_id: str, wrap_up: WrapUp, right_team: bool, at: datetime, *, right_queue: str = "", look: bool = False
    ) -> Handoff:
        """Wrap it up, until the resident writes again; `right_queue` is the team it was for, if known. Raises NotTheOwnerError."""
        with self._database.writing() as connection:
            found = held(connection, reference, staff_id)
            here = (handoffs.c.conversation_id == found.conversation_id, handoffs.c.status.in_(LIVE))
            connection.execute(
                update(handoffs)
                .where(*here)
                .values(
                    status=HandoffStatus.CLOSED.value, wrap_up=wrap_up.value, right_team=right_team, right_queue=right_queue, closed_at=at
                )
            )
            if look:
                ask_to_look(connection, reference, found.conversation_id, staff_id, at)
            facts = {"reference": reference, "by": staff_id, "queue": found.queue, "wrap_up": wrap_up.value, "look": look}
            facts |= {"right_team": right_team, "right_queue": right_queue}
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

    def resident_wrote(self, conversation_id: str, at: datetime) -> None:
        """The resident said something to whoever has, or will have, the conversation; what was snoozed is awake again."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            here = (handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(LIVE))
            connection.execute(update(handoffs).where(*here).values(last_resident_at=at))
            held = (*here, handoffs.c.status.in_(HELD), handoffs.c.owed_since.is_(None))
            connection.execute(update(handoffs).where(*held).values(owed_since=at))
            awake = {"status": HandoffStatus.ACCEPTED.value, "snoozed_until": None}
            connection.execute(update(handoffs).where(*here, handoffs.c.status == HandoffStatus.SNOOZED.value).values(**awake))

    def _change(self, connection: Connection, handoff: Handoff, **values: Any) -> None:
        connection.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(**values))


def locked(connection: Connection, reference: str) -> Handoff:
    """The handoff of a reference, its conversation locked for this transaction. Raises NotFoundError."""
    conversation_id = connection.execute(select(handoffs.c.conversation_id).where(handoffs.c.reference == reference)).scalar()
    if conversation_id is None:
        raise NotFoundError(f"there is no request with the reference {reference}")
    lock(connection, conversation_id)
    return handoff_of(connection.execute(select(handoffs).where(handoffs.c.reference == reference)).one())


def held(connection: Connection, reference: str, staff_id: str) -> Handoff:
    """The same, which that adviser has. Raises NotTheOwnerError when they do not."""
    found = locked(connection, reference)
    if found.status not in HELD or found.adviser_id != staff_id:
        raise NotTheOwnerError(f"{reference} is with somebody else, or is over")
    return found


def put_back(
    connection: Connection, writer: EventWriter, found: Handoff, why: PassedBack, at: datetime, *, queue: str = "", to: str = ""
) -> None:
    """Put what an adviser had, or was offered, into its queue or another, with its place kept; `to` is offered it at once.

    Every other request of the conversation that the adviser had waits again too, a booked callback for its time.
    """
    values: dict[str, Any] = {"queue": queue or found.queue, "snoozed_until": None, "owed_since": None, "adviser_id": to}
    if found.status in HELD:
        values |= {"queued_at": at, "live": found.call != CallStanding.OVER}  # who has put the phone down waits for nobody
        _let_others_wait(connection, found)
    status = {"status": HandoffStatus.OFFERED, "offered_at": at} if to else {"status": HandoffStatus.REQUESTED}
    change = values | status | {"returned": found.returned + 1}
    connection.execute(update(handoffs).where(handoffs.c.id == found.id).values(**change))
    facts = {"reference": found.reference, "why": why.value, "had": found.adviser_id, "queue": queue or found.queue}
    writer.note(connection, EventKind.HANDOFF_PASSED_BACK, at, found.conversation_id, facts | ({"to": to} if to else {}))
    if found.status in HELD or found.live:
        own(connection, writer, found.conversation_id, Owner.QUEUE, "", at)


def _let_others_wait(connection: Connection, handoff: Handoff) -> None:
    beside = (handoffs.c.conversation_id == handoff.conversation_id, handoffs.c.id != handoff.id, handoffs.c.status.in_(HELD))
    booked = handoffs.c.id.in_(select(callbacks.c.handoff_id))
    for where, status in ((booked, HandoffStatus.BOOKED), (~booked, HandoffStatus.REQUESTED)):
        values = {"status": status.value, "adviser_id": "", "live": False, "snoozed_until": None, "owed_since": None}
        connection.execute(update(handoffs).where(*beside, where).values(**values))


def _is_elsewhere(connection: Connection, handoff: Handoff) -> bool:
    """Whether another request of the same conversation is with an adviser."""
    others = (handoffs.c.conversation_id == handoff.conversation_id, handoffs.c.id != handoff.id, handoffs.c.status.in_(WITH_ADVISER))
    return connection.execute(select(handoffs.c.id).where(*others).limit(1)).scalar() is not None


def start_afresh(connection: Connection, conversation_id: str) -> None:
    """What was said until now is no context for what is said next, so that an old trigger does not fire again."""
    last = select(events.c.seq).where(events.c.conversation_id == conversation_id).order_by(events.c.seq.desc()).limit(1)
    seq = connection.execute(last).scalar() or 0
    connection.execute(update(conversations).where(conversations.c.id == conversation_id).values(context_from=seq))
