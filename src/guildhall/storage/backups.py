"""Copies of the database and, apart from them, of the key store; and putting one back so that erased words stay gone.

A copy is put back in three steps: into a file beside, where everything erased since is erased again; then, whole, into the live
database. Nobody can read the state between.
"""

import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Table, delete, select
from sqlalchemy.engine import make_url

from guildhall.storage.database import Database, in_lots
from guildhall.storage.keys_schema import make_tables, subjects, tombstones, wrapped_keys
from guildhall.storage.migrating import upgrade
from guildhall.storage.schema import payloads
from guildhall.storage.tombstones import Tombstone
from guildhall.storage.word_stores import Rows
from guildhall.vocabulary.errors import GuildhallError, RefusedError

MAIN_TABLE, KEYS_TABLE = "alembic_version", wrapped_keys.name


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did. `erased_again` counts rows or keys of what was erased after the copy was made."""

    copy: Path
    digest: str
    tombstones: int
    erased_again: int
    left: int


def make_copy(database: Database, folder: Path, name: str, now: datetime) -> Path:
    """A consistent copy while the database is in use. Raises RefusedError on PostgreSQL, which has its own means."""
    _need_sqlite(database, "make it with pg_dump")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{name}-{now:%Y%m%dT%H%M%S}.sqlite3"
    if path.exists():
        raise RefusedError(f"{path} is there already; wait a second and try again.")
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.connection.cursor().execute("VACUUM INTO ?", (str(draft),))
    draft.chmod(0o600)
    draft.rename(path)
    return path


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore_main(
    copy: Path, database: Database, stones: Sequence[Tombstone], stores: Callable[[Database], Sequence[Rows]], drill: bool
) -> Restored:
    """Put a copy of the database back, with everything erased since erased again before anybody can read it. `drill` changes nothing."""

    def again(staged: Database) -> tuple[int, int]:
        upgrade(staged)
        ids = [stone.conversation_id for stone in stones]
        gone = sum(store.purge(ids) for store in stores(staged))
        return gone, _left(staged, payloads, ids)

    return _restore(copy, database, MAIN_TABLE, len(stones), again, drill)


def restore_keys(copy: Path, database: Database, stones: Sequence[Tombstone], drill: bool) -> Restored:
    """Put a copy of the key store back, with every key destroyed since destroyed again before anybody can use it."""

    def again(staged: Database) -> tuple[int, int]:
        make_tables(staged)
        ids = [stone.conversation_id for stone in stones]
        gone = 0
        with staged.writing() as connection:
            known = set(connection.scalars(select(tombstones.c.conversation_id)))
            fresh = [
                {"conversation_id": s.conversation_id, "erasure": s.erasure, "at": s.at} for s in stones if s.conversation_id not in known
            ]
            if fresh:
                connection.execute(tombstones.insert(), fresh)
            for lot in in_lots(ids):
                gone += connection.execute(delete(wrapped_keys).where(wrapped_keys.c.conversation_id.in_(lot))).rowcount
            connection.execute(delete(subjects).where(subjects.c.id.not_in(select(wrapped_keys.c.subject_id))))
        return gone, _left(staged, wrapped_keys, ids)

    return _restore(copy, database, KEYS_TABLE, len(stones), again, drill)


def _restore(
    copy: Path, database: Database, table: str, stones: int, again: Callable[[Database], tuple[int, int]], drill: bool
) -> Restored:
    _need_sqlite(database, "put it back with pg_restore, then run `guildhall backup replay`")
    _check(copy, table)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=_path(database).parent) as folder:
        path = Path(folder) / "staged.sqlite3"
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)
        staged = Database(f"sqlite:///{path}")
        erased_again, left = again(staged)
        staged.scrub(rebuild=True)
        staged.close()
        if left:
            raise GuildhallError(f"{left} erased rows are still in the copy after everything was erased again; it was not put back")
        if not drill:
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(_path(database), timeout=60)) as target:
                source.backup(target)
            database.scrub()
    return Restored(copy, digest_of(copy), stones, erased_again, left)


def _left(database: Database, table: Table, ids: Sequence[str]) -> int:
    with database.reading() as connection:
        return sum(len(connection.execute(select(table).where(table.c.conversation_id.in_(lot))).all()) for lot in in_lots(ids))


def _check(copy: Path, table: str) -> None:
    if not copy.is_file():
        raise RefusedError(f"there is no copy at {copy}.")
    try:
        with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as opened:
            sound = opened.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        raise RefusedError(f"{copy} is no copy of a database: {error}.") from error
    if sound != "ok":
        raise RefusedError(f"{copy} is damaged: {sound}. Take another copy.")
    if table not in tables:
        kind, other = ("the database", "keys") if table == MAIN_TABLE else ("the key store", "main")
        raise RefusedError(f"{copy} is no copy of {kind}; is it the one of `{other}`?")


def _path(database: Database) -> Path:
    return Path(make_url(database.url).database or "")


def _need_sqlite(database: Database, instead: str) -> None:
    if not database.is_sqlite:
        raise RefusedError(f"this database is not SQLite: {instead}.")
