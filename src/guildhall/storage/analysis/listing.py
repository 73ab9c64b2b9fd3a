"""The contacts behind a figure, one line each: pseudonyms and codes, the hour but not the minute, and no words; and any table as a Parquet file."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from guildhall.storage.analysis.masking import IN_ORDER, masked
from guildhall.storage.analysis.pictures import Asked, Queried
from guildhall.value.measures.result import Row
from guildhall.value.measures.suppression import suppressed

COLUMNS: Final = (
    "contact", "day", "hour", "channel", "language", "service", "ward", "rung", "turns", "parts_asked", "parts_answered", "asked_person",
    "person_reached", "callback_booked", "waited_seconds", "waiting_ended", "transfers", "right_team", "again_24h", "again_7d", "simulated",
)  # fmt: skip
MOST: Final = 100_000
"""The most rows that one file holds."""


@dataclass(frozen=True)
class Listed:
    """Contacts: those of one page or file, and how many there are in all. `hidden` says why they are not shown; then there are none."""

    rows: tuple[tuple[Any, ...], ...]
    count: int
    hidden: str = ""


def listed(views: Queried, asked: Asked, rung: str, small: int, most: int, offset: int = 0) -> Listed:
    """Contacts in the order in which they began, of one rung unless it is empty; without what tells fewer than `small` apart.

    None at all, with `hidden` saying why, where those asked for are so few themselves or could be worked out from another list.
    """
    if hidden := hidden_why(views, asked, rung, small):
        return Listed((), 0, hidden)
    condition, values = _condition(asked, rung)
    ((count,),) = views.query(f"SELECT count(*) FROM contacts AS c WHERE {condition}", values)
    columns = ", ".join(f"coalesce(c.{name}, '') AS {name}" if name in IN_ORDER else f"c.{name}" for name in COLUMNS)
    chosen = f"SELECT {columns}, c.started_at FROM contacts AS c WHERE {condition}"
    picks = "SELECT * FROM chosen ORDER BY started_at, contact LIMIT ? OFFSET ?"
    return Listed(tuple(views.query(masked(COLUMNS, chosen, picks, small), [*values, most, offset])), int(count))


def hidden_why(views: Queried, asked: Asked, rung: str, small: int) -> str:
    """Why the contacts asked for are not listed; empty where they may be.

    Each filter in turn, the others as they are: of the groups that it could be set to, this one must not be small, nor the one that is hidden so that a
    smaller one cannot be worked out by leaving the filter away.
    """
    for name in (*asked.where, *(("rung",) if rung else ())):
        others = {other: value for other, value in asked.where.items() if other != name}
        condition, values = _condition(Asked(asked.since, asked.until, others, asked.simulated), "" if name == "rung" else rung)
        groups = views.query(f"SELECT coalesce(c.{name}, ''), count(*) FROM contacts AS c WHERE {condition} GROUP BY 1 ORDER BY 1", values)
        rows = [Row(str(group), None, None, None, int(n)) for group, n in groups]
        wanted = rung if name == "rung" else asked.where[name]
        for row in suppressed(rows, small, whole_split=True, about_people=True):
            if row.group == wanted and row.suppressed:
                return row.note
    return ""


def _condition(asked: Asked, rung: str) -> tuple[str, list[object]]:
    condition, values = asked.condition()
    return (f"{condition} AND c.rung = ?", [*values, rung]) if rung else (condition, values)


def parquet(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A table as the bytes of a Parquet file."""
    columns = {}
    for number, name in enumerate(names):
        values = np.empty(len(rows), dtype=object)
        values[:] = [row[number] for row in rows]
        columns[name] = values
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "table.parquet"
        connection.register("made", columns)
        connection.execute(f"COPY (SELECT * FROM made) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        return path.read_bytes()
