"""Interrupted time series: the step at the launch, after taking out the trend, the memory of the months, and the season if it can be seen.

It fits a straight line and a step, and a yearly wave if there are three years before the launch, by Prais-Winsten. That estimates the
first-order autocorrelation of what is left and takes it out of all months, including the first one (Prais and Winsten 1954). On short series
the estimate is too low, because the fit itself uses up part of it, so it is nudged upward by (n·rho + k) / (n - k) for n months and k terms.
Then simulated series without an effect raise a false alarm in 7 to 9 of 100 at p < 0.05, and in about 4 of 100 at p < 0.02. That is why
`LEVEL` is 0.02 (benchmarks/value_designs).
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from guildhall.value.evaluation.effects import LEVEL, Effect, EvaluationError, Evidence
from guildhall.value.evaluation.series import Numbers, Series

FEWEST_BEFORE: Final = 12
FEWEST_AFTER: Final = 3
WAVE_FROM: Final = 36
"""Months before the launch from which a yearly wave is fitted: on fewer, its two terms cost more than they explain, and alarm more often."""
STRONGEST: Final = 0.95
SETTLED: Final = 1e-4
ROUNDS: Final = 50
STEP: Final = 2
"""The column of the step among the terms."""


@dataclass(frozen=True)
class Fitted:
    """A fit: statsmodels' results, and the autocorrelation that was taken out."""

    results: Any
    rho: float


def terms(months: int, before: int) -> Numbers:
    """The terms of the fit, a row a month: a level, a trend, the step at the launch, and a wave of twelve months where there are enough before."""
    month = np.arange(months, dtype=np.float64)
    found = [np.ones(months), month, (month >= before).astype(np.float64)]
    return np.column_stack([*found, *wave(months)] if before >= WAVE_FROM else found)


def wave(months: int) -> tuple[Numbers, Numbers]:
    """The two terms of a wave of twelve months."""
    turn = 2 * np.pi * np.arange(months, dtype=np.float64) / 12
    return np.sin(turn), np.cos(turn)


def prais_winsten(y: Numbers, x: Numbers) -> Fitted:
    """Fit y on x with first-order autocorrelation taken out, nudged for a short series."""
    from statsmodels.api import OLS  # a second to import: only who evaluates pays it

    months, count = x.shape
    rho = 0.0
    for _ in range(ROUNDS):
        coefficients = np.linalg.lstsq(_without(x, rho), _without(y, rho), rcond=None)[0]
        left = y - x @ coefficients
        spread = float(left @ left)
        raw = float(left[1:] @ left[:-1]) / spread if spread > 0 else 0.0
        nudged = min(STRONGEST, max(0.0, (months * raw + count) / (months - count)))
        settled, rho = abs(nudged - rho) < SETTLED, nudged
        if settled:
            break
    return Fitted(OLS(_without(y, rho), _without(x, rho)).fit(), rho)


def _without(of: Numbers, rho: float) -> Numbers:
    """Each month less so much of the month before; the first one scaled to the same spread."""
    found = of.copy()
    found[1:] -= rho * of[:-1]
    found[0] *= np.sqrt(1 - rho**2)
    return found


def interrupted(series: Series) -> Effect:
    """The step at the launch. Raises EvaluationError with fewer than 12 months before or 3 after."""
    if series.before < FEWEST_BEFORE or series.after < FEWEST_AFTER:
        raise EvaluationError(
            f"an interrupted time series needs {FEWEST_BEFORE} months before and {FEWEST_AFTER} after; there are {series.before} and {series.after}. "
            "These figures allow only a before and after (E2)"
        )
    if np.ptp(series.y[: series.before]) == 0:
        raise EvaluationError("the months before the launch are all the same, which measured figures never are, so chance cannot be judged")
    fitted = prais_winsten(series.y, terms(len(series.values), series.before)).results
    low, high = fitted.conf_int(alpha=LEVEL)[STEP]
    estimate, before = float(fitted.params[STEP]), float(series.y[: series.before].mean())
    found = (float(low), float(high), float(fitted.pvalues[STEP]))
    return Effect("Interrupted time series (Prais-Winsten)", Evidence.E3, estimate, *found, before, len(series.values), _warnings(series))


def against(series: Series, comparison: Series) -> Effect:
    """The step in the difference from a comparison that was not changed: what happened to both is taken out as well."""
    effect = interrupted(series.minus(comparison))
    level = float(series.y[: series.before].mean())
    return replace(effect, method="Interrupted time series against a comparison (Prais-Winsten)", before=level)


def _warnings(series: Series) -> tuple[str, ...]:
    said = []
    if series.before < 2 * FEWEST_BEFORE:
        said.append(f"There are only {series.before} months before the launch, so each season appears once at most. 24 months are better.")
    if series.after < FEWEST_BEFORE:
        said.append(f"There are only {series.after} months after the launch, so a season can look like an effect.")
    return tuple(said)
