"""Checks which rules a set of opportunities breaks, without the optimiser.

It is used to test the optimiser, to show what overruling breaks, and to judge a choice by value alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from guildhall.opportunities.portfolio import Candidate, Constraints, Portfolio, Solved


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule that is broken. `rule` is a short code, `about` the id, team or directorate."""

    rule: str
    about: str
    text: str


def broken_rules(candidates: Sequence[Candidate], constraints: Constraints, chosen: Collection[str]) -> tuple[Broken, ...]:
    """Every rule that the set breaks; none when it holds them all."""
    inside = [candidate for candidate in candidates if candidate.id in set(chosen)]
    ids = {candidate.id for candidate in inside}
    found: list[Broken] = []
    for candidate in inside:
        found += [
            Broken("dependency", candidate.id, f"It needs {other}, which is not chosen.")
            for other in candidate.depends_on
            if other not in ids
        ]
        found += [
            Broken("exclusion", candidate.id, f"It cannot be done together with {other}, which is chosen too.")
            for other in candidate.excludes
            if other in ids
        ]
    found += [Broken("must_have", each.id, "It must be chosen.") for each in candidates if each.must_have and each.id not in ids]
    cost = sum(candidate.cost_pence for candidate in inside)
    if constraints.budget_pence is not None and cost > constraints.budget_pence:
        found.append(
            Broken("budget", "", f"It costs £{cost / 100:,.0f}, which is £{(cost - constraints.budget_pence) / 100:,.0f} over the budget.")
        )
    if constraints.at_most is not None and len(inside) > constraints.at_most:
        found.append(Broken("at_most", "", f"{len(inside)} are chosen. The most allowed is {constraints.at_most}."))
    for team, days in constraints.team_days.items():
        needed = sum(candidate.team_days.get(team, 0.0) for candidate in inside)
        if needed > days + 1e-6:
            found.append(Broken("capacity", team, f"{team} would need {needed:,.0f} days and has {days:,.0f}."))
    for name in dict.fromkeys((*constraints.floors, *constraints.ceilings)):
        count = sum(candidate.directorate == name for candidate in inside)
        if count < constraints.floors.get(name, 0):
            found.append(Broken("floor", name, f"{name} has {count}, but was promised at least {constraints.floors[name]}."))
        if count > constraints.ceilings.get(name, count):
            found.append(Broken("ceiling", name, f"{name} has {count}. The most allowed is {constraints.ceilings[name]}."))
    return tuple(found)


def by_rank(candidates: Sequence[Candidate], count: int) -> Portfolio:
    """The `count` candidates with the highest value, whatever they need or cost. This is what a sorted spreadsheet would choose."""
    best = sorted(candidates, key=lambda each: (-each.value, each.id))[:count]
    ids = {candidate.id for candidate in best}
    chosen = tuple(candidate.id for candidate in candidates if candidate.id in ids)
    return Portfolio(Solved.OPTIMAL, chosen, sum(each.value for each in best), sum(each.cost_pence for each in best))
