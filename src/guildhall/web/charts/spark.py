"""A line as small as a word, for beside a figure: it shows a shape, and the figure beside it says the value."""

from collections.abc import Sequence

from guildhall.web.charts.scales import Scale
from guildhall.web.charts.shapes import Drawing, Mark, Path, Shape

WIDTH, HEIGHT, EDGE = 120.0, 28.0, 4.0


def spark(values: Sequence[float | None]) -> Drawing:
    """The values from left to right, the last marked; fewer than two known values draw nothing."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Drawing(WIDTH, HEIGHT, ())
    across = Scale(0.0, len(values) - 1.0, EDGE, WIDTH - EDGE)
    up = Scale(min(known), max(known), HEIGHT - EDGE, EDGE)
    runs: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((across(index), up(value)))
    shapes: list[Shape] = [Path(tuple(run), 1, "spark") for run in runs if len(run) > 1]
    x, y = next(run for run in reversed(runs) if run)[-1]
    return Drawing(WIDTH, HEIGHT, (*shapes, Mark(x, y, 1, 3.0)))
