"""A series of months as a chart with its table."""

from typing import Final

from guildhall.value.baselines.frozen import months_said
from guildhall.value.baselines.months import MonthSeries
from guildhall.web.charts import Figure, Point, Rule, Series, Unit, lines, say

UNITS: Final = {unit.value: unit for unit in Unit}


def unit_of(series: MonthSeries) -> Unit:
    """The unit of a series; plain numbers where it is none that charts know."""
    return UNITS.get(series.unit, Unit.SCORE)


def chart_of(series: MonthSeries, csv: str = "", launch: str = "") -> Figure:
    """The months of one series. `launch` is the first month with a change, as `2026-04`, for an upright line."""
    names = [f"{point.month:%b %Y}" for point in series.points]
    points = tuple(Point(float(place), point.value, n=point.n or None) for place, point in enumerate(series.points))
    unit = unit_of(series)
    first, last = series.points[0], series.points[-1]
    finding = f"{say(first.value, unit)} in {first.month:%B %Y}, {say(last.value, unit)} in {last.month:%B %Y}; {len(points)} months. {months_said(series)}".strip()
    rules = [Rule(place - 0.5, "Launch") for place, point in enumerate(series.points) if f"{point.month:%Y-%m}" == launch and place]
    title = f"{series.label}, {series.queue}" if series.queue else series.label
    return lines("months", title, finding, [Series(title, points)], unit, names=names, rules=rules, column="Month", csv=csv)
