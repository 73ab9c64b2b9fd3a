"""How satisfied residents were: one answer for each time a conversation ended, which nobody can change."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import events
from guildhall.storage.told import Told, told
from guildhall.vocabulary.aftercare import Satisfaction, Score
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.turns import Owner

COMMENT_AT_MOST = 1200
ENDINGS = (EventKind.HANDOFF_CLOSED, EventKind.HANDOFF_WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Ending:
    """The last time a conversation ended: by an adviser, whose id it names, or by the resident."""

    id: str
    reference: str = ""
    queue: str = ""
    adviser: str = ""


class SatisfactionStore:
    """Repository of answers."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._keys = keys
        self._writer = EventWriter(keys, new_id)

    def open_for(self, conversation_id: str) -> Ending | None:
        """The ending that can be judged now; None while the conversation goes on, or once it was judged."""
        with self._database.reading() as connection:
            return self._unjudged(connection, conversation_id)

    def give(self, conversation_id: str, score: Score, comment: str, at: datetime) -> bool:
        """Store the answer about the last ending; false when there is none to judge. Raises RefusedError for an overlong comment."""
        comment = comment.strip()
        if len(comment) > COMMENT_AT_MOST:
            raise RefusedError(f"a comment has at most {COMMENT_AT_MOST:,} characters.")
        with self._database.writing() as connection:
            owner = lock(connection, conversation_id).owner
            ending = self._unjudged(connection, conversation_id) if owner == Owner.CLOSED.value else None
            if ending is None:
                return False
            facts = {"score": score.value, "ending": ending.id, "reference": ending.reference, "queue": ending.queue}
            facts["by"] = ending.adviser
            words = {"comment": comment} if comment else {}
            self._writer.note(connection, EventKind.SATISFACTION_GIVEN, at, conversation_id, facts, words)
        return True

    def of(self, conversation_id: str) -> tuple[Satisfaction, ...]:
        """The answers of one conversation, the oldest first. Staff read comments through `StaffViews`."""
        found = told(self._database, self._keys, EventKind.SATISFACTION_GIVEN, events.c.conversation_id == conversation_id)
        return tuple(_answer(one) for one in found)

    def since(self, at: datetime) -> tuple[Satisfaction, ...]:
        """Every answer since a time, the oldest first. Staff read comments through `StaffViews`."""
        return tuple(_answer(one) for one in told(self._database, self._keys, EventKind.SATISFACTION_GIVEN, events.c.at >= at))

    def _unjudged(self, connection: Connection, conversation_id: str) -> Ending | None:
        kinds = [kind.value for kind in (*ENDINGS, EventKind.OWNER_CHANGED, EventKind.HANDOFF_ACCEPTED, EventKind.SATISFACTION_GIVEN)]
        query = select(events).where(events.c.conversation_id == conversation_id, events.c.kind.in_(kinds)).order_by(events.c.seq)
        ending: Ending | None = None
        had: dict[str, Any] = {}
        for row in connection.execute(query):
            facts = json.loads(row.facts)
            if row.kind == EventKind.HANDOFF_ACCEPTED.value:
                had = facts
            elif row.kind == EventKind.OWNER_CHANGED.value and facts["owner"] != Owner.CLOSED.value:
                ending = None
                had = had if facts["owner"] == Owner.ADVISER.value else {}
            elif ended := _ending(row, facts, had):
                ending = ended
            elif row.kind == EventKind.SATISFACTION_GIVEN.value and ending and facts["ending"] == ending.id:
                ending = None
        return ending


def _ending(row: Row[Any], facts: dict[str, Any], had: dict[str, Any]) -> Ending | None:
    """The ending that an event is, if it is one; `had` is what the adviser who had it last took."""
    if row.kind == EventKind.HANDOFF_CLOSED.value:
        return Ending(row.id, facts["reference"], facts["queue"], facts["by"])
    if row.kind == EventKind.HANDOFF_WITHDRAWN.value and facts["owner"] == Owner.CLOSED.value:
        return Ending(row.id, had.get("reference", ""), had.get("queue", ""), had.get("by", ""))
    return None


def _answer(one: Told) -> Satisfaction:
    facts = one.facts
    return Satisfaction(
        one.id, one.conversation_id, one.at, Score(facts["score"]), facts["ending"], facts["reference"], facts["queue"], facts["by"],
        one.words.get("comment", ""),
    )  # fmt: skip
