"""Three charts of a portfolio: what another budget would buy, how often each opportunity was chosen, and cost against value."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from guildhall.opportunities.objective import name_of
from guildhall.storage.portfolio_runs import KeptRun
from guildhall.web.charts import Column, Dot, Figure, Point, Rule, Series, Unit, columns, lines, scatter

TENTHS: Final = 10
KINDS: Final = ("Robust", "Contested", "Not chosen", "Added by the board")
REGISTER: Final = "/console/next/register"


def frontier_chart(kept: KeptRun, path: str) -> Figure:
    """Value against budget, with the budget that was asked for. Each point leads to what would be other there."""
    points = kept.result["frontier"]
    budget = kept.asked.constraints.budget_pence or kept.result["cost_pence"]
    found = "Nothing that was chosen costs money, so no other budget can be compared." if not points else _finding(points, budget)
    line = Series(
        "Best set",
        tuple(
            Point(float(each["budget_pence"]), each["value"], n=each["count"], href=f"{path}?at={n}#frontier")
            for n, each in enumerate(points)
        ),
    )
    rules = (Rule(float(budget), "asked" if kept.asked.constraints.budget_pence else "this set"),) if points else ()
    return lines(
        "frontier", "What a larger or smaller budget would buy", found, [line], _unit(kept), x_unit=Unit.PENCE, rules=rules, column="Budget", linked=True,
        note=f"Value in {name_of(kept.asked.money)}{' after the haircut' if kept.asked.money else ''}.",
    )  # fmt: skip


def _unit(kept: KeptRun) -> Unit:
    return Unit.PENCE if kept.asked.money else Unit.SCORE


def _finding(points: Sequence[Mapping[str, Any]], budget: int) -> str:
    now = min(points, key=lambda each: abs(each["budget_pence"] - budget))
    less, more = points[0], points[-1]
    if now["value"] <= 0:
        return "With this budget the set is worth nothing or less: what was promised and what must be done cost more than they bring."
    if less is more:
        return f"£{now['budget_pence'] / 100:,.0f} is the only budget tried that meets the rules."
    said = f"£{less['budget_pence'] / 100:,.0f} buys {100 * less['value'] / now['value']:.0f}% of the value of £{now['budget_pence'] / 100:,.0f}"
    return said + ("." if more is now else f"; £{more['budget_pence'] / 100:,.0f} buys {100 * more['value'] / now['value']:.0f}%.")


def inclusion_chart(kept: KeptRun, rows: Sequence[Mapping[str, Any]], csv: str) -> Figure:
    """How many were in so many tenths of the draws: chosen ones and others."""
    bars = []
    for tenth in range(TENTHS):
        within = [row for row in rows if min(TENTHS - 1, int(row["inclusion"] * TENTHS)) == tenth]
        name = f"{10 * tenth} to {10 * tenth + 10}%"
        bars.append(Column(name, (float(sum(row["chosen"] for row in within)), float(sum(not row["chosen"] for row in within)))))
    drawn = "estimates" if kept.asked.money else "weights and estimates"
    found = f"{kept.result['headline'].capitalize()}, of {len(kept.chosen)} chosen, in {kept.asked.doubt.draws} draws of {drawn}."
    return columns(
        "inclusion", "How often each opportunity was chosen", found, ["Chosen", "Not chosen"], bars, column="Share of draws", csv=csv
    )


def map_chart(kept: KeptRun, rows: Sequence[Mapping[str, Any]], csv: str) -> Figure:
    """Cost to build against what the objective counts, for what a filter leaves. What has no figures cannot be drawn in pounds, and is counted."""
    money = kept.asked.money
    drawn = [row for row in rows if money is None or row["valued"]]
    dots = [
        Dot(row["title"], float(row["cost_pence"]), _worth(row, kept), _kind(row), f"{REGISTER}/{row['id']}", labelled=False)
        for row in drawn
    ]
    missing = len(rows) - len(drawn)
    found = f"{len(drawn)} {'opportunity' if len(drawn) == 1 else 'opportunities'}: the best are high and to the left, where value is large and cost is small."
    note = (
        f"{missing} without figures {'is' if missing == 1 else 'are'} not drawn. That does not mean that {'it is' if missing == 1 else 'they are'} worth nothing."
        if missing
        else ""
    )
    return scatter(
        "map", "Cost against value", found, dots, kinds=KINDS, x_name="Cost to build", x_unit=Unit.PENCE,
        y_name=(name_of(money)[:1].upper() + name_of(money)[1:]) + (", as people estimate it" if money else ""), y_unit=_unit(kept), column="Opportunity", note=note, csv=csv,
    )  # fmt: skip


def _worth(row: Mapping[str, Any], kept: KeptRun) -> float:
    return float(row["points"]) if kept.asked.money is None else float(row[kept.asked.money.column.value] or 0)


def _kind(row: Mapping[str, Any]) -> int:
    if row["chosen"] and not row["by_optimiser"]:
        return 4
    return 1 if row["robust"] else 2 if row["contested"] else 3 if not row["chosen"] else 2
