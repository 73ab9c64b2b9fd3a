"""The register and a portfolio as rows for CSV and JSON: names of columns that a spreadsheet can be sorted by."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

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


def seen_scores(heads: Mapping[Head, float]) -> dict[str, float | str]:
    """The means that somebody may see, by head."""
    return {f"score_{head.value}": round(heads[head], 2) if head in heads else "" for head in Head}


def portfolio_rows(result: Mapping[str, Any], chosen: Sequence[str], titles: Mapping[str, Opportunity]) -> list[dict[str, Any]]:
    """Every candidate of a run with how it fared, the chosen ones first and the surest of these at the top."""
    turning = {each["id"]: each["factor"] for each in result["turning"]}
    inside = set(chosen)
    rows = []
    for standing in result["standings"]:
        name = standing["id"]
        known = titles[name].details if name in titles else None
        rows.append({
            "id": name, "title": known.title if known else name, "directorate": known.directorate if known else "", "chosen": name in inside,
            "by_optimiser": name in set(result["chosen"]), "inclusion": standing["inclusion"], "robust": standing["robust"],
            "contested": standing["contested"], "turning_factor": turning.get(name), "leans": standing["leans"],
            "cost_pence": known.cost_pence if known else 0,
        })  # fmt: skip
    rows.sort(key=lambda row: (not row["chosen"], -row["inclusion"], row["title"]))
    return rows


def what_would_have_to_be_true(row: Mapping[str, Any]) -> str:
    """One contested opportunity's turning point and leaning in a sentence."""
    factor, inside = row["turning_factor"], row["by_optimiser"]
    if factor is None:
        told = "" if inside else "Nothing about its value alone would bring it in: another rule keeps it out."
    elif inside:
        told = f"It stays while it is worth at least {100 * factor:.0f}% of what was scored."
    else:
        told = f"It comes in if it is worth {100 * (factor - 1):.0f}% more than was scored."
    leans = {Head(head): value for head, value in row["leans"].items()}
    if leans:
        head = max(leans, key=lambda each: abs(leans[each]))
        if abs(leans[head]) >= 0.02:
            told += f" It is chosen more often when the {head.value} head weighs {'more' if leans[head] > 0 else 'less'}."
    return told.strip()
