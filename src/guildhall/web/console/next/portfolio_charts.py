"""Two charts of a portfolio: what more or less budget would buy, and in how many draws each one was chosen."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from guildhall.storage.portfolio_runs import KeptRun
from guildhall.web.charts import Column, Figure, Point, Rule, Series, Unit, columns, lines

TENTHS: Final = 10


def frontier_chart(kept: KeptRun) -> Figure:
    """Value against budget, with the budget that was asked for."""
    points = kept.result["frontier"]
    budget = kept.asked.constraints.budget_pence
    found = "No budget was given, so there is no frontier." if not points else _finding(points, budget or 0)
    line = Series("Best set", tuple(Point(float(each["budget_pence"]), each["value"], n=each["count"]) for each in points))
    rules = (Rule(float(budget), "asked"),) if budget and points else ()
    return lines(
        "frontier", "What more or less budget would buy", found, [line], Unit.SCORE, x_unit=Unit.PENCE, rules=rules, column="Budget"
    )


def _finding(points: Sequence[Mapping[str, Any]], budget: int) -> str:
    now = min(points, key=lambda each: abs(each["budget_pence"] - budget))
    less, more = points[0], points[-1]
    return (
        f"£{less['budget_pence'] / 100:,.0f} buys {100 * less['value'] / now['value']:.0f}% of the value of the budget asked for; "
        f"£{more['budget_pence'] / 100:,.0f} buys {100 * more['value'] / now['value']:.0f}%."
    )


def inclusion_chart(kept: KeptRun, rows: Sequence[Mapping[str, Any]], csv: str) -> Figure:
    """How many were in so many tenths of the draws: chosen ones and others."""
    bars = []
    for tenth in range(TENTHS):
        within = [row for row in rows if min(TENTHS - 1, int(row["inclusion"] * TENTHS)) == tenth]
        name = f"{10 * tenth} to {10 * tenth + 10}%"
        bars.append(Column(name, (float(sum(row["chosen"] for row in within)), float(sum(not row["chosen"] for row in within)))))
    found = (
        f"{kept.result['headline'].capitalize()}, of {len(kept.chosen)} chosen, in {kept.asked.doubt.draws} draws of weights and estimates."
    )
    return columns("inclusion", "In how many draws each one was chosen", found, ["Chosen", "Not chosen"], bars, column="Draws", csv=csv)
