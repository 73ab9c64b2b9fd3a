"""The append-only record: events with facts in the open and words sealed, written by whoever comes first for all who wait.

Group commit: callers queue their rows; one of them takes the lock and commits everything queued in one transaction.
`append` returns only when its own rows are committed.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import events, payloads
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.events import Event


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
        self._keys = keys
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
            flat = [event for batch in taken for event in batch.events]
            sealed = [self._sealed(event) for event in flat if event.words]
            connection.execute(insert(events), [_row(event) for event in flat])
            if sealed:
                connection.execute(insert(payloads), sealed)

    def _sealed(self, event: Event) -> dict[str, Any]:
        if event.conversation_id is None:
            raise RecordError(f"event {event.id} has words but no conversation to seal them for")
        key = self._keys.get(event.conversation_id)
        sealed = self._keys.sealer.seal(key, event.words, event.id)
        return {"event_id": event.id, "conversation_id": event.conversation_id, "sealed": sealed}


def _row(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "kind": event.kind.value,
        "at": event.at,
        "conversation_id": event.conversation_id,
        "turn_id": event.turn_id,
        "facts": json.dumps(event.facts, ensure_ascii=False, separators=(",", ":")),
    }
