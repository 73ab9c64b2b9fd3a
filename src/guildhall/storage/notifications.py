"""The outbox: a message is stored in the transaction of the change it tells of, and stays until a provider has taken it.

The only place that writes the table, so that no message to a resident goes round the question whether it is safe.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, insert, or_, select, update

from guildhall.aftercare.ports import Claimed
from guildhall.aftercare.safe_contact import WhyNot
from guildhall.records.sealing import SealError
from guildhall.storage.after_schema import notifications, safeguarding_records
from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter
from guildhall.storage.keys import KeyRing
from guildhall.storage.safe_contact import why_not_write
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.notifications import Delivery, MessageChannel, MessageKind, MessageStatus, Notification, Outgoing

WHY_AT_MOST: Final = 200
Routes = Callable[[str, MessageChannel], str]
"""Where a route of the staff is reached by a channel; empty when it is not any more."""


@dataclass(frozen=True, slots=True)
class FollowUpMessage:
    """A message to a resident, as it is put into the outbox. `to` must be theirs, given with consent."""

    outgoing: Outgoing
    conversation_id: str
    about: str
    language: str


def put_follow_up(
    connection: Connection, keys: KeyRing, writer: EventWriter, message: FollowUpMessage, protected: frozenset[str], at: datetime
) -> WhyNot | None:
    """Put a message to a resident into the outbox, in the caller's transaction; or withhold it, and say why.

    The caller has locked the conversation. The same reference again changes nothing.
    """
    outgoing = message.outgoing
    if _there(connection, outgoing.reference):
        return None
    why = why_not_write(connection, keys, message.conversation_id, protected)
    sealed = b""
    if why is None:
        words = {"to": outgoing.to, "text": outgoing.text, "subject": outgoing.subject, "values": dict(outgoing.values)}
        try:
            sealed = keys.sealer.seal(keys.get(message.conversation_id), words, outgoing.reference)
        except NotFoundError:
            why = WhyNot.ERASED
    values = {
        "kind": MessageKind.FOLLOW_UP.value,
        "conversation_id": message.conversation_id,
        "about": message.about,
        "language": message.language,
        "sealed": sealed,
        "status": (MessageStatus.WITHHELD if why else MessageStatus.WAITING).value,
        "next_at": None if why else at,
        "why": why.value if why else "",
    }
    _put(connection, writer, outgoing, values, at)
    kind = EventKind.NOTIFICATION_WITHHELD if why else EventKind.NOTIFICATION_QUEUED
    facts = _facts(outgoing.reference, MessageKind.FOLLOW_UP, outgoing.channel, outgoing.wording) | ({"why": why.value} if why else {})
    writer.note(connection, kind, at, message.conversation_id, facts)
    return why


def put_alert(connection: Connection, writer: EventWriter, outgoing: Outgoing, record_id: str, route: str, at: datetime) -> None:
    """Put an alert to staff into the outbox, in the caller's transaction. It holds no personal data, and its contact is looked up when it goes."""
    if _there(connection, outgoing.reference):
        return
    facts = json.dumps({"text": outgoing.text, "subject": outgoing.subject, "values": dict(outgoing.values)}, ensure_ascii=False)
    values = {"kind": MessageKind.ALERT.value, "about": record_id, "route": route, "facts": facts, "language": "en"}
    _put(connection, writer, outgoing, values | {"status": MessageStatus.WAITING.value, "next_at": at}, at)


def _there(connection: Connection, reference: str) -> bool:
    return connection.execute(select(notifications.c.id).where(notifications.c.reference == reference)).scalar() is not None


def _put(connection: Connection, writer: EventWriter, outgoing: Outgoing, values: Mapping[str, Any], at: datetime) -> None:
    of_message = {"reference": outgoing.reference, "channel": outgoing.channel.value, "wording": outgoing.wording, "made_at": at}
    connection.execute(insert(notifications).values(id=writer.new_id("notification"), **of_message, **values))


def _facts(reference: str, kind: str, channel: str, wording: str) -> dict[str, Any]:
    return {"message": reference, "kind": str(kind), "channel": str(channel), "wording": wording}


