"""The database every repository shares: engine, naming convention, UTC times, the one write lock of SQLite, and what happens when it is gone."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.types import TypeDecorator

from guildhall.storage.write_turn import WriteTurn
from guildhall.vocabulary.errors import GuildhallError

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


LOT = 500  # variables an SQL statement may have everywhere
REBUILT_BYTES = 256_000_000  # about five seconds
CHECKPOINT_TRIES = 2  # each waits as long as a busy writer may
T = TypeVar("T")


def in_lots(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """The items, so many at a time as a statement takes."""
    for start in range(0, len(items), LOT):
        yield items[start : start + LOT]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, stored and read as UTC. Refuses a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored; use an aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone; everything stored is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BUSY_MILLISECONDS = 5000
"""How long a writer waits for another process's write on SQLite."""
CONNECT_SECONDS = 5
"""How long a connection to PostgreSQL, or a free one of ours, is waited for."""
USED = "guildhall_used"
ASKED_AFTER = 1.0
"""Seconds without use, after which a connection to PostgreSQL is asked whether it still is one."""
REST_SECONDS = 1.0
"""A database that could not be written is left alone for so long, so that others do not queue behind its time-outs."""


class DatabaseGoneError(GuildhallError):
    """The database cannot be used now; trying again later may help."""


class Database:
    """An engine and the way to write through it: one writer at a time on SQLite, many on PostgreSQL."""

    def __init__(self, url: str, durable: bool = False) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._path = Path(path) if self.is_sqlite and (path := make_url(url).database) else None
        self._file: tuple[int, int] | None = None
        self._rests_until = float("-inf")
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        waiting = {} if self.is_sqlite else {"pool_timeout": CONNECT_SECONDS, "connect_args": {"connect_timeout": CONNECT_SECONDS}}
        self.engine: Engine = create_engine(url, **waiting)
        self._write_lock = threading.Lock()
        self._turn = WriteTurn(self._path, BUSY_MILLISECONDS / 1000) if self._path and self._path.name != ":memory:" else None
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_durable_sqlite if durable else _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            event.listen(self.engine, "checkin", _note_use)
            event.listen(self.engine, "checkout", _ask_whether_it_is_there(self.engine.dialect))
        self._reads = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with. On SQLite all that it reads is of one moment; on PostgreSQL each statement is, which needs no transaction around it."""
        self._check_is_there()
        with self._reads.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction: all of it is committed, or none. Raises DatabaseGoneError at once while the database rests after a failure."""
        try:
            if not self.is_sqlite:
                self._check_rest()
                with self.engine.begin() as connection:
                    yield connection
                return
            with self._write_lock:
                self._check_rest()
                self._check_is_there()
                with (
                    self._turn.turn() if self._turn else nullcontext(),
                    self.engine.connect().execution_options(guildhall_write=True) as connection,
                    connection.begin(),
                ):
                    yield connection
        except OperationalError:  # locked, full, gone: not what a statement said, but what it was said to
            self._rests_until = time.monotonic() + REST_SECONDS
            raise

    def _check_rest(self) -> None:
        if time.monotonic() < self._rests_until:
            raise DatabaseGoneError("the database could not be written a moment ago and is left alone for a second")

    def _check_is_there(self) -> None:
        """SQLite goes on writing into a file that was removed or replaced, where nobody can read it ever again: notice that first."""
        if self._path is None:
            return
        try:
            found = self._path.stat()
        except FileNotFoundError:
            if self._file is None:
                return  # not yet made
            raise DatabaseGoneError(f"the database file {self._path} is gone") from None
        now = (found.st_dev, found.st_ino)
        if self._file != now:
            if self._file is not None:
                self.engine.dispose()  # another file was put there, such as a backup: connect to that
            self._file = now

    def scrub(self, rebuild: bool | None = None) -> bool:
        """Make sure that deleted rows are in no file any more: they are overwritten when deleted; here the write-ahead log is emptied.

        `rebuild` writes the whole file anew besides, left out where that is quick. False when somebody kept reading the old state for too long. PostgreSQL takes
        dead rows away by its own vacuum, which is asked for here.
        """
        with self._write_lock, self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw = connection.connection.cursor()
            if not self.is_sqlite:
                raw.execute("VACUUM")
                return True
            if self.size() <= REBUILT_BYTES if rebuild is None else rebuild:
                raw.execute("VACUUM")
            busy = 1
            for _ in range(CHECKPOINT_TRIES):
                busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                if not busy:
                    break
            return not busy

    def size(self) -> int:
        """Bytes of an SQLite file; 0 elsewhere."""
        path = make_url(self.url).database if self.is_sqlite else None
        return Path(path).stat().st_size if path and Path(path).exists() else 0

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()
        if self._turn:
            self._turn.close()


def _note_use(_connection: Any, record: Any) -> None:
    record.info[USED] = time.monotonic()


def _ask_whether_it_is_there(dialect: Dialect) -> Callable[[Any, Any, Any], None]:
    """Ask a connection that has rested whether its database is still there; the pool takes another where it is not.

    One in steady use is not asked: a page reads thirty times, and to be asked before each cost as much as the answers.
    """
    gone: type[Exception] = dialect.loaded_dbapi.Error

    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(USED, float("-inf")) < ASKED_AFTER:
            return
        try:
            autocommit, connection.autocommit = connection.autocommit, True
            connection.execute("SELECT 1")
            connection.autocommit = autocommit
        except gone as error:
            raise DisconnectionError("the database did not answer") from error

    return ask


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, so that writers take their lock at once
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_durable_sqlite(connection: Any, record: Any) -> None:
    _prepare_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=FULL")  # a key that is lost with the power loses the words it opens


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("guildhall_write", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # takes the lock, and may fail
        return
    driver: Any = connection.connection.dbapi_connection  # straight to SQLite: a page begins to read thirty times, and that cannot fail
    driver.execute("BEGIN")
