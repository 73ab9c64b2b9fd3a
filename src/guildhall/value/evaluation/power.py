"""Works out, before a plan is approved, the smallest saving that the council's own months of data could show."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from guildhall.value.evaluation.effects import LEVEL, EvaluationError
from guildhall.value.evaluation.interrupted import STEP, prais_winsten, terms, wave
from guildhall.value.evaluation.series import Numbers

WANTED: Final = 0.8
RUNS: Final = 400
STEPS: Final = (0.02, 0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
"""Savings that are tried, as shares of the level before."""
WARM_UP: Final = 50
AFTERS: Final = (3, 6, 9, 12, 18, 24)
"""Months after a launch that are tried."""


@dataclass(frozen=True, slots=True)
class Noise:
    """How a measure goes up and down by itself: its spread and yearly wave as shares of its level, and how much of one month carries over to the next."""

    spread: float = 0.08
    memory: float = 0.4
    season: float = 0.05
    trend: float = 0.0


@dataclass(frozen=True, slots=True)
class Power:
    """`seen` says for each share how often a saving of so much would be found. `smallest` is the first found in 80 of 100; None when none is."""

    before: int
    after: int
    seen: tuple[tuple[float, float], ...]
    false_alarms: float

    @property
    def smallest(self) -> float | None:
        """The smallest saving that would be seen."""
        return next((share for share, often in self.seen if often >= WANTED), None)

    @property
    def sentence(self) -> str:
        """For whoever approves."""
        if self.smallest is None:
            return f"With {self.before} months before and {self.after} after, even a saving of {STEPS[-1]:.0%} would often go unseen."
        return f"With {self.before} months before and {self.after} after, you could only see a saving of at least {self.smallest:.0%}."


def noise_of(months: Numbers, level: float | None = None) -> Noise:
    """The noise of a council's own months before a launch, at least 12 of them, as shares of their level (or of another, for a difference)."""
    if len(months) < 12:
        raise EvaluationError(f"12 months are needed to see how a measure goes up and down by itself; there are {len(months)}")
    if np.ptp(months) == 0:
        raise EvaluationError("the months are all the same, which measured figures never are, so nobody can see how they go up and down")
    level = float(months.mean()) if level is None else level
    if level <= 0:
        raise EvaluationError("the level of the months is not above zero, so that shares of it mean nothing")
    x = np.column_stack([np.ones(len(months)), np.arange(len(months)), *wave(len(months))])
    fitted = prais_winsten(months, x)
    left = months - x @ fitted.results.params
    season = float(np.hypot(*fitted.results.params[-2:]))
    return Noise(float(left.std(ddof=x.shape[1])) / level, fitted.rho, season / level, float(fitted.results.params[1]) / level)


def simulated(noise: Noise, months: int, runs: int, random: np.random.Generator) -> Numbers:
    """So many series around a level of 1, a row each."""
    shocks = random.normal(size=(runs, months + WARM_UP)) * noise.spread * np.sqrt(1 - noise.memory**2)
    wandering = np.zeros_like(shocks)
    for month in range(1, months + WARM_UP):
        wandering[:, month] = noise.memory * wandering[:, month - 1] + shocks[:, month]
    month_of = np.arange(months)
    turning = noise.season * np.sin(2 * np.pi * month_of / 12 + random.uniform(0, 2 * np.pi, size=(runs, 1)))
    made: Numbers = 1 + noise.trend * month_of + turning + wandering[:, WARM_UP:]
    return made


def power(noise: Noise, before: int, after: int, random: np.random.Generator, runs: int = RUNS) -> Power:
    """How often the interrupted time series finds savings of several sizes in series that wander like this one."""
    return _power(simulated(noise, before + after, runs, random), before, after)


def _power(series: Numbers, before: int, after: int) -> Power:
    x = terms(before + after, before)
    # A step added to a series moves the step that is fitted by as much and changes nothing else, so one fit serves savings of every size.
    fits = [prais_winsten(row, x).results for row in series[:, : before + after]]
    steps = np.array([fit.params[STEP] for fit in fits])
    errors = np.array([fit.bse[STEP] for fit in fits])
    limit = _limit(before + after - x.shape[1])

    def found(share: float) -> float:
        moved = steps - share
        return float(np.mean((np.abs(moved) > limit * errors) & ((moved < 0) | (share == 0))))

    seen: list[tuple[float, float]] = []
    for share in STEPS:
        seen.append((share, found(share)))
        if seen[-1][1] > 0.99:
            break
    return Power(before, after, tuple(seen), found(0.0))


def power_by_month(
    noise: Noise, before: int, random: np.random.Generator, afters: tuple[int, ...] = AFTERS, runs: int = 200
) -> tuple[Power, ...]:
    """The same for several lengths of time after the launch, so that it can be said by when a saving of which size would be seen.

    All lengths look at the same series, so that they differ by their months and not by the luck of the draw.
    """
    series = simulated(noise, before + max(afters), runs, random)
    return tuple(_power(series, before, after) for after in afters)


def _limit(left: int) -> float:
    """How many standard errors a step must be from nothing to count as found."""
    from scipy import stats

    return float(stats.t.isf(LEVEL / 2, left))
