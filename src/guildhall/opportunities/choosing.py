"""One whole run: who may be chosen, the best set, what sorting by rank would have chosen, the frontier, and the doubts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from guildhall.opportunities.breaking import Broken, broken_rules, by_rank
from guildhall.opportunities.gates import Barred, Gate, GateState, barred
from guildhall.opportunities.portfolio import Candidate, Constraints, Portfolio, Problem
from guildhall.opportunities.register import Opportunity
from guildhall.opportunities.robustness import (
    MOST_TURNING,
    Doubt,
    Judged,
    Point,
    Robustness,
    Turning,
    frontier,
    robustness,
    turning,
    weighted,
)
from guildhall.opportunities.scoring import HIGHEST, LOWEST, Head

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run is asked: rules, weights of the heads, and what is drawn."""

    constraints: Constraints
    weights: Mapping[Head, float]
    doubt: Doubt = field(default_factory=Doubt)


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it. `broken` is what choosing as many by rank alone would break."""

    portfolio: Portfolio
    ranked: Portfolio
    broken: tuple[Broken, ...]
    robust: Robustness
    frontier: tuple[Point, ...]
    turning: tuple[Turning, ...]

    @property
    def headline(self) -> str:
        """How much of it stands whatever the weights and estimates."""
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
    """Those that may be chosen, and why each other may not. What nobody has scored may not."""
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
        judged.append(Judged(candidate, points(scores[each.id])))
    return tuple(judged), out


def run(judged: Sequence[Judged], asked: Asked, progress: Progress = lambda _done, _all: None) -> Run:
    """Choose, and say how sure that is. Progress counts draws, budgets and turning points together."""
    candidates = weighted(judged, asked.weights)
    problem = Problem(candidates, asked.constraints)
    best = problem.solve()
    draws = asked.doubt.draws if best.chosen else 0
    found = robustness(
        judged,
        asked.constraints,
        asked.weights,
        best.chosen,
        replace(asked.doubt, draws=draws),
        lambda n, _: progress(n, draws + draws // 2),
    )
    doubtful = sorted((each for each in found.standings if each.contested), key=lambda each: (abs(each.inclusion - 0.5), each.id))
    contested = [each.id for each in doubtful[:MOST_TURNING]]
    steps = len(contested) + 1
    points_of = frontier(problem)
    turns = turning(problem, best, contested, lambda n, _: progress(draws + draws // 2 * n // steps, draws + draws // 2))
    ranked = by_rank(candidates, len(best.chosen))
    return Run(best, ranked, broken_rules(candidates, asked.constraints, ranked.chosen), found, points_of, turns)
