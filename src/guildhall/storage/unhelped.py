"""Reads the record for turns that did not help, and the words of those that are still kept. It writes nothing."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, func, select

from guildhall.conversations.recording import past_turn
from guildhall.records.sealing import SealError
from guildhall.storage.database import Database, in_lots
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import conversations, events, payloads
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.ids import ConversationId, TurnId
from guildhall.vocabulary.turns import PastTurn

AT_ONCE: Final = 2000
DRAFT_DECIDED: Final = "DraftDecided"
"""What a decision about a drafted answer is called in the record of deployments where drafts are approved."""
KINDS: Final = (EventKind.TURN_COMPLETED.value, EventKind.FEEDBACK_GIVEN.value, EventKind.HANDOFF_CLOSED.value, DRAFT_DECIDED)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a conversation, without words."""

    seq: int
    id: str
    kind: str
    at: datetime
    conversation_id: ConversationId
    turn_id: TurnId
    facts: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """One turn as it can be asked again: its words, and what had been said before it."""

    words: Mapping[str, Any] = field(repr=False)
    channel: str = "web"
    language: str = ""
    past: tuple[PastTurn, ...] = field(default=(), repr=False)


class UnhelpedReader:
    """Reads one council's conversations."""

    def __init__(self, database: Database, keys: KeyRing, council: str) -> None:
        self._database, self._keys, self._council = database, keys, council

    def newest(self) -> int:
        """The place of the last event there is."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.max(events.c.seq))).scalar() or 0)

    def count(self, after: int, upto: int) -> int:
        """How many events there are to look at."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(self._source()).where(*self._wanted(after, upto))).scalar_one())

    def after(self, seq: int, upto: int) -> Iterator[Happened]:
        """What may say that a turn did not help, oldest first, a page at a time."""
        while True:
            query = select(events).select_from(self._source()).where(*self._wanted(seq, upto)).order_by(events.c.seq).limit(AT_ONCE)
            with self._database.reading() as connection:
                rows = connection.execute(query).all()
            if not rows:
                return
            seq = rows[-1].seq
            yield from (_happened(row) for row in rows)

    def turns_of(self, conversation_id: str) -> list[Happened]:
        """The finished turns of a conversation, oldest first."""
        query = select(events).where(events.c.conversation_id == conversation_id, events.c.kind == EventKind.TURN_COMPLETED.value)
        with self._database.reading() as connection:
            return [_happened(row) for row in connection.execute(query.order_by(events.c.seq))]

    def words(self, event_ids: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
        """The words of events, by event id, given with the conversation of each. What was erased is left out."""
        found: dict[str, Mapping[str, Any]] = {}
        with self._database.reading() as connection:
            for lot in in_lots(sorted(event_ids)):
                query = select(payloads.c.event_id, payloads.c.sealed).where(payloads.c.event_id.in_(lot))
                for row in connection.execute(query).all():
                    opened = self._open(event_ids[row.event_id], row.event_id, row.sealed)
                    if opened:
                        found[row.event_id] = opened
        return found

    def asked_before(self, conversation_id: str, event_id: str) -> AskedBefore | None:
        """A turn with what led up to it; None when its words were erased."""
        turns = self.turns_of(conversation_id)
        place = next((place for place, turn in enumerate(turns) if turn.id == event_id), None)
        if place is None:
            return None
        words = self.words({turn.id: conversation_id for turn in turns[: place + 1]})
        if event_id not in words:
            return None
        past = tuple(past_turn(dict(turn.facts), dict(words[turn.id])) for turn in turns[:place] if turn.id in words)
        facts = turns[place].facts
        return AskedBefore(words[event_id], str(facts.get("channel", "web")), str(facts.get("language", "")), past)

    def past_questions(self, most: int) -> Iterator[tuple[Happened, Mapping[str, Any]]]:
        """The newest finished turns whose words are kept, the newest first."""
        query = select(events).select_from(self._source()).where(self._mine(), events.c.kind == EventKind.TURN_COMPLETED.value)
        with self._database.reading() as connection:
            rows = [_happened(row) for row in connection.execute(query.order_by(events.c.seq.desc()).limit(most))]
        for start in range(0, len(rows), AT_ONCE):
            some: Sequence[Happened] = rows[start : start + AT_ONCE]
            words = self.words({turn.id: turn.conversation_id for turn in some})
            yield from ((turn, words[turn.id]) for turn in some if turn.id in words)

    def _open(self, conversation_id: str, event_id: str, sealed: bytes) -> Mapping[str, Any]:
        try:
            return self._keys.sealer.open(self._keys.get(conversation_id), sealed, event_id)
        except (NotFoundError, SealError):
            return {}  # erased, or not what was written

    def _source(self) -> Any:
        return events.join(conversations, conversations.c.id == events.c.conversation_id)

    def _mine(self) -> Any:
        return conversations.c.council == self._council

    def _wanted(self, after: int, upto: int) -> tuple[Any, ...]:
        return (self._mine(), events.c.kind.in_(KINDS), events.c.seq > after, events.c.seq <= upto)


def _happened(row: Row[Any]) -> Happened:
    conversation, turn = ConversationId(row.conversation_id), TurnId(row.turn_id or "")
    return Happened(row.seq, row.id, row.kind, row.at, conversation, turn, json.loads(row.facts))
