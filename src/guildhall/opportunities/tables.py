"""The register and a portfolio as rows for CSV and JSON, with column names for a spreadsheet."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from guildhall.opportunities.choosing import Asked
from guildhall.opportunities.objective import HEADS, Judged, Money, Objective, shares_of
from guildhall.opportunities.register import Opportunity
from guildhall.opportunities.scoring import Head
from guildhall.opportunities.worth import pounds_of
from guildhall.vocabulary.benefits import Column

COLUMNS: Final = (
    "id", "title", "status", "directorate", "service", "process_step", "answer", "deciding", "volume_pa", "minutes_each", "hours_pa", "staff_pence_an_hour", "error_rate", "saves_percent",
    "time_goes", "valued", "council_cash_pence_pa", "avoided_cost_pence_pa", "reinvested_capacity_pence_pa", "resident_benefit_pence_pa", "cash_act", "cost_pence", "run_cost_pence_pa", "owner", "safeguarding_risk", "data_classes", "affected_groups", "team_days", "depends_on", "excludes", "merged_into", "workshops",
    "quotes", "must_have", "demo",
)  # fmt: skip


def row_of(each: Opportunity) -> dict[str, Any]:
    """One opportunity, flat: lists are joined by a semicolon. What nobody has valued has empty amounts, not noughts."""
    known = each.details
    worth = pounds_of(known)
    return {
        "id": each.id, "title": known.title, "status": each.status.value, "directorate": known.directorate, "service": known.service,
        "process_step": known.process_step, "answer": known.answer.value if known.answer else "", "deciding": known.deciding.value,
        "volume_pa": known.volume_pa, "minutes_each": known.minutes_each, "hours_pa": round(known.hours_pa), "staff_pence_an_hour": known.staff_pence_an_hour,
        "error_rate": known.error_rate, "saves_percent": "" if known.saves_percent is None else known.saves_percent, "time_goes": known.time_goes.value,
        "valued": worth is not None, **{f"{column.value}_pence_pa": "" if worth is None else worth.of(column) for column in Column}, "cash_act": known.cash_act,
        "cost_pence": known.cost_pence, "run_cost_pence_pa": known.run_cost_pence_pa, "owner": known.owner, "safeguarding_risk": known.safeguarding_risk,
        "data_classes": ";".join(known.data_classes), "affected_groups": ";".join(known.affected_groups), "team_days": ";".join(f"{team} {days:g}" for team, days in known.team_days.items()),
        "depends_on": ";".join(known.depends_on), "excludes": ";".join(known.excludes), "merged_into": each.merged_into,
        "workshops": ";".join(each.workshops), "quotes": len(each.quotes), "must_have": known.must_have, "demo": each.demo,
    }  # fmt: skip


PORTFOLIO_COLUMNS: Final = (
    "id", "title", "directorate", "chosen", "by_optimiser", "inclusion", "robust", "contested", "points", "valued", "council_cash", "avoided_cost",
    "reinvested_capacity", "resident_benefit", "cost_pence", "run_cost_pence_pa", "team_days", "turning_value", "turning_factor", "turning_cost_pence",
    "turning_head", "turning_weight",
)  # fmt: skip


def portfolio_rows(
    result: Mapping[str, Any], chosen: Sequence[str], titles: Mapping[str, Opportunity], judged: Sequence[Judged], asked: Asked
) -> list[dict[str, Any]]:
    """Every candidate of a run with how it fared, as it was then: the chosen ones first and the surest of these at the top. Columns are pence a year."""
    turning = {each["id"]: each for each in result["turning"]}
    inside, optimal = set(chosen), set(result["chosen"])
    points = dict(zip((each.candidate.id for each in judged), Objective(judged, asked.weights).values(), strict=True))
    known = {each.candidate.id: each for each in judged}
    rows = []
    for standing in result["standings"]:
        name, each, turns = standing["id"], known[standing["id"]], turning.get(standing["id"], {})
        rows.append({
            "id": name, "title": titles[name].details.title if name in titles else name, "directorate": each.candidate.directorate, "chosen": name in inside,
            "by_optimiser": name in optimal, "inclusion": standing["inclusion"], "robust": standing["robust"],
            "contested": standing["contested"], "leans": standing["leans"], "points": round(float(points[name]), 1), "valued": each.pounds is not None,
            **{column.value: each.pounds.of(column) if each.pounds else "" for column in Column}, "cost_pence": each.candidate.cost_pence,
            "run_cost_pence_pa": each.run_cost_pence_pa, "team_days": "; ".join(f"{team} {days:g}" for team, days in each.candidate.team_days.items()),
            "turning_value": turns.get("value"), "turning_factor": turns.get("factor"), "turning_cost_pence": turns.get("cost_pence"),
            "turning_head": turns.get("head"), "turning_weight": turns.get("weight"), "tried": turns.get("tried", False), "must_have": each.candidate.must_have,
        })  # fmt: skip
    rows.sort(key=lambda row: (not row["chosen"], -row["inclusion"], row["title"]))
    return rows


def what_would_have_to_be_true(row: Mapping[str, Any], asked: Asked) -> str:
    """What would change the choice of one contested opportunity, in sentences: its value, its cost, and the weights.

    If a search found nothing, a sentence says so.
    """
    inside = row["by_optimiser"]
    told = [_of_value(row, asked.money)]
    if row["turning_cost_pence"] is not None:
        word = "It drops out if it costs" if inside else "It is chosen if it costs"
        told.append(f"{word} £{row['turning_cost_pence'] / 100:,.0f} instead of £{_counted(row, asked) / 100:,.0f}.")
    if row["turning_weight"] is not None:
        now = shares_of(asked.weights)[HEADS.index(Head(row["turning_head"]))]
        told.append(
            f"It {'drops out' if inside else 'is chosen'} if the {row['turning_head']} heading has {100 * row['turning_weight']:.0f}% of the weight instead of {100 * now:.0f}%."
        )
    if row["tried"]:
        vain = [what for what, found in (("cost", row["turning_cost_pence"]), ("weights", row["turning_weight"])) if found is None]
        if asked.money is not None and "weights" in vain:
            vain.remove("weights")
        if vain:
            told.append(f"No change of its {' or of the '.join(vain)} alone was found that would change the choice.")
    return " ".join(part for part in told if part)


def _of_value(row: Mapping[str, Any], money: Money | None) -> str:
    factor, value, inside = row["turning_factor"], row["turning_value"], row["by_optimiser"]
    if value is None:
        return (
            "No change of its value alone would take it out. A rule keeps it in."
            if inside
            else "No change of its value alone would bring it in. A rule keeps it out."
        )
    if money is not None:
        called = "after the haircut and running costs" if money.column == Column.COUNCIL_CASH else "after the haircut"
        if inside and value <= 0:
            return "It stays even if it is worth nothing in this column. Another opportunity needs it, or a rule asks for it."
        if inside:
            return f"It stays if it is worth at least {pounds(round(value))} a year {called}."
        return f"It is chosen if it is worth {pounds(value)} a year or more {called}."
    if factor is None:
        return f"It is chosen if it has {value:.1f} points or more." if not inside else "It stays even if it has no points."
    if inside:
        return f"It stays if it is worth at least {100 * factor:.0f}% of what was scored."
    return f"It is chosen if it is worth {100 * (factor - 1):.0f}% more than was scored."


def pounds(pence: float) -> str:
    """Whole pounds, with a minus that can be read."""
    return f"{'−' if round(pence / 100) < 0 else ''}£{abs(pence) / 100:,.0f}"


def _counted(row: Mapping[str, Any], asked: Asked) -> int:
    """What the budget counts of it: building, and the years of running that were asked."""
    return int(row["cost_pence"]) + asked.constraints.run_years * int(row["run_cost_pence_pa"])
