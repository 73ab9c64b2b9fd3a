"""Ways to bring a real database into trouble, and out of it again."""

import shutil
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import event

from guildhall.storage.database import Database


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """An SQLite file that may not grow by one page."""
    limits: list[int] = []

    def fill(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        limits.append(connection.execute(f"PRAGMA max_page_count={pages}").fetchone()[0])

    event.listen(database.engine, "connect", fill)
    database.engine.dispose()
    try:
        yield
    finally:
        event.remove(database.engine, "connect", fill)
        database.engine.dispose()
        assert limits, "nobody wrote"


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody else writes and does not end."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def removed(file: Path) -> Iterator[None]:
    """The file is moved away, and comes back."""
    away = file.with_suffix(".away")
    file.rename(away)
    try:
        yield
    finally:
        away.rename(file)


def replaced_by_a_copy(file: Path) -> None:
    """Another file takes its place, as when a backup is put back."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy = file.with_suffix(".copy")
    shutil.copyfile(file, copy)
    for beside in (file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")):
        beside.unlink(missing_ok=True)
    copy.replace(file)


class Wire:
    """A wire between a program and a server that can be cut and mended."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._pairs: list[socket.socket] = []
        self._listening: socket.socket | None = None
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Let connections through."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """End every connection and let none through."""
        if self._listening:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        for end in self._pairs:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._pairs.clear()

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listening.accept()
                far = socket.create_connection(self._to)
                self._pairs += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
