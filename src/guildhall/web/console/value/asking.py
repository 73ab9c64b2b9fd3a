"""Which days and contacts a value page is about. The address says so, so that a page can be sent to a colleague exactly as it is seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from guildhall.bootstrap.value_pages import USUAL_DAYS as USUAL
from guildhall.storage.analysis.pictures import NARROWED, Asked
from guildhall.web.looking_back import days_back

PERIODS: Final = (7, 28, 90, 365)
LONGEST: Final = 3650
KEPT: Final = ("days", "from", "to", *NARROWED)


@dataclass(frozen=True)
class Asking:
    """The days from `since` to `until`, both included, and `where`: filters that are set. `errors` are (field, what is wrong)."""

    since: date
    until: date
    where: Mapping[str, str]
    days: int | None
    query: Mapping[str, str]
    errors: tuple[tuple[str, str], ...] = field(default=())

    @property
    def long(self) -> bool:
        """Whether days are too many to draw one by one."""
        return (self.until - self.since).days > 92

    @property
    def kept(self) -> dict[str, str]:
        """What of the address every link of the pages keeps."""
        return {key: self.query[key] for key in KEPT if self.query.get(key)}

    def link(self, path: str, **changes: str) -> str:
        """A page of value about the same days and contacts, with something changed; what is empty is left out."""
        pairs = {key: value for key, value in (self.kept | changes).items() if value}
        return path + (f"?{urlencode(pairs)}" if pairs else "")

    def pictured(self, simulated: bool) -> Asked:
        """The same, as the drawings ask for it."""
        return Asked(self.since, self.until, dict(self.where), simulated)


def asking_of(query: Mapping[str, str], today: date) -> Asking:
    """The period and filters of an address. What cannot be is said as an error, and the usual period is shown instead."""
    where = {name: _known(query[name]) for name in NARROWED if query.get(name)}
    if query.get("from") or query.get("to"):
        since, until, errors = _span(query, today)
        if not errors:
            return Asking(since, until, where, None, query)
        return Asking(today - timedelta(days=USUAL - 1), today, where, USUAL, query, errors)
    days = days_back(query, PERIODS, USUAL)
    return Asking(today - timedelta(days=days - 1), today, where, days, query)


def _known(value: str) -> str:
    """The filter for contacts where something is not known is written `-`."""
    return "" if value == "-" else value


def _span(query: Mapping[str, str], today: date) -> tuple[date, date, tuple[tuple[str, str], ...]]:
    errors: list[tuple[str, str]] = []
    since = _day(query.get("from", ""), "from", today - timedelta(days=USUAL - 1), errors)
    until = _day(query.get("to", ""), "to", today, errors)
    if not errors and until < since:
        errors.append(("to", "The last day is before the first day. Enter a later last day"))
    if not errors and (until - since).days > LONGEST:
        errors.append(("from", "The period is longer than ten years. Enter a later first day"))
    return since, until, tuple(errors)


def _day(text: str, name: str, otherwise: date, errors: list[tuple[str, str]]) -> date:
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        which = "first" if name == "from" else "last"
        errors.append((name, f"The {which} day is not a real date. Write it like this: 2026-11-27"))
        return otherwise
