"""Completed turns of the past, read in pages: their facts, and the words of those that are still kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from guildhall.records.sealing import SealError
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import conversations, events, payloads
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind

AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class PastTurnFacts:
    """One completed turn. `utterance` is None when it was not asked for, or its words are gone."""

    turn_id: str
    conversation_id: str
    facts: dict[str, Any] = field(repr=False)
    utterance: str | None = field(default=None, repr=False)


class PastTurns:
    """Reads one council's completed turns; it writes nothing."""

    def __init__(self, database: Database, keys: KeyRing, council: str) -> None:
        self._database, self._keys, self._council = database, keys, council

    def count(self, since: datetime) -> int:
        """How many turns have ended since then."""
        query = select(func.count()).select_from(events.join(conversations, conversations.c.id == events.c.conversation_id))
        with self._database.reading() as connection:
            return int(connection.execute(query.where(*self._wanted(since))).scalar_one())

    def since(self, since: datetime, words: bool = False) -> Iterator[PastTurnFacts]:
        """Each turn since then, oldest first, a page at a time so that nobody who writes has to wait."""
        last = 0
        while True:
            page = self._page(since, last, words)
            if not page:
                return
            last = page[-1][0]
            yield from (turn for _, turn in page)

    def newest(self, since: datetime, most: int) -> list[PastTurnFacts]:
        """The newest turns since then, newest first."""
        source = events.join(conversations, conversations.c.id == events.c.conversation_id)
        query = select(events.c.turn_id, events.c.conversation_id, events.c.facts).select_from(source).where(*self._wanted(since))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(events.c.seq.desc()).limit(most))
            return [PastTurnFacts(row.turn_id, row.conversation_id, json.loads(row.facts)) for row in rows]

    def _page(self, since: datetime, after: int, words: bool) -> list[tuple[int, PastTurnFacts]]:
        columns = [events.c.seq, events.c.id, events.c.turn_id, events.c.conversation_id, events.c.facts]
        source = events.join(conversations, conversations.c.id == events.c.conversation_id)
        if words:
            columns.append(payloads.c.sealed)
            source = source.outerjoin(payloads, payloads.c.event_id == events.c.id)
        query = select(*columns).select_from(source).where(*self._wanted(since), events.c.seq > after).order_by(events.c.seq).limit(AT_ONCE)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            return [
                (
                    row.seq,
                    PastTurnFacts(row.turn_id, row.conversation_id, json.loads(row.facts), self._utterance(row) if words else None),
                )
                for row in rows
            ]

    def _utterance(self, row: Any) -> str | None:
        if row.sealed is None:
            return None
        try:
            opened = self._keys.sealer.open(self._keys.get(row.conversation_id), row.sealed, row.id)
        except (NotFoundError, SealError):
            return None  # erased, or not what was written: there are no words to hear again
        return str(opened.get("utterance", ""))

    def _wanted(self, since: datetime) -> tuple[Any, ...]:
        return (events.c.kind == EventKind.TURN_COMPLETED.value, events.c.at >= since, conversations.c.council == self._council)
