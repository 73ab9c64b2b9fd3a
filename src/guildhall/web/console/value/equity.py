"""Is everybody served equally well? Each measure by language, channel and ward, with its gap and the alarm level."""

import re
from typing import Final

from guildhall.value.measures.result import Result
from guildhall.web.charts import Cell, Table, Unit, say
from guildhall.web.charts.numbers import span
from guildhall.web.console.value.sight import Page, Sight, View
from guildhall.web.console.value.tiles import split_bars

PATH = "/console/value/equity"
MEASURES: Final = (("verified_share", "resolution"), ("human_honoured", "honoured"), ("wait_p50", "wait"))
GROUPED: Final = ("language", "channel", "ward")
ENDS: Final = re.compile(r"Best: (?P<best>[^;]*); worst: (?P<worst>[^;]*);")


def equity(sight: Sight) -> View:
    """The page, for the measure that the address asks for."""
    offered = [(key, sight.snapshot.book.measures[key].label) for key, _ in MEASURES if key in sight.snapshot.book.measures]
    keys = [key for key, _ in offered]
    asked = sight.visit.query.get("measure", "")
    chosen = asked if asked in keys else next(iter(keys), "")
    figures = [split_bars(sight, chosen, by, f"by-{by}", f"By {by}", alarm=_worst(sight, chosen, by)) for by in GROUPED] if chosen else []
    rows = [(by, result) for _, short in MEASURES for by in GROUPED if (result := sight.measure(f"gap_{short}_{by}"))]
    return View(
        [figure for figure in figures if figure],
        {"measures_offered": offered, "chosen": chosen, "label": dict(offered).get(chosen, ""), "gaps": _table(sight, rows), "alarms": [result.measure.label for _, result in rows if shown(result)]},
    )  # fmt: skip


def _worst(sight: Sight, key: str, by: str) -> tuple[str, ...]:
    """The group at the wrong end of a gap that is over its alarm and more than chance."""
    gap = sight.measure(f"gap_{dict(MEASURES)[key]}_{by}")
    ends = ENDS.match(gap.rows[0].note) if gap and gap.rows and shown(gap) else None
    return (ends["worst"],) if ends else ()


def shown(result: Result) -> bool:
    """Whether a gap is over its alarm, and its whole interval above zero."""
    low = result.rows[0].low if result.rows else None
    return result.alarm and low is not None and low > 0


def _judged(result: Result) -> str:
    row, level = result.rows[0], result.measure.alarm_above
    if row.value is None:
        return "Too few to say"
    if level is None:
        return "No alarm level is set"
    if not result.alarm:
        return f"Within {level:g} points"
    return f"Over {level:g} points. Look into it" if shown(result) else f"Over {level:g} points, but chance may explain it"


def _table(sight: Sight, rows: list[tuple[str, Result]]) -> Table:
    """Every gap, with its interval and whether it is over its alarm."""
    made = []
    for by, result in rows:
        row, unit = result.rows[0], Unit(result.measure.unit.value)
        value = Cell(say(row.value, unit), raw=row.value, under=span(row.low, row.high, unit))
        made.append(
            (
                Cell(result.measure.label, sight.definition(result.measure.key)),
                value,
                Cell(_named(sight, by, row.note)),
                Cell(_judged(result)),
            )
        )
    return Table(("Gap", "Best minus worst", "Between which groups", "Is it over the alarm level?"), tuple(made))


def _named(sight: Sight, by: str, note: str) -> str:
    """The note of a gap with the groups' names instead of their codes."""
    ends = ENDS.match(note)
    if ends is None:
        return note
    return f"Best: {sight.name(by, ends['best'])}; worst: {sight.name(by, ends['worst'])};{note[ends.end() :]}"


PAGE = Page(PATH, "Equity", "Is everybody served equally well?", "equity.html", equity)
