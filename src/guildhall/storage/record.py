"""The append-only record: events with facts in the open and words sealed, and each one's place in the tamper-evident log.

All three go in with one transaction, or none does: an event that is not in the log cannot come to be here.

Group commit: callers queue their rows; one of them takes the lock and commits everything queued in one transaction.
`append` returns only when its own rows are committed.
"""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.exc import SQLAlchemyError

from guildhall.records.commitments import SALT_BYTES, as_stored, commitment
from guildhall.records.log_record import NO_WORDS, WORDS, Committed, packs_named
from guildhall.storage.changes import announce
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.log import append_to_log
from guildhall.storage.schema import events, payloads
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.events import Event

_EVENTS, _PAYLOADS = insert(events), insert(payloads)


class RecordError(GuildhallError):
    """Events could not be made durable; nothing that rests on them may be shown."""


@dataclass
class _Batch:
    events: Sequence[Event]
    done: bool = False
    error: BaseException | None = field(default=None)


class Record:
    """The only writer of events."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self.keys = keys
        self._waiting: list[_Batch] = []
        self._waiting_lock = threading.Lock()
        self._commit_lock = threading.Lock()

    def append(self, batch_events: Sequence[Event]) -> None:
        """Return once the events are durable, all or none. Raises RecordError."""
        batch = _Batch(batch_events)
        with self._waiting_lock:
            self._waiting.append(batch)
        with self._commit_lock:
            if not batch.done:
                with self._waiting_lock:
                    taken, self._waiting = self._waiting, []
                self._commit(taken)
        if batch.error is not None:
            raise RecordError(f"the record could not be written: {type(batch.error).__name__}") from batch.error

    def _commit(self, taken: list[_Batch]) -> None:
        try:
            self._write(taken)
        except (SQLAlchemyError, GuildhallError, OSError) as error:
            if len(taken) == 1:
                taken[0].error, taken[0].done = error, True
                return
            for batch in taken:  # one bad batch must not lose the others
                self._commit([batch])
            return
        for batch in taken:
            batch.done = True

    def _write(self, taken: list[_Batch]) -> None:
        with self._database.writing() as connection:
            write_events(connection, self.keys, [event for batch in taken for event in batch.events])


def write_events(
    connection: Connection, keys: KeyRing | None, written: Sequence[Event], random_bytes: Callable[[int], bytes] = os.urandom
) -> None:
    """Write events, their sealed words and their log records in the caller's transaction. The only way an event is written.

    A repository that changes a row of its own and says so in the record calls this beside its change, so that both stand or fall.
    Without `keys` no event may have words.
    """
    if not written:
        return
    rows: list[dict[str, Any]] = []
    sealed: list[dict[str, Any]] = []
    committed: list[Committed] = []
    for event in written:
        facts, salt = as_stored(event.facts), random_bytes(SALT_BYTES)
        words_commit = ""
        if event.words:
            words_salt = random_bytes(SALT_BYTES)
            words_commit = commitment(words_salt, as_stored(event.words).encode())
            sealed.append(_sealed(keys, event) | {"words_salt": words_salt})
        payload = WORDS if event.words else NO_WORDS
        committed.append(Committed(event, packs_named(event.facts), payload, commitment(salt, facts.encode()), words_commit))
        rows.append(_row(event, facts, salt))
    places = append_to_log(connection, committed)
    connection.execute(_EVENTS, [row | {"log_seq": seq, "log_number": number} for row, (seq, number) in zip(rows, places, strict=True)])
    if sealed:
        connection.execute(_PAYLOADS, sealed)
    announce(connection)


def _sealed(keys: KeyRing | None, event: Event) -> dict[str, Any]:
    if event.conversation_id is None or keys is None:
        raise RecordError(f"event {event.id} has words but no conversation to seal them for")
    key = keys.get(event.conversation_id)
    return {"event_id": event.id, "conversation_id": event.conversation_id, "sealed": keys.sealer.seal(key, event.words, event.id)}


def _row(event: Event, facts: str, salt: bytes) -> dict[str, Any]:
    return {
        "id": event.id,
        "kind": event.kind.value,
        "at": event.at,
        "conversation_id": event.conversation_id,
        "turn_id": event.turn_id,
        "facts": facts,
        "facts_salt": salt,
    }
