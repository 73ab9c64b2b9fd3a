"""Misses and complaints by topic, from the facts of the turns they are about."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from guildhall.storage.database import Database, in_lots
from guildhall.storage.misses import misses
from guildhall.storage.rights_schema import rights_requests
from guildhall.storage.schema import events
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.rights import RightsKind
from guildhall.vocabulary.supervision import EVERYTHING, Topic, TopicKind


class TroubleReader:
    """Reads what went wrong, and sorts it by topic."""

    def __init__(self, database: Database, council: str) -> None:
        self._database = database
        self._council = council

    def misses(self, since: datetime) -> Counter[Topic]:
        """How many misses were found since then, by topic; one about two topics counts for both."""
        with self._database.reading() as connection:
            rows = connection.execute(select(misses.c.turn_id, misses.c.category).where(misses.c.found_at >= since)).all()
        facts = self._facts(events.c.turn_id, [row.turn_id for row in rows])
        found: Counter[Topic] = Counter()
        for row in rows:
            about = set().union(*(_topics(turn) for turn in facts.get(row.turn_id, [])))
            found.update(about | ({Topic(TopicKind.CATEGORY, row.category)} if row.category else set()))
        return found

    def complaints(self, since: datetime) -> Counter[Topic]:
        """How many complaints about conversations came in since then, by topic."""
        query = select(rights_requests.c.conversations).where(
            rights_requests.c.council == self._council,
            rights_requests.c.kind == RightsKind.COMPLAINT.value,
            rights_requests.c.received_at >= since,
        )
        with self._database.reading() as connection:
            about = [json.loads(text) for text in connection.scalars(query)]
        facts = self._facts(events.c.conversation_id, sorted({one for conversations in about for one in conversations}))
        found: Counter[Topic] = Counter()
        for conversations in about:
            found.update(set().union(*(_topics(turn) for one in conversations for turn in facts.get(one, []))))
        return found

    def _facts(self, column: Any, keys: list[str]) -> dict[str, list[Mapping[str, Any]]]:
        found: dict[str, list[Mapping[str, Any]]] = {}
        with self._database.reading() as connection:
            for lot in in_lots(keys):
                query = select(column, events.c.facts).where(column.in_(lot), events.c.kind == EventKind.TURN_COMPLETED.value)
                for key, facts in connection.execute(query):
                    found.setdefault(key, []).append(json.loads(facts))
        return found


def _topics(facts: Mapping[str, Any]) -> set[Topic]:
    """What a turn was about: the likeliest service of each question, what was heard, and everything."""
    services = {Topic(TopicKind.SERVICE, matches[0]["key"]) for matches in facts.get("services", ()) if matches}
    return services | {Topic(TopicKind.CATEGORY, signal["category"]) for signal in facts.get("signals", ())} | {EVERYTHING}
