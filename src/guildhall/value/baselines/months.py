"""Works out the months of a baseline from its rows, for all contacts and for each queue."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from guildhall.value.baselines.rows import BaselineRow, CallRow, MonthRow

EDGE_DAYS: Final = 3
"""A month whose first or last row is further than this from its edge was not covered wholly, and is left out of the series."""
MEASURES: Final[dict[str, tuple[str, str]]] = {
    "contacts": ("Contacts", "count"),
    "abandonment": ("Abandoned, of those that queued", "share"),
    "wait_mean": ("Time waited, mean", "seconds"),
    "wait_p50": ("Time waited, half waited less", "seconds"),
    "wait_p90": ("Time waited, nine in ten waited less", "seconds"),
    "handled_mean": ("Time handled, mean", "seconds"),
    "cost": ("Cost", "pence"),
    "cost_per_contact": ("Cost of a contact", "pence"),
}
"""What a log of calls can say of a month, with the label and the unit."""


@dataclass(frozen=True, slots=True)
class Point:
    """One month of one series: the value in its unit, and how many contacts stand behind it."""

    month: date
    value: float
    n: int


@dataclass(frozen=True, slots=True)
class MonthSeries:
    """One series; `queue` is '' for all contacts."""

    measure: str
    label: str
    unit: str
    queue: str
    points: tuple[Point, ...]

    def as_data(self) -> dict[str, Any]:
        """As plain JSON."""
        points = [[point.month.isoformat(), point.value, point.n] for point in self.points]
        return {"measure": self.measure, "label": self.label, "unit": self.unit, "queue": self.queue, "points": points}

    @classmethod
    def of_data(cls, data: Mapping[str, Any]) -> "MonthSeries":
        """From what `as_data` gave."""
        points = tuple(Point(date.fromisoformat(month), float(value), int(n)) for month, value, n in data["points"])
        return cls(data["measure"], data["label"], data["unit"], data["queue"], points)


@dataclass(slots=True)
class _Month:
    contacts: int = 0
    answered: int = 0
    abandoned: int = 0
    waits: Counter[int] = field(default_factory=Counter)
    waited: int = 0
    wait_seconds: int = 0
    talked: int = 0
    talk_seconds: int = 0
    pence: int = 0
    priced: int = 0


class Tally:
    """Counts rows as they pass. The memory it takes grows with months and queues, not with rows."""

    def __init__(self, measure: str = "", label: str = "", unit: str = "") -> None:
        self._months: dict[tuple[str, date], _Month] = defaultdict(_Month)
        self._figures: dict[str, list[MonthRow]] = defaultdict(list)
        self._measure, self._label, self._unit = measure, label, unit
        self.first: date | None = None
        self.last: date | None = None

    def add(self, row: BaselineRow) -> None:
        """Take one row."""
        day = row.when.date() if isinstance(row, CallRow) else row.month
        self.first = min(self.first or day, day)
        end = day if isinstance(row, CallRow) else day.replace(day=monthrange(day.year, day.month)[1])
        self.last = max(self.last or end, end)
        if isinstance(row, MonthRow):
            self._figures[row.queue].append(row)
            return
        for queue in dict.fromkeys(("", row.queue)):
            self._count(self._months[queue, day.replace(day=1)], row, exact=queue == "")

    def _count(self, month: _Month, row: CallRow, exact: bool) -> None:
        month.contacts += row.count
        month.answered += row.count * (row.ending == "answered")
        month.abandoned += row.count * (row.ending == "abandoned")
        if row.wait is not None:
            month.waited += row.count
            month.wait_seconds += row.wait * row.count
            if exact:
                month.waits[row.wait] += row.count
        if row.talk is not None and row.ending != "abandoned":
            month.talked += row.count
            month.talk_seconds += row.talk * row.count
        if row.amount is not None:
            month.pence += row.amount
            month.priced += row.count

    def series(self) -> tuple[MonthSeries, ...]:
        """Every series, those of all contacts first."""
        if self._figures:
            return tuple(self._figure_series())
        queues = sorted({queue for queue, _ in self._months})
        return tuple(series for queue in queues for series in self._call_series(queue))

    def left_out(self) -> tuple[str, ...]:
        """Months that were not covered wholly, in words."""
        if self._figures or self.first is None or self.last is None:
            return ()
        return tuple(
            f"{month:%B %Y} is not covered wholly (rows from {self.first:%d/%m/%Y} to {self.last:%d/%m/%Y}) and is left out of the months."
            for month in dict.fromkeys((self.first.replace(day=1), self.last.replace(day=1)))
            if not self._whole(month)
        )

    def _whole(self, month: date) -> bool:
        if self.first is None or self.last is None:
            return False
        end = month.replace(day=monthrange(month.year, month.month)[1])
        return (self.first - month).days <= EDGE_DAYS and (end - self.last).days <= EDGE_DAYS

    def _call_series(self, queue: str) -> Iterator[MonthSeries]:
        months = sorted((month, found) for (of, month), found in self._months.items() if of == queue and self._whole(month))
        values: dict[str, list[Point]] = {key: [] for key in MEASURES}
        for month, found in months:
            for key, (value, n) in _figures_of(found).items():
                values[key].append(Point(month, value, n))
        for key, points in values.items():
            if points:
                yield MonthSeries(key, *MEASURES[key], queue, tuple(points))

    def _figure_series(self) -> Iterator[MonthSeries]:
        rows = [row for found in self._figures.values() for row in found]
        money = any(row.amount is not None for row in rows)
        unit = self._unit or ("pence" if money else "count" if all(row.value is None for row in rows) else "")
        for queue in ("", *sorted(queue for queue in self._figures if queue)):
            points = _points(rows if queue == "" else self._figures[queue])
            if points:
                yield MonthSeries(self._measure or "figure", self._label or self._measure or "Figure", unit, queue, points)


def _figures_of(month: _Month) -> dict[str, tuple[float, int]]:
    found: dict[str, tuple[float, int]] = {"contacts": (float(month.contacts), month.contacts)}
    if queued := month.answered + month.abandoned:
        found["abandonment"] = (month.abandoned / queued, queued)
    if month.waited:
        found["wait_mean"] = (month.wait_seconds / month.waited, month.waited)
    if month.waits:
        found["wait_p50"] = (_quantile(month.waits, 0.5), month.waited)
        found["wait_p90"] = (_quantile(month.waits, 0.9), month.waited)
    if month.talked:
        found["handled_mean"] = (month.talk_seconds / month.talked, month.talked)
    if month.priced:
        found["cost"] = (float(month.pence), month.priced)
        found["cost_per_contact"] = (month.pence / month.priced, month.priced)
    return found


def _quantile(waits: Counter[int], share: float) -> float:
    """The smallest wait that so large a share waited no longer than."""
    wanted, passed = share * sum(waits.values()), 0
    for seconds in sorted(waits):
        passed += waits[seconds]
        if passed >= wanted:
            return float(seconds)
    return 0.0


def _points(rows: Iterable[MonthRow]) -> tuple[Point, ...]:
    """Money and counts of a month add up; other figures only where each says how many stand behind it."""
    by_month: dict[date, list[MonthRow]] = defaultdict(list)
    for row in rows:
        by_month[row.month].append(row)
    found = []
    for month, parts in sorted(by_month.items()):
        n = sum(part.count or 0 for part in parts)
        if all(part.amount is not None for part in parts):
            found.append(Point(month, float(sum(part.amount or 0 for part in parts)), n))
        elif all(part.value is None and part.count is not None for part in parts):
            found.append(Point(month, float(n), n))
        elif len(parts) == 1 and parts[0].value is not None:
            found.append(Point(month, float(Decimal(parts[0].value)), n))
        elif n and all(part.value is not None and part.count for part in parts):
            weighted = sum(Decimal(part.value or 0) * (part.count or 0) for part in parts)
            found.append(Point(month, float(weighted / n), n))
    return tuple(found)
