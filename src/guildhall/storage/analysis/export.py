"""Brings the record into files to compute over, from where it stopped last time. It reads the record and never writes it.

Each lot of events is one step: its files, then the manifest that names them. Whoever stops in between loses at most a lot's work.
Several processes may ask for it at once; one does it while the others wait.
"""

import fcntl
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb
from sqlalchemy import Row, case, func, or_, select

from guildhall.records.ports import Progress
from guildhall.storage.after_schema import contacts_known
from guildhall.storage.analysis.manifest import ExportedFile, Manifest, read_manifest, write_manifest
from guildhall.storage.analysis.parquet import listed_paths, open_writer, write_query, write_rows
from guildhall.storage.analysis.rows import EXPORTED, Exporting, exported
from guildhall.storage.analysis.unlinking import taken_out, unlink
from guildhall.storage.database import Database
from guildhall.storage.schema import conversations, events
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.exported import ARMS, GROWING, KNOWN, LAYOUT

LOT: Final = 100_000
"""Events that one step takes; they are in memory meanwhile."""
FETCHED: Final = 5_000
MANY_FILES: Final = 12
"""So many small files of a table are joined into one."""
SMALL: Final = 200_000
UNLINKED: Final = ""
UNLINKING: Final = (EventKind.WORDS_ERASED.value, EventKind.RETENTION_RUN.value)
LOCK: Final = "export.lock"
KEPT: Final = "kept"
"""The folder of what was made of an export (`keeping.py`), inside its own."""
ROWS: Final = "rows"
"""The folder of rows behind published figures, likewise."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export took: rows written, events read, and how long. `until` is the number of the last event that is in it."""

    rows: int
    events: int
    seconds: float
    until: int = 0


