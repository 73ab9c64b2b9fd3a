"""How much of a portfolio rests on the weights and the estimates: it is chosen again and again with both drawn anew, and what stays is robust."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.opportunities.portfolio import Candidate, Constraints, Portfolio, Problem, Solved
from guildhall.opportunities.scoring import Head

HEADS: Final = tuple(Head)
ROBUST: Final = 0.9
"""In at least so many of the draws: robust. In fewer, but in some: contested."""
SOMETIMES: Final = 0.1
FRONTIER: Final = (0.25, 0.4, 0.55, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5)
TURNING_GAP: Final = 5e-4
MOST_TURNING: Final = 40
"""So many contested ones at most get their turning point worked out: those that most draws disagree about."""
DRAW_GAP: Final = 5e-3
"""A draw need not be solved as finely as the portfolio itself: its estimates are off by far more."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """One candidate with its points under each head (0 to 100), before weights make one value of them."""

    candidate: Candidate
    points: Mapping[Head, float]


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


def weighted(judged: Sequence[Judged], weights: Mapping[Head, float]) -> tuple[Candidate, ...]:
    """Candidates with one value each: their points under the heads, by weights that are made to sum to 1."""
    shares = _shares(weights)
    points = _points(judged)
    return tuple(replace(each.candidate, value=float(value)) for each, value in zip(judged, points @ shares, strict=True))


def robustness(
    judged: Sequence[Judged],
    constraints: Constraints,
    weights: Mapping[Head, float],
    chosen: Sequence[str],
    doubt: Doubt,
    progress: Progress = lambda _done, _all: None,
) -> Robustness:
    """Choose again with weights from a Dirichlet and values and costs from lognormals of median 1. The same seed gives the same draws."""
    rng = np.random.default_rng(doubt.seed)
    shares, points = _shares(weights), _points(judged)
    problem = Problem(weighted(judged, weights), constraints)
    inside = np.zeros((doubt.draws, len(judged)), dtype=bool)
    drawn = np.zeros((doubt.draws, len(HEADS)))
    solved = np.zeros(doubt.draws, dtype=bool)
    place = {each.candidate.id: n for n, each in enumerate(judged)}
    for draw in range(doubt.draws):
        drawn[draw] = rng.dirichlet(np.maximum(shares * doubt.concentration, 1e-3))
        values = (points @ drawn[draw]) * rng.lognormal(0.0, doubt.value_spread, len(judged))
        costs = problem.costs * rng.lognormal(0.0, doubt.cost_spread, len(judged))
        found = problem.solve(values, costs, gap=DRAW_GAP)
        solved[draw] = found.solved != Solved.IMPOSSIBLE and bool(found.chosen)
        inside[draw, [place[name] for name in found.chosen]] = True
        progress(draw + 1, doubt.draws)
    return Robustness(tuple(_standings(judged, frozenset(chosen), inside[solved], drawn[solved])), doubt.draws, int((~solved).sum()))


def _standings(judged: Sequence[Judged], chosen: frozenset[str], inside: NDArray[np.bool_], drawn: NDArray[np.float64]) -> list[Standing]:
    found = []
    for n, each in enumerate(judged):
        column = inside[:, n]
        leans: dict[Head, float] = {}
        if column.any() and not column.all():
            apart = drawn[column].mean(axis=0) - drawn[~column].mean(axis=0)
            leans = {head: round(float(value), 4) for head, value in zip(HEADS, apart, strict=True)}
        share = float(column.mean()) if len(column) else 0.0
        found.append(Standing(each.candidate.id, share, each.candidate.id in chosen, leans))
    return found


@dataclass(frozen=True, slots=True)
class Point:
    """The best that a budget buys."""

    budget_pence: int
    value: float
    cost_pence: int
    count: int


def frontier(problem: Problem, progress: Progress = lambda _done, _all: None) -> tuple[Point, ...]:
    """Value against budget: the best set at shares of the budget. Empty without a budget; budgets that meet no rule are left out."""
    budget = problem.constraints.budget_pence
    found: list[Point] = []
    for done, share in enumerate(FRONTIER if budget else (), 1):
        tried = round((budget or 0) * share)
        best = problem.solve(budget_pence=tried, gap=2 * TURNING_GAP)
        if best.chosen:
            found.append(Point(tried, best.value, best.cost_pence, len(best.chosen)))
        progress(done, len(FRONTIER))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Turning:
    """Where the decision on one candidate turns: the factor on its value at which it would come in, or fall out; None when no value would do it."""

    id: str
    chosen: bool
    factor: float | None


def turning(
    problem: Problem, portfolio: Portfolio, names: Sequence[str], progress: Progress = lambda _done, _all: None
) -> tuple[Turning, ...]:
    """What would have to be true for each: one chosen stays while its value is at least `factor` times what was scored; one left out comes in from there.

    Value enters linearly, so the best set with it and the best set without it are compared: exact but for the solver's gap.
    """
    value = {candidate.id: candidate.value for candidate in problem.candidates}
    inside = set(portfolio.chosen)
    found: list[Turning] = []
    for done, name in enumerate(names, 1):
        other = problem.solve(fixed={name: name not in inside}, gap=TURNING_GAP)
        factor: float | None = None
        if other.chosen and value[name] > 0:
            difference = max(0.0, portfolio.value - other.value)
            factor = max(0.0, 1 - difference / value[name]) if name in inside else 1 + difference / value[name]
        found.append(Turning(name, name in inside, None if factor is None else round(factor, 3)))
        progress(done, len(names))
    return tuple(found)


def _shares(weights: Mapping[Head, float]) -> NDArray[np.float64]:
    given = np.array([max(0.0, float(weights.get(head, 0.0))) for head in HEADS])
    return given / given.sum() if given.sum() > 0 else np.full(len(HEADS), 1 / len(HEADS))


def _points(judged: Sequence[Judged]) -> NDArray[np.float64]:
    return np.array([[each.points.get(head, 0.0) for head in HEADS] for each in judged], dtype=float).reshape(len(judged), len(HEADS))
