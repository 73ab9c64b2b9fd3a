"""Writes baselines as CSV files. No cell of them can run as a formula in a spreadsheet program."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from guildhall.value.baselines.months import MonthSeries
from guildhall.value.baselines.report import WHY_LABELS, Refused

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")


def safe(cell: Any) -> str:
    """A cell as text; one that a spreadsheet program would work out gets a mark in front. Numbers stay numbers."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) and not _NUMBER.fullmatch(text) else text


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows under their heading, in UTF-8 with a mark that spreadsheet programs look for."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe(name) for name in heading])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def months_csv(series: Iterable[MonthSeries]) -> str:
    """Every month of every series."""
    rows = (
        (each.measure, each.label, each.unit, each.queue, point.month.isoformat(), point.value, point.n)
        for each in series
        for point in each.points
    )
    return as_csv(("measure", "label", "unit", "queue", "month", "value", "n"), rows)


def refused_csv(refused: Iterable[Refused]) -> str:
    """Every listed row that was refused, and why."""
    return as_csv(("row", "column", "kind", "reason"), ((one.row, one.column, WHY_LABELS[one.why][0], one.said) for one in refused))
