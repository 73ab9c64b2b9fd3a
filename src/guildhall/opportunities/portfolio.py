"""Finds the best set within the rules by integer programming (HiGHS in scipy). It proves how good the set is: the gap to the best that could exist.

maximise Σ valueᵢ·xᵢ   where   Σ costᵢ·xᵢ ≤ budget,  Σ daysᵢₜ·xᵢ ≤ capacityₜ,  Σ xᵢ ≤ at most,  xᵢ ≤ xⱼ (i depends on j),
                                xᵢ + xⱼ ≤ 1 (i excludes j),  floor ≤ Σ xᵢ of a directorate ≤ ceiling,  xᵢ = 1 (must have),  xᵢ ∈ {0, 1}
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SECONDS: Final = 30.0
GAP: Final = 1e-4
_ROUNDED: Final = 0.5
_POUND: Final = 100
_SIZE: Final = 100.0
_NOTHING: Final = -1e-4
"""What counts for nothing is chosen only where a rule asks for it: it costs a ten-thousandth of a point of the largest value."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One that may be chosen. `value` is in what the objective counts (points, or pence), cost in pence, days by team. Ids in `depends_on` that are no candidates bar it."""

    id: str
    value: float
    cost_pence: int = 0
    team_days: Mapping[str, float] = field(default_factory=dict)
    directorate: str = ""
    depends_on: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    must_have: bool = False


@dataclass(frozen=True, slots=True)
class Constraints:
    """The rules of one portfolio. None or a missing key: no such rule. Floors and ceilings count opportunities of a directorate.

    The budget covers building and `run_years` years of running.
    """

    budget_pence: int | None = None
    at_most: int | None = None
    team_days: Mapping[str, float] = field(default_factory=dict)
    floors: Mapping[str, int] = field(default_factory=dict)
    ceilings: Mapping[str, int] = field(default_factory=dict)
    run_years: int = 0


class Solved(StrEnum):
    """How it ended."""

    OPTIMAL = "optimal"
    CUT_SHORT = "cut_short"
    IMPOSSIBLE = "impossible"


