"""Promises about waiting that were not kept, and waits that were given up. Each is written once, however many processes notice it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, locked, own, start_afresh
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import callbacks, handoffs
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import HELD, GivenUp, Handoff, HandoffStatus, Promise
from guildhall.vocabulary.turns import Owner, ReplyPart

MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Promised:
    """A callback that was booked and has not been made. Without a slot it is for as soon as possible."""

    reference: str
    queue: str
    booked_at: datetime
    slot_ends_at: datetime | None


class PromiseStore:
    """Repository of breaches. Each call looks again, within its transaction, whether there is something to say, and says whether it did."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._writer = EventWriter(keys, new_id)

    def join_breached(self, reference: str, at: datetime, then: str, notice: Sequence[ReplyPart] = ()) -> bool:
        """Nobody has joined in time; `then` is the queue that helps out, if any, and `notice` what the resident is told."""
        with self._database.writing() as connection:
            found = locked(connection, reference)
            told = found.breached_at is not None and found.breached_at >= found.waits_since
            if told or found.status not in (HandoffStatus.REQUESTED, HandoffStatus.OFFERED):
                return False
            self._breach(connection, found, Promise.JOIN, at, {"breached_at": at}, {"then": then})
            self._writer.notice(connection, notice, at, found.conversation_id)
        return True

    def reply_breached(self, reference: str, owed_since: datetime, at: datetime) -> bool:
        """The resident has waited too long for the adviser's next words."""
        with self._database.writing() as connection:
            found = locked(connection, reference)
            told = found.reply_breached_at is not None and found.reply_breached_at >= owed_since
            if told or found.status not in HELD or found.owed_since != owed_since:
                return False
            self._breach(connection, found, Promise.REPLY, at, {"reply_breached_at": at}, {"by": found.adviser_id})
        return True

    def nobody_there(self, reference: str, at: datetime, is_open: bool) -> bool:
        """Somebody in danger waits and nobody is at the desk."""
        with self._database.writing() as connection:
            found = locked(connection, reference)
            if found.alerted_at is not None or not found.waits:
                return False
            self._breach(connection, found, Promise.SOMEBODY, at, {"alerted_at": at}, {"open": is_open})
        return True

    def callback_missed(self, reference: str, at: datetime) -> bool:
        """The booked time has passed and nobody has taken it up."""
        with self._database.writing() as connection:
            found = locked(connection, reference)
            booked = (callbacks.c.handoff_id == found.id, callbacks.c.status != MISSED)
            if found.status != HandoffStatus.BOOKED:
                return False
            if not connection.execute(update(callbacks).where(*booked).values(status=MISSED)).rowcount:
                return False
            self._breach(connection, found, Promise.CALLBACK, at, {}, {})
        return True

    def give_up(self, reference: str, why: GivenUp, at: datetime, notice: Sequence[ReplyPart]) -> bool:
        """Nobody comes: the conversation is the assistant's again, the request stays open, and the resident is told.

        What was said before is no context any more, so that the words that asked for a person do not ask again by themselves.
        """
        with self._database.writing() as connection:
            found = locked(connection, reference)
            if found.status != HandoffStatus.REQUESTED or not found.live:
                return False
            connection.execute(update(handoffs).where(handoffs.c.id == found.id).values(live=False))
            facts = {"reference": reference, "queue": found.queue, "lane": found.lane.value, "why": why.value}
            self._writer.note(connection, EventKind.HANDOFF_GIVEN_UP, at, found.conversation_id, facts)
            own(connection, self._writer, found.conversation_id, Owner.ASSISTANT, "", at)
            start_afresh(connection, found.conversation_id)
            self._writer.notice(connection, notice, at, found.conversation_id)
        return True

    def callbacks_promised(self) -> tuple[Promised, ...]:
        """Every callback that was booked and is neither made nor known to be missed."""
        query = (
            select(handoffs.c.reference, handoffs.c.queue, callbacks.c.booked_at, callbacks.c.slot_ends_at)
            .join(callbacks, callbacks.c.handoff_id == handoffs.c.id)
            .where(handoffs.c.status == HandoffStatus.BOOKED.value, callbacks.c.status != MISSED)
        )
        with self._database.reading() as connection:
            return tuple(Promised(row.reference, row.queue, row.booked_at, row.slot_ends_at) for row in connection.execute(query))

    def _breach(
        self, connection: Connection, found: Handoff, promise: Promise, at: datetime, mark: dict[str, Any], more: dict[str, Any]
    ) -> None:
        if mark:
            connection.execute(update(handoffs).where(handoffs.c.id == found.id).values(**mark))
        facts: dict[str, Any] = {"reference": found.reference, "promise": promise.value, "queue": found.queue, "lane": found.lane.value}
        self._writer.note(connection, EventKind.HANDOFF_BREACHED, at, found.conversation_id, facts | more)
