"""Before and after: the weakest comparison. It is always shown with how often it is wrong.

It is Welch's t-test on the monthly values (Welch 1947). It mistakes anything that was happening anyway for an effect. In simulated series of
24 months before and 12 after, with noise of 8% and no effect at all, it "finds" one in 10 of 100 without a trend, and in 63 of 100 if costs
were falling by half a per cent a month (benchmarks/value_designs repeats that). How often it would be wrong on a council's own months is
simulated from those months.
"""

from typing import Final

import numpy as np

from guildhall.value.evaluation.effects import LEVEL, Effect, EvaluationError, Evidence
from guildhall.value.evaluation.power import Noise, noise_of, simulated
from guildhall.value.evaluation.series import Series

FALSE_ALARMS: Final = {0.0: 0.10, -0.005: 0.63, -0.01: 0.98}
"""Of simulated series without any effect, the share in which this finds one, either way, at `LEVEL`; by their trend a month."""
FEWEST: Final = 3
RUNS: Final = 2000
WARNING: Final = (
    "A before and after mistakes any trend for an effect. If costs are falling by half a per cent a month anyway, it finds a change that nobody made "
    "in about 63 of 100 cases."
)


def before_and_after(series: Series) -> Effect:
    """The mean after less the mean before. Raises EvaluationError below three months on a side, or where nothing varies."""
    from scipy import stats  # most of a second to import: only who evaluates pays it

    if min(series.before, series.after) < FEWEST:
        raise EvaluationError(f"a before and after needs {FEWEST} months on each side; there are {series.before} and {series.after}")
    before, after = series.y[: series.before], series.y[series.before :]
    if np.ptp(before) == 0 and np.ptp(after) == 0:
        raise EvaluationError("the months on each side are all the same, which measured figures never are, so chance cannot be judged")
    test = stats.ttest_ind(after, before, equal_var=False)
    bounds = test.confidence_interval(1 - LEVEL)
    estimate = float(after.mean() - before.mean())
    return Effect(
        "Before and after", Evidence.E2, estimate, float(bounds.low), float(bounds.high), float(test.pvalue), float(before.mean()),
        len(series.values), (WARNING,),
    )  # fmt: skip


def false_alarm_share(noise: Noise, before: int, after: int, random: np.random.Generator, runs: int = RUNS) -> float:
    """How often a before and after finds a change where none was made, in months with this noise and trend, either way, at `LEVEL`."""
    from scipy import stats

    made = simulated(noise, before + after, runs, random)
    found = stats.ttest_ind(made[:, before:], made[:, :before], axis=1, equal_var=False)
    return float(np.mean(np.asarray(found.pvalue) < LEVEL))


def own_false_alarms(series: Series, random: np.random.Generator) -> float | None:
    """The same for months that wander as these did before the launch; None with fewer than 12 of them, or where they do not wander."""
    try:
        noise = noise_of(series.y[: series.before])
    except EvaluationError:
        return None
    return false_alarm_share(noise, series.before, series.after, random)
