"""One cell of a spreadsheet or of a file of separated values, and why it cannot be read."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final

Cell = str | int | float | bool | date | datetime | time | timedelta | None
LONGEST_SHOWN: Final = 40
FORMULA: Final = re.compile(r"^=|^\+[A-Z(]|^@[A-Za-z]")
"""A text that a spreadsheet program would work out: a formula that was exported in place of its value."""
SPREADSHEET_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
PERSONAL: Final = re.compile(
    r"[\w.+-]+@[\w-]+\.\w{2,}"  # an e-mail address
    r"|(?<!\d)(?:\+44|0044|0)[ ()-]*(?:\d[ ()-]*){9,10}(?!\d)"  # a UK phone number
    r"|\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"  # a National Insurance number
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b",  # a postcode
    re.IGNORECASE,
)


class CellError(ValueError):
    """A cell cannot be read; the message says why, and what would be right."""


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands in it but blanks."""
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip("\u00a0\u200b\ufeff \t\r\n"))


def text_of(cell: Cell) -> str:
    """A cell as one line of text, without blanks around it."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.isascii() and cell.isalnum():
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).replace("\u00a0", " ").replace("\u200b", "").split())


def shown(cell: Cell) -> str:
    """A cell for a report: quoted, and cut short; what looks like personal data is not shown."""
    text = text_of(cell)
    if PERSONAL.search(text):
        return "what looks like personal data"
    return f"“{text[:LONGEST_SHOWN]}{'…' if len(text) > LONGEST_SHOWN else ''}”"


def check_plain(cell: Cell) -> None:
    """Raise CellError for what no kind of cell may be: a formula in place of its value, or an error of the spreadsheet program."""
    if isinstance(cell, str) and any(mark in cell for mark in "=+@#"):
        text = cell.strip()
        if text.upper() in SPREADSHEET_ERRORS:
            raise CellError(f"the cell shows the error {text.upper()}; mend the formula in the spreadsheet, save it and import it again")
        if FORMULA.match(text):
            raise CellError("a formula stands where its value should; export or save the values")