SOLVED_LABELS: Final[dict[Solved, tuple[str, str]]] = {
    Solved.OPTIMAL: ("Best possible", "No other set within the rules is worth more, to within the gap."),
    Solved.CUT_SHORT: ("Cut short", "This is the best set found in the time allowed. The gap says how much better another set could be."),
    Solved.IMPOSSIBLE: (
        "Not possible",
        "No set meets these rules. Change the budget, a team's days, what a directorate was promised, or what must be done.",
    ),
}


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What was chosen, in the order of the candidates. `gap` is the share by which a better set could exist at most."""

    solved: Solved
    chosen: tuple[str, ...] = ()
    value: float = 0.0
    cost_pence: int = 0
    gap: float = 0.0
    seconds: float = 0.0


class Problem:
    """The rules of one instance as matrices, built once and solved for many values and costs."""

    def __init__(self, candidates: Sequence[Candidate], constraints: Constraints) -> None:
        self.candidates, self.constraints = tuple(candidates), constraints
        self._place = {candidate.id: n for n, candidate in enumerate(self.candidates)}
        self.values = np.array([candidate.value for candidate in self.candidates], dtype=float)
        self.costs = np.array([candidate.cost_pence for candidate in self.candidates], dtype=float)
        self._low, self._high = np.zeros(len(self.candidates)), np.ones(len(self.candidates))
        rows: list[tuple[dict[int, float], float, float]] = []
        self._fixed_bounds(rows)
        self._rules(rows)
        self._rows = rows
        self._matrix = _matrix(rows, len(self.candidates))
        self._lower, self._upper = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])

    def solve(
        self,
        values: NDArray[np.float64] | None = None,
        costs: NDArray[np.float64] | None = None,
        *,
        budget_pence: float | None = None,
        fixed: Mapping[str, bool] | None = None,
        gap: float = GAP,
        seconds: float = SECONDS,
    ) -> Portfolio:
        """The best set. `fixed` forces some in or out. The same input gives the same set."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        began = time.perf_counter()
        values = self.values if values is None else values
        costs = self.costs if costs is None else costs
        if not len(self.candidates):
            return Portfolio(Solved.OPTIMAL)
        low, high = self._low.copy(), self._high.copy()
        for name, inside in (fixed or {}).items():
            place = self._place[name]
            low[place], high[place] = (1.0, high[place]) if inside else (low[place], 0.0)
        if (low > high).any():
            return Portfolio(Solved.IMPOSSIBLE)
        limits = []
        if self._rows:
            limits.append(LinearConstraint(self._matrix, self._lower, self._upper))
        budget = self.constraints.budget_pence if budget_pence is None else budget_pence
        if budget is not None:  # in pounds: numbers near one another in size are solved more surely
            limits.append(LinearConstraint(costs[None, :] / _POUND, -np.inf, budget / _POUND))
        largest = max(_SIZE, float(np.abs(values).max())) / _SIZE  # pence in the size of points: the solver's tolerances are absolute
        found = milp(
            -np.where(values == 0, _NOTHING, values / largest), integrality=np.ones(len(values), dtype=np.int64), bounds=Bounds(low, high), constraints=limits,
            options={"mip_rel_gap": gap, "time_limit": seconds},
        )  # fmt: skip
        spent = time.perf_counter() - began
        if found.x is None:
            return Portfolio(Solved.CUT_SHORT if found.status == 1 else Solved.IMPOSSIBLE, seconds=spent)
        chosen = np.flatnonzero(found.x > _ROUNDED)
        return Portfolio(
            Solved.OPTIMAL if found.status == 0 else Solved.CUT_SHORT,
            tuple(self.candidates[n].id for n in chosen),
            float(values[chosen].sum()),
            round(float(costs[chosen].sum())),
            float(found.mip_gap or 0.0),
            spent,
        )

    def _fixed_bounds(self, rows: list[tuple[dict[int, float], float, float]]) -> None:
        for n, candidate in enumerate(self.candidates):
            if candidate.must_have:
                self._low[n] = 1.0
            for other in candidate.depends_on:
                if other in self._place:
                    rows.append(({n: 1.0, self._place[other]: -1.0}, -np.inf, 0.0))
                else:
                    self._high[n] = 0.0
            for other in candidate.excludes:
                if other in self._place and other != candidate.id:
                    rows.append(({n: 1.0, self._place[other]: 1.0}, -np.inf, 1.0))

    def _rules(self, rows: list[tuple[dict[int, float], float, float]]) -> None:
        rules = self.constraints
        if rules.at_most is not None:
            rows.append((dict.fromkeys(range(len(self.candidates)), 1.0), -np.inf, rules.at_most))
        for team, days in rules.team_days.items():
            rows.append(
                ({n: float(each.team_days[team]) for n, each in enumerate(self.candidates) if each.team_days.get(team)}, -np.inf, days)
            )
        for name in dict.fromkeys((*rules.floors, *rules.ceilings)):
            of_it = {n: 1.0 for n, each in enumerate(self.candidates) if each.directorate == name}
            rows.append((of_it, rules.floors.get(name, 0), rules.ceilings.get(name, np.inf)))


def _matrix(rows: Sequence[tuple[dict[int, float], float, float]], width: int) -> "csr_array":
    from scipy.sparse import coo_array

    places = [(row, column, value) for row, (filled, _, _) in enumerate(rows) for column, value in filled.items()]
    values, at = [value for *_, value in places], ([row for row, _, _ in places], [column for _, column, _ in places])
    return coo_array((values, at), shape=(len(rows), width)).tocsr()


def solve(candidates: Sequence[Candidate], constraints: Constraints, *, gap: float = GAP, seconds: float = SECONDS) -> Portfolio:
    """The best set within the rules."""
    return Problem(candidates, constraints).solve(gap=gap, seconds=seconds)
