"""Translations by machines, sealed with the conversation's key: kept so that nothing is translated twice, erased with its words."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, select

from guildhall.storage.database import Database
from guildhall.storage.desk_schema import translations
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import events
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.translations import Translation, TranslationProblem, TranslationStatus


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event stands: its conversation, and whether the turn it belongs to was finished, so that the rules have judged its words."""

    conversation_id: str
    finished: bool


class TranslationStore:
    """Repository of machine translations."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._keys = keys
        self._writer = EventWriter(keys, new_id)

    def find(self, event_ids: Sequence[str], language: str) -> dict[str, Translation]:
        """What is kept for these events in a language, by event."""
        query = select(translations).where(translations.c.event_id.in_(list(event_ids)), translations.c.language == language)
        with self._database.reading() as connection:
            rows = connection.execute(query).all() if event_ids else []
        found, opened = {}, dict[str, AESGCM | None]()
        for row in rows:
            if row.conversation_id not in opened:
                opened[row.conversation_id] = self._key(row.conversation_id)
            key = opened[row.conversation_id]
            if key is not None:
                words = self._keys.sealer.open(key, row.sealed, f"{row.event_id}:{language}")
                problem = TranslationProblem(words["problem"]) if words["problem"] else None
                found[row.event_id] = Translation(
                    TranslationStatus(row.status), language, words["text"], words["source"], words["by"], problem
                )
        return found

    def origins(self, event_ids: Sequence[str]) -> dict[str, Origin]:
        """Where events stand, by event."""
        finished = events.alias("finished")
        same_turn = (finished.c.turn_id == events.c.turn_id) & (finished.c.kind == EventKind.TURN_COMPLETED.value)
        query = select(events.c.id, events.c.conversation_id, finished.c.id.label("done")).outerjoin(finished, same_turn)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(events.c.id.in_(list(event_ids)))).all() if event_ids else []
        return {row.id: Origin(row.conversation_id or "", row.done is not None) for row in rows}

    def finished_turns(self, conversation_id: str) -> tuple[Mapping[str, Any], ...]:
        """The facts of every finished turn of a conversation."""
        query = select(events.c.facts).where(events.c.conversation_id == conversation_id, events.c.kind == EventKind.TURN_COMPLETED.value)
        with self._database.reading() as connection:
            return tuple(json.loads(facts) for facts in connection.execute(query).scalars())

    def keep(self, conversation_id: str, event_id: str, made: Translation, at: datetime) -> None:
        """Keep what was made, or that nothing safe was, and put into the record that a machine was given the words.

        Raises NotFoundError when the conversation's words were erased meanwhile.
        """
        words = {"text": made.text, "source": made.source, "by": made.by, "problem": made.problem or ""}
        mine = (translations.c.event_id == event_id, translations.c.language == made.to)
        with self._database.writing() as connection:
            lock(connection, conversation_id)
            sealed = self._keys.sealer.seal(self._keys.get(conversation_id), words, f"{event_id}:{made.to}")
            connection.execute(delete(translations).where(*mine))
            row = {"event_id": event_id, "language": made.to, "conversation_id": conversation_id, "sealed": sealed}
            connection.execute(insert(translations).values(**row, status=made.status.value, at=at))
            self._note(connection, conversation_id, event_id, made, at)

    def keep_draft(self, conversation_id: str, staff_id: str, draft: str, made: Translation, at: datetime) -> None:
        """Keep the translation of what an adviser is about to send, instead of that of anything they drafted here before.

        Raises NotFoundError when the conversation's words were erased meanwhile.
        """
        mine = _draft_prefix(conversation_id, staff_id)
        with self._database.writing() as connection:
            connection.execute(delete(translations).where(translations.c.event_id.startswith(mine, autoescape=True)))
        self.keep(conversation_id, _draft_id(conversation_id, staff_id, draft), made, at)

    def find_draft(self, conversation_id: str, staff_id: str, draft: str, language: str) -> Translation | None:
        """The translation that was made of exactly these words for them."""
        key = _draft_id(conversation_id, staff_id, draft)
        return self.find([key], language).get(key)

    def _note(self, connection: Any, conversation_id: str, event_id: str, made: Translation, at: datetime) -> None:
        facts = {
            "of": event_id,
            "from": made.source,
            "to": made.to,
            "by": made.by,
            "status": made.status.value,
            "problem": made.problem or "",
        }
        self._writer.note(connection, EventKind.WORDS_TRANSLATED, at, conversation_id, facts)

    def _key(self, conversation_id: str) -> AESGCM | None:
        try:
            return self._keys.get(conversation_id)
        except NotFoundError:
            return None  # erased: the rows are about to go


def _draft_prefix(conversation_id: str, staff_id: str) -> str:
    return f"draft_{hashlib.sha256(f'{conversation_id} {staff_id}'.encode()).hexdigest()[:12]}_"


def _draft_id(conversation_id: str, staff_id: str, draft: str) -> str:
    """Stands for the words without telling them, however their lines end: keyed by whose they are."""
    draft = "\n".join(draft.splitlines()).strip()
    return _draft_prefix(conversation_id, staff_id) + hashlib.sha256(f"{conversation_id} {staff_id} {draft}".encode()).hexdigest()[:20]
