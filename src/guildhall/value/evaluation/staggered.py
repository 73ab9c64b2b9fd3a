"""A staggered rollout: teams begin in a drawn order, and those that have not begun yet are the comparison.

The effect is the mean, over all teams and months after their start, of how much a team changed since the month before it started, less
how much teams changed meanwhile that had not started by then (Callaway and Sant'Anna 2021, with teams not yet started as comparison and
equal weights). Chance is judged by drawing the order anew: the share of drawn orders with an effect as large (Fisher's randomisation
test). That is sound because the order was drawn, and only then: without a draw it is no experiment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from guildhall.value.evaluation.effects import LEVEL, Effect, EvaluationError, Evidence
from guildhall.value.evaluation.series import Numbers

DRAWS = 2000
FEWEST_TEAMS = 4


@dataclass(frozen=True)
class Rollout:
    """Months of each team, all of the same length, and the place of the month in which each began; one that never began has its length.

    `drawn` says that the order was drawn by lot before anybody began.
    """

    months: Mapping[str, Sequence[float]]
    began: Mapping[str, int]
    drawn: bool

    def __post_init__(self) -> None:
        lengths = {len(values) for values in self.months.values()}
        if len(self.months) < FEWEST_TEAMS or len(lengths) != 1:
            raise EvaluationError(
                f"a staggered rollout needs {FEWEST_TEAMS} teams or more with the same months; there are {len(self.months)}"
            )
        if set(self.began) != set(self.months):
            raise EvaluationError("every team needs the month in which it began, and no other team one")
        length = lengths.pop()
        for team, start in self.began.items():
            if not 1 <= start <= length:
                raise EvaluationError(
                    f"team `{team}` began in month {start}; it must be one of 1 to {length}, the last for a team that did not begin"
                )
        if len(set(self.began.values())) < 2:
            raise EvaluationError("all teams began in the same month, so that there is nobody to compare with")


def staggered(rollout: Rollout, random: np.random.Generator, draws: int = DRAWS) -> Effect:
    """The mean effect of having begun. Raises EvaluationError when the order was not drawn, or nobody can be compared."""
    if not rollout.drawn:
        raise EvaluationError(
            "the order was not drawn by lot, so this is no experiment: use an interrupted time series against a comparison"
        )
    teams = list(rollout.months)
    values = np.array([rollout.months[team] for team in teams], dtype=np.float64)
    began = np.array([rollout.began[team] for team in teams])
    estimate = _effect(values, began)
    if estimate is None:
        raise EvaluationError("no month after a start has a team that had not begun yet, so that there is nobody to compare with")
    drawn = [found for _ in range(draws) if (found := _effect(values, random.permutation(began))) is not None]
    p = (1 + sum(abs(found) >= abs(estimate) - 1e-12 for found in drawn)) / (1 + len(drawn))
    low, high = _bounds(values, began, estimate, random, draws)
    before = float(np.mean([row[:start].mean() for row, start in zip(values, began, strict=True)]))
    return Effect("Staggered rollout in a drawn order", Evidence.E4, estimate, low, high, p, before, values.size)


def _effect(values: Numbers, began: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> float | None:
    found = []
    for team, start in enumerate(began):
        for month in range(start, values.shape[1]):
            others = began > month
            if others.any():
                change = values[team, month] - values[team, start - 1]
                found.append(change - (values[others, month] - values[others, start - 1]).mean())
    return float(np.mean(found)) if found else None


def _bounds(
    values: Numbers, began: "np.ndarray[tuple[int], np.dtype[np.int64]]", estimate: float, random: np.random.Generator, draws: int
) -> tuple[float, float]:
    """The effects that the draw does not speak against: with each taken out of the months, chance is judged anew (a constant effect is assumed)."""
    started = np.arange(values.shape[1])[None, :] >= began[:, None]
    rest = values - estimate * started
    drawn = np.array([found for _ in range(draws) if (found := _effect(rest, random.permutation(began))) is not None])
    low, high = np.quantile(drawn, [LEVEL / 2, 1 - LEVEL / 2])
    return float(estimate - high), float(estimate - low)
