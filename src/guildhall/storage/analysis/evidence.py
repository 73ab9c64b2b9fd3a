"""The rows behind a figure: each contact, turn or request that it rests on, by pseudonym, the hour but not the minute, and no words."""

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from guildhall.storage.analysis.asking import Span, all_of, column, left_out, source, whole_of, within
from guildhall.storage.analysis.masking import IN_ORDER, masked
from guildhall.storage.analysis.measuring import Measuring
from guildhall.value.measures.plan import counts_of, plan_of
from guildhall.value.measures.views import VIEWS
from guildhall.vocabulary.errors import RefusedError

MOST: Final = 200_000
"""The most rows that one file holds."""
FORMULA_CHARACTERS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class EvidenceRows:
    """Rows with their columns' names. `count` is how many there are in all; `counted` in each row says whether it is a hit."""

    names: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    count: int


def evidence(
    measuring: Measuring, key: str, since: date, until: date, where: Mapping[str, str] | None = None, most: int = MOST
) -> EvidenceRows:
    """The rows that a measure rests on, without what tells a small group apart.

    Raises RefusedError where they are so few that they would single somebody out, NotFoundError for no measure.
    """
    plan = plan_of(measuring.book, measuring.measure(key))
    span = Span(since, until, measuring.as_at, dict(sorted((where or {}).items())))
    leaf = plan.leaves[0]
    parts = [counts_of(measuring.book, one) for one in plan.leaves if (one.view, one.scope) == (leaf.view, leaf.scope)]
    inside = within(leaf.view, span)
    why, _ = left_out(leaf.view, leaf.scope, span, measuring.book.counts_simulated)
    wholes = [whole_of(leaf.view, whole.conditions) for whole, _ in parts]
    hits = [all_of(leaf.view, part.conditions) for _, part in parts if part] or wholes
    names = ("contact", "day", *(("hour",) if "hour" not in VIEWS[leaf.view] else ()), *VIEWS[leaf.view])
    shown = ", ".join(f"v.{name}" if name == "contact" else _column(leaf.view, name) for name in names)
    among, counted = (" OR ".join(text.sql for text in texts) for texts in (wholes, hits))
    base = f"FROM {source(leaf.view)} WHERE {inside.sql} AND ({why.sql}) = -1 AND ({among})"
    values = inside.values + why.values + [value for text in wholes for value in text.values]
    ((count,),) = measuring.engine.query(f"SELECT count(*) {base}", values)
    if span.where and 0 < count < measuring.book.small_number:
        raise RefusedError("these are so few that showing them could single somebody out; choose a larger group or a longer period.")
    picks = f"SELECT * FROM chosen ORDER BY day, contact LIMIT {int(most)}"
    sql = masked((*names, "counted"), f"SELECT {shown}, ({counted}) AS counted {base}", picks, measuring.book.small_number)
    rows = measuring.engine.query(sql, [value for text in hits for value in text.values] + values)
    return EvidenceRows((*names, "counted"), tuple(rows), int(count))


def _column(view: str, name: str) -> str:
    found = column(view, name)
    return f"coalesce({found}, '') AS {name}" if name in IN_ORDER else f"{found} AS {name}"


def as_csv(found: EvidenceRows) -> Iterator[str]:
    """The rows as lines of CSV. What a spreadsheet would take for a formula is put in front of an apostrophe."""
    for row in (found.names, *found.rows):
        line = io.StringIO()
        csv.writer(line).writerow([_plain(value) for value in row])
        yield line.getvalue()


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_CHARACTERS) else value


def as_parquet(found: EvidenceRows) -> bytes:
    """The rows as the bytes of a Parquet file."""
    columns: dict[str, Any] = {}
    for number, name in enumerate(found.names):
        columns[name] = np.empty(len(found.rows), dtype=object)
        columns[name][:] = [_kept(row[number]) for row in found.rows]
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        path = Path(folder) / "rows.parquet"
        connection.register("made", columns)
        connection.execute(f"COPY (SELECT * FROM made) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        return path.read_bytes()


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
