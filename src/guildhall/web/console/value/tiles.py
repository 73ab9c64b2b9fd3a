"""Tiles and bars of measures. Each shows a value, how sure it is and how many it is based on, and links to its definition and rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.value.measures.result import Result, Row
from guildhall.web.charts import Bar, Figure, Unit, bars, say
from guildhall.web.charts.numbers import span
from guildhall.web.charts.shapes import Drawing
from guildhall.web.charts.spark import spark
from guildhall.web.console.value.sight import Sight

MOST_BARS = 15


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of a page."""

    label: str
    value: str
    under: str
    href: str
    about: str
    note: str = ""
    spark: Drawing | None = None


def unit_of(result: Result) -> Unit:
    """The unit of a measure, as charts say it."""
    return Unit(result.measure.unit.value)


def tile(sight: Sight, key: str, *, with_days: bool = False) -> Tile | None:
    """The tile of a measure; None where the council does not have it."""
    result = sight.measure(key)
    if result is None or not result.rows:
        return None
    row, unit = result.rows[0], unit_of(result)
    if row.value is None:
        return Tile(result.measure.label, "not known", row.note or "Too few to say.", sight.definition(key), result.measure.about)
    ends = span(row.low, row.high, unit)
    return Tile(
        result.measure.label, say(row.value, unit), f"{ends}, of {row.n:,}" if ends else f"of {row.n:,}" if row.hits != row.n else "",
        sight.definition(key), result.measure.about, result.measure.caution, _days(sight, key) if with_days else None,
    )  # fmt: skip


def tiles(sight: Sight, *keys: str) -> list[Tile]:
    """The tiles of several measures, without those that the council does not have."""
    return [made for key in keys if (made := tile(sight, key)) is not None]


def _days(sight: Sight, key: str) -> Drawing | None:
    split = sight.measure(key, "week" if sight.asking.long else "day")
    return spark([row.value for row in split.rows]) if split else None


def said(row: Row, unit: Unit) -> str:
    """A row's value in words."""
    return say(row.value, unit)


def split_bars(sight: Sight, key: str, by: str, name: str, title: str, *, order: str = "", alarm: Sequence[str] = ()) -> Figure | None:
    """A measure split by something, as bars: the best first unless `order` is `group`; only the largest where there are very many."""
    result = sight.measure(key, by)
    if result is None:
        return None
    unit, better = unit_of(result), result.measure.better
    largest = sorted(result.rows, key=lambda row: (-row.n, row.group))[:MOST_BARS]
    rows = sorted(result.rows, key=lambda row: row.group) if order == "group" else sorted(largest, key=lambda row: _rank(row, better))
    made = [
        Bar(sight.name(by, row.group), row.value, row.low, row.high, None if row.suppressed else row.n, sight.rows(**{by: row.group or "-"}),
            4 if row.group in alarm else 1, "too few to show" if row.suppressed else "not known", "▲ look here" if row.group in alarm else "")
        for row in rows
    ]  # fmt: skip
    left = len(result.rows) - len(rows)
    note = f"The chart shows the {len(rows)} with the most contacts. The file has {left} more." if left > 0 else ""
    return bars(
        name, title, best_and_worst(sight, result, rows, by), made, unit, column=by.capitalize(), of="Based on", note=note,
        csv=sight.asking.link(f"{sight.visit.request.url.path}/figures/{name}.csv", **_of_page(sight)),
    )  # fmt: skip


def _of_page(sight: Sight) -> dict[str, str]:
    return {key: sight.visit.query[key] for key in ("measure",) if sight.visit.query.get(key)}


def _rank(row: Row, better: str) -> tuple[bool, float, str]:
    value = row.value if row.value is not None else 0.0
    return row.value is None, value if better == "less" else -value, row.group


def best_and_worst(sight: Sight, result: Result, shown: Sequence[Row], by: str) -> str:
    """The finding of a split measure: which of the groups shown is best and which is worst, and whether chance could be all of it."""
    known = [row for row in shown if row.value is not None and not row.suppressed and row.group]
    label = f"“{result.measure.label}”"
    if not known:
        return f"{label} is not known for any {by}."
    ordered = sorted(known, key=lambda row: _rank(row, result.measure.better))
    best, worst, unit = ordered[0], ordered[-1], unit_of(result)
    if len(known) == 1:
        return f"Only {sight.name(by, best.group)} has enough contacts. Its figure for {label} is {say(best.value, unit)}."
    overlap = None not in (best.low, best.high, worst.low, worst.high) and max(best.low or 0, worst.low or 0) <= min(
        best.high or 0, worst.high or 0
    )
    words = f"On {label}, {sight.name(by, best.group)} does best, at {say(best.value, unit)}. {sight.name(by, worst.group)} does worst, at {say(worst.value, unit)}."
    return words + (" Their intervals overlap, so chance may explain the difference." if overlap else "")
