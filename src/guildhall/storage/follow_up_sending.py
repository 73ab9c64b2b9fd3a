"""Turns what residents asked for into messages in the outbox: after a wrap-up, after a callback was booked, or what is on the page.

What is due is read from the record itself, so a crash between the wrap-up and the message loses nothing: the next tick finds it again.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, exists, func, select

from guildhall.aftercare.follow_up import NO_FOLLOW_UP, Say, Summary, plain, write
from guildhall.storage.after_schema import notifications
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.follow_ups import FollowUpStore
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.notifications import FollowUpMessage, put_follow_up
from guildhall.storage.safe_contact import consented
from guildhall.storage.schema import callbacks, events, handoffs
from guildhall.storage.told import told
from guildhall.vocabulary.aftercare import FollowUp, FollowUpKind
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import LIVE, WrapUp
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.notifications import MessageChannel, Occasion, Outgoing
from guildhall.vocabulary.turns import Owner, PartKind

WINDOW: Final = timedelta(days=2)
"""A follow-up that could not be made for so long is none any more."""
AGREED_AT_MOST: Final = 1200
AFTER: Final = {
    EventKind.HANDOFF_CLOSED: Occasion.WRAP_UP,
    EventKind.CALLBACK_BOOKED: Occasion.CALLBACK,
    EventKind.FOLLOW_UP_ASKED: Occasion.SEND_ME_THIS,
}
CHANNELS: Final = {FollowUpKind.TEXT: MessageChannel.SMS, FollowUpKind.EMAIL: MessageChannel.EMAIL}


@dataclass(frozen=True)
class FollowUpTerms:
    """What writing a follow-up needs of a council. `when` says a booked time in a language."""

    say: Say
    when: Callable[[datetime, str], str]
    place: Mapping[str, str]
    website: str
    protected: frozenset[str]


class FollowUpSender:
    """Puts follow-ups into the outbox."""

    def __init__(
        self, database: Database, keys: KeyRing, new_id: Callable[[str], str], conversations: ConversationStore, terms: FollowUpTerms
    ) -> None:
        self._database = database
        self._keys = keys
        self._writer = EventWriter(keys, new_id)
        self._asked = FollowUpStore(database, keys, new_id)
        self._conversations = conversations
        self._terms = terms

    def agreed(self, conversation_id: str, staff_id: str, text: str, at: datetime) -> None:
        """Keep what an adviser wrote down as agreed, before they wrap up; what was written last counts. Raises RefusedError."""
        if not text.strip() or len(text) > AGREED_AT_MOST:
            raise RefusedError(f"what was agreed has from 1 to {AGREED_AT_MOST:,} characters.")
        with self._database.writing() as connection:
            owner = lock(connection, conversation_id)
            if owner.owner != Owner.ADVISER.value or owner.adviser_id != staff_id:
                raise RefusedError("you do not have this conversation now, so nothing was kept.")
            facts = {"by": staff_id, "characters": len(text)}
            self._writer.note(connection, EventKind.FOLLOW_UP_WRITTEN, at, conversation_id, facts, {"text": text.strip()})

    def tick(self, now: datetime) -> int:
        """Put every follow-up that is due into the outbox, or withhold it; how many. Safe in any process, at any time."""
        asked = events.alias("asked")
        reference = events.c.conversation_id + "." + events.c.id
        query = (
            select(events.c.id, events.c.kind, events.c.at, events.c.seq, events.c.conversation_id, events.c.facts)
            .where(
                events.c.kind.in_([kind.value for kind in AFTER]),
                events.c.at >= now - WINDOW,
                exists().where(asked.c.conversation_id == events.c.conversation_id, asked.c.kind == EventKind.FOLLOW_UP_ASKED.value),
                ~exists().where(notifications.c.reference == reference),
            )
            .order_by(events.c.seq)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return sum(self._put(row, now) for row in rows)

    def _put(self, row: Any, now: datetime) -> bool:
        facts, occasion = json.loads(row.facts), AFTER[EventKind(row.kind)]
        asked = self._asked.asked(row.conversation_id)
        if asked is None or (occasion == Occasion.SEND_ME_THIS and asked.id != row.id):
            return False
        with self._database.reading() as connection:
            summary = self._summary(connection, row, facts, occasion, asked)
        if summary is None:
            return False
        channel = CHANNELS[asked.kind]
        written = write(summary, channel, self._terms.say, dict(self._terms.place))
        outgoing = Outgoing(
            f"{row.conversation_id}.{row.id}", channel, asked.contact, written.wording, written.text, written.subject,
            {"reference": summary.reference},
        )  # fmt: skip
        message = FollowUpMessage(outgoing, row.conversation_id, summary.reference, summary.language)
        with self._database.writing() as connection:
            lock(connection, row.conversation_id)
            if consented(connection, row.conversation_id) != asked.id:
                return False  # taken back, or another contact was given, a moment ago
            put_follow_up(connection, self._keys, self._writer, message, self._terms.protected, now)
        return True

    def _summary(self, connection: Connection, row: Any, facts: Mapping[str, Any], occasion: Occasion, asked: FollowUp) -> Summary | None:
        """What there is to say; None when nothing is, or not yet."""
        if occasion == Occasion.WRAP_UP:
            wrap_up = WrapUp(facts["wrap_up"])
            agreed = self._agreed(connection, row.conversation_id, row.seq)
            return None if wrap_up in NO_FOLLOW_UP else Summary(occasion, asked.language, facts["reference"], wrap_up, agreed)
        if occasion == Occasion.CALLBACK:
            return self._booked(connection, row, facts, asked)
        if self._has_or_had_person(connection, row.conversation_id):
            return None  # the wrap-up or the booking says more
        answer = self._on_the_page(row.conversation_id, asked.turn_id)
        return Summary(occasion, asked.language, answer=answer) if answer else None

    def _booked(self, connection: Connection, row: Any, facts: Mapping[str, Any], asked: FollowUp) -> Summary | None:
        later = select(events.c.id).where(
            events.c.conversation_id == row.conversation_id, events.c.kind == EventKind.CALLBACK_BOOKED.value, events.c.seq > row.seq
        )
        booked = select(callbacks.c.slot_starts_at).join(handoffs, handoffs.c.id == callbacks.c.handoff_id)
        slot = connection.execute(booked.where(handoffs.c.reference == facts["reference"])).one_or_none()
        if facts.get("cancelled") or slot is None or connection.execute(later.limit(1)).scalar() is not None:
            return None
        when = self._terms.when(slot.slot_starts_at, asked.language or "en") if slot.slot_starts_at else ""
        return Summary(Occasion.CALLBACK, asked.language, facts["reference"], when=when)

    def _has_or_had_person(self, connection: Connection, conversation_id: str) -> bool:
        open_ones = select(handoffs.c.id).where(handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(LIVE))
        closed = select(events.c.id).where(events.c.conversation_id == conversation_id, events.c.kind == EventKind.HANDOFF_CLOSED.value)
        return any(connection.execute(query.limit(1)).scalar() is not None for query in (open_ones, closed))

    def _agreed(self, connection: Connection, conversation_id: str, before: int) -> str:
        """What was written down for this wrap-up, and not for an earlier one."""
        here = (events.c.conversation_id == conversation_id, events.c.seq < before)
        closed = select(func.max(events.c.seq)).where(*here, events.c.kind == EventKind.HANDOFF_CLOSED.value)
        since = events.c.seq > (connection.execute(closed).scalar() or 0)
        found = told(self._database, self._keys, EventKind.FOLLOW_UP_WRITTEN, *here, since)
        return str(found[-1].words.get("text", "")) if found else ""

    def _on_the_page(self, conversation_id: str, turn_id: str = "") -> str:
        """The last answer that the resident was given, or that of a turn, as plain text."""
        turns = self._conversations.transcript(ConversationId(conversation_id))
        for turn in reversed(turns):
            answers = [part.text for part in turn.parts if part.kind == PartKind.ANSWER]
            if answers and turn_id in ("", turn.id):
                return plain("\n\n".join(answers), self._terms.website)
        return ""
