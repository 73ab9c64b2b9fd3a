"""A conversation as one thread: what the resident said, the assistant replied, advisers wrote, and what happened between, in its order."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import and_, func, select

from guildhall.conversations.recording import heard_piece, part_from_json
from guildhall.storage.database import Database
from guildhall.storage.desk_schema import read_marks
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import events, payloads
from guildhall.vocabulary.calls import PartHeard, heard_parts
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.turns import Channel, ReplyPart


class EntryKind(StrEnum):
    """What an entry is."""

    SAID = "said"
    """Words of the resident."""
    REPLY = "reply"
    """What the assistant replied in one turn, or what came later of an answer that an adviser checked."""
    MESSAGE = "message"
    """Words of an adviser for the resident."""
    NOTE = "note"
    """A private note of staff."""
    NOTICE = "notice"
    """What the resident was told outside a turn, as `parts` of approved wording."""
    EVENT = "event"
    """Something that happened; `event` says what."""


PRIVATE = (EntryKind.NOTE,)
HAPPENINGS = frozenset(
    {
        EventKind.HANDOFF_REQUESTED, EventKind.HANDOFF_OFFERED, EventKind.HANDOFF_ACCEPTED, EventKind.HANDOFF_PASSED_BACK,
        EventKind.HANDOFF_RAISED, EventKind.HANDOFF_TRANSFERRED, EventKind.HANDOFF_SNOOZED, EventKind.HANDOFF_BREACHED,
        EventKind.HANDOFF_CLOSED, EventKind.HANDOFF_GIVEN_UP, EventKind.HANDOFF_WITHDRAWN, EventKind.OWNER_CHANGED, EventKind.CALLBACK_BOOKED,
        EventKind.CONVERSATION_LABELLED, EventKind.HANDOFF_REOPENED, EventKind.CALL_BEGAN, EventKind.CALL_RUNG, EventKind.CALL_BRIDGED,
        EventKind.CALL_NOT_BRIDGED, EventKind.CALL_ENDED,
    }
)  # fmt: skip
ENTRIES = {
    EventKind.UTTERANCE_RECEIVED: EntryKind.SAID,
    EventKind.TURN_COMPLETED: EntryKind.REPLY,
    EventKind.MESSAGE_SENT: EntryKind.MESSAGE,
    EventKind.NOTE_WRITTEN: EntryKind.NOTE,
    EventKind.NOTICE_GIVEN: EntryKind.NOTICE,
    EventKind.DRAFT_DECIDED: EntryKind.REPLY,
}
MADE_OF_PARTS = (EntryKind.REPLY, EntryKind.NOTICE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `seq` orders entries and names a place to go on from; `text` is empty once words were erased."""

    seq: int
    id: str
    kind: EntryKind
    at: datetime
    event: EventKind
    turn_id: str = ""
    text: str = ""
    parts: tuple[ReplyPart, ...] = ()
    by: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Any] = field(default_factory=dict)
    heard: Mapping[int, PartHeard] | None = None
    """What a caller heard of each part of a reply; None where it is read."""

    @property
    def given(self) -> tuple[ReplyPart, ...]:
        """The parts as the resident had them: what a caller did not hear was not said."""
        if self.heard is None:
            return self.parts
        return tuple(
            replace(self.parts[n], text=self.heard[n].text) for n in sorted(self.heard) if n < len(self.parts) and self.heard[n].text
        )


class ThreadReader:
    """Reads threads. Staff read through `StaffViews`, which records that they do."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def read(self, conversation_id: str, after: int = 0, private: bool = False) -> tuple[Entry, ...]:
        """The entries after a place, the oldest first; private ones only when asked for.

        A turn that was cut short has what the resident said and each part that was shown.
        """
        kinds = [*ENTRIES, EventKind.REPLY_PART_PREPARED, EventKind.REPLY_HEARD, *HAPPENINGS]
        query = (
            select(events, payloads.c.sealed)
            .outerjoin(payloads, payloads.c.event_id == events.c.id)
            .where(events.c.conversation_id == conversation_id, events.c.seq > after, events.c.kind.in_([kind.value for kind in kinds]))
            .order_by(events.c.seq)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        completed = {row.turn_id for row in rows if row.kind == EventKind.TURN_COMPLETED.value}
        key = self._key(conversation_id) if any(row.sealed for row in rows) else None
        entries = []
        pieces: dict[str, list[tuple[int, str, bool]]] = {}
        for row in rows:
            kind = EventKind(row.kind)
            if kind == EventKind.REPLY_PART_PREPARED and row.turn_id in completed:
                continue
            words = self._keys.sealer.open(key, row.sealed, row.id) if row.sealed and key else {}
            if kind == EventKind.REPLY_HEARD:
                pieces.setdefault(row.turn_id, []).append(heard_piece(json.loads(row.facts), words))
                continue
            entry = _entry(row, kind, words)
            if kind == EventKind.DRAFT_DECIDED and not entry.parts:
                continue  # the resident was told nothing: a person had the conversation
            if private or entry.kind not in PRIVATE:
                entries.append(entry)
        return tuple(_with_heard(entry, pieces) for entry in entries)

    def unread(self, staff_id: str, conversation_ids: Collection[str]) -> dict[str, int]:
        """How many times the resident of each conversation wrote since somebody last read; only numbers above none."""
        mark = (read_marks.c.conversation_id == events.c.conversation_id, read_marks.c.side == staff_id)
        query = (
            select(events.c.conversation_id, func.count())
            .outerjoin(read_marks, and_(*mark))
            .where(
                events.c.conversation_id.in_(conversation_ids),
                events.c.kind == EventKind.UTTERANCE_RECEIVED.value,
                events.c.seq > func.coalesce(read_marks.c.seq, 0),
            )
            .group_by(events.c.conversation_id)
        )
        with self._database.reading() as connection:
            return {row[0]: int(row[1]) for row in connection.execute(query)}

    def last(self, conversation_id: str) -> int:
        """The place of the newest event."""
        query = select(events.c.seq).where(events.c.conversation_id == conversation_id).order_by(events.c.seq.desc()).limit(1)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar() or 0)

    def _key(self, conversation_id: str) -> AESGCM | None:
        try:
            return self._keys.get(conversation_id)
        except NotFoundError:
            return None  # erased: the facts stay


def _with_heard(entry: Entry, pieces: Mapping[str, list[tuple[int, str, bool]]]) -> Entry:
    spoken = entry.event == EventKind.TURN_COMPLETED and entry.facts.get("channel") == Channel.PHONE.value
    return replace(entry, heard=heard_parts(pieces.get(entry.turn_id, ()))) if spoken else entry


def _entry(row: Any, kind: EventKind, words: Mapping[str, Any]) -> Entry:
    facts = json.loads(row.facts)
    parts = words.get("parts") or ([words["part"]] if "part" in words else [])
    shown = EntryKind.REPLY if kind == EventKind.REPLY_PART_PREPARED else ENTRIES.get(kind, EntryKind.EVENT)
    text = words.get("utterance", "") if shown == EntryKind.SAID else words.get("text", "")
    made = tuple(part_from_json(part) for part in parts) if shown in MADE_OF_PARTS else ()
    return Entry(row.seq, row.id, shown, row.at, kind, row.turn_id or "", text, made, str(facts.get("by", "")), facts, words)
