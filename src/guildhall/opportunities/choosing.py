"""Runs one whole choice of a portfolio.

A run finds who may be chosen, the best set, what a list sorted by value would have chosen, what other budgets would buy (the frontier),
and how sure each choice is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from guildhall.opportunities.breaking import Broken, broken_rules, by_rank
from guildhall.opportunities.gates import Barred, Gate, GateState, barred
from guildhall.opportunities.objective import Judged, Money, Objective, Unvalued
from guildhall.opportunities.portfolio import Candidate, Constraints, Portfolio, Problem
from guildhall.opportunities.register import Opportunity
from guildhall.opportunities.robustness import Doubt, Point, Robustness, frontier, robustness, weighted
from guildhall.opportunities.scoring import HIGHEST, LOWEST, Head
from guildhall.opportunities.turning import Turning, Turns, turning
from guildhall.opportunities.worth import missing, pounds_of

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """The question of a run: the rules, the weights of the heads, what is drawn, and the objective. `money` is None if the objective is points."""

    constraints: Constraints
    weights: Mapping[Head, float]
    doubt: Doubt = field(default_factory=Doubt)
    money: Money | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The result of a run. `broken` holds the rules that choosing the same number by value alone would break."""

    portfolio: Portfolio
    ranked: Portfolio
    broken: tuple[Broken, ...]
    robust: Robustness
    frontier: tuple[Point, ...]
    turning: tuple[Turning, ...]

    @property
    def headline(self) -> str:
        """How much of the set stays the same with other weights and estimates."""
        robust = sum(each.robust for each in self.robust.standings)
        contested = sum(each.contested for each in self.robust.standings)
        return f"robust {robust}, contested {contested}"


def points(scores: Mapping[Head, float]) -> dict[Head, float]:
    """Scores of 1 to 5 as points of 0 to 100."""
    return {head: 100 * (score - LOWEST) / (HIGHEST - LOWEST) for head, score in scores.items()}


def judge(
    opportunities: Sequence[Opportunity],
    scores: Mapping[str, Mapping[Head, float]],
    gates: Mapping[str, Mapping[Gate, GateState]],
) -> tuple[tuple[Judged, ...], dict[str, tuple[Barred, ...]]]:
    """The opportunities that may be chosen, and why each of the others may not.

    One that nobody has scored may not be chosen, and neither may one that needs another which may not.
    """
    judged: list[Judged] = []
    out: dict[str, tuple[Barred, ...]] = {}
    for each in opportunities:
        reasons = barred(each, gates.get(each.id, {}))
        if not reasons and not scores.get(each.id):
            reasons = (Barred("Nobody has scored it."),)
        if reasons:
            out[each.id] = reasons
            continue
        known = each.details
        candidate = Candidate(
            each.id, 0.0, known.cost_pence, known.team_days, known.directorate, known.depends_on, known.excludes, known.must_have
        )
        judged.append(Judged(candidate, points(scores[each.id]), pounds_of(known), known.run_cost_pence_pa))
    return _standing_alone(judged, out, {each.id: each.details.title for each in opportunities})


def for_money(
    judged: Sequence[Judged], out: Mapping[str, tuple[Barred, ...]], money: Money | None, opportunities: Mapping[str, Opportunity]
) -> tuple[tuple[Judged, ...], dict[str, tuple[Barred, ...]]]:
    """The same, without opportunities that have no figures, if the run asks for that. One that must be done stays, and so does what it needs."""
    if money is None or money.unvalued == Unvalued.FOR_NOTHING:
        return tuple(judged), dict(out)
    by_id = {each.candidate.id: each.candidate for each in judged}
    kept, waiting = set[str](), [name for name, each in by_id.items() if each.must_have]
    while waiting:
        name = waiting.pop()
        if name in by_id and name not in kept:
            kept.add(name)
            waiting += by_id[name].depends_on
    gone = [each.candidate.id for each in judged if each.pounds is None and each.candidate.id not in kept]
    said = {
        name: (
            Barred(
                f"It is not valued in pounds, so this run leaves it out. Nobody has said {', '.join(missing(opportunities[name].details))}."
            ),
        )
        for name in gone
    }
    left = [each for each in judged if each.candidate.id not in said]
    return _standing_alone(left, dict(out) | said, {name: each.details.title for name, each in opportunities.items()})


def _standing_alone(
    judged: Sequence[Judged], out: dict[str, tuple[Barred, ...]], titles: Mapping[str, str]
) -> tuple[tuple[Judged, ...], dict[str, tuple[Barred, ...]]]:
    """Take out opportunities that need one which may not be chosen. Repeat until nothing more drops out."""
    left = list(judged)
    while True:
        ids = {each.candidate.id for each in left}
        fallen = {each.candidate.id: [other for other in each.candidate.depends_on if other not in ids] for each in left}
        fallen = {name: others for name, others in fallen.items() if others}
        if not fallen:
            return tuple(left), out
        out |= {
            name: tuple(Barred(f"It needs “{titles.get(other, other)}”, which cannot be chosen.") for other in others)
            for name, others in fallen.items()
        }
        left = [each for each in left if each.candidate.id not in fallen]


def with_running(judged: Sequence[Judged], years: int) -> tuple[Judged, ...]:
    """Costs as the budget counts them: the cost to build, and `years` years of running costs."""
    return tuple(
        replace(each, candidate=replace(each.candidate, cost_pence=each.candidate.cost_pence + years * each.run_cost_pence_pa))
        for each in judged
    )


def run(judged: Sequence[Judged], asked: Asked, progress: Progress = lambda _done, _all: None) -> Run:
    """Choose a set, and work out how sure that is. Progress counts draws, budgets and turning points together."""
    objective = Objective(with_running(judged, asked.constraints.run_years), asked.weights, asked.money)
    candidates = weighted(objective)
    problem = Problem(candidates, asked.constraints)
    best = problem.solve()
    draws = asked.doubt.draws if best.chosen else 0
    whole = 2 * draws
    found = robustness(objective, asked.constraints, best.chosen, replace(asked.doubt, draws=draws), lambda done, _: progress(done, whole))
    doubtful = sorted((each for each in found.standings if each.contested), key=lambda each: (abs(each.inclusion - 0.5), each.id))
    points_of = frontier(problem, best)
    steps = len(doubtful) + 1
    turns = turning(Turns(problem, best, objective), doubtful, lambda done, _: progress(draws + draws * done // steps, whole))
    ranked = by_rank(candidates, len(best.chosen))
    return Run(best, ranked, broken_rules(candidates, asked.constraints, ranked.chosen), found, points_of, turns)
