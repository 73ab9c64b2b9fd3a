"""Puts into the record whether a recognised resident came again, once seven days are over and before anybody forgets who they were.

Who agreed to be recognised is erased with their words. Without this a contact that was verified would be unverified from then on, and a
figure that was right could not be computed again. What is recorded is three yes-or-no facts about one contact: not who, and not which other one.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select

from guildhall.storage.after_schema import contacts_known
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.database import Database, in_lots
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import conversations, events
from guildhall.vocabulary.events import EventKind

FACTS: Final = ("within_24_hours", "within_7_days", "asked_for_person")
WEEK: Final = timedelta(days=7)
OVER: Final = """
SELECT contact, again_24h, again_7d, person_within_day FROM contacts
WHERE recognised AND NOT settled AND again_7d IS NOT NULL AND again_24h IS NOT NULL
"""


class Settling:
    """Writes what is known by now. `pseudonym` is what the export calls a conversation."""

    def __init__(
        self, database: Database, keys: KeyRing, new_id: Callable[[str], str], council: str, pseudonym: Callable[[str], str]
    ) -> None:
        self._database, self._council, self._pseudonym = database, council, pseudonym
        self._writer = EventWriter(keys, new_id)

    def due(self, at: datetime) -> bool:
        """Whether anybody is recognised whose contact began more than seven days ago and is not settled: without an engine, in a moment."""
        told = select(events.c.id).where(events.c.conversation_id == conversations.c.id, events.c.kind == EventKind.RECONTACT_KNOWN.value)
        mine = (conversations.c.council == self._council, conversations.c.started_at <= at - WEEK, ~told.exists())
        query = select(contacts_known.c.conversation_id).join(conversations, conversations.c.id == contacts_known.c.conversation_id)
        with self._database.reading() as connection:
            return connection.execute(query.where(*mine).limit(1)).first() is not None

    def settle(self, engine: AnalysisEngine, at: datetime) -> int:
        """Record every contact whose seven days are over, each once whoever else does it too. How many were recorded."""
        over = {contact: facts for contact, *facts in engine.query(OVER)}
        if not over:
            return 0
        joined = select(contacts_known.c.conversation_id).join(conversations, conversations.c.id == contacts_known.c.conversation_id)
        with self._database.reading() as connection:
            known = list(connection.scalars(joined.where(conversations.c.council == self._council)))
        found = [(conversation, over[name]) for conversation in known if (name := self._pseudonym(conversation)) in over]
        done = 0
        for lot in in_lots(sorted(found)):
            with self._database.writing() as connection:
                done += sum(self._one(connection, conversation, facts, at) for conversation, facts in lot)
        return done

    def _one(self, connection: Connection, conversation_id: str, facts: list[bool], at: datetime) -> bool:
        lock(connection, conversation_id)
        there = select(events.c.id).where(events.c.conversation_id == conversation_id, events.c.kind == EventKind.RECONTACT_KNOWN.value)
        if connection.execute(there.limit(1)).first() is not None:
            return False
        told = dict(zip(FACTS, map(bool, facts), strict=True))
        self._writer.note(connection, EventKind.RECONTACT_KNOWN, at, conversation_id, told)
        return True
