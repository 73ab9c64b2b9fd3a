"""Bars along a common axis, with intervals: one value a name, each with its value in words beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from guildhall.web.charts.figure import Cell, Figure, Table
from guildhall.web.charts.numbers import Unit, brief, say, span
from guildhall.web.charts.scales import Scale, ends
from guildhall.web.charts.shapes import NARROW, WIDE, Drawing, Path, Rect, Shape, Size, Text, fit, text_width


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `value` None is said in words (`why`) and not drawn; `n` is what it rests on; `remark` stands after the value."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    href: str = ""
    series: int = 1
    why: str = "too few to show"
    remark: str = ""


def bars(
    name: str, title: str, finding: str, rows: Sequence[Bar], unit: Unit, *, column: str = "", of: str = "Of", note: str = "", csv: str = ""
) -> Figure:
    """A figure of bars with a table beside it. `column` heads the names, `of` the numbers they rest on."""
    draw = partial(_draw, rows, unit)
    return Figure(name, title, finding, draw(WIDE), draw(NARROW), _table(rows, unit, column or "Group", of), note=note, csv=csv)


def _table(rows: Sequence[Bar], unit: Unit, column: str, of: str) -> Table:
    """Only columns that hold something."""
    ranged, counted = any(row.low is not None for row in rows), any(row.n is not None for row in rows)
    remarked = any(row.remark for row in rows)
    heads = (column, "Value", *(["95% interval"] if ranged else []), *([of] if counted else []), *(["Remark"] if remarked else []))
    body = []
    for row in rows:
        cells = [Cell(row.name, row.href), Cell(row.why) if row.value is None else Cell(say(row.value, unit), raw=row.value)]
        cells += [Cell(span(row.low, row.high, unit))] if ranged else []
        cells += [Cell("" if row.n is None else f"{row.n:,}", raw=row.n)] if counted else []
        cells += [Cell(row.remark)] if remarked else []
        body.append(tuple(cells))
    return Table(heads, tuple(body))


def _draw(rows: Sequence[Bar], unit: Unit, size: Size) -> Drawing:
    """Names at the left of their bars, or above them in a narrow place; values at the right."""
    text, gap = size.text, 6.0
    said = [_said(row, unit) for row in rows]
    left = 0.0 if size.narrow else min(220.0, max((text_width(row.name, text) for row in rows), default=0.0)) + 10
    right = min(size.width * 0.45, max((text_width(each, text) for each in said), default=0.0)) + 8
    known = [v for row in rows for v in (row.value, row.low, row.high) if v is not None]
    low, high = ends(known, unit)
    scale = Scale(low, high, left, size.width - right)
    thick, y, shapes = 18.0, 2.0, list[Shape]()
    for row, words in zip(rows, said, strict=True):
        if size.narrow:
            y += text
            shapes.append(Text(0, y, fit(row.name, text, size.width), size=text))
            y += 4
        else:
            shapes.append(Text(left - 10, y + thick / 2 + text * 0.35, fit(row.name, text, left - 10), "end", size=text))
        shapes += _bar(row, scale, y, thick, words)
        shapes.append(Text(size.width - right + 8, y + thick / 2 + text * 0.35, fit(words, text, right - 8), look="value", size=text))
        y += thick + gap
    axis = Path(((scale(0.0), 0.0), (scale(0.0), max(y - gap + 2, 2.0))), look="axis")
    return Drawing(size.width, max(y, 10.0), (*shapes, axis), text)


def _bar(row: Bar, scale: Scale, y: float, thick: float, words: str) -> list[Shape]:
    """The bar and its interval."""
    if row.value is None:
        return []
    zero, at, middle = scale(0.0), scale(row.value), y + thick / 2
    shapes: list[Shape] = [Rect(min(zero, at), y, abs(at - zero), thick, row.series, "bar", f"{row.name}: {words}")]
    if row.low is not None and row.high is not None:
        low, high = scale(row.low), scale(row.high)
        whisker = ((low, middle - 4), (low, middle + 4), (low, middle), (high, middle), (high, middle - 4), (high, middle + 4))
        shapes += [Path(whisker, look="halo"), Path(whisker, look="range")]
    return shapes


def _said(row: Bar, unit: Unit) -> str:
    if row.value is None:
        return row.why
    return f"{brief(row.value, unit)} {row.remark}".strip()
