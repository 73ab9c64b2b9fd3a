"""Reads money and numbers as spreadsheets write them: £ signs, thousands separators, brackets for amounts below zero, percentages."""

import re
from datetime import date, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Final

from guildhall.value.baselines.cells import Cell, CellError, check_plain, is_empty, shown, text_of

LARGEST: Final = Decimal(10) ** 15
_GROUPED: Final = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")
_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_COMMA_LAST: Final = re.compile(r"[\d.]+,\d{1,2}")
_DASHES: Final = frozenset({"-", "–", "—", "- -", "n/a", "na", "nil", "none", "tbc", "."})


def read_number(cell: Cell, money: bool = False) -> tuple[Decimal, bool]:
    """A number, and whether it was written as a percentage (5% is read as 0.05). `money` allows a £ sign. Raises CellError."""
    check_plain(cell)
    if is_empty(cell):
        raise CellError("there is no number")
    if isinstance(cell, bool | date | time | timedelta):
        raise CellError(f"{shown(cell)} is no number")
    if isinstance(cell, int | float):
        return _bounded(Decimal(repr(cell)), cell), False
    return _from_text(text_of(cell), cell, money)


def read_pence(cell: Cell) -> tuple[int, bool]:
    """An amount of money in pence, and whether it had to be rounded to the penny. Raises CellError."""
    number, percent = read_number(cell, money=True)
    if percent:
        raise CellError(f"{shown(cell)} is a percentage, not an amount of money")
    pence = number * 100
    rounded = pence.quantize(Decimal(1), ROUND_HALF_EVEN)
    return int(rounded), abs(pence - rounded) > Decimal("0.0001")


def read_count(cell: Cell) -> int:
    """A whole number of things, not below zero. Raises CellError."""
    number, percent = read_number(cell)
    if percent or number != number.to_integral_value() or number < 0:
        raise CellError(f"{shown(cell)} is no whole number of contacts")
    return int(number)


def _from_text(text: str, cell: Cell, money: bool) -> tuple[Decimal, bool]:
    if text.casefold() in _DASHES:
        raise CellError(f"{shown(cell)} stands where a number should; write 0 for nothing, or leave the row out")
    rest, below = text.replace("−", "-").replace("GBP", "£"), False
    if rest.startswith("(") and rest.endswith(")"):
        rest, below = rest[1:-1].strip(), True
    if rest.upper().endswith(("DR", "CR")):
        raise CellError(f"{shown(cell)} is marked as a debit or a credit; write a minus for what is below zero")
    if "£" in rest and not money:
        raise CellError(f"{shown(cell)} is money; the mapping says that this column is none")
    rest = re.sub(r"^([-+]?) ?£ ?|^£ ?", lambda found: found[1] or "", rest)
    rest = rest.removesuffix("£").strip()
    percent = rest.endswith("%")
    rest = rest.removesuffix("%").strip()
    if rest.endswith("-") and rest[:-1].strip():
        rest = "-" + rest[:-1].strip()
    if rest[:1] in "+-":
        if below:
            raise CellError(f"{shown(cell)} has both brackets and a sign; it is not clear whether it is below zero")
        below, rest = rest[:1] == "-", rest[1:].strip()
    if not (_GROUPED.fullmatch(rest) or _PLAIN.fullmatch(rest)):
        if _COMMA_LAST.fullmatch(rest):
            raise CellError(f"{shown(cell)} is unclear: a comma stands where the decimal point is expected; write 1,234.56")
        raise CellError(f"{shown(cell)} is no number")
    try:
        number = Decimal(re.sub(r"[, ]", "", rest))
    except InvalidOperation:
        raise CellError(f"{shown(cell)} is no number") from None
    number = _bounded(-number if below else number, cell)
    return (number / 100 if percent else number), percent


def _bounded(number: Decimal, cell: Cell) -> Decimal:
    if not number.is_finite() or abs(number) > LARGEST:
        raise CellError(f"{shown(cell)} is no number that can be meant")
    return number
