"""Works out what would change the choice of one opportunity: the smallest change of its value, its cost or the weights.

Each change is tried on the solver.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.opportunities.objective import HEADS, Objective
from guildhall.opportunities.portfolio import Portfolio, Problem
from guildhall.opportunities.robustness import TURNING_GAP, Standing
from guildhall.opportunities.scoring import Head

MOST_TRIED: Final = 40
"""Cost and weights are worked out for this many contested opportunities at most: those that the draws disagree about most.

The value is worked out for all of them.
"""
HALVINGS: Final = 5
MOST_WEIGHT: Final = 0.75
"""The largest share of the weight that a head is tried with. Beyond that it would be a different question."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Turning:
    """Where the decision on one candidate turns. Each is None where no change of that kind does it, or where it was not tried (`tried` False).

    `value` is in what the objective counts; `factor` is it over what was given. `cost_pence` is a cost at which it was seen to turn. `weight`: the share
    of the weight that `head` has at which it was seen to turn, the others shrinking alike.
    """

    id: str
    chosen: bool
    value: float | None
    factor: float | None
    cost_pence: int | None = None
    head: Head | None = None
    weight: float | None = None
    tried: bool = False


class Turns:
    """Looks for turning points of one solved problem."""

    def __init__(self, problem: Problem, best: Portfolio, objective: Objective) -> None:
        self._problem, self._best, self._objective = problem, best, objective
        self._inside = set(best.chosen)
        self._place = {candidate.id: n for n, candidate in enumerate(problem.candidates)}

    def at(self, name: str, standing: Standing | None = None) -> Turning:
        """Its value; with a standing its cost and weights too.

        Value enters linearly, so the best set with it and the best set without it are compared: exact but for the solver's gap.
        """
        inside, given = name in self._inside, self._problem.candidates[self._place[name]].value
        other = self._problem.solve(fixed={name: not inside}, gap=TURNING_GAP)
        value = None
        if other.chosen:
            difference = max(0.0, self._best.value - other.value)
            value = given - difference if inside else given + difference
        factor = round(max(0.0, value / given), 3) if value is not None and given > 0 else None
        if standing is None:
            return Turning(name, inside, value, factor)
        head, weight = self._weight(name, standing) if self._objective.money is None else (None, None)
        return Turning(name, inside, value, factor, self._cost(name, other.value), head, weight, tried=True)

    def _cost(self, name: str, without: float) -> int | None:
        """A cost, rounded to the pound, at which it turns: found by halving, and tried."""
        place, costs, inside = self._place[name], self._problem.costs, name in self._inside
        now = float(costs[place])
        if self._problem.constraints.budget_pence is None or not now:
            return None

        def turned(cost: float) -> bool:
            changed = costs.copy()
            changed[place] = cost
            found = self._problem.solve(costs=changed, fixed={name: True}, gap=TURNING_GAP)
            return (found.value <= without if found.chosen else True) if inside else bool(found.chosen) and found.value >= self._best.value

        far = min(8 * now, float(self._problem.constraints.budget_pence)) if inside else 0.0
        turns = _halved(turned, now, far)
        return None if turns is None else round(turns / 100) * 100

    def _weight(self, name: str, standing: Standing) -> tuple[Head | None, float | None]:
        """The head whose weight the draws lean on most, and the share of it at which the decision was seen to turn."""
        wanted = {head: -lean if name in self._inside else lean for head, lean in standing.leans.items()}
        head = max(wanted, key=lambda each: wanted[each], default=None)
        if head is None or wanted[head] <= 0:
            return None, None
        shares, place = self._objective.shares, HEADS.index(head)

        def turned(weight: float) -> bool:
            found = self._problem.solve(self._objective.values(_given(shares, place, weight)), gap=TURNING_GAP)
            return bool(found.chosen) and (name in found.chosen) != (name in self._inside)

        turns = _halved(turned, float(shares[place]), MOST_WEIGHT) if shares[place] < MOST_WEIGHT else None
        return (None, None) if turns is None else (head, turns)


def _given(shares: NDArray[np.float64], place: int, weight: float) -> NDArray[np.float64]:
    """Shares in which one head has that weight, and the others keep their proportions."""
    rest = 1 - shares[place]
    changed = shares * ((1 - weight) / rest) if rest > 0 else np.full(len(shares), (1 - weight) / max(1, len(shares) - 1))
    changed[place] = weight
    return changed


def _halved(turned: Callable[[float], bool], now: float, far: float) -> float | None:
    """Something between now and far at which it turns, as near to now as so many halvings find; None where it does not even at far."""
    if not turned(far):
        return None
    near = now
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        near, far = (near, middle) if turned(middle) else (middle, far)
    return far


def turning(turns: Turns, doubtful: Sequence[Standing], progress: Progress = lambda _done, _all: None) -> tuple[Turning, ...]:
    """What would have to be true for each contested one; the first so many with cost and weights."""
    found: list[Turning] = []
    for done, standing in enumerate(doubtful, 1):
        found.append(turns.at(standing.id, standing if done <= MOST_TRIED else None))
        progress(done, len(doubtful))
    return tuple(found)
