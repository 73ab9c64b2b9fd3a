"""Requests for a person and the callbacks booked on them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.record import write_events
from guildhall.storage.schema import callbacks, handoffs
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId

OPEN = ("requested", "booked")


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

    def request(self, conversation_id: ConversationId, queue: str, reason: str, category: str, urgent: bool, at: datetime) -> str:
        """Store a request and give its reference; an open one of the same conversation and queue is used again."""
        with self._database.writing() as connection:
            existing = connection.execute(
                select(handoffs.c.reference).where(
                    handoffs.c.conversation_id == conversation_id, handoffs.c.queue == queue, handoffs.c.status.in_(OPEN)
                )
            ).scalar()
            if existing:
                return str(existing)
            reference = self._new_reference()
            facts = {"reference": reference, "queue": queue, "reason": reason, "category": category, "urgent": urgent}
            connection.execute(
                insert(handoffs).values(
                    id=self._new_id("handoff"), conversation_id=conversation_id, status="requested", requested_at=at, **facts
                )
            )
            self._note(connection, EventKind.HANDOFF_REQUESTED, at, conversation_id, facts)
        return reference

    def book(
        self, conversation_id: str, reference: str, details: CallbackDetails, slot: tuple[datetime, datetime] | None, at: datetime
    ) -> None:
        """Book, or book again, the callback of a request. Raises NotFoundError when the conversation has no such request."""
        starts, ends = slot or (None, None)
        with self._database.writing() as connection:
            handoff = self._handoff(connection, conversation_id, reference)
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
            connection.execute(update(handoffs).where(handoffs.c.id == handoff).values(status="booked"))
            facts = {"reference": reference, "slot_starts_at": starts.isoformat() if starts else None}
            self._note(connection, EventKind.CALLBACK_BOOKED, at, conversation_id, facts)

    def cancel(self, conversation_id: str, reference: str, at: datetime) -> None:
        """Take the callback back; the request for a person stays. Raises NotFoundError."""
        with self._database.writing() as connection:
            handoff = self._handoff(connection, conversation_id, reference)
            connection.execute(callbacks.delete().where(callbacks.c.handoff_id == handoff))
            connection.execute(update(handoffs).where(handoffs.c.id == handoff).values(status="requested"))
            self._note(connection, EventKind.CALLBACK_BOOKED, at, conversation_id, {"reference": reference, "cancelled": True})

    def open_requests(self, conversation_id: str) -> tuple[CallbackRow, ...]:
        """The conversation's own open requests, newest first."""
        return self._rows(handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(OPEN))

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

    def _handoff(self, connection: Connection, conversation_id: str, reference: str) -> str:
        found = connection.execute(
            select(handoffs.c.id).where(handoffs.c.conversation_id == conversation_id, handoffs.c.reference == reference)
        ).scalar()
        if found is None:
            raise NotFoundError(f"this conversation has no request with the reference {reference}")
        return str(found)

    def _note(self, connection: Connection, kind: EventKind, at: datetime, conversation_id: str, facts: dict[str, Any]) -> None:
        event = Event(EventId(self._new_id("event")), kind, at, ConversationId(conversation_id), facts=facts)
        write_events(connection, self._keys, [event])
