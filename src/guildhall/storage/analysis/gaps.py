"""The gap between the best and the worst group, out of the groups' own figures."""

from collections import defaultdict
from collections.abc import Sequence

from guildhall.value.measures.intervals import Estimate, by_chance, of_difference
from guildhall.value.measures.measure import Measure
from guildhall.value.measures.result import Row
from guildhall.value.measures.units import Unit

METHOD = (
    "95% interval by Newcombe's method from the intervals of the two groups. Of several groups the best and the worst always differ, "
    "so the note says what chance alone would make."
)


def gap_rows(
    groups: Sequence[tuple[str, ...]], rows: Sequence[Row], by: str, inner: Measure, at_least: int, seed: int
) -> tuple[list[Row], str]:
    """One row for each group of `by`, from the rows split by it and by the column compared, which comes last in each group."""
    apart: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for group, row in zip(groups, rows, strict=True):
        apart[group[0] if by else ""].append((group[-1], row))
    if not by and not apart:
        apart[""] = []
    return [_gap(name, found, inner, at_least, seed) for name, found in sorted(apart.items())], METHOD


def _gap(name: str, found: Sequence[tuple[str, Row]], inner: Measure, at_least: int, seed: int) -> Row:
    compared = [(group, row) for group, row in found if group and row.n >= at_least and row.value is not None]
    small = sum(1 for group, row in found if group and row.n < at_least)
    left = f" {small} with fewer than {at_least} left out." if small else ""
    n = sum(row.n for _, row in compared)
    if len(compared) < 2:
        return Row(name, None, None, None, n, note=f"Fewer than two groups are large enough to compare.{left}")
    ordered = sorted(compared, key=lambda pair: (pair[1].value or 0.0, pair[0]))
    (low_name, low), (high_name, high) = ordered[0], ordered[-1]
    made = of_difference(Estimate(high.value, high.low, high.high), Estimate(low.value, low.low, low.high))
    scale = 100.0 if inner.unit == Unit.SHARE else 1.0
    ends = [None if end is None else end * scale for end in (made.value, made.low, made.high)]
    best, worst = (low_name, high_name) if inner.better == "less" else (high_name, low_name)
    note = f"Best: {best}; worst: {worst}; {len(compared)} groups compared.{left}{_chance([row for _, row in compared], inner, seed)}"
    return Row(name, ends[0], ends[1], ends[2], n, note=note)


def _chance(rows: Sequence[Row], inner: Measure, seed: int) -> str:
    if inner.unit != Unit.SHARE or any(row.hits is None for row in rows):
        return ""
    sizes = [row.n for row in rows]
    share = sum(row.hits or 0 for row in rows) / sum(sizes)
    return f" If all were served alike, chance would pass {100 * by_chance(sizes, share, seed):.1f} points in 1 of 20."
