"""An export of a few rows, each with only what a test is about; the rest is what a contact is that nothing happened to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from guildhall.storage.analysis.manifest import Manifest, write_manifest
from guildhall.storage.analysis.parquet import open_writer, write_rows
from guildhall.storage.analysis.rows import MISSING, microseconds
from guildhall.vocabulary.exported import GROWING, KNOWN, LAYOUT, STARTS, STEPS, TURNS

EMPTY: Final = {"VARCHAR": "", "BIGINT": 0, "INTEGER": MISSING, "BOOLEAN": MISSING, "DOUBLE": float("nan")}
LONDON: Final = ZoneInfo("Europe/London")
ANSWERED: Final = {"outcome": "answered", "reason": "evidence_found", "fixed": 1, "service": "bins", "channel": "web", "milliseconds": 0.0}
Row = Mapping[str, Any]


def export_of(folder: Path, starts: Sequence[Row], turns: Sequence[Row] = (), steps: Sequence[Row] = (), known: Sequence[Row] = ()) -> Path:
    """Write the rows as the export would. `at` is when it happened, an aware time; events are numbered in the order of their times."""
    tables: dict[str, Sequence[Row]] = {STARTS: starts, TURNS: turns, STEPS: steps, KNOWN: known}
    placed = sorted((row for table in (STARTS, TURNS, STEPS) for row in tables[table]), key=lambda row: row["at"])
    numbers = {id(row): number for number, row in enumerate(placed, 1)}
    folder.mkdir(parents=True, exist_ok=True)
    with open_writer() as writer:
        files = [
            write_rows(writer, folder, table, [_whole(table, row, numbers.get(id(row), 0)) for row in rows], f"{table}-1.parquet")
            for table, rows in tables.items()
            if rows
        ]
    write_manifest(folder, Manifest("example", seq=len(placed), files=tuple(files)))
    return folder


def _whole(table: str, row: Row, seq: int) -> dict[str, Any]:
    whole: dict[str, Any] = {name: EMPTY.get(kind, 0) for name, kind in LAYOUT[table].items()}
    if table in GROWING:
        at: datetime = row["at"]
        whole |= {"seq": seq, "happened_at": microseconds(at), "local_at": microseconds(at.astimezone(LONDON).replace(tzinfo=UTC))}
        whole |= {name: 0 for name in ("simulated", "distress", "receipt", "parts_asked", "parts_answered") if name in whole}
    return whole | {name: value for name, value in row.items() if name != "at"}
