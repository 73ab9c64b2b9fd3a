"""Requests for a person and the callbacks booked on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, lock, make_live, own, raise_lane
from guildhall.storage.keys import KeyRing
from guildhall.storage.safeguarding_opening import Escalation, open_record
from guildhall.storage.schema import callbacks, handoffs
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import LIVE, WAITING, HandoffStatus, Request
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Owner

OPEN = WAITING
NOT_TAKEN = (*WAITING, HandoffStatus.OFFERED)
NOTHING_MORE = Request()


@dataclass(frozen=True, slots=True)
class CallbackDetails:
    """Whom to phone, and how to do it safely. Stored sealed."""

    name: str
    phone: str
    safe_to_leave_message: bool
    needs: str = ""


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """A request for a person as a list of callbacks shows it. `details` is None until a callback is booked."""

    reference: str
    queue: str
    reason: str
    category: str
    urgent: bool
    status: str
    requested_at: datetime
    slot_starts_at: datetime | None
    slot_ends_at: datetime | None
    details: CallbackDetails | None
    conversation_id: str = ""


class PeopleStore:
    """Repository of handoff requests and callbacks."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str], new_reference: Callable[[], str]) -> None:
        self._database = database
        self._keys = keys
        self._new_id = new_id
        self._new_reference = new_reference
        self._writer = EventWriter(keys, new_id)

    def request(
        self,
        conversation_id: ConversationId,
        queue: str,
        reason: str,
        category: str,
        urgent: bool,
        at: datetime,
        more: Request = NOTHING_MORE,
    ) -> str:
        """Store a request and give its reference; an open one of the same conversation and queue is used again.

        While a person has the conversation, or it is live in a queue, that request is used whatever queue is named: nobody waits twice.
        A live one passes the conversation to its queue, in the same transaction.
        """
        with self._database.writing() as connection:
            return self.request_within(connection, conversation_id, queue, reason, category, urgent, at, more)

    def request_within(
        self,
        connection: Connection,
        conversation_id: str,
        queue: str,
        reason: str,
        category: str,
        urgent: bool,
        at: datetime,
        more: Request = NOTHING_MORE,
    ) -> str:
        """The same within a transaction of the caller's, so that both stand or fall."""
        lock(connection, conversation_id)
        if existing := self._existing(connection, conversation_id, queue, more):
            raised = raise_lane(connection, self._writer, existing, more.lane, queue, category, at)
            if more.live and existing.status == HandoffStatus.REQUESTED.value:
                make_live(connection, self._writer, existing.id, conversation_id, raised.queue, at)
            self._safeguard(connection, (existing.id, existing.reference, raised.queue), conversation_id, at, more)
            return str(existing.reference)
        reference = self._new_reference()
        facts = {"reference": reference, "queue": queue, "reason": reason, "category": category, "urgent": urgent}
        told = facts | {"lane": more.lane.value, "live": more.live}
        handoff_id = self._new_id("handoff")
        connection.execute(
            insert(handoffs).values(
                id=handoff_id,
                conversation_id=conversation_id,
                status=HandoffStatus.REQUESTED.value,
                requested_at=at,
                lane=more.lane.value,
                language=more.language,
                service=more.service,
                **facts,
            )
        )
        self._note(connection, EventKind.HANDOFF_REQUESTED, at, conversation_id, told)
        self._safeguard(connection, (handoff_id, reference, queue), conversation_id, at, more)
        if more.live:
            make_live(connection, self._writer, handoff_id, conversation_id, queue, at)
        return reference

    def _safeguard(self, connection: Connection, handoff: tuple[str, str, str], conversation_id: str, at: datetime, more: Request) -> None:
        """Open the safeguarding record of what the council keeps one of, with the request or not at all."""
        handoff_id, reference, queue = handoff
        for evidence in more.evidence:
            escalation = Escalation(handoff_id, reference, conversation_id, evidence.category, queue, at, more.out_of_hours)
            open_record(connection, self._writer, escalation, evidence)

    def _existing(self, connection: Connection, conversation_id: str, queue: str, more: Request) -> Any:
        query = select(handoffs).where(handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(LIVE))
        found = connection.execute(query.order_by(handoffs.c.requested_at)).all()
        taken = next((row for row in found if row.live or row.status not in OPEN), None)
        return taken or next((row for row in found if row.queue == queue), None)

    def book(
        self, conversation_id: str, reference: str, details: CallbackDetails, slot: tuple[datetime, datetime] | None, at: datetime
    ) -> None:
        """Book, or book again, the callback of a request. Who waited in the conversation goes on with the assistant meanwhile.

        Raises NotFoundError when the conversation has no such request, or an adviser has it by now.
        """
        starts, ends = slot or (None, None)
        with self._database.writing() as connection:
            handoff = self._handoff(connection, conversation_id, reference, NOT_TAKEN)
            key = self._keys.get(conversation_id)
            connection.execute(callbacks.delete().where(callbacks.c.handoff_id == handoff))
            sealed = self._keys.sealer.seal(
                key,
                {"name": details.name, "phone": details.phone, "safe": details.safe_to_leave_message, "needs": details.needs},
                handoff,
            )
            connection.execute(
                insert(callbacks).values(
                    id=self._new_id("callback"),
                    handoff_id=handoff,
                    conversation_id=conversation_id,
                    sealed=sealed,
                    slot_starts_at=starts,
                    slot_ends_at=ends,
                    status="booked",
                    booked_at=at,
                )
            )
            booked = {"status": HandoffStatus.BOOKED.value, "live": False, "adviser_id": "", "offered_at": None}
            connection.execute(update(handoffs).where(handoffs.c.id == handoff).values(**booked))
            facts = {"reference": reference, "slot_starts_at": starts.isoformat() if starts else None}
            self._note(connection, EventKind.CALLBACK_BOOKED, at, conversation_id, facts)
            if lock(connection, conversation_id).owner == Owner.QUEUE.value and not _waits_live(connection, conversation_id):
                own(connection, self._writer, conversation_id, Owner.ASSISTANT, "", at)

    def cancel(self, conversation_id: str, reference: str, at: datetime) -> None:
        """Take the callback back; the request for a person stays. Raises NotFoundError, also when an adviser has it by now."""
        with self._database.writing() as connection:
            handoff = self._handoff(connection, conversation_id, reference, WAITING)
            connection.execute(callbacks.delete().where(callbacks.c.handoff_id == handoff))
            connection.execute(update(handoffs).where(handoffs.c.id == handoff).values(status=HandoffStatus.REQUESTED.value))
            self._note(connection, EventKind.CALLBACK_BOOKED, at, conversation_id, {"reference": reference, "cancelled": True})

    def open_requests(self, conversation_id: str) -> tuple[CallbackRow, ...]:
        """The conversation's own requests that nobody has yet, newest first."""
        return self._rows(handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(NOT_TAKEN))

    def all_requests(self, conversation_id: str) -> tuple[CallbackRow, ...]:
        """Every request of a conversation, newest first."""
        return self._rows(handoffs.c.conversation_id == conversation_id)

    def waiting(self) -> tuple[CallbackRow, ...]:
        """Every open request: urgent first, then the longest waiting. Staff see it through `staff_views`, which records that they do."""
        rows = self._rows(handoffs.c.status.in_(OPEN))
        return tuple(sorted(rows, key=lambda row: (not row.urgent, row.slot_starts_at or row.requested_at)))

    def _rows(self, *conditions: Any) -> tuple[CallbackRow, ...]:
        query = (
            select(handoffs, callbacks.c.sealed, callbacks.c.slot_starts_at, callbacks.c.slot_ends_at)
            .outerjoin(callbacks, callbacks.c.handoff_id == handoffs.c.id)
            .where(*conditions)
            .order_by(handoffs.c.requested_at.desc())
        )
        with self._database.reading() as connection:
            return tuple(self._row(row) for row in connection.execute(query).all())

    def _row(self, row: Any) -> CallbackRow:
        details = None
        if row.sealed:
            details = self._details(row)
        return CallbackRow(
            row.reference, row.queue, row.reason, row.category, row.urgent, row.status, row.requested_at,
            row.slot_starts_at, row.slot_ends_at, details, row.conversation_id,
        )  # fmt: skip

    def _details(self, row: Any) -> CallbackDetails | None:
        """Whom to phone; None when the key was destroyed and the row is about to go."""
        try:
            key = self._keys.get(row.conversation_id)
        except NotFoundError:
            return None
        words = self._keys.sealer.open(key, row.sealed, row.id)
        return CallbackDetails(words["name"], words["phone"], words["safe"], words["needs"])

    def _handoff(self, connection: Connection, conversation_id: str, reference: str, statuses: Sequence[HandoffStatus]) -> str:
        lock(connection, conversation_id)
        mine = (handoffs.c.conversation_id == conversation_id, handoffs.c.reference == reference, handoffs.c.status.in_(statuses))
        found = connection.execute(select(handoffs.c.id).where(*mine)).scalar()
        if found is None:
            raise NotFoundError(f"this conversation has no request with the reference {reference}")
        return str(found)

    def _note(self, connection: Connection, kind: EventKind, at: datetime, conversation_id: str, facts: dict[str, Any]) -> None:
        self._writer.note(connection, kind, at, conversation_id, facts)


def _waits_live(connection: Connection, conversation_id: str) -> bool:
    """Whether another request of the conversation still waits in it."""
    waits = (handoffs.c.conversation_id == conversation_id, handoffs.c.live.is_(True), handoffs.c.status.in_(NOT_TAKEN))
    return connection.execute(select(handoffs.c.id).where(*waits)).first() is not None
