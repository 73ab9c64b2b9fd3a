"""Tests how much a portfolio depends on its weights and estimates.

It chooses again and again with other weights and estimates, drawn at random. What is chosen nearly every time is robust.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.opportunities.objective import HEADS, Judged, Objective
from guildhall.opportunities.portfolio import Candidate, Constraints, Portfolio, Problem, Solved
from guildhall.opportunities.scoring import Head

ROBUST: Final = 0.9
"""Chosen in at least this share of the draws: robust. In fewer: contested."""
SOMETIMES: Final = 0.1
FRONTIER: Final = (0.25, 0.4, 0.55, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5)
TURNING_GAP: Final = 5e-4
DRAW_GAP: Final = 5e-3
"""A draw need not be solved as finely as the portfolio itself: its estimates are off by far more."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is drawn. `concentration`: how near drawn weights stay to those given (larger is nearer). The spreads are those of a lognormal."""

    draws: int = 200
    seed: int = 1
    concentration: float = 20.0
    value_spread: float = 0.3
    cost_spread: float = 0.2


@dataclass(frozen=True, slots=True)
class Standing:
    """How one candidate fared: the share of draws it was in, and the weights under which it was in more than out (mean difference by head)."""

    id: str
    inclusion: float
    chosen: bool
    leans: Mapping[Head, float]

    @property
    def robust(self) -> bool:
        """In the portfolio, and in nearly every draw."""
        return self.chosen and self.inclusion >= ROBUST

    @property
    def contested(self) -> bool:
        """Chosen without being robust, or not chosen and yet in some draws."""
        return (self.chosen and not self.robust) or (not self.chosen and self.inclusion >= SOMETIMES)


@dataclass(frozen=True, slots=True)
class Robustness:
    """The standing of every candidate, in their order; `without` counts draws in which nothing met the rules."""

    standings: tuple[Standing, ...]
    draws: int
    without: int


def weighted(objective: Objective) -> tuple[Candidate, ...]:
    """Candidates with one value each, by the objective."""
    return tuple(replace(each.candidate, value=float(value)) for each, value in zip(objective.judged, objective.values(), strict=True))


def robustness(
    objective: Objective, constraints: Constraints, chosen: Sequence[str], doubt: Doubt, progress: Progress = lambda _done, _all: None
) -> Robustness:
    """Choose again with weights from a Dirichlet and values and costs from lognormals of median 1. The same seed gives the same draws."""
    rng, judged = np.random.default_rng(doubt.seed), objective.judged
    problem = Problem(weighted(objective), constraints)
    inside = np.zeros((doubt.draws, len(judged)), dtype=bool)
    drawn = np.zeros((doubt.draws, len(HEADS)))
    solved = np.zeros(doubt.draws, dtype=bool)
    place = {each.candidate.id: n for n, each in enumerate(judged)}
    for draw in range(doubt.draws):
        drawn[draw], values = objective.drawn(rng, doubt.concentration, doubt.value_spread)
        costs = problem.costs * rng.lognormal(0.0, doubt.cost_spread, len(judged))
        found = problem.solve(values, costs, gap=DRAW_GAP)
        solved[draw] = found.solved != Solved.IMPOSSIBLE and bool(found.chosen)
        inside[draw, [place[name] for name in found.chosen]] = True
        progress(draw + 1, doubt.draws)
    standings = _standings(judged, frozenset(chosen), inside[solved], drawn[solved], leaning=objective.money is None)
    return Robustness(tuple(standings), doubt.draws, int((~solved).sum()))


def _standings(
    judged: Sequence[Judged], chosen: frozenset[str], inside: NDArray[np.bool_], drawn: NDArray[np.float64], leaning: bool
) -> list[Standing]:
    found = []
    for n, each in enumerate(judged):
        column = inside[:, n]
        leans: dict[Head, float] = {}
        if leaning and column.any() and not column.all():
            apart = drawn[column].mean(axis=0) - drawn[~column].mean(axis=0)
            leans = {head: round(float(value), 4) for head, value in zip(HEADS, apart, strict=True)}
        share = float(column.mean()) if len(column) else 0.0
        found.append(Standing(each.candidate.id, share, each.candidate.id in chosen, leans))
    return found


@dataclass(frozen=True, slots=True)
class Point:
    """The best that a budget buys, in what the objective counts, and what it is."""

    budget_pence: int
    value: float
    cost_pence: int
    count: int
    chosen: tuple[str, ...] = ()


def frontier(problem: Problem, best: Portfolio, progress: Progress = lambda _done, _all: None) -> tuple[Point, ...]:
    """Value against budget: the best set at shares of the budget, or of what the best set costs where no budget is given.

    Budgets that meet no rule are left out; so are shares above 1 without a budget, which buy nothing more.
    """
    budget = problem.constraints.budget_pence
    shares = FRONTIER if budget else tuple(share for share in FRONTIER if share <= 1)
    base = best.cost_pence if budget is None else budget
    found: list[Point] = []
    for done, share in enumerate(shares if base else (), 1):
        tried = round(base * share)
        bought = problem.solve(budget_pence=tried, gap=2 * TURNING_GAP)
        if bought.chosen:
            found.append(Point(tried, bought.value, bought.cost_pence, len(bought.chosen), bought.chosen))
        progress(done, len(shares))
    return tuple(found)
