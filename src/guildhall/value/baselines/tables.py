"""A table in a file: rows of cells, read one after the other, so that a million rows take no more memory than a hundred."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import BinaryIO, Final

from guildhall.value.baselines.cells import Cell, is_empty
from guildhall.vocabulary.errors import GuildhallError

MOST_COLUMNS: Final = 200
MOST_ROWS: Final = 5_000_000


class UnreadableFileError(GuildhallError):
    """A file cannot be read as a table at all; the message names it and says what would be right."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, from 1, and its cells. `unsaved` are the places of formulas without a saved value."""

    number: int
    cells: tuple[Cell, ...]
    unsaved: frozenset[int] = frozenset()

    @property
    def blank(self) -> bool:
        """Whether no cell holds anything."""
        return not self.unsaved and all(is_empty(cell) for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """A table of a file. `rows` reads it anew from its start each time; `about` says how it was read; `size` is in bytes."""

    name: str
    rows: Callable[[], Iterator[Row]]
    about: tuple[str, ...]
    size: int
    sheets: tuple[str, ...] = ()
    starts_1904: bool = False
    place: Callable[[], int] = field(default=lambda: 0)
    """How many of the bytes were read so far, for a progress bar."""


def open_table(file: BinaryIO, name: str, sheet: str = "") -> Table:
    """The table of a file that can be read and sought; `name` is what it is called, `sheet` which sheet of a workbook. Raises UnreadableFileError."""
    from guildhall.value.baselines.separated import open_separated
    from guildhall.value.baselines.workbooks import open_workbook

    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if not start:
        raise UnreadableFileError(f"{name}: the file is empty")
    ending = PurePath(name).suffix.casefold()
    if start[:4] == b"PK\x03\x04":
        if ending == ".ods":
            raise UnreadableFileError(f"{name}: OpenDocument spreadsheets are not read; save it as .xlsx or as CSV")
        return open_workbook(file, name, sheet)
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadableFileError(
            f"{name}: this is an old or a password-protected workbook; open it, and save it as .xlsx without a password"
        )
    if start.startswith(b"%PDF") or b"\x00\x00\x00" in start:
        raise UnreadableFileError(f"{name}: this is neither a workbook (.xlsx) nor a file of separated values (.csv, .tsv, .txt)")
    return open_separated(file, name)
