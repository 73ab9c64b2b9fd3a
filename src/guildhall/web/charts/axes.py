"""The frame of a chart with two axes: lines across at round values, their words at the left, and the words below."""

from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.web.charts.numbers import Unit, brief
from guildhall.web.charts.scales import STRETCHED_TIMES, Scale, Stretched, ends, thinned, ticks
from guildhall.web.charts.shapes import Path, Shape, Size, Text, fit, text_width


@dataclass(frozen=True, slots=True)
class Axes:
    """Where values stand: `x` from left to right, `y` from the bottom up."""

    x: Scale
    y: Scale
    shapes: tuple[Shape, ...]
    height: float


def axes(
    size: Size, across: tuple[float, float], values: Sequence[float], unit: Unit, names: Sequence[str] | None, x_unit: Unit,
    *, from_zero: bool = True, inset: float = 0.0, stretched: bool = False,
) -> Axes:  # fmt: skip
    """The axes for values `across` (first and last x) and these `values`. `names` are the words of x = 0, 1, 2 …; else x is in `x_unit`; `stretched` times
    have room for minutes beside hours."""
    text, height = size.text, 190.0 if size.narrow else 250.0
    low, high = ends(values, unit, from_zero=from_zero)
    shown = [mark for mark in ticks(low, high, unit) if low <= mark <= high + 1e-9]
    left = max((text_width(brief(mark, unit), text) for mark in shown), default=0.0) + 8
    bottom = height - text * 1.7
    x = (Stretched if stretched else Scale)(across[0], across[1], left + 6 + inset, size.width - 8 - inset)
    y = Scale(low, high, bottom, text * 0.8)
    shapes: list[Shape] = []
    for mark in shown:
        shapes.append(Path(((left, y(mark)), (size.width - 2, y(mark))), look="axis" if mark == 0 else "grid"))
        shapes.append(Text(left - 6, y(mark) + text * 0.33, brief(mark, unit), "end", "tick", text))
    base = height - text * 0.45
    shapes += _named(names, x, base, size, left) if names is not None else _numbered(across, x_unit, x, base, size)
    return Axes(x, y, tuple(shapes), height)


def _named(names: Sequence[str], x: Scale, base: float, size: Size, left: float) -> list[Shape]:
    """As many names as there is room for."""
    widest = max((text_width(name, size.text) for name in names), default=1.0) + 12
    room = size.width - left
    return [
        _within(x(index), base, fit(names[index], size.text, room), size) for index in thinned(len(names), int(room // max(widest, 1.0)))
    ]


def _numbered(across: tuple[float, float], unit: Unit, x: Scale, base: float, size: Size) -> list[Shape]:
    marks = STRETCHED_TIMES if isinstance(x, Stretched) else ticks(across[0], across[1], unit, 4 if size.narrow else 6)
    shapes, free = list[Shape](), -1.0
    for mark in marks:
        if across[0] - 1e-9 <= mark <= across[1] + 1e-9:
            label = _within(x(mark), base, brief(mark, unit), size)
            start = label.x - text_width(label.text, size.text) / 2
            if start >= free:
                shapes.append(label)
                free = start + text_width(label.text, size.text) + 8
    return shapes


def _within(x: float, base: float, words: str, size: Size) -> Text:
    """Words about a place, moved so that they stay in the drawing."""
    half = text_width(words, size.text) / 2
    return Text(min(max(x, half), size.width - half), base, words, "middle", "tick", size.text)
