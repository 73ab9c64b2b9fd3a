"""What could not be recorded when it happened: facts without words in a small file beside the database, taken into the record when it works again.

The file is shared by the processes of a deployment under a lock. Ids are unique, so a crash between taking in and emptying the file does no
harm: what is in the record already is left out. When the file cannot be written either, the process keeps the facts in memory.
"""

import fcntl
import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from guildhall.storage.database import Database
from guildhall.storage.record import Record
from guildhall.storage.schema import events
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId, TurnId

log = structlog.get_logger("guildhall.record")

MOST_IN_MEMORY = 10_000
RECORDED_LATE = "recorded_late"
"""Stands among the facts of an event that the record took in afterwards. Its time is when it happened."""


class SpooledRecord:
    """The record as the house uses it: an append that works takes in first what could not be appended before."""

    def __init__(self, record: Record, database: Database, file: Path) -> None:
        self._record = record
        self._database = database
        self._file = file
        self._memory: list[Event] = []
        self._lock = threading.Lock()

    def append(self, batch: Sequence[Event]) -> None:
        """Return once the events are durable, all or none. Raises RecordError."""
        self._record.append(batch)
        if self.waiting:
            self.take_in()

    def keep(self, event: Event) -> None:
        """Keep the facts of an event, never its words, until the record works again. Never fails."""
        bare = Event(event.id, event.kind, event.at, event.conversation_id, event.turn_id, {**event.facts, RECORDED_LATE: True})
        try:
            with self._lock, self._locked() as file:
                file.seek(0, os.SEEK_END)
                file.write(_line(bare))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            log.error("spool_failed", error=type(error).__name__)
            with self._lock:
                self._memory = [*self._memory, bare][-MOST_IN_MEMORY:]

    @property
    def waiting(self) -> bool:
        """Whether anything waits to be taken in, from this process or another."""
        try:
            return bool(self._memory) or self._file.stat().st_size > 0
        except OSError:
            return False

    def take_in(self) -> int:
        """Record what waits, with the time when it happened; how much that was. What cannot be recorded yet stays."""
        if not self.waiting:
            return 0
        try:
            with self._lock, self._locked() as file:
                file.seek(0)
                kept = [*_read(file), *self._memory]
                new = self._not_recorded(kept)
                if new:
                    self._record.append(new)
                file.truncate(0)
                self._memory = []
        except (SQLAlchemyError, GuildhallError, OSError) as error:
            log.error("spool_not_taken_in", error=type(error).__name__)
            return 0
        log.warning("spool_taken_in", events=len(new))
        return len(new)

    def _not_recorded(self, kept: Sequence[Event]) -> list[Event]:
        by_id = {event.id: event for event in kept}
        with self._database.reading() as connection:
            for number in range(0, len(kept), 500):
                ids = [event.id for event in kept[number : number + 500]]
                for known in connection.execute(select(events.c.id).where(events.c.id.in_(ids))).scalars():
                    by_id.pop(EventId(known), None)
        return list(by_id.values())

    @contextmanager
    def _locked(self) -> Iterator[IO[str]]:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._file.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed
            yield file


def _line(event: Event) -> str:
    plain = {"id": event.id, "kind": event.kind.value, "at": event.at.isoformat(), "conversation": event.conversation_id}
    return json.dumps({**plain, "turn": event.turn_id, "facts": event.facts}, ensure_ascii=False, separators=(",", ":")) + "\n"


def _read(file: IO[str]) -> Iterator[Event]:
    for line in file:
        try:
            yield _event(json.loads(line))
        except (ValueError, KeyError):  # cut short by a full disk or a crash
            log.error("spool_line_unreadable")


def _event(plain: dict[str, Any]) -> Event:
    conversation, turn = plain["conversation"], plain["turn"]
    return Event(
        EventId(plain["id"]),
        EventKind(plain["kind"]),
        datetime.fromisoformat(plain["at"]),
        ConversationId(conversation) if conversation else None,
        TurnId(turn) if turn else None,
        plain["facts"],
    )
