"""Upright stacked bars over time: how many of each of at most four kinds, in each hour, day or month."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from guildhall.web.charts.axes import axes
from guildhall.web.charts.figure import Cell, Figure, Table, keys_of
from guildhall.web.charts.numbers import Unit, brief, say
from guildhall.web.charts.shapes import NARROW, WIDE, Drawing, Rect, Size


@dataclass(frozen=True, slots=True)
class Column:
    """One bar: its name below, and its parts from the bottom up, none below zero."""

    name: str
    parts: tuple[float, ...]
    href: str = ""


def columns(
    name: str, title: str, finding: str, series: Sequence[str], bars: Sequence[Column], unit: Unit = Unit.COUNT, *,
    column: str = "When", note: str = "", csv: str = "",
) -> Figure:  # fmt: skip
    """A figure of upright stacked bars. Raises ValueError for more than four series, or parts that do not fit them."""
    for bar in bars:
        if len(bar.parts) != len(series) or min(bar.parts, default=0.0) < 0:
            raise ValueError(f"{bar.name}: {len(series)} parts of zero and more are needed, not {bar.parts}")
    keys = keys_of(series)
    draw = partial(_draw, bars, series, unit)
    many = len(series) > 1
    table = Table(
        (column, *series, *(["All"] if many else [])),
        tuple(
            (
                Cell(bar.name, bar.href),
                *(Cell(say(part, unit), raw=part) for part in bar.parts),
                *([Cell(say(sum(bar.parts), unit), raw=sum(bar.parts))] if many else []),
            )
            for bar in bars
        ),
    )
    return Figure(name, title, finding, draw(WIDE), draw(NARROW), table, keys if many else (), note, csv)


def _draw(bars: Sequence[Column], series: Sequence[str], unit: Unit, size: Size) -> Drawing:
    room = (size.width - 80) / max(1, len(bars))
    half = max(0.5, min(room * 0.4, 22.0))
    frame = axes(
        size, (0.0, max(len(bars) - 1.0, 0.0)), [sum(bar.parts) for bar in bars], unit, [bar.name for bar in bars], Unit.COUNT, inset=half
    )
    shapes = list(frame.shapes)
    for index, bar in enumerate(bars):
        done = 0.0
        for number, (part, named) in enumerate(zip(bar.parts, series, strict=True), 1):
            top, bottom = frame.y(done + part), frame.y(done)
            done += part
            if bottom > top:
                tip = f"{bar.name}, {named}: {brief(part, unit)}"
                shapes.append(Rect(frame.x(index) - half, top, 2 * half, bottom - top, number, "part", tip))
    return Drawing(size.width, frame.height, tuple(shapes), size.text)
