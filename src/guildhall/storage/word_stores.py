"""Places that can hold what people said, each able to purge and to be searched: tables, folders, and the memory of this process."""

import mmap
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, String, Table, delete, func, or_, select, true, update

from guildhall.storage.database import Database, in_lots, metadata
from guildhall.storage.schema import events
from guildhall.vocabulary.forgetting import forget_words, remembered


@dataclass(frozen=True)
class Rows:
    """The rows of a table that belong to a conversation.

    `of_events` says that the table knows events (`event_id`) rather than conversations. `blanked` names a column that is emptied
    where the row itself must stay. `through` is a table that says which conversations a row of this one rests on, with the column of it
    that holds this table's `column`.
    """

    name: str
    database: Database
    table: Table
    column: str = "conversation_id"
    of_events: bool = False
    blanked: str = ""
    through: tuple[Table, str] | None = None

    def purge(self, conversation_ids: Collection[str]) -> int:
        """Delete the rows, or empty the column."""
        gone = 0
        with self.database.writing() as connection:
            for lot in in_lots(sorted(conversation_ids)):
                where = self._belongs(lot)
                if self.blanked:
                    blank = self.table.c[self.blanked]
                    gone += connection.execute(update(self.table).where(where, func.length(blank) > 0).values({blank: b""})).rowcount
                else:
                    gone += connection.execute(delete(self.table).where(where)).rowcount
        return gone

    def holding(self, conversation_ids: Collection[str]) -> frozenset[str]:
        """Those that have rows, or a column that is not empty. A table that rests on another one's rows says nothing of its own."""
        if self.through or self.of_events:
            return frozenset()
        column, found = self.table.c[self.column], set[str]()
        full = func.length(self.table.c[self.blanked]) > 0 if self.blanked else true()
        with self.database.reading() as connection:
            for lot in in_lots(sorted(conversation_ids)):
                found.update(connection.scalars(select(column).where(column.in_(lot), full).distinct()))
        return frozenset(found)

    def _belongs(self, lot: Sequence[str]) -> ColumnElement[bool]:
        if self.of_events:
            return self.table.c.event_id.in_(select(events.c.id).where(events.c.conversation_id.in_(lot)))
        if self.through:
            links, link = self.through
            return self.table.c[self.column].in_(select(links.c[link]).where(links.c.conversation_id.in_(lot)))
        return self.table.c[self.column].in_(lot)

    def search(self, needles: Sequence[bytes]) -> tuple[str, ...]:
        """Whether any column of any row holds any of the bytes."""
        return (f"the table {self.table.name}",) if needles and _stands_in(self.database, self.table, needles) else ()


@dataclass(frozen=True)
class EveryTable:
    """Every other table of the database. Nothing is purged here: this is the proof that nothing was forgotten."""

    database: Database
    but: tuple[str, ...] = ()
    name: str = "Every other table of the database"

    def purge(self, conversation_ids: Collection[str]) -> int:
        """Nothing."""
        return 0

    def holding(self, conversation_ids: Collection[str]) -> frozenset[str]:
        """None: it does not know whose words are whose."""
        return frozenset()

    def search(self, needles: Sequence[bytes]) -> tuple[str, ...]:
        """Tables that hold any of the bytes."""
        tables = [table for table in metadata.sorted_tables if table.name not in self.but]
        return tuple(f"the table {table.name}" for table in tables if needles and _stands_in(self.database, table, needles))


def _stands_in(database: Database, table: Table, needles: Sequence[bytes]) -> bool:
    tests = [test for needle in needles for column in table.c if (test := _test(column, needle, database.is_sqlite)) is not None]
    with database.reading() as connection:
        return bool(tests) and connection.execute(select(func.count()).select_from(table).where(or_(*tests))).scalar_one() > 0


def _test(column: Column[Any], needle: bytes, sqlite: bool) -> ColumnElement[bool] | None:
    if isinstance(column.type, LargeBinary):
        return func.instr(column, needle) > 0 if sqlite else func.strpos(func.encode(column, "hex"), needle.hex()) > 0
    if isinstance(column.type, String):
        text = needle.decode("utf-8", "replace")
        return func.instr(column, text) > 0 if sqlite else func.strpos(column, text) > 0
    return None


