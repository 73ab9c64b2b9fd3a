"""Reads what somebody asks of a portfolio (budget, team days, floors, weights) from the text of a form or a command. Errors name the field."""

from collections.abc import Mapping
from typing import Final

from guildhall.opportunities.choosing import Asked
from guildhall.opportunities.objective import POINTS, Money, Unvalued
from guildhall.opportunities.portfolio import Constraints
from guildhall.opportunities.robustness import Doubt
from guildhall.opportunities.scoring import Head
from guildhall.vocabulary.benefits import Column

MOST_DRAWS: Final = 1_000
MOST_SEED: Final = 10**9
MOST_YEARS: Final = 10
DEFAULT_WEIGHTS: Final = {Head.FINANCIAL: 40, Head.SERVICE: 35, Head.WORKFORCE: 25}


def asked_of(form: Mapping[str, str], haircut_percent: int = 0) -> tuple[Asked | None, dict[str, str]]:
    """What a form asks, or what is wrong with it by field. Fields: budget (pounds), at_most, team_days, floors, ceilings (`name number` a line),
    weight_financial, weight_service, weight_workforce, draws, seed, value_spread (percent), cost_spread (percent), objective (points, or a column), unvalued, run_years.
    `haircut_percent` is what the council takes off an estimate."""
    wrong: dict[str, str] = {}
    budget = _number(form, "budget", wrong, "pounds", 10**10)
    at_most = _number(form, "at_most", wrong, "a count", 10_000)
    lists = {name: _named(form, name, wrong) for name in ("team_days", "floors", "ceilings")}
    weights = {head: _number(form, f"weight_{head.value}", wrong, "a weight", 1_000) or 0 for head in Head}
    if not any(weights.values()) and not wrong:
        wrong["weight_financial"] = "Give at least one heading a weight above 0"
    draws = _number(form, "draws", wrong, "how often to draw", MOST_DRAWS)
    seed = _number(form, "seed", wrong, "a seed", MOST_SEED)
    spreads = {name: _number(form, name, wrong, "a percentage", 200) for name in ("value_spread", "cost_spread")}
    run_years = _number(form, "run_years", wrong, "years", MOST_YEARS) or 0
    money = _money(form, wrong, haircut_percent)
    both = set(lists["floors"]) & set(lists["ceilings"])
    if odd := sorted(name for name in both if lists["floors"][name] > lists["ceilings"][name]):
        wrong["ceilings"] = f"The most for {odd[0]} is below the fewest promised to it"
    if wrong:
        return None, wrong
    plain = Doubt()
    doubt = Doubt(
        plain.draws if draws is None else draws,
        plain.seed if seed is None else seed,
        plain.concentration,
        plain.value_spread if spreads["value_spread"] is None else spreads["value_spread"] / 100,
        plain.cost_spread if spreads["cost_spread"] is None else spreads["cost_spread"] / 100,
    )
    limits = Constraints(
        None if budget is None else budget * 100,
        at_most,
        {name: float(days) for name, days in lists["team_days"].items()},
        lists["floors"],
        lists["ceilings"],
        run_years,
    )
    return Asked(limits, {head: float(weight) for head, weight in weights.items()}, doubt, money), {}


def form_of(asked: Asked) -> dict[str, str]:
    """What was asked, as the fields of a form."""
    rules, doubt = asked.constraints, asked.doubt
    fields = {
        "budget": "" if rules.budget_pence is None else str(rules.budget_pence // 100),
        "at_most": "" if rules.at_most is None else str(rules.at_most),
        "team_days": "\n".join(f"{name} {days:g}" for name, days in rules.team_days.items()),
        "floors": "\n".join(f"{name} {count}" for name, count in rules.floors.items()),
        "ceilings": "\n".join(f"{name} {count}" for name, count in rules.ceilings.items()),
        "draws": str(doubt.draws), "seed": str(doubt.seed),
        "value_spread": f"{100 * doubt.value_spread:.0f}", "cost_spread": f"{100 * doubt.cost_spread:.0f}",
        "objective": asked.money.column.value if asked.money else POINTS, "run_years": str(rules.run_years),
        "unvalued": (asked.money.unvalued if asked.money else Unvalued.FOR_NOTHING).value,
    }  # fmt: skip
    shown = asked.weights if max(asked.weights.values(), default=0) > 1 else {head: 100 * weight for head, weight in asked.weights.items()}
    return fields | {f"weight_{head.value}": f"{shown.get(head, 0):.0f}" for head in Head}


def _money(form: Mapping[str, str], wrong: dict[str, str], haircut_percent: int) -> Money | None:
    aim, unvalued = form.get("objective", "") or POINTS, form.get("unvalued", "") or Unvalued.FOR_NOTHING.value
    if aim != POINTS and aim not in list(Column):
        wrong["objective"] = f"Choose one of {', '.join((POINTS, *Column))}"
    if unvalued not in list(Unvalued):
        wrong["unvalued"] = f"Choose one of {', '.join(Unvalued)}"
    return None if aim == POINTS or wrong else Money(Column(aim), haircut_percent, Unvalued(unvalued))


def _number(form: Mapping[str, str], name: str, wrong: dict[str, str], what: str, most: int) -> int | None:
    text = form.get(name, "").strip().replace(",", "").removeprefix("£")
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        wrong[name] = f"Give {what} as a whole number of 0 to {most:,}, such as 40"
        return None
    return int(text)


def _named(form: Mapping[str, str], name: str, wrong: dict[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in form.get(name, "").replace(";", "\n").splitlines():
        words = line.replace(":", " ").split()
        if not words:
            continue
        if len(words) < 2 or not (words[-1].isascii() and words[-1].isdigit()) or len(words[-1]) > 7:
            wrong[name] = (
                f"`{line.strip()[:60]}` does not end in a whole number; write a name and a number on each line, such as `Housing 3`"
            )
            continue
        found[" ".join(words[:-1])] = int(words[-1])
    return found
