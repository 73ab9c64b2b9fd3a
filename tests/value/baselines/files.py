"""Files as councils have them, made in memory."""

import io
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from guildhall.value.baselines.mapping import Kind, Mapping
from guildhall.value.baselines.reading import Reading, Terms, guess_mapping
from guildhall.value.baselines.rows import BaselineRow
from guildhall.value.baselines.tables import open_table

TERMS = Terms(date(2026, 11, 25), ZoneInfo("Europe/London"))


def csv_of(*lines: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\r\n".join(lines).encode(encoding))


def workbook_of(rows: list[list[Any]], merged: tuple[str, ...] = (), sheet: str = "Calls", hidden: str = "") -> io.BytesIO:
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    for cells in merged:
        page.merge_cells(cells)
    if hidden:
        other = book.create_sheet(hidden, 0)
        other.append(["nothing", "here"])
        other.sheet_state = "hidden"
        book.active = 1
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def read(
    file: io.BytesIO, name: str = "calls.csv", kind: Kind | None = None, mapping: Mapping | None = None, **given: object
) -> tuple[list[BaselineRow], Reading]:
    table = open_table(file, name)
    headings, guessed = guess_mapping(table, kind, **given)
    reading = Reading(table, headings, mapping or guessed, TERMS)
    return list(reading.rows()), reading


def why(reading: Reading) -> list[tuple[int, str]]:
    return [(one.row, one.why.value) for one in reading.report.refused]
