"""Proposed and released phrases: one person proposes, another decides. What comes from a conversation is sealed under its key."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from guildhall.records.sealing import SealError
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.learning_schema import phrases
from guildhall.storage.record import write_events
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from guildhall.vocabulary.phrases import Phrase, PhraseKind, PhraseState


@dataclass(frozen=True, slots=True)
class Proposed:
    """What somebody proposes. Without a conversation it is staff's own."""

    kind: PhraseKind
    text: str
    means: str = ""
    expected: Mapping[str, Any] | None = None
    conversation_id: str = ""
    turn_id: str = ""
    gap_id: str = ""


class PhraseStore:
    """Repository of one council's phrases."""

    def __init__(self, database: Database, keys: KeyRing, council: str, new_id: Callable[[str], str]) -> None:
        self._database, self._keys, self._council, self._new_id = database, keys, council, new_id

    def propose(self, proposed: Proposed, by: str, at: datetime) -> Phrase:
        """Keep a proposal. Raises NotFoundError when the conversation it comes from was erased."""
        phrase_id = self._new_id("phrase")
        open_words = {"said": proposed.text, "means": proposed.means}
        words: dict[str, Any] = open_words | {"sealed": b""}
        if proposed.conversation_id:
            key = self._keys.get(proposed.conversation_id)
            words = {"said": "", "means": "", "sealed": self._keys.sealer.seal(key, open_words, phrase_id)}
        row = {
            "id": phrase_id, "council": self._council, "kind": proposed.kind.value, "state": PhraseState.PROPOSED.value,
            "conversation_id": proposed.conversation_id, "turn_id": proposed.turn_id, "gap_id": proposed.gap_id,
            "expected": json.dumps(dict(proposed.expected or {})), "proposed_by": by, "proposed_at": at, **words,
        }  # fmt: skip
        with self._database.writing() as connection:
            connection.execute(insert(phrases).values(**row))
            self._note(connection, EventKind.PHRASE_PROPOSED, at, {"phrase": phrase_id, "kind": proposed.kind.value, "by": by})
        return self.get(phrase_id)

    def release(self, phrase_id: str, by: str, at: datetime, trial: Mapping[str, Any]) -> Phrase:
        """Bring it into use. A word becomes the council's own vocabulary; a question stays under its conversation's key.

        Raises RefusedError for whoever proposed it, for what is not proposed any more, and for what was erased meanwhile.
        """
        with self._database.writing() as connection:
            found = self._proposed(connection, phrase_id, by)
            if found.text is None:
                raise RefusedError("the words it came from were erased, so there is nothing to release; refuse it instead.")
            values: dict[str, Any] = {"state": PhraseState.RELEASED.value, "decided_by": by, "decided_at": at}
            if not found.is_case:
                values |= {"said": found.text, "means": found.means, "sealed": b""}
            connection.execute(update(phrases).where(phrases.c.id == phrase_id).values(**values))
            facts = {"phrase": phrase_id, "kind": found.kind.value, "by": by, "proposed_by": found.proposed_by, "trial": dict(trial)}
            self._note(connection, EventKind.PHRASE_RELEASED, at, facts)
        return self.get(phrase_id)

    def refuse(self, phrase_id: str, by: str, why: str, at: datetime) -> Phrase:
        """Say no, with a reason; whoever proposed it may take it back so too. Raises RefusedError."""
        with self._database.writing() as connection:
            found = self._of_state(connection, phrase_id, PhraseState.PROPOSED)
            values = {"state": PhraseState.REFUSED.value, "decided_by": by, "decided_at": at, "why": why}
            connection.execute(update(phrases).where(phrases.c.id == phrase_id).values(**values))
            self._note(connection, EventKind.PHRASE_REFUSED, at, {"phrase": phrase_id, "kind": found.kind.value, "by": by})
        return self.get(phrase_id)

    def withdraw(self, phrase_id: str, by: str, why: str, at: datetime) -> Phrase:
        """Take back what is in use: one person may, because it undoes. Raises RefusedError."""
        with self._database.writing() as connection:
            found = self._of_state(connection, phrase_id, PhraseState.RELEASED)
            values = {"state": PhraseState.WITHDRAWN.value, "why": why}
            connection.execute(update(phrases).where(phrases.c.id == phrase_id).values(**values))
            self._note(connection, EventKind.PHRASE_WITHDRAWN, at, {"phrase": phrase_id, "kind": found.kind.value, "by": by})
        return self.get(phrase_id)

    def get(self, phrase_id: str) -> Phrase:
        """The phrase of that id. Raises NotFoundError."""
        with self._database.reading() as connection:
            row = connection.execute(select(phrases).where(phrases.c.council == self._council, phrases.c.id == phrase_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no phrase {phrase_id}.")
        return self._phrase(row)

    def everything(self) -> tuple[Phrase, ...]:
        """Every phrase, the newest first."""
        return self._found()

    def released(self, case: bool) -> tuple[Phrase, ...]:
        """What is in use: questions, or words; the oldest first. What was erased is left out."""
        found = self._found(phrases.c.state == PhraseState.RELEASED.value)
        return tuple(phrase for phrase in reversed(found) if phrase.is_case == case and phrase.text)

    def words_in_use(self) -> tuple[tuple[PhraseKind, str, str], ...]:
        """Kind, word and meaning of every released word, the oldest first: cheap to read, since these stand open."""
        query = select(phrases.c.kind, phrases.c.said, phrases.c.means).where(
            phrases.c.council == self._council, phrases.c.state == PhraseState.RELEASED.value, phrases.c.kind != PhraseKind.CASE.value
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(phrases.c.decided_at, phrases.c.id)).all()
        return tuple((PhraseKind(row.kind), row.said, row.means) for row in rows if row.said)

    def _found(self, *conditions: Any) -> tuple[Phrase, ...]:
        query = select(phrases).where(phrases.c.council == self._council, *conditions).order_by(phrases.c.proposed_at.desc(), phrases.c.id)
        with self._database.reading() as connection:
            return tuple(self._phrase(row) for row in connection.execute(query).all())

    def _proposed(self, connection: Connection, phrase_id: str, by: str) -> Phrase:
        found = self._of_state(connection, phrase_id, PhraseState.PROPOSED)
        if found.proposed_by == by:
            raise RefusedError("you proposed it, so another person has to release it.")
        return found

    def _of_state(self, connection: Connection, phrase_id: str, state: PhraseState) -> Phrase:
        query = select(phrases).where(phrases.c.council == self._council, phrases.c.id == phrase_id).with_for_update()
        row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no phrase {phrase_id}.")
        if row.state != state.value:
            raise RefusedError(f"it is {row.state} already; load the page again to see by whom.")
        return self._phrase(row)

    def _phrase(self, row: Row[Any]) -> Phrase:
        words = self._words(row)
        return Phrase(
            id=row.id, kind=PhraseKind(row.kind), state=PhraseState(row.state), text=words.get("said"), means=words.get("means", ""),
            expected=json.loads(row.expected), proposed_by=row.proposed_by, proposed_at=row.proposed_at,
            conversation_id=row.conversation_id, turn_id=row.turn_id, gap_id=row.gap_id,
            decided_by=row.decided_by, decided_at=row.decided_at, why=row.why,
        )  # fmt: skip

    def _words(self, row: Row[Any]) -> Mapping[str, Any]:
        if row.said:
            return {"said": row.said, "means": row.means}
        if not row.sealed:
            return {}
        try:
            return self._keys.sealer.open(self._keys.get(row.conversation_id), row.sealed, row.id)
        except (NotFoundError, SealError):
            return {}  # erased

    def _note(self, connection: Connection, kind: EventKind, at: datetime, facts: Mapping[str, Any]) -> None:
        write_events(connection, None, [Event(EventId(self._new_id("event")), kind, at, facts={**facts, "council": self._council})])
