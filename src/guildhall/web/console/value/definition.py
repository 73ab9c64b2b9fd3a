"""The page behind a figure: its definition as configured, its value split in several ways, what was left out, and a link to its rows."""

from typing import Final

from guildhall.value.measures.result import Result
from guildhall.value.measures.units import UNIT_LABELS
from guildhall.vocabulary.errors import RefusedError
from guildhall.web.charts import Cell, Table, say
from guildhall.web.charts.numbers import span
from guildhall.web.console.value.sight import Sight, View
from guildhall.web.console.value.tiles import unit_of

SPLITS: Final = ("day", "week", "month", "weekday", "hour", "channel", "language", "service", "ward")
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def definition(sight: Sight, key: str) -> View | None:
    """The page of a measure; None where the council does not have it."""
    whole = sight.measure(key)
    if whole is None:
        return None
    by = sight.visit.query.get("by", "")
    by = by if by in SPLITS else ""
    split, refused = None, ""
    if by:
        try:
            split = sight.measure(key, by)
        except RefusedError as error:
            refused = str(error)
    return View(
        (),
        {
            "result": whole, "row": whole.rows[0] if whole.rows else None, "unit": UNIT_LABELS[whole.measure.unit], "by": by, "splits_offered": [(name, name) for name in SPLITS],
            "table": table(sight, split, by) if split else None, "refused": refused, "said": in_words(whole),
            "beside": [(one, found.measure.label, in_words(found)) for one in whole.measure.beside if (found := sight.measure(one)) is not None],
            "texts": sight.snapshot.book.definition(key),
        },
    )  # fmt: skip


def in_words(result: Result) -> str:
    """The value with its interval."""
    row = result.rows[0] if result.rows else None
    if row is None or row.value is None:
        return "Not known"
    ends = span(row.low, row.high, unit_of(result))
    return say(row.value, unit_of(result)) + (f" (95% interval {ends})" if ends else "")


def table(sight: Sight, result: Result, by: str) -> Table:
    """The value of each group, with how many it is based on."""
    unit, rows = unit_of(result), []
    for row in result.rows:
        name = WEEKDAYS[int(row.group)] if by == "weekday" and row.group.isdigit() else sight.name(by, row.group)
        href = sight.rows(**{by: row.group or "-"}) if by in ("channel", "language", "service", "ward") else ""
        value = "too few to show" if row.suppressed else say(row.value, unit)
        rows.append(
            (
                Cell(name, href, row.group),
                Cell(value, raw=row.value if row.value is not None else ""),
                Cell(span(row.low, row.high, unit)),
                Cell("" if row.suppressed else f"{row.n:,}", raw="" if row.suppressed else row.n),
            )
        )
    return Table((by.capitalize(), "Value", "95% interval", "Based on"), tuple(rows))
