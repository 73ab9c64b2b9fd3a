"""How residents want to be talked with: told with consent, sealed, and taken back whenever they like."""

from collections.abc import Callable, Collection
from datetime import datetime

from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import events
from guildhall.storage.told import told
from guildhall.vocabulary.aftercare import CommunicationNeeds, Need
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.events import EventKind

OTHER_AT_MOST = 500


class NeedsStore:
    """Repository of communication needs. What was told last counts."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._keys = keys
        self._writer = EventWriter(keys, new_id)

    def give(self, conversation_id: str, needs: Collection[Need], other: str, at: datetime) -> None:
        """Store what the resident agreed that staff may know. Raises RefusedError when it says nothing, or too much."""
        other = other.strip()
        if not needs and not other:
            raise RefusedError("nothing was chosen or written; choose at least one need.")
        if len(other) > OTHER_AT_MOST:
            raise RefusedError(f"more than {OTHER_AT_MOST} characters were written; say it more briefly.")
        chosen = [need.value for need in Need if need in needs or (need == Need.OTHER and other)]
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            words = {"needs": chosen, "other": other}
            self._writer.note(connection, EventKind.NEEDS_GIVEN, at, conversation_id, {"consent": True}, words)

    def withdraw(self, conversation_id: str, at: datetime) -> bool:
        """Take the consent back: nobody is shown the needs any more. False when none stand."""
        if self.of(conversation_id) is None:
            return False
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            self._writer.note(connection, EventKind.NEEDS_GIVEN, at, conversation_id, {"consent": False})
        return True

    def of(self, conversation_id: str) -> CommunicationNeeds | None:
        """What may be known now; None when nothing was told, it was taken back, or the words were erased."""
        found = told(self._database, self._keys, EventKind.NEEDS_GIVEN, events.c.conversation_id == conversation_id)
        if not found or not found[-1].facts.get("consent") or not found[-1].words:
            return None
        last = found[-1]
        return CommunicationNeeds(tuple(Need(code) for code in last.words["needs"]), last.words["other"], last.at)
