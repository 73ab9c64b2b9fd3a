"""The contacts behind a figure, one line each: pseudonyms and codes, the hour but not the minute, and no words; and any table as a Parquet file."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from guildhall.storage.analysis.pictures import Asked, Queried

COLUMNS: Final = (
    "contact", "day", "hour", "channel", "language", "service", "ward", "rung", "turns", "parts_asked", "parts_answered", "asked_person",
    "person_reached", "callback_booked", "waited_seconds", "waiting_ended", "transfers", "right_team", "again_24h", "again_7d", "simulated",
)  # fmt: skip
MOST: Final = 100_000
"""The most rows that one file holds."""


@dataclass(frozen=True)
class Listed:
    """Contacts: those of one page or file, and how many there are in all."""

    rows: tuple[tuple[Any, ...], ...]
    count: int


def listed(views: Queried, asked: Asked, rung: str, most: int, offset: int = 0) -> Listed:
    """Contacts in the order in which they began, of one rung unless it is empty."""
    condition, values = asked.condition()
    if rung:
        condition, values = f"{condition} AND c.rung = ?", [*values, rung]
    ((count,),) = views.query(f"SELECT count(*) FROM contacts AS c WHERE {condition}", values)
    columns = ", ".join(f"c.{name}" for name in COLUMNS)
    sql = f"SELECT {columns} FROM contacts AS c WHERE {condition} ORDER BY c.started_at, c.contact LIMIT ? OFFSET ?"
    return Listed(tuple(views.query(sql, [*values, most, offset])), int(count))


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
