"""Tells every process at once that something happened in a conversation. It carries ids only: whoever hears re-reads the rows.

Events are the feed: they are numbered in the order they are committed (their log makes sure), so reading past the last number misses none.
What wakes a reader is PostgreSQL's NOTIFY, or on SQLite the counter that another connection's commit moves. Typing is no event and has a
small table of its own.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from guildhall.storage.database import Database
from guildhall.storage.desk_schema import typing
from guildhall.storage.schema import events
from guildhall.vocabulary.errors import GuildhallError

CHANNEL: Final = "guildhall_changes"
POLL_SECONDS: Final = 0.1
LISTEN_SECONDS: Final = 2.0
AGAIN_SECONDS: Final = 1.0
TYPING: Final = "typing"
TYPED_LASTS: Final = timedelta(seconds=30)
SIGNS_LOCK: Final = 7_215_004  # any number that nothing else of ours locks


@dataclass(frozen=True, slots=True)
class Change:
    """Something happened. `conversation_id` is empty for what belongs to none; `kind` is an event's code, or `typing`; `by` is its side."""

    kind: str
    conversation_id: str = ""
    seq: int = 0
    by: str = ""


EVERYTHING: Final = Change("everything")
"""Heard when something may have been missed: re-read whatever is shown."""


def announce(connection: Connection) -> None:
    """Wake the readers once the caller's transaction is committed. On SQLite the commit itself does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"select pg_notify('{CHANNEL}', '')"))


def say_typing(database: Database, conversation_id: str, side: str, at: datetime) -> None:
    """A side is writing: `resident` or `adviser`. Old rows go as new ones come."""
    with database.writing() as connection:
        take_turn(connection)
        note_sign(connection, conversation_id, side, at)


def take_turn(connection: Connection) -> None:
    """Wait for other signs of life to be committed, so that their numbers come in order. What a power cut takes of them is no loss."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("set local synchronous_commit = off"))
        connection.execute(text(f"select pg_advisory_xact_lock({SIGNS_LOCK})"))


def note_sign(connection: Connection, conversation_id: str, side: str, at: datetime) -> None:
    """A sign of life of a side, in the caller's transaction, which has taken its turn."""
    number = (connection.execute(select(func.max(typing.c.number))).scalar() or 0) + 1
    mine = (typing.c.conversation_id == conversation_id, typing.c.side == side)
    if not connection.execute(update(typing).where(*mine).values(at=at, number=number)).rowcount:
        connection.execute(insert(typing).values(conversation_id=conversation_id, side=side, at=at, number=number))
    connection.execute(delete(typing).where(typing.c.at < at - TYPED_LASTS))
    announce(connection)


class Changes:
    """One a process: a thread that waits for changes and tells whoever listens. It starts with the first listener."""

    def __init__(self, database: Database, poll_seconds: float = POLL_SECONDS) -> None:
        self._database = database
        self._poll_seconds = poll_seconds
        self._heard: list[Callable[[Change], None]] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._seq = 0
        self._typed = 0

    def listen(self, heard: Callable[[Change], None]) -> Callable[[], None]:
        """Call `heard` with every change from now on, in the thread of this object; gives back how to stop."""
        with self._lock:
            self._heard.append(heard)
            if self._thread is None:
                self._seq, self._typed = self._newest()
                self._thread = threading.Thread(target=self._run, name="changes", daemon=True)
                self._thread.start()
        return lambda: self._forget(heard)

    def close(self) -> None:
        """Stop the thread."""
        self._stop.set()
        thread = self._thread
        if thread is not None and thread.is_alive() and thread is not threading.current_thread():
            thread.join()

    def _forget(self, heard: Callable[[Change], None]) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._heard.remove(heard)

    def _run(self) -> None:
        waits = self._polls if self._database.is_sqlite else self._notifies
        while not self._stop.is_set():
            try:
                for _ in waits():
                    self._tell()
                    if self._stop.is_set():
                        return
            except (SQLAlchemyError, GuildhallError, OSError):
                self._stop.wait(AGAIN_SECONDS)  # the database is away: when it is back, nobody knows what was missed
                self._say(EVERYTHING)

    def _polls(self) -> Iterator[None]:
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw, before = connection.connection.cursor(), None  # raw: within a transaction the counter would stand still
            while not self._stop.wait(self._poll_seconds):
                now = raw.execute("pragma data_version").fetchone()[0]
                if now != before:
                    before = now
                    yield

    def _notifies(self) -> Iterator[None]:
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"listen {CHANNEL}"))
            driver: Any = connection.connection.driver_connection
            yield
            while not self._stop.is_set():
                heard = False
                for _ in driver.notifies(timeout=LISTEN_SECONDS, stop_after=1):
                    heard = True
                if heard:
                    time.sleep(0.005)  # what comes in the same breath is told together
                    yield

    def _tell(self) -> None:
        for change in self._news():
            self._say(change)

    def _say(self, change: Change) -> None:
        with self._lock:
            listeners = list(self._heard)
        for heard in listeners:
            heard(change)

    def _news(self) -> list[Change]:
        fresh = select(events.c.seq, events.c.kind, events.c.conversation_id).where(events.c.seq > self._seq).order_by(events.c.seq)
        typed = select(typing).where(typing.c.number > self._typed).order_by(typing.c.number)
        with self._database.reading() as connection:
            happened = connection.execute(fresh).all()
            writing = connection.execute(typed).all()
        if happened:
            self._seq = happened[-1].seq
        if writing:
            self._typed = writing[-1].number
        return [Change(row.kind, row.conversation_id or "", row.seq) for row in happened] + [
            Change(TYPING, row.conversation_id, 0, row.side) for row in writing
        ]

    def _newest(self) -> tuple[int, int]:
        with self._database.reading() as connection:
            return (
                int(connection.execute(select(func.max(events.c.seq))).scalar() or 0),
                int(connection.execute(select(func.max(typing.c.number))).scalar() or 0),
            )
