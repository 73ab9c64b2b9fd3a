"""Before and after: the weakest comparison, shown with how often it is wrong.

Welch's t-test on the monthly values (Welch 1947). It takes whatever was going on anyway for the effect: in simulated series of 24 months
before and 12 after, with noise of 8% and no effect at all, it "finds" one in 8 of 100 without a trend and in 70 of 100 where costs were
falling by half a per cent a month (benchmarks/value_designs repeats that).
"""

from typing import Final

from scipy import stats

from guildhall.value.evaluation.effects import LEVEL, Effect, EvaluationError, Evidence
from guildhall.value.evaluation.series import Series

FALSE_ALARMS: Final = {0.0: 0.08, -0.005: 0.70, -0.01: 0.99}
"""Of series without any effect, the share in which this finds one at the 5% level, by their trend a month."""
FEWEST: Final = 3
WARNING: Final = (
    "A before and after takes any trend for the effect: with costs falling by half a per cent a month anyway, it finds a saving that is not there "
    "in about 70 of 100 cases."
)


def before_and_after(series: Series) -> Effect:
    """The mean after less the mean before. Raises EvaluationError below three months on a side."""
    if min(series.before, series.after) < FEWEST:
        raise EvaluationError(f"a before and after needs {FEWEST} months on each side; there are {series.before} and {series.after}")
    before, after = series.y[: series.before], series.y[series.before :]
    test = stats.ttest_ind(after, before, equal_var=False)
    bounds = test.confidence_interval(1 - LEVEL)
    estimate = float(after.mean() - before.mean())
    return Effect(
        "Before and after", Evidence.E2, estimate, float(bounds.low), float(bounds.high), float(test.pvalue), float(before.mean()),
        len(series.values), (WARNING,),
    )  # fmt: skip
