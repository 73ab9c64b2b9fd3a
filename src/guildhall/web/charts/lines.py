"""Lines over time or another scale, each with its interval as a band; gaps stay gaps. Lines differ in dash and marker, not only in colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from guildhall.web.charts.axes import Axes, axes
from guildhall.web.charts.figure import Cell, Figure, Table, keys_of
from guildhall.web.charts.numbers import Unit, brief, say, span
from guildhall.web.charts.shapes import NARROW, WIDE, Drawing, Mark, Path, Shape, Size, Text, fit, text_width

MOST_MARKS = 40


@dataclass(frozen=True, slots=True)
class Point:
    """A value at `x`, with its interval where there is one; `y` None is a gap."""

    x: float
    y: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One line. `step` holds each value until the next, as a share of people who still wait does."""

    name: str
    points: tuple[Point, ...]
    step: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """An upright line at `x` with a word, as the day of a launch."""

    x: float
    name: str


def lines(
    name: str, title: str, finding: str, series: Sequence[Series], unit: Unit, *, names: Sequence[str] | None = None,
    x_unit: Unit = Unit.COUNT, rules: Sequence[Rule] = (), from_zero: bool = True, column: str = "When", note: str = "", csv: str = "",
    linked: bool = False, stretched: bool = False,
) -> Figure:  # fmt: skip
    """A figure of at most four lines. `names` are the words of x = 0, 1, 2 … (days, months); without them x is a number in `x_unit`,
    and `stretched` gives minutes room beside hours. `linked` lets the marks of points with an address be followed, from the drawing too.

    Raises ValueError for more than four series.
    """
    keys = keys_of([each.name for each in series], "line")

    def draw(size: Size) -> Drawing:
        return _draw(series, unit, names, x_unit, rules, from_zero, size, linked, stretched)

    table = _table(series, unit, names, x_unit, column)
    return Figure(name, title, finding, draw(WIDE), draw(NARROW), table, keys if len(keys) > 1 else (), note, csv)


def _draw(
    series: Sequence[Series], unit: Unit, names: Sequence[str] | None, x_unit: Unit, rules: Sequence[Rule], from_zero: bool, size: Size,
    linked: bool = False, stretched: bool = False,
) -> Drawing:  # fmt: skip
    points = [point for each in series for point in each.points]
    values = [value for point in points for value in (point.y, point.low, point.high) if value is not None]
    xs = [point.x for point in points] + [rule.x for rule in rules]
    across = (min(xs, default=0.0), max(xs, default=1.0))
    frame = axes(size, across, values, unit, names, x_unit, from_zero=from_zero, inset=4.0, stretched=stretched)
    shapes = list(frame.shapes)
    for rule in rules:
        shapes += _rule(rule, frame, size, points)
    for number, each in enumerate(series, 1):
        shapes += _band(each, number, frame)
    for number, each in enumerate(series, 1):
        shapes += _line(each, number, frame, unit, names, x_unit, linked)
    return Drawing(size.width, frame.height, tuple(shapes), size.text)


def _runs(series: Series) -> list[list[Point]]:
    """The stretches without a gap."""
    return [list(run) for known, run in groupby(series.points, lambda point: point.y is not None) if known]


def _band(series: Series, number: int, frame: Axes) -> list[Shape]:
    shapes: list[Shape] = []
    for run in _runs(series):
        held = [(point.x, point.low, point.high) for point in run if point.low is not None and point.high is not None]
        if len(held) > 1:
            upper = _stepped([(frame.x(x), frame.y(high)) for x, _, high in held], series.step)
            lower = _stepped([(frame.x(x), frame.y(low)) for x, low, _ in held], series.step)
            shapes.append(Path((*upper, *reversed(lower)), number, "band", closed=True))
    return shapes


def _stepped(places: list[tuple[float, float]], step: bool) -> list[tuple[float, float]]:
    if not step:
        return places
    found = places[:1]
    for (_, before), (x, y) in pairwise(places):
        found += [(x, before), (x, y)]
    return found


def _line(series: Series, number: int, frame: Axes, unit: Unit, names: Sequence[str] | None, x_unit: Unit, linked: bool) -> list[Shape]:
    shapes: list[Shape] = []
    count = sum(len(run) for run in _runs(series))
    every = max(1, -(-count // MOST_MARKS)) if not series.step else max(1, count // 6)
    for run in _runs(series):
        places = [(frame.x(point.x), frame.y(point.y or 0.0)) for point in run]
        if len(places) > 1:
            shapes.append(Path(tuple(_stepped(places, series.step)), number, "line"))
        for point, (x, y) in list(zip(run, places, strict=True))[::every]:
            tip = f"{series.name}, {_when(point.x, names, x_unit)}: {brief(point.y or 0.0, unit)}"
            shapes.append(Mark(x, y, number, 6.0 if linked else 3.5, tip=tip, href=point.href if linked else ""))
    return shapes


def _rule(rule: Rule, frame: Axes, size: Size, points: Sequence[Point]) -> list[Shape]:
    """An upright line with its name at the top, or at the foot where a line or mark is in the way there."""
    x, top = frame.x(rule.x), frame.y(frame.y.high)
    words = fit(rule.name, size.text, max(x, size.width - x) - 8)
    at_left = x + 6 + text_width(words, size.text) > size.width
    wide = text_width(words, size.text) + 10
    left, right = (x - wide, x) if at_left else (x, x + wide)
    beside = [point for point in points if point.y is not None and left - 20 <= frame.x(point.x) <= right + 20]
    taken = any(frame.y(point.y or 0.0) < top + size.text * 1.4 for point in beside)
    y = frame.y(frame.y.low) - size.text * 0.5 if taken else top + size.text * 0.5
    label = Text(x - 6 if at_left else x + 6, y, words, "end" if at_left else "start", "rule-label", size.text)
    return [Path(((x, top), (x, frame.y(frame.y.low))), look="rule"), label]


def _when(x: float, names: Sequence[str] | None, unit: Unit) -> str:
    if names is None:
        return say(x, unit)
    return names[int(x)] if 0 <= int(x) < len(names) else str(x)


def _table(series: Sequence[Series], unit: Unit, names: Sequence[str] | None, x_unit: Unit, column: str) -> Table:
    """A row for each x, a column for each line; intervals under the values."""
    at: dict[float, dict[str, Point]] = {}
    for each in series:
        for point in each.points:
            at.setdefault(point.x, {})[each.name] = point
    rows = []
    for x in sorted(at):
        found = [at[x].get(each.name) for each in series]
        href = next((point.href for point in found if point and point.href), "")
        cells = [Cell(_when(x, names, x_unit), href, None if names is not None else x)]
        cells += [
            Cell("") if point is None else Cell(say(point.y, unit), raw=point.y, under=span(point.low, point.high, unit)) for point in found
        ]
        rows.append(tuple(cells))
    return Table((column, *(each.name for each in series)), tuple(rows))