class OutboxStore:
    """Repository of messages on their way. `routes` finds where staff are reached; `protected` are queues whose residents get no messages."""

    def __init__(
        self, database: Database, keys: KeyRing, new_id: Callable[[str], str], routes: Routes, protected: frozenset[str] = frozenset()
    ) -> None:
        self._database = database
        self._keys = keys
        self._writer = EventWriter(keys, new_id)
        self._routes = routes
        self._protected = protected

    # the worker's side

    def claim(self, now: datetime, worker: str, lease: timedelta) -> Claimed | None:
        """The next message that is due, alerts first. One that is not safe any more is withheld, and the next is looked for."""
        while True:
            with self._database.writing() as connection:
                row = self._next(connection, now)
                if row is None:
                    return None
                claimed = self._take(connection, row, now, worker, lease)
            if claimed is not None:
                return claimed

    def _next(self, connection: Connection, now: datetime) -> Row[Any] | None:
        free = or_(notifications.c.lease_until.is_(None), notifications.c.lease_until <= now)
        query = select(notifications).where(notifications.c.status == MessageStatus.WAITING.value, notifications.c.next_at <= now, free)
        query = query.order_by(notifications.c.kind, notifications.c.next_at, notifications.c.id).limit(1)  # `alert` before `follow_up`
        return connection.execute(query.with_for_update(skip_locked=True)).one_or_none()

    def _take(self, connection: Connection, row: Row[Any], now: datetime, worker: str, lease: timedelta) -> Claimed | None:
        """Claim a row; None when it turned out that it must not or cannot go."""
        outgoing = self._outgoing(connection, row)
        if isinstance(outgoing, WhyNot):
            # if an attempt went wrong before, it may be with the provider; from here on nothing more is done with it
            self._end(connection, row, MessageStatus.WITHHELD, EventKind.NOTIFICATION_WITHHELD, now, outgoing.value)
            return None
        if not outgoing.to:
            self._end(connection, row, MessageStatus.FAILED, EventKind.NOTIFICATION_FAILED, now, "the route has no such contact any more")
            return None
        values = {"claimed_by": worker, "lease_until": now + lease, "attempts": row.attempts + 1, "trying_at": now}
        connection.execute(update(notifications).where(notifications.c.id == row.id).values(**values))
        return Claimed(row.id, MessageKind(row.kind), outgoing, row.attempts + 1, row.trying_at is not None)

    def _outgoing(self, connection: Connection, row: Row[Any]) -> Outgoing | WhyNot:
        channel = MessageChannel(row.channel)
        if row.kind == MessageKind.ALERT.value:
            words, to = json.loads(row.facts), self._routes(row.route, channel)
        else:
            if why := why_not_write(connection, self._keys, row.conversation_id, self._protected):
                return why
            try:
                words = self._keys.sealer.open(self._keys.get(row.conversation_id), row.sealed, row.reference)
            except (NotFoundError, SealError):
                return WhyNot.ERASED
            to = words["to"]
        return Outgoing(row.reference, channel, to, row.wording, words["text"], words["subject"], words["values"])

    def sent(self, claimed: Claimed, worker: str, provider: str, delivery: Delivery, at: datetime) -> None:
        """The provider took it. Whom it went to and what it said are not needed any more, and go."""
        with self._database.writing() as connection:
            row = self._mine(connection, claimed, worker)
            if row is not None:
                taken = {"provider": provider, "provider_id": delivery.id, "sent_at": at, "sealed": b""}
                self._end(connection, row, MessageStatus.SENT, EventKind.NOTIFICATION_SENT, at, "", **taken)

    def again(self, claimed: Claimed, worker: str, at: datetime, uncertain: bool, why: str) -> None:
        """Try it again at a time. `uncertain`: it may have been taken, so the provider is asked first."""
        values: dict[str, Any] = {"next_at": at, "claimed_by": "", "lease_until": None, "why": why[:WHY_AT_MOST]}
        if not uncertain:
            values["trying_at"] = None
        with self._database.writing() as connection:
            mine = (notifications.c.id == claimed.id, notifications.c.claimed_by == worker)
            connection.execute(update(notifications).where(*mine).values(**values))

    def failed(self, claimed: Claimed, worker: str, at: datetime, why: str) -> None:
        """Give it up. When no alert of a safeguarding step can be sent, the next route is due at once."""
        with self._database.writing() as connection:
            row = self._mine(connection, claimed, worker)
            if row is None:
                return
            self._end(connection, row, MessageStatus.FAILED, EventKind.NOTIFICATION_FAILED, at, why)
            self._hurry(connection, row, at)

    def _hurry(self, connection: Connection, row: Row[Any], at: datetime) -> None:
        if row.kind != MessageKind.ALERT.value:
            return
        step = row.reference.rsplit(".", 1)[0] + "."
        others = select(notifications.c.id).where(
            notifications.c.reference.startswith(step, autoescape=True), notifications.c.status != MessageStatus.FAILED.value
        )
        if connection.execute(others.limit(1)).scalar() is None:
            open_record = (safeguarding_records.c.id == row.about, safeguarding_records.c.next_at > at)
            connection.execute(update(safeguarding_records).where(*open_record).values(next_at=at))

    def _mine(self, connection: Connection, claimed: Claimed, worker: str) -> Row[Any] | None:
        query = select(notifications).where(notifications.c.id == claimed.id, notifications.c.claimed_by == worker)
        return connection.execute(query.with_for_update()).one_or_none()

    def _end(
        self, connection: Connection, row: Row[Any], status: MessageStatus, event: EventKind, at: datetime, why: str, **more: Any
    ) -> None:
        values = {"status": status.value, "next_at": None, "claimed_by": "", "lease_until": None, "why": why[:WHY_AT_MOST]} | more
        connection.execute(update(notifications).where(notifications.c.id == row.id).values(**values))
        facts = _facts(row.reference, row.kind, row.channel, row.wording) | ({"why": why[:WHY_AT_MOST]} if why else {})
        self._writer.note(connection, event, at, self._conversation(connection, row), facts)

    def _conversation(self, connection: Connection, row: Row[Any]) -> str:
        if row.conversation_id:
            return str(row.conversation_id)
        query = select(safeguarding_records.c.conversation_id).where(safeguarding_records.c.id == row.about)
        return str(connection.execute(query).scalar() or "")

    # what people see and do

    def may_offer(self, conversation_id: str) -> bool:
        """Whether a resident may be offered a follow-up: it would not be withheld as things stand, were it agreed to."""
        with self._database.reading() as connection:
            why = why_not_write(connection, self._keys, conversation_id, self._protected)
        return why in (None, WhyNot.NO_CONSENT)

    def listed(self, *where: ColumnElement[bool], most: int = 200) -> tuple[Notification, ...]:
        """Messages, newest first, without words and without whom they go to."""
        query = select(notifications).where(*where).order_by(notifications.c.made_at.desc(), notifications.c.id).limit(most)
        with self._database.reading() as connection:
            return tuple(_notification(row) for row in connection.execute(query))

    def get(self, reference: str) -> Notification:
        """The message of a reference. Raises NotFoundError."""
        found = self.listed(notifications.c.reference == reference)
        if not found:
            raise NotFoundError(f"there is no message with the reference {reference}; `guildhall notifications list` shows them")
        return found[0]

    def retry(self, reference: str, at: datetime) -> Notification:
        """Try a failed message again. Raises NotFoundError, RefusedError for one that did not fail."""
        found = self.get(reference)
        with self._database.writing() as connection:
            failed = (notifications.c.reference == reference, notifications.c.status == MessageStatus.FAILED.value)
            again = {"status": MessageStatus.WAITING.value, "next_at": at, "attempts": 0}
            if not connection.execute(update(notifications).where(*failed).values(**again)).rowcount:
                raise RefusedError(f"{reference} is {found.status}; only a message that failed can be tried again.")
        return self.get(reference)


def _notification(row: Row[Any]) -> Notification:
    return Notification(
        row.id, row.reference, MessageKind(row.kind), MessageChannel(row.channel), row.conversation_id, row.about, row.wording,
        row.language, MessageStatus(row.status), row.made_at, row.next_at, row.attempts, row.trying_at is not None, row.sent_at,
        row.provider_id, row.why, row.route,
    )  # fmt: skip
