"""Summaries that residents asked for: by text or e-mail, with consent, the contact sealed. What sends them reads them here."""

from collections.abc import Callable
from datetime import datetime

from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import events
from guildhall.storage.told import told
from guildhall.vocabulary.aftercare import FollowUp, FollowUpKind
from guildhall.vocabulary.events import EventKind


class FollowUpStore:
    """Repository of follow-ups. What was asked last counts."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._keys = keys
        self._writer = EventWriter(keys, new_id)

    def ask(self, conversation_id: str, kind: FollowUpKind, contact: str, language: str, at: datetime, turn_id: str = "") -> None:
        """Store that the resident wants a summary sent there, of one turn's answer if it is named. The contact must have been checked."""
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            facts = {"kind": kind.value, "language": language, "consent": True} | ({"turn": turn_id} if turn_id else {})
            self._writer.note(connection, EventKind.FOLLOW_UP_ASKED, at, conversation_id, facts, {"contact": contact})

    def withdraw(self, conversation_id: str, at: datetime) -> bool:
        """The resident wants none any more. False when none was asked for."""
        if self.asked(conversation_id) is None:
            return False
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            self._writer.note(connection, EventKind.FOLLOW_UP_ASKED, at, conversation_id, {"consent": False})
        return True

    def asked(self, conversation_id: str) -> FollowUp | None:
        """What is asked for now; None when nothing is, it was taken back, or the contact was erased."""
        found = told(self._database, self._keys, EventKind.FOLLOW_UP_ASKED, events.c.conversation_id == conversation_id)
        if not found or not found[-1].facts.get("consent") or not found[-1].words:
            return None
        last = found[-1]
        return FollowUp(
            last.id,
            FollowUpKind(last.facts["kind"]),
            last.words["contact"],
            last.at,
            last.facts["language"],
            str(last.facts.get("turn", "")),
        )
