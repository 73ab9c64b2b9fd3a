"""Measures worked out in plain Python, row by row: slow, short, and what the queries must agree with."""

from collections.abc import Mapping, Sequence
from math import ceil, nan
from typing import Any

from guildhall.value.measures.book import MeasureBook
from guildhall.value.measures.formula import Formula, Money, Name, Number, Of, Operation, Share

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def plainly(book: MeasureBook, key: str, rows: Rows) -> float:
    """The measure over these rows; nan where it has no value."""
    measure = book.measures[key]
    kept = {
        view: [
            row
            for row in found
            if not any(one.view == view and all(test.holds(row) for test in one.conditions) for one in measure.exclusions)
        ]
        for view, found in rows.items()
    }
    return _value(book, measure.tree, kept)


def _those(book: MeasureBook, count: str, rows: Rows) -> list[Mapping[str, Any]]:
    found = book.counts[count]
    return [row for row in rows.get(found.view, ()) if all(test.holds(row) for test in found.conditions)]


def _value(book: MeasureBook, tree: Formula, rows: Rows) -> float:
    match tree:
        case Number(value):
            return value
        case Name(name):
            return len(_those(book, name, rows)) if name in book.counts else plainly(book, name, rows)
        case Money(name):
            return book.costs[name].pence / {"contact": 1, "minute": 60, "hour": 3600}[book.costs[name].per]
        case Share(part, whole, weighted):
            among = _those(book, whole, rows)
            hits = [row for row in among if row in _those(book, part, rows)]
            if weighted:
                of = sum(row["weight"] for row in among)
                return sum(row["weight"] for row in hits) / of if of else nan
            return len(hits) / len(among) if among else nan
        case Of():
            return _of(book, tree, rows)
        case Operation(sign, left, right):
            one, other = _value(book, left, rows), _value(book, right, rows)
            if sign == "/":
                return one / other if other else nan
            return {"+": one + other, "-": one - other, "*": one * other}[sign]
    raise AssertionError(tree)


def _of(book: MeasureBook, tree: Of, rows: Rows) -> float:
    among = [row for row in _those(book, tree.count, rows) if row.get(tree.column) is not None]
    values = sorted(float(row[tree.column]) for row in among)
    if tree.function == "sum":
        return sum(values)
    if not values:
        return nan
    if tree.function == "mean":
        return sum(values) / len(values)
    if tree.function == "longest":
        return values[-1]
    part = 0.5 if tree.function == "p50" else 0.9
    if not tree.until:
        return values[max(1, ceil(len(values) * part - 1e-9)) - 1]
    reached = [float(row[tree.column]) for row in among if all(test.holds(row) for test in book.counts[tree.until].conditions)]
    left = 1.0
    for at in sorted(set(values)):
        left *= 1 - reached.count(at) / sum(value >= at for value in values)
        if left <= 1 - part + 1e-12:
            return at
    return nan
