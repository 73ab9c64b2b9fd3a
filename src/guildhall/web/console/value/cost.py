"""Cost and nominal saving: estimates from dated unit costs, and what they do not show."""

from dataclasses import dataclass
from datetime import date, timedelta

from guildhall.value.measures.measure import UnitCost
from guildhall.web.charts import Bar, Figure, Unit, bars, say
from guildhall.web.console.value.sight import Page, Sight, View
from guildhall.web.console.value.tiles import tiles

PATH = "/console/value/cost"


@dataclass(frozen=True, slots=True)
class CostRow:
    """A unit cost, and whether it is too old to be believed."""

    cost: UnitCost
    words: str
    old: bool


def saving(sight: Sight) -> Figure | None:
    """The nominal saving by week, or by month over a long period; one below zero goes to the other side."""
    by = "month" if sight.asking.long else "week"
    result = sight.measure("nominal_saving", by)
    if result is None:
        return None
    rows = [row for row in result.rows if row.value is not None]
    judged = min(result.until, sight.snapshot.today - timedelta(days=result.measure.window_days + 1))
    whole = [row for row in rows if result.since <= _days(row.group)[0] and _days(row.group)[1] <= judged]
    part = [sight.name(by, row.group) for row in rows if row not in whole]
    values = [row.value or 0.0 for row in whole]
    low, high = (say(end(values), Unit.PENCE) for end in (min, max)) if values else ("", "")
    span = low if low == high else f"from {low} to {high}"
    finding = f"In each whole {by} that can be judged, {span}, nominal." if values else f"No whole {by} can be judged yet."
    only = f"Only a part of the {by} counts for {', '.join(part)}: the rest is outside the period, or too recent to judge." if part else ""
    return bars(
        "saving", f"Nominal saving by {by}", finding, [Bar(sight.name(by, row.group), row.value, row.low, row.high) for row in rows], Unit.PENCE,
        column="Month" if by == "month" else "Week from", note=only, csv=sight.asking.link(f"{PATH}/figures/saving.csv"),
    )  # fmt: skip


def _days(group: str) -> tuple[date, date]:
    """The first and the last day of a month (2026-11) or of the week from a day."""
    if len(group) == len("2026-11"):
        first = date.fromisoformat(f"{group}-01")
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return (first := date.fromisoformat(group)), first + timedelta(days=6)


def cost(sight: Sight) -> View:
    """The page."""
    book, today = sight.snapshot.book, sight.snapshot.today
    costs = [CostRow(one, say(one.pence, Unit.PENCE), one.is_old(today, book.costs_old_after_months)) for one in book.costs.values()]
    whole = not sight.asking.where
    made = tiles(sight, "cost_per_transaction", "nominal_saving", "verified_share", "recontact_7d")
    return View(
        [figure for figure in (saving(sight),) if figure],
        {"tiles": made, "costs": costs, "whole": whole, "old": any(row.old for row in costs)},
    )


PAGE = Page(PATH, "Cost", "Cost and nominal saving", "cost.html", cost)
