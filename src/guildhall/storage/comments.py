"""What residents said of the service, with what it is counted by, and who has read which comment."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from guildhall.aftercare.satisfaction import Answer
from guildhall.records.sealing import SealError
from guildhall.storage.after_schema import comments_read
from guildhall.storage.database import Database
from guildhall.storage.handoffs import EventWriter, lock
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import conversations, events, handoffs, payloads
from guildhall.vocabulary.aftercare import Score
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import EventKind

ACTION_AT_MOST = 2000


class CommentStore:
    """Repository of answers as staff see them. Reading a comment's words is recorded first, by whoever shows them."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._keys = keys
        self._writer = EventWriter(keys, new_id)

    def since(self, at: datetime) -> tuple[Answer, ...]:
        """Every answer since a time, newest first."""
        return self._found(events.c.at >= at)

    def unread(self) -> tuple[Answer, ...]:
        """Answers with a comment that nobody has read, the oldest first."""
        return tuple(reversed([answer for answer in self._found(comments_read.c.event_id.is_(None)) if answer.unread]))

    def get(self, answer_id: str) -> Answer | None:
        """One answer."""
        return next(iter(self._found(events.c.id == answer_id)), None)

    def comment(self, answer: Answer) -> tuple[str, str]:
        """The resident's words and what staff did about it; empty once they were erased."""
        words = select(payloads.c.sealed).where(payloads.c.event_id == answer.id)
        done = select(comments_read.c.sealed).where(comments_read.c.event_id == answer.id)
        with self._database.reading() as connection:
            sealed, action = connection.execute(words).scalar() or b"", connection.execute(done).scalar() or b""
        said = self._opened(answer, sealed, answer.id).get("comment", "")
        return str(said), str(self._opened(answer, action, f"read.{answer.id}").get("action", ""))

    def mark_read(self, answer_id: str, by: str, action: str, at: datetime) -> Answer:
        """Somebody read it, and perhaps did something. Whoever was first stays. Raises NotFoundError, RefusedError."""
        answer = self.get(answer_id)
        if answer is None or not answer.has_comment:
            raise NotFoundError("there is no such comment")
        if len(action) > ACTION_AT_MOST:
            raise RefusedError(f"what was done has at most {ACTION_AT_MOST:,} characters.")
        with self._database.writing() as connection:
            lock(connection, answer.conversation_id)
            if connection.execute(select(comments_read.c.event_id).where(comments_read.c.event_id == answer_id)).scalar() is None:
                sealed = b""
                if action.strip():
                    key = self._keys.get(answer.conversation_id)
                    sealed = self._keys.sealer.seal(key, {"action": action.strip()}, f"read.{answer_id}")
                row = {"event_id": answer_id, "conversation_id": answer.conversation_id, "read_by": by, "read_at": at, "sealed": sealed}
                connection.execute(insert(comments_read).values(**row))
                facts = {"answer": answer_id, "by": by, "acted": bool(action.strip())}
                self._writer.note(connection, EventKind.COMMENT_READ, at, answer.conversation_id, facts)
        return self.get(answer_id) or answer

    def _opened(self, answer: Answer, sealed: bytes, bound_to: str) -> dict[str, Any]:
        if not sealed:
            return {}
        try:
            return self._keys.sealer.open(self._keys.get(answer.conversation_id), sealed, bound_to)
        except (NotFoundError, SealError):
            return {}

    def _found(self, *where: Any) -> tuple[Answer, ...]:
        query = (
            select(
                events.c.id, events.c.conversation_id, events.c.at, events.c.facts, payloads.c.event_id.label("payload"),
                conversations.c.channel, conversations.c.language, comments_read.c.read_by, comments_read.c.read_at,
            )
            .join(conversations, conversations.c.id == events.c.conversation_id)
            .outerjoin(payloads, payloads.c.event_id == events.c.id)
            .outerjoin(comments_read, comments_read.c.event_id == events.c.id)
            .where(events.c.kind == EventKind.SATISFACTION_GIVEN.value, *where)
            .order_by(events.c.seq.desc())
        )  # fmt: skip
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
            asked = {json.loads(row.facts).get("reference", "") for row in rows} - {""}
            about = select(handoffs.c.reference, handoffs.c.service, handoffs.c.language)
            known = {row.reference: row for row in connection.execute(about)} if asked else {}
        return tuple(_answer(row, known) for row in rows)


def _answer(row: Any, known: Mapping[str, Any]) -> Answer:
    facts = json.loads(row.facts)
    handoff = known.get(facts.get("reference", ""))
    return Answer(
        row.id, row.conversation_id, row.at, Score(facts["score"]), facts.get("queue", ""), handoff.service if handoff else "",
        (handoff.language if handoff else "") or row.language, row.channel, row.payload is not None, row.read_by or "", row.read_at,
    )  # fmt: skip