class Exporter:
    """Keeps the export of one council up to date. `key` tells whether its pseudonyms were made with the key that is there now."""

    def __init__(self, database: Database, made: Exporting, key: str, folder: Path, stopwatch: Callable[[], float], lot: int = LOT) -> None:
        self.folder = folder
        self._database, self._made, self._key, self._stopwatch, self._lot = database, made, key, stopwatch, lot

    def refresh(self, progress: Progress = lambda _done, _all: None, rebuild: bool = False) -> Exported:
        """Take in what happened since the last time, and follow what was unlinked or taken back. `rebuild` begins anew."""
        started = self._stopwatch()
        with held(self.folder), open_writer() as writer:
            was = self._from_where(rebuild)
            now, rows = was, 0
            last, total = self._last(), self._count(was.seq)
            while now.seq < last:
                now, fresh = self._step(writer, now, last)
                rows += fresh
                progress(now.events - was.events, total)
            now = self._follow(writer, now)
        return Exported(rows, now.events - was.events, self._stopwatch() - started, now.seq)

    def _from_where(self, rebuild: bool) -> Manifest:
        """The export as it stands, or an empty one where it does not fit the record: another key, or a record that was put back."""
        empty = Manifest(council=self._made.council, key=self._key)
        if rebuild:
            return empty
        found = read_manifest(self.folder)
        if found.council != self._made.council or found.key != self._key:
            return empty
        with self._database.reading() as connection:
            there = connection.execute(select(events.c.id).where(events.c.seq == found.seq)).scalar()
        return found if found.seq == 0 or there == found.event else empty

    def _last(self) -> int:
        with self._database.reading() as connection:
            return int(connection.execute(select(func.max(events.c.seq))).scalar() or 0)

    def _count(self, after: int) -> int:
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(events).where(events.c.seq > after)).scalar_one())

    def _step(self, writer: duckdb.DuckDBPyConnection, now: Manifest, last: int) -> tuple[Manifest, int]:
        """One lot of events, and the manifest that makes it part of the export."""
        tables: dict[str, list[dict[str, Any]]] = {table: [] for table in GROWING}
        count, seq, event_id = 0, now.seq, now.event
        for event in self._events(now.seq, last):
            seq, event_id, count = event.seq, event.id, count + 1
            if event.ours and event.kind in _KINDS and (found := exported(event, self._made)):
                tables[found[0]].append(found[1])
            if count >= self._lot:
                break
        span = (now.seq + 1, seq)
        files = [
            write_rows(writer, self.folder, table, rows, f"{table}-{seq:012d}-{secrets.token_hex(4)}.parquet", span)
            for table, rows in tables.items()
            if rows
        ]
        after = replace(now, seq=seq, event=event_id, events=now.events + count, files=(*now.files, *files))
        write_manifest(self.folder, after)
        return after, sum(file.rows for file in files)

    def _events(self, after: int, last: int) -> Iterator[Row[Any]]:
        """Events in the order of the record, a few thousand at a time, so that nobody who writes waits for us."""
        ours = or_(conversations.c.council == self._made.council, events.c.conversation_id.is_(None)).label("ours")
        facts = case((events.c.kind.in_(sorted(_KINDS)), events.c.facts), else_="").label("facts")
        columns = (events.c.seq, events.c.id, events.c.kind, events.c.at, events.c.conversation_id, events.c.turn_id, facts, ours)
        joined = events.outerjoin(conversations, conversations.c.id == events.c.conversation_id)
        query = select(*columns).select_from(joined).order_by(events.c.seq).limit(FETCHED)
        while after < last:
            with self._database.reading() as connection:
                rows = connection.execute(query.where(events.c.seq > after, events.c.seq <= last)).all()
            if not rows:
                return
            yield from rows
            after = rows[-1].seq

    def _follow(self, writer: duckdb.DuckDBPyConnection, now: Manifest) -> Manifest:
        """Join small files, cut what the record has cut, and write who is known anew."""
        with self._database.reading() as connection:
            cut = int(connection.execute(select(func.max(events.c.seq)).where(events.c.kind.in_(UNLINKING))).scalar() or 0)
            here = conversations.c.council == self._made.council
            gone = conversations.c.secret_digest == UNLINKED
            names = list(connection.scalars(select(conversations.c.id).where(here, gone))) if cut > now.cut else []
            query = select(contacts_known).join(conversations, conversations.c.id == contacts_known.c.conversation_id)
            known = connection.execute(query.where(here, ~gone).order_by(contacts_known.c.at)).all()
            took_back = select(events.c.conversation_id).join(conversations, conversations.c.id == events.c.conversation_id)
            left = list(connection.scalars(took_back.where(events.c.kind == EventKind.TRIAL_LEFT.value, here)))
        name = self._made.pseudonym
        files = joined(writer, self.folder, now.files, now.seq)
        if left:
            files = taken_out(writer, self.folder, files, ARMS, [name(conversation) for conversation in left])
        if names:
            cut_files = unlink(writer, self.folder, files, [name(conversation) for conversation in names])
            if cut_files != files:
                for made in (KEPT, ROWS):  # they hold the names that were cut
                    shutil.rmtree(self.folder / made, ignore_errors=True)
            files = cut_files
        files = tuple(file for file in files if file.table != KNOWN)
        rows = [{"contact": name(r.conversation_id), "resident": name(r.digest), "service": r.service, "queue": r.queue} for r in known]
        if rows:
            files = (*files, write_rows(writer, self.folder, KNOWN, rows, f"{KNOWN}-{secrets.token_hex(6)}.parquet"))
        after = replace(now, files=files, cut=max(cut, now.cut))
        write_manifest(self.folder, after)
        return after


_KINDS: Final = frozenset(kind.value for kind in EXPORTED)


def joined(writer: duckdb.DuckDBPyConnection, folder: Path, files: tuple[ExportedFile, ...], seq: int) -> tuple[ExportedFile, ...]:
    """The files, with many small ones of a table made into one."""
    for table in GROWING:
        small = [file for file in files if file.table == table and file.rows < SMALL]
        if len(small) < MANY_FILES:
            continue
        columns = ", ".join(f'"{column}"' for column in LAYOUT[table])
        query = f"SELECT {columns} FROM read_parquet({listed_paths(folder, small)}) ORDER BY seq"
        span = (min(file.first for file in small), max(file.last for file in small))
        one = write_query(writer, folder, table, query, f"{table}-{seq:012d}-{secrets.token_hex(4)}.parquet", span)
        files = (*(file for file in files if file not in small), one)
    return files


@contextmanager
def held(folder: Path, shared: bool = False, lock: str = LOCK) -> Iterator[None]:
    """Nobody else writes the export meanwhile, or does what another lock stands for; `shared` lets others read it too."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / lock).open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)  # given back when the file is closed
        yield
