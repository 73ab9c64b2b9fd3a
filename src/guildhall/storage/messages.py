"""What advisers say and write: messages to the resident, private notes, and what is typed and not sent yet.

A message is sent once, however often its sending is tried: its id is the page's own, and the transaction that stores it checks that the
sender still has the conversation.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from guildhall.storage.database import Database
from guildhall.storage.desk_schema import mentions, unsent
from guildhall.storage.handoffs import EventWriter, NotTheOwnerError, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import events, handoffs
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import HELD, HandoffStatus
from guildhall.vocabulary.turns import Owner

MESSAGE_AT_MOST = 8_000
ID = re.compile(r"mess_[A-Za-z0-9_-]{1,35}")  # the page gives it, and it becomes an id of the record


@dataclass(frozen=True, slots=True)
class Message:
    """Words of an adviser for a resident. `language` is theirs; `original` is what the adviser wrote, where it was translated.

    `citations` are links to council content that the adviser put in, as `Citation` values in JSON form.
    """

    text: str
    language: str = "en"
    original: str = ""
    citations: Sequence[Mapping[str, str]] = ()
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an adviser has typed and not sent. `note` says that it was to be private; `cited` are the passages they put in."""

    text: str = ""
    note: bool = False
    cited: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A colleague asked somebody to look at a conversation. `note_id` is the note's."""

    note_id: str
    conversation_id: str
    at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A private note. `id` is the page's own, so that it is written once; `mentioned` are ids of members of staff."""

    id: str
    text: str
    mentioned: Sequence[str] = ()


def write_note(connection: Connection, writer: EventWriter, conversation_id: str, staff_id: str, note: Note, at: datetime) -> bool:
    """Store a private note within a transaction that has the conversation's lock; false when this very one was stored before.

    Raises RefusedError for an empty or overlong note.
    """
    if not ID.fullmatch(note.id) or not note.text.strip() or len(note.text) > MESSAGE_AT_MOST:
        raise RefusedError(f"a note has from 1 to {MESSAGE_AT_MOST:,} characters and an id of the page's.")
    if connection.execute(select(events.c.id).where(events.c.id == note.id)).scalar() is not None:
        return False
    who = list(dict.fromkeys(note.mentioned))
    if who:
        rows = [{"event_id": note.id, "staff_id": one, "conversation_id": conversation_id, "at": at} for one in who]
        connection.execute(insert(mentions), rows)
    writer.note(connection, EventKind.NOTE_WRITTEN, at, conversation_id, {"by": staff_id, "mentioned": who}, {"text": note.text}, note.id)
    return True


