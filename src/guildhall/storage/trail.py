"""Events as the console reads them: who did what, and what happened in one turn."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from guildhall.storage.database import Database
from guildhall.storage.schema import events
from guildhall.vocabulary.events import EventKind

OF_TURNS = frozenset(
    {
        EventKind.CONVERSATION_STARTED,
        EventKind.UTTERANCE_RECEIVED,
        EventKind.REPLY_PART_PREPARED,
        EventKind.TURN_COMPLETED,
        EventKind.HANDOFF_REQUESTED,
        EventKind.CALLBACK_BOOKED,
        EventKind.FEEDBACK_GIVEN,
        EventKind.SATISFACTION_GIVEN,
        EventKind.NEEDS_GIVEN,
        EventKind.FOLLOW_UP_ASKED,
        EventKind.CONTACT_RECOGNISED,
    }
)
"""What residents bring about; everything else is what the council did."""


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event that was recorded."""

    id: str
    kind: EventKind
    at: datetime
    conversation_id: str
    turn_id: str
    facts: Mapping[str, Any]


class TrailReader:
    """Reads events out of the record."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_council(self, kind: str, since: datetime | None, limit: int, offset: int = 0) -> tuple[PastEvent, ...]:
        """What the council did, newest first: of one kind, or of all."""
        query = (
            select(events).where(*_of_council(kind, since)).order_by(events.c.at.desc(), events.c.seq.desc()).limit(limit).offset(offset)
        )
        return self._read(query)

    def count_of_council(self, kind: str, since: datetime | None) -> int:
        """How many there are."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(events).where(*_of_council(kind, since))).scalar_one())

    def kinds_of_council(self, since: datetime | None) -> dict[EventKind, int]:
        """How many of each kind."""
        query = select(events.c.kind, func.count()).where(*_of_council("", since)).group_by(events.c.kind)
        with self._database.reading() as connection:
            counted = {row[0]: int(row[1]) for row in connection.execute(query)}
        return {kind: counted[kind.value] for kind in EventKind if kind.value in counted}

    def of_turn(self, conversation_id: str, turn_id: str) -> tuple[PastEvent, ...]:
        """What happened in one turn, oldest first, later looks at it included."""
        return self._read(
            select(events).where(events.c.conversation_id == conversation_id, events.c.turn_id == turn_id).order_by(events.c.seq)
        )

    def _read(self, query: Any) -> tuple[PastEvent, ...]:
        with self._database.reading() as connection:
            return tuple(_past(row) for row in connection.execute(query))


def _of_council(kind: str, since: datetime | None) -> Sequence[ColumnElement[bool]]:
    kinds = [k.value for k in EventKind if k not in OF_TURNS and kind in ("", k.value)]
    return [events.c.kind.in_(kinds), *([events.c.at >= since] if since else [])]


def _past(row: Row[Any]) -> PastEvent:
    return PastEvent(row.id, EventKind(row.kind), row.at, row.conversation_id or "", row.turn_id or "", json.loads(row.facts))