@dataclass(frozen=True)
class MemoryOfThisProcess:
    """Caches keyed by what people said. Other processes empty theirs within seconds, by the list of what was erased."""

    name: str = "Memory of running processes"

    def purge(self, conversation_ids: Collection[str]) -> int:
        """Empty every cache of words."""
        return forget_words()

    def holding(self, conversation_ids: Collection[str]) -> frozenset[str]:
        """None: it does not know whose words are whose."""
        return frozenset()

    def search(self, needles: Sequence[bytes]) -> tuple[str, ...]:
        """Whether a cache still holds any of the words."""
        return ("a cache in memory",) if any(remembered(needle.decode("utf-8", "replace")) for needle in needles) else ()


@dataclass(frozen=True)
class ExportsFolder:
    """Copies made for subject access: one folder a request, with the conversations it holds in `conversations.txt`."""

    folder: Path
    name: str = "Copies made for subject access"

    def purge(self, conversation_ids: Collection[str]) -> int:
        """Delete every copy that holds any of these conversations."""
        wanted, gone = set(conversation_ids), 0
        for listed in sorted(self.folder.glob("*/conversations.txt")):
            if wanted & set(listed.read_text("utf-8").split()):
                shutil.rmtree(listed.parent)
                gone += 1
        return gone

    def holding(self, conversation_ids: Collection[str]) -> frozenset[str]:
        """Those that a copy holds."""
        listed = (path.read_text("utf-8").split() for path in self.folder.glob("*/conversations.txt"))
        return frozenset(conversation_ids) & {one for each in listed for one in each}

    def search(self, needles: Sequence[bytes]) -> tuple[str, ...]:
        """Files that hold any of the bytes."""
        return FilesUnder((self.folder,)).search(needles)


@dataclass(frozen=True)
class OutboxFolder:
    """Messages of the local outbox: a file's name begins with the conversation it belongs to."""

    folder: Path
    name: str = "Messages in the local outbox"

    def purge(self, conversation_ids: Collection[str]) -> int:
        """Delete every message to the people of these conversations, half-written ones too."""
        wanted, gone = set(conversation_ids), 0
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            if path.name.lstrip(".").split(".")[0] in wanted:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def holding(self, conversation_ids: Collection[str]) -> frozenset[str]:
        """Those that a message belongs to."""
        paths = self.folder.iterdir() if self.folder.is_dir() else ()
        return frozenset(conversation_ids) & {path.name.lstrip(".").split(".")[0] for path in paths}

    def search(self, needles: Sequence[bytes]) -> tuple[str, ...]:
        """Files that hold any of the bytes."""
        return FilesUnder((self.folder,)).search(needles)


@dataclass(frozen=True)
class FilesUnder:
    """Every file of some folders, looked at byte by byte. Nothing is purged here: this is the proof that the others did it.

    `but` are folders of weights and of public pages' marks, in which nobody's words can be, and of sealed sound, in which none can be read.
    """

    places: tuple[Path, ...]
    name: str = "Every file of the data folder"
    but: tuple[str, ...] = ("models", "recordings")

    def purge(self, conversation_ids: Collection[str]) -> int:
        """Nothing."""
        return 0

    def holding(self, conversation_ids: Collection[str]) -> frozenset[str]:
        """None: it does not know whose words are whose."""
        return frozenset()

    def search(self, needles: Sequence[bytes]) -> tuple[str, ...]:
        """Files that hold any of the bytes."""
        return tuple(str(path) for path in self._files() if needles and _holds(path, needles))

    def _files(self) -> Iterator[Path]:
        for place in self.places:
            if place.is_file():
                yield place
            yield from (p for p in sorted(place.rglob("*")) if p.is_file() and p.relative_to(place).parts[0] not in self.but)


def _holds(path: Path, needles: Sequence[bytes]) -> bool:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(needle) >= 0 for needle in needles)
    except (FileNotFoundError, ValueError):  # gone meanwhile, or empty
        return False