class MessageStore:
    """Repository of what advisers write."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._keys = keys
        self._writer = EventWriter(keys, new_id)

    def send(self, conversation_id: str, staff_id: str, message_id: str, message: Message, at: datetime) -> bool:
        """Store a message to the resident; false when this very one was stored before.

        Raises NotTheOwnerError when the sender does not have the conversation, RefusedError for an empty or overlong message.
        """
        if not ID.fullmatch(message_id):
            raise RefusedError("the message has no proper id; load the page again and send it once more.")
        if not message.text.strip() or len(message.text) > MESSAGE_AT_MOST:
            raise RefusedError(f"a message has from 1 to {MESSAGE_AT_MOST:,} characters.")
        with self._database.writing() as connection:
            owner = lock(connection, conversation_id)
            stored = connection.execute(select(events.c.conversation_id).where(events.c.id == message_id)).scalar()
            if stored is not None:
                if stored != conversation_id:
                    raise RefusedError("that id belongs to another message; load the page again and send it once more.")
                return False
            if owner.owner != Owner.ADVISER.value or owner.adviser_id != staff_id:
                raise NotTheOwnerError("you do not have this conversation now, so nothing was sent.")
            mine = (handoffs.c.conversation_id == conversation_id, handoffs.c.status.in_(HELD))
            awake = {"status": HandoffStatus.ACCEPTED.value, "snoozed_until": None}
            connection.execute(update(handoffs).where(*mine).values(last_adviser_at=at, owed_since=None, **awake))
            connection.execute(update(handoffs).where(*mine, handoffs.c.first_reply_at.is_(None)).values(first_reply_at=at))
            connection.execute(delete(unsent).where(unsent.c.conversation_id == conversation_id, unsent.c.staff_id == staff_id))
            facts = {"by": staff_id, "language": message.language, "characters": len(message.text), "wording": message.wording}
            facts["citations"] = [citation["passage"] for citation in message.citations]
            words = {"text": message.text, "original": message.original, "citations": [dict(citation) for citation in message.citations]}
            self._writer.note(connection, EventKind.MESSAGE_SENT, at, conversation_id, facts, words, message_id)
        return True

    def note(self, conversation_id: str, staff_id: str, note_id: str, text: str, mentioned: Sequence[str], at: datetime) -> bool:
        """Store a private note and who is mentioned in it; false when this very one was stored before. Raises RefusedError."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            return write_note(connection, self._writer, conversation_id, staff_id, Note(note_id, text, tuple(mentioned)), at)

    def keep_unsent(
        self, conversation_id: str, staff_id: str, text: str, at: datetime, *, note: bool = False, cited: Sequence[str] = ()
    ) -> None:
        """Keep what is typed and not sent, and whether it was to be private; nothing typed takes it away."""
        mine = (unsent.c.conversation_id == conversation_id, unsent.c.staff_id == staff_id)
        with self._database.writing() as connection:
            connection.execute(delete(unsent).where(*mine))
            if text:
                words = {"text": text[:MESSAGE_AT_MOST], "note": note, "cited": list(cited)}
                sealed = self._keys.sealer.seal(self._keys.get(conversation_id), words, staff_id)
                connection.execute(insert(unsent).values(conversation_id=conversation_id, staff_id=staff_id, sealed=sealed, at=at))

    def unsent(self, conversation_id: str, staff_id: str) -> str:
        """What was typed and not sent."""
        return self.draft(conversation_id, staff_id).text

    def draft(self, conversation_id: str, staff_id: str) -> Draft:
        """What was typed and not sent, with what it was to be."""
        query = select(unsent.c.sealed).where(unsent.c.conversation_id == conversation_id, unsent.c.staff_id == staff_id)
        with self._database.reading() as connection:
            sealed = connection.execute(query).scalar()
        if sealed is None:
            return Draft()
        try:
            words: dict[str, Any] = self._keys.sealer.open(self._keys.get(conversation_id), sealed, staff_id)
        except NotFoundError:
            return Draft()
        return Draft(str(words["text"]), bool(words.get("note")), tuple(words.get("cited", ())))

    def mentions(self, staff_id: str, at_most: int = 50) -> tuple[Mention, ...]:
        """Where colleagues mentioned somebody, the newest first."""
        query = select(mentions).where(mentions.c.staff_id == staff_id).order_by(mentions.c.at.desc()).limit(at_most)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(Mention(row.event_id, row.conversation_id, row.at, row.read_at is not None) for row in rows)

    def is_mentioned(self, conversation_id: str, staff_id: str) -> bool:
        """Whether a note of the conversation mentions somebody."""
        query = select(mentions.c.event_id).where(mentions.c.conversation_id == conversation_id, mentions.c.staff_id == staff_id)
        with self._database.reading() as connection:
            return connection.execute(query.limit(1)).scalar() is not None

    def mentioned_in(self, conversation_id: str) -> frozenset[str]:
        """Everybody whom notes of a conversation mention."""
        query = select(mentions.c.staff_id).where(mentions.c.conversation_id == conversation_id)
        with self._database.reading() as connection:
            return frozenset(str(each) for each in connection.execute(query).scalars())

    def read_mentions(self, conversation_id: str, staff_id: str, at: datetime) -> None:
        """They have seen where they are mentioned."""
        mine = (mentions.c.conversation_id == conversation_id, mentions.c.staff_id == staff_id, mentions.c.read_at.is_(None))
        with self._database.reading() as connection:
            if connection.execute(select(mentions.c.staff_id).where(*mine).limit(1)).first() is None:
                return  # as nearly always: then nobody who writes is held up
        with self._database.writing() as connection:
            connection.execute(update(mentions).where(*mine).values(read_at=at))
