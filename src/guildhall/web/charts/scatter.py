"""Dots on two axes, such as cost against value, and a frontier through those that nothing beats."""

from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.web.charts.axes import axes
from guildhall.web.charts.figure import Cell, Figure, Table, keys_of
from guildhall.web.charts.numbers import Unit, say
from guildhall.web.charts.scales import Scale
from guildhall.web.charts.shapes import NARROW, WIDE, Drawing, Mark, Path, Shape, Size, Text, fit, text_width

MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Dot:
    """One dot. `series` (1 to 4) says its kind; `labelled` writes its name beside it; `on_frontier` puts it on the line."""

    name: str
    x: float
    y: float
    series: int = 1
    href: str = ""
    labelled: bool = False
    on_frontier: bool = False


def scatter(
    name: str, title: str, finding: str, dots: Sequence[Dot], *, kinds: Sequence[str], x_name: str, x_unit: Unit, y_name: str,
    y_unit: Unit, column: str = "Name", note: str = "", csv: str = "",
) -> Figure:  # fmt: skip
    """A figure of dots. `kinds` names the series. Raises ValueError for more than four kinds or a dot of none of them."""
    keys = keys_of(kinds, "mark")
    for dot in dots:
        if not 1 <= dot.series <= len(kinds):
            raise ValueError(f"{dot.name}: kind {dot.series} is not one of {len(kinds)}")

    def draw(size: Size) -> Drawing:
        return _draw(dots, (x_name, y_name), x_unit, y_unit, size)

    table = Table(
        (column, x_name, y_name, "Kind"),
        tuple(
            (
                Cell(dot.name, dot.href),
                Cell(say(dot.x, x_unit), raw=dot.x),
                Cell(say(dot.y, y_unit), raw=dot.y),
                Cell(kinds[dot.series - 1]),
            )
            for dot in dots
        ),
    )
    return Figure(name, title, finding, draw(WIDE), draw(NARROW), table, keys, note, csv)


def _draw(dots: Sequence[Dot], titles: tuple[str, str], x_unit: Unit, y_unit: Unit, size: Size) -> Drawing:
    """The names of the axes stand above and below, where they can be read without turning the head."""
    xs, text = [dot.x for dot in dots], size.text
    across = (min([0.0, *xs]), max(xs, default=1.0) or 1.0)
    frame = axes(size, across, [dot.y for dot in dots], y_unit, None, x_unit, inset=6.0)
    top = text * 1.6
    shapes: list[Shape] = []
    on_line = sorted((dot for dot in dots if dot.on_frontier), key=lambda dot: (dot.x, dot.y))
    if len(on_line) > 1:
        shapes.append(Path(tuple((frame.x(dot.x), frame.y(dot.y)) for dot in on_line), look="frontier"))
    shapes += [
        Mark(frame.x(dot.x), frame.y(dot.y), dot.series, 4.0, tip=f"{dot.name}: {say(dot.x, x_unit)}, {say(dot.y, y_unit)}") for dot in dots
    ]
    shapes += _labels([dot for dot in dots if dot.labelled][:MOST_LABELS], frame.x, frame.y, size)
    placed = tuple(_down(shape, top) for shape in (*frame.shapes, *shapes))
    height = frame.height + top + text * 1.4
    above = Text(0, text, fit(f"↑ {titles[1]}", text, size.width), look="axis-name", size=text)
    below = Text(size.width, height - text * 0.4, fit(f"{titles[0]} →", text, size.width), "end", "axis-name", text)
    return Drawing(size.width, height, (*placed, above, below), text)


def _labels(dots: Sequence[Dot], x: Scale, y: Scale, size: Size) -> list[Shape]:
    """Names beside their dots, at the side where there is room; none over another."""
    taken: list[tuple[float, float, float]] = []
    shapes: list[Shape] = []
    for dot in sorted(dots, key=lambda dot: -dot.y):
        at, base = x(dot.x), y(dot.y) + size.text * 0.33
        words = fit(dot.name, size.text, 150.0)
        wide = text_width(words, size.text)
        start = at + 8 if at + 8 + wide <= size.width else at - 8 - wide
        clear = all(abs(base - other) > size.text or start > right or start + wide < left for left, right, other in taken)
        if start >= 0 and clear:
            taken.append((start, start + wide, base))
            shapes.append(Text(start, base, words, look="dot-label", size=size.text))
    return shapes


def _down(shape: Shape, by: float) -> Shape:
    """The same shape, lower."""
    if isinstance(shape, Path):
        return Path(tuple((x, y + by) for x, y in shape.points), shape.series, shape.look, shape.closed, shape.tip)
    if isinstance(shape, Mark):
        return Mark(shape.x, shape.y + by, shape.series, shape.size, shape.look, shape.tip)
    if isinstance(shape, Text):
        return Text(shape.x, shape.y + by, shape.text, shape.anchor, shape.look, shape.size)
    raise TypeError(f"nothing of kind {shape.kind} is drawn here")
