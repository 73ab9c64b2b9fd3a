"""Cost and nominal saving: estimates from dated unit costs, and what they do not show."""

from dataclasses import dataclass

from guildhall.value.measures.measure import UnitCost
from guildhall.web.charts import Column, Figure, Unit, columns, say
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
    """The nominal saving by week; weeks below zero are said in the table and the sentence, as bars show only what is above."""
    result = sight.measure("nominal_saving", "week")
    if result is None:
        return None
    rows = [row for row in result.rows if row.value is not None]
    below = [row for row in rows if (row.value or 0) < 0]
    bars = [Column(sight.name("week", row.group), (max(row.value or 0.0, 0.0),)) for row in rows]
    finding = (
        f"From {say(min(row.value or 0 for row in rows), Unit.PENCE)} to {say(max(row.value or 0 for row in rows), Unit.PENCE)} a week, nominal."
        if rows
        else "No contact is old enough to judge yet."
    )
    finding += (
        f" {len(below)} {'week is' if len(below) == 1 else 'weeks are'} below zero, and the chart shows no bar for {'it' if len(below) == 1 else 'them'}."
        if below
        else ""
    )
    return columns(
        "saving",
        "Nominal saving by week",
        finding,
        ["Nominal saving"],
        bars,
        Unit.PENCE,
        column="Week from",
        csv=sight.asking.link(f"{PATH}/figures/saving.csv"),
    )


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
