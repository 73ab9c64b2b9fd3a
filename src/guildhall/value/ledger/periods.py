"""The periods in which money is claimed: months, and quarters of a financial year from April to March."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from guildhall.vocabulary.errors import RefusedError

_MONTH: Final = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
_QUARTER: Final = re.compile(r"^(\d{4})-(\d{2})-Q([1-4])$")
FIX: Final = "write a month as 2026-04, or a quarter of a financial year as 2026-27-Q1 (April to June)"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month or a quarter. `months` are `YYYY-MM`, one or three, in order."""

    name: str
    months: tuple[str, ...]

    @property
    def begins_on(self) -> date:
        """Its first day."""
        return date.fromisoformat(f"{self.months[0]}-01")

    @property
    def year(self) -> str:
        """The financial year it lies in, as `2026-27`."""
        return financial_year(self.begins_on)


def period_of(text: str) -> Period:
    """The period somebody wrote. Raises RefusedError that says how it is written."""
    given = text.strip().upper()
    if _MONTH.match(given):
        return Period(given, (given,))
    found = _QUARTER.match(given)
    if found is None:
        raise RefusedError(f"`{text}` is not a month or a quarter: {FIX}")
    first, second, quarter = int(found[1]), int(found[2]), int(found[3])
    if second != (first + 1) % 100:
        raise RefusedError(f"`{text}` is no financial year: the one that begins in {first} is written {first}-{(first + 1) % 100:02}")
    year, month = (first, 3 * quarter + 1) if quarter < 4 else (first + 1, 1)
    return Period(given, tuple(f"{year}-{month + number:02}" for number in range(3)))


def financial_year(on: date) -> str:
    """The financial year of a day, as `2026-27`."""
    begins = on.year if on.month >= 4 else on.year - 1
    return f"{begins}-{(begins + 1) % 100:02}"


def months_after(on: date, months: int) -> date:
    """The same day so many months later; the last day of the month where there is no such day."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    for day in range(on.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(on.day, 28))
