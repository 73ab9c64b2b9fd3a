"""Stacked bars: what each row is made of, in at most four parts, as counts or as shares of its whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from guildhall.web.charts.figure import Cell, Figure, Table, keys_of
from guildhall.web.charts.numbers import Unit, brief, say
from guildhall.web.charts.scales import Scale, ends
from guildhall.web.charts.shapes import NARROW, WIDE, Drawing, Path, Rect, Shape, Size, Text, fit, text_width

THICK = 24.0
GAP = 8.0


@dataclass(frozen=True, slots=True)
class Stack:
    """One row: its name and its parts, none below zero, in the order of the series."""

    name: str
    parts: tuple[float, ...]
    href: str = ""

    @property
    def total(self) -> float:
        """All parts."""
        return sum(self.parts)


def stacked(
    name: str, title: str, finding: str, series: Sequence[str], rows: Sequence[Stack], unit: Unit = Unit.COUNT, *,
    shares: bool = True, column: str = "Group", note: str = "", csv: str = "",
) -> Figure:  # fmt: skip
    """A figure of stacked bars. With `shares` every row is as long as the others and its parts are shares of it.

    Raises ValueError for more than four series, a part below zero, or a row with another number of parts.
    """
    for row in rows:
        if len(row.parts) != len(series) or min(row.parts, default=0.0) < 0:
            raise ValueError(f"{row.name}: {len(series)} parts of zero and more are needed, not {row.parts}")
    draw = partial(_draw, rows, series, unit, shares)
    table = Table(
        (column, *series, "All"),
        tuple((Cell(row.name, row.href), *(_cell(row, part, unit, shares) for part in row.parts), _all(row, unit)) for row in rows),
    )
    return Figure(name, title, finding, draw(WIDE), draw(NARROW), table, keys_of(series), note, csv)


def _cell(row: Stack, part: float, unit: Unit, shares: bool) -> Cell:
    under = f"{100 * part / row.total:.1f}%" if shares and row.total else ""
    return Cell(say(part, unit), raw=part, under=under)


def _all(row: Stack, unit: Unit) -> Cell:
    return Cell(say(row.total, unit), raw=row.total)


def _draw(rows: Sequence[Stack], series: Sequence[str], unit: Unit, shares: bool, size: Size) -> Drawing:
    text = size.text
    left = 0.0 if size.narrow else min(200.0, max((text_width(row.name, text) for row in rows), default=0.0)) + 10
    totals = [f"{brief(row.total, unit)}" for row in rows]
    right = max((text_width(each, text) for each in totals), default=0.0) + 8
    high = 1.0 if shares else ends([row.total for row in rows], unit)[1]
    scale = Scale(0.0, high, left, size.width - right)
    y, shapes = 2.0, list[Shape]()
    for row, total in zip(rows, totals, strict=True):
        if size.narrow:
            y += text
            shapes.append(Text(0, y, fit(row.name, text, size.width), size=text))
            y += 4
        else:
            shapes.append(Text(left - 10, y + THICK / 2 + text * 0.35, fit(row.name, text, left - 10), "end", size=text))
        shapes += _parts(row, series, unit, shares, scale, y, text)
        end = scale(high if shares else row.total)
        shapes.append(Text(end + 8, y + THICK / 2 + text * 0.35, total, look="value", size=text))
        y += THICK + GAP
    shapes.append(Path(((left, 0.0), (left, max(y - GAP + 2, 2.0))), look="axis"))
    return Drawing(size.width, max(y, 10.0), tuple(shapes), text)


def _parts(row: Stack, series: Sequence[str], unit: Unit, shares: bool, scale: Scale, y: float, text: float) -> list[Shape]:
    """The parts side by side; a part with room has its share or value in it."""
    whole, done, shapes = (row.total or 1.0) if shares else 1.0, 0.0, list[Shape]()
    for number, (part, named) in enumerate(zip(row.parts, series, strict=True), 1):
        x0, x1 = scale(done / whole), scale((done + part) / whole)
        done += part
        words = f"{100 * part / whole:.0f}%" if shares else brief(part, unit)
        if x1 - x0 > 0:
            shapes.append(Rect(x0, y, x1 - x0, THICK, number, "part", f"{row.name}, {named}: {words}"))
        wide = text_width(words, text) + 6
        if part and x1 - x0 > wide + 6:
            middle = (x0 + x1) / 2
            shapes.append(Rect(middle - wide / 2, y + 3, wide, THICK - 6, 0, "plate"))
            shapes.append(Text(middle, y + THICK / 2 + text * 0.35, words, "middle", "in-part", text))
    return shapes
