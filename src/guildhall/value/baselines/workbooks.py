"""Workbooks (.xlsx): read only, values only. Macros and links are never followed; a formula counts as the value saved beside it."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any, BinaryIO, Final

from guildhall.value.baselines.cells import Cell
from guildhall.value.baselines.tables import MOST_COLUMNS, MOST_ROWS, Row, Table, UnreadableFileError

LARGEST_UNPACKED: Final = 2_000_000_000
LARGEST_STRINGS: Final = 200_000_000
"""The texts of a workbook are held in memory; so many bytes of them at most."""
MOST_PACKED: Final = 400
"""A part that grows more than so many times over when it is unpacked was made to fill a disk."""
PIECE: Final = 1 << 20
DAMAGED: Final = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, OverflowError, AssertionError, OSError, EOFError, SyntaxError, zlib.error,
    zipfile.BadZipFile,
)  # fmt: skip
"""What the library raises for a damaged workbook; its errors have no root of their own."""
_FORMULA: Final = re.compile(rb"<f[ >/]")
_DECLARED: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def open_workbook(file: BinaryIO, name: str, sheet: str = "") -> Table:
    """The table of one sheet: the first one that is not hidden unless `sheet` names another. Raises UnreadableFileError."""
    formulas = _check_parts(file, name)
    book = _load(file, name, values=True)
    sheets = tuple(str(each.title) for each in book.worksheets if each.sheet_state == "visible") or tuple(book.sheetnames)
    if sheet and sheet not in book.sheetnames:
        raise UnreadableFileError(f"{name}: there is no sheet “{sheet}”; there are {', '.join(f'“{each}”' for each in book.sheetnames)}")
    if not sheets:
        raise UnreadableFileError(f"{name}: there is no sheet with cells in it")
    chosen, starts_1904 = sheet or sheets[0], book.epoch.year == 1904
    size = file.seek(0, io.SEEK_END)
    book.close()
    about = [f"Workbook, sheet “{chosen}”" + (f" of {len(sheets)}" if len(sheets) > 1 else "")]
    if formulas:
        about.append("Some cells are formulas: the value that was saved with the file is used.")

    def rows() -> Iterator[Row]:
        yield from _rows(file, name, chosen, formulas)

    return Table(name, rows, tuple(about), size, sheets, starts_1904)


def _rows(file: BinaryIO, name: str, sheet: str, formulas: bool) -> Iterator[Row]:
    book = _load(file, name, values=True)
    beside = _load(file, name, values=False) if formulas else None
    try:
        written = _cells(beside, sheet) if beside else iter(())
        for number, (cells, forms) in enumerate(zip_longest(_cells(book, sheet), written, fillvalue=()), 1):
            if number > MOST_ROWS:
                raise UnreadableFileError(f"{name}: there are more than {MOST_ROWS:,} rows; import a shorter period at a time")
            values = tuple(_plain(cell) for cell in cells)
            unsaved = frozenset(
                place for place, form in enumerate(forms) if _is_formula(form) and (place >= len(values) or values[place] is None)
            )
            yield Row(number, values, unsaved)
    except DAMAGED as error:
        raise UnreadableFileError(
            f"{name}: the workbook is damaged ({type(error).__name__}); open it in a spreadsheet program and save it anew"
        ) from error
    finally:
        book.close()
        if beside:
            beside.close()


def _cells(book: Any, sheet: str) -> Iterator[tuple[Any, ...]]:
    found = book[sheet]
    found.reset_dimensions()  # what a file says of its own size is often wrong
    yield from found.iter_rows(max_col=MOST_COLUMNS, values_only=True)


def _is_formula(form: Any) -> bool:
    return (isinstance(form, str) and form.startswith("=")) or type(form).__name__ in ("ArrayFormula", "DataTableFormula")


def _plain(cell: Any) -> Cell:
    if cell is None or isinstance(cell, str | int | float | bool | date | datetime | time | timedelta):
        return cell
    return str(cell)


def _load(file: BinaryIO, name: str, values: bool) -> Any:
    import warnings

    from openpyxl import load_workbook

    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that are not read anyway
        try:
            return load_workbook(file, read_only=True, data_only=values, keep_links=False)
        except DAMAGED as error:
            raise UnreadableFileError(
                f"{name}: it is no workbook that can be read ({type(error).__name__}); save it anew as .xlsx or as CSV"
            ) from error


def _check_parts(file: BinaryIO, name: str) -> bool:
    """Refuse what was made to harm; whether some sheet has formulas."""
    file.seek(0)
    formulas = False
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise UnreadableFileError(f"{name}: the workbook is too large when it is unpacked; save the sheet as CSV")
            for part in parts:
                if part.file_size > PIECE and part.file_size > MOST_PACKED * max(1, part.compress_size):
                    raise UnreadableFileError(
                        f"{name}: a part of the workbook grows {MOST_PACKED} times over when it is unpacked; it is not read"
                    )
                if part.filename.endswith("sharedStrings.xml") and part.file_size > LARGEST_STRINGS:
                    raise UnreadableFileError(f"{name}: the workbook holds too much text; save the sheet as CSV")
                if part.filename.endswith(".xml"):
                    formulas |= _look_into(packed, part, name)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise UnreadableFileError(
            f"{name}: the workbook is damaged or locked ({type(error).__name__}); save it anew as .xlsx without a password"
        ) from error
    return formulas


def _look_into(packed: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bool:
    sheet, found, last = "worksheets/" in part.filename, False, b""
    with packed.open(part) as stream:
        while piece := stream.read(PIECE):
            if _DECLARED.search(last + piece):
                raise UnreadableFileError(f"{name}: the workbook declares entities of its own, which none needs; it is not read")
            found = found or (sheet and _FORMULA.search(last + piece) is not None)
            last = piece[-16:]
    return found
