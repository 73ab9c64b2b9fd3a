"""The ladder by day, service, channel or whatever else a contact is told apart by; and the contacts behind a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.ladder import Rung

GROUPS: Final = (
    "council", "channel", "language", "service", "ward", "day", "hour", "weekday", "rung", "note", "lane", "queue", "waiting_ended",
    "simulated", "arm", "recognised", "distress", "person_reached", "callback_booked", "asked_person", "right_team", "turns", "lgsl",
)  # fmt: skip
"""Columns of `contacts` that figures may be split by, or narrowed to a value of."""


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One group's contacts by rung. Every rung is there, with 0 where nobody stands on it."""

    group: str
    counts: Mapping[Rung, int]
    contacts: int
    deflected: int
    contained: int
    resolved: int
    again_known: int
    """How many are known to have come again or not: recognised, with their seven days over."""
    again_7d: int
    again_24h: int


@dataclass(frozen=True, slots=True)
class LadderRows:
    """The ladder of a period. The rungs of each row sum to its contacts, and the rows to all contacts."""

    since: date
    until: date
    by: str
    rows: tuple[LadderRow, ...]

    @property
    def contacts(self) -> int:
        """All contacts of the period."""
        return sum(row.contacts for row in self.rows)

    def total(self, rung: Rung) -> int:
        """How many stand on a rung."""
        return sum(row.counts[rung] for row in self.rows)


def ladder(engine: AnalysisEngine, since: date, until: date, by: str = "", where: Mapping[str, str] | None = None) -> LadderRows:
    """Contacts by rung and group, from a day up to and including another. Raises RefusedError for a column that cannot be asked about."""
    group = f"CAST({named(by)} AS VARCHAR)" if by else "''"
    condition, values = narrowed(since, until, where or {})
    rungs = ", ".join(f"count(*) FILTER (rung = '{rung.value}')" for rung in Rung)
    rows = engine.query(
        f"SELECT coalesce({group}, '') AS part, {rungs}, count(*), count(*) FILTER (deflected), count(*) FILTER (contained), "
        "count(*) FILTER (resolved), count(again_7d), count(*) FILTER (again_7d), count(*) FILTER (again_24h AND again_7d IS NOT NULL) "
        f"FROM contacts WHERE {condition} GROUP BY part ORDER BY part",
        values,
    )
    width = len(Rung) + 1
    return LadderRows(since, until, by, tuple(LadderRow(row[0], dict(zip(Rung, row[1:width], strict=True)), *row[width:]) for row in rows))


def contact_rows(
    engine: AnalysisEngine, since: date, until: date, where: Mapping[str, str] | None = None, at_most: int | None = None
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Names of the columns and the contacts of a period, the earliest first."""
    condition, values = narrowed(since, until, where or {})
    limit = f" LIMIT {int(at_most)}" if at_most is not None else ""
    return engine.named(f"SELECT * FROM contacts WHERE {condition} ORDER BY started_at, contact{limit}", values)


def narrowed(since: date, until: date, where: Mapping[str, str]) -> tuple[str, Sequence[object]]:
    """The condition of a question, and the values for its question marks. Raises RefusedError for a column that cannot be asked about."""
    conditions = ["day BETWEEN ? AND ?", *(f"coalesce(CAST({named(column)} AS VARCHAR), '') = ?" for column in where)]
    return " AND ".join(conditions), [since, until, *where.values()]


def named(column: str) -> str:
    """A column that may be asked about, as it is. Raises RefusedError for any other text."""
    if column not in GROUPS:
        raise RefusedError(f"contacts cannot be told apart by `{column}`; use one of {', '.join(sorted(GROUPS))}.")
    return f'"{column}"'
