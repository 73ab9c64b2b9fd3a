"""95% intervals, in closed form if there is one, and otherwise by redrawing days. They say how sure a figure is, not how right it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from guildhall.vocabulary.shares import Share, Z

Floats = NDArray[np.float64]
LEVEL: Final = 0.95
DRAWS: Final = 1000
FEWEST_DAYS: Final = 14
"""Below so many days, days drawn again say too little."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the ends of its interval; None where there is none, also where an end lies beyond what was seen."""

    value: float | None
    low: float | None = None
    high: float | None = None


def of_share(hits: int, n: int) -> Estimate:
    """A share, with the interval of Wilson (1927)."""
    share = Share(hits, n)
    return Estimate(share.value, share.low, share.high) if n else Estimate(None)


@dataclass(frozen=True, slots=True)
class Part:
    """A stratum of a sample: how many were drawn for it, how many of them are hits, and how many there are in all.

    `undecided` are those among `n` of which nobody knows whether they are hits.
    """

    n: int
    hits: int
    size: float
    undecided: int = 0


def of_strata(parts: Sequence[Part]) -> Estimate:
    """A share from a stratified sample, each stratum by its size, with Wilson's interval for as many as the sample is worth.

    What it is worth (Korn and Graubard 1998) comes from the variance of the stratified estimate, with the share of each stratum drawn in by one
    hit and one miss (Agresti and Coull 1998), so that a stratum without a miss is not taken for sure; strata of which all were judged add none.
    """
    if any(part.undecided for part in parts):
        return _both_ways(parts)
    found = [part for part in parts if part.n and part.size > 0]
    size = sum(part.size for part in found)
    if not found:
        return Estimate(None)
    value = sum(part.size / size * part.hits / part.n for part in found)
    drawn_in = [(part, (part.hits + 1) / (part.n + 2)) for part in found]
    middle = sum(part.size / size * share for part, share in drawn_in)
    variance = sum(
        (part.size / size) ** 2 * share * (1 - share) / max(part.n - 1, 1) * max(0.0, 1 - part.n / part.size) for part, share in drawn_in
    )
    if variance <= 0:
        return Estimate(value, value, value)
    worth = middle * (1 - middle) / variance
    centre = (value + Z * Z / (2 * worth)) / (1 + Z * Z / worth)
    half = Z * sqrt(value * (1 - value) / worth + Z * Z / (4 * worth * worth)) / (1 + Z * Z / worth)
    return Estimate(value, max(0.0, min(centre - half, value)), min(1.0, max(centre + half, value)))


def _both_ways(parts: Sequence[Part]) -> Estimate:
    """From the low end with every undecided one as no hit to the high end with every one as a hit (Manski 1989); the value is halfway."""
    lowest = of_strata([Part(part.n, part.hits, part.size) for part in parts])
    highest = of_strata([Part(part.n, part.hits + part.undecided, part.size) for part in parts])
    if lowest.value is None or highest.value is None:
        return Estimate(None)
    return Estimate((lowest.value + highest.value) / 2, lowest.low, highest.high)


def of_mean(total: float, squares: float, n: int) -> Estimate:
    """A mean from the sum and the sum of squares, with Student's interval; none below two values."""
    if n == 0:
        return Estimate(None)
    mean = total / n
    if n < 2:
        return Estimate(mean)
    half = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * sqrt(max(0.0, squares - n * mean * mean) / (n - 1) / n)
    return Estimate(mean, mean - half, mean + half)


def of_quantile(values: Floats, part: float) -> Estimate:
    """The smallest value that `part` of all are at or below, between two order statistics whose ranks are binomial (no shape is assumed)."""
    n = len(values)
    if n == 0:
        return Estimate(None)
    ordered = np.sort(values)
    at = max(1, int(np.ceil(n * part - 1e-9)))
    low, high = int(stats.binom.ppf((1 - LEVEL) / 2, n, part)), int(stats.binom.ppf((1 + LEVEL) / 2, n, part)) + 1
    return Estimate(float(ordered[at - 1]), float(ordered[low - 1]) if low >= 1 else None, float(ordered[high - 1]) if high <= n else None)


def of_waiting(seconds: Floats, reached: NDArray[np.bool_], part: float) -> Estimate:
    """The time within which `part` are reached, where some left or still wait (censored): Kaplan and Meier (1958).

    The interval is that of Brookmeyer and Crowley (1982), from Greenwood's variance on the log-log scale. None where the curve does not get so far.
    """
    if len(seconds) == 0:
        return Estimate(None)
    times, at = np.unique(seconds, return_inverse=True)
    ended = np.bincount(at, weights=reached.astype(float), minlength=len(times))
    gone = np.bincount(at, minlength=len(times)).astype(float)
    waiting = len(seconds) - np.concatenate(([0.0], np.cumsum(gone)[:-1]))
    left = np.cumprod(1 - ended / waiting)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(np.where(waiting > ended, ended / (waiting * (waiting - ended)), np.inf)))
        power = Z * spread / np.log(left)
        lower, upper = left ** np.exp(-power), left ** np.exp(power)
    lower = np.where(left <= 0, 0.0, np.where(left >= 1, 1.0, lower))
    upper = np.where(left >= 1, 1.0, upper)  # where everybody was reached there is no upper band: it stays unknown
    return Estimate(_first(times, left, part), _first(times, lower, part), _first(times, upper, part))


def _first(times: Floats, left: Floats, part: float) -> float | None:
    """The first time at which no more than the rest are left."""
    with np.errstate(invalid="ignore"):
        found = np.flatnonzero(left <= 1 - part + 1e-12)
    return float(times[found[0]]) if len(found) else None


def of_difference(best: Estimate, worst: Estimate) -> Estimate:
    """The best less the worst, from each one's own interval (Newcombe 1998; Zou and Donner 2008). The two must be different people."""
    if best.value is None or worst.value is None:
        return Estimate(None)
    gap = best.value - worst.value
    if None in (best.low, best.high, worst.low, worst.high):
        return Estimate(gap)
    low = gap - sqrt((best.value - best.low) ** 2 + (worst.high - worst.value) ** 2)  # type: ignore[operator]  # none of the four is None
    high = gap + sqrt((best.high - best.value) ** 2 + (worst.value - worst.low) ** 2)  # type: ignore[operator]
    return Estimate(gap, low, high)


def of_redrawn(values: Floats) -> tuple[float, float] | None:
    """The middle 95 in 100 of figures made again from days drawn again; None where too many could not be made."""
    usable = values[np.isfinite(values)]
    if len(usable) < len(values) / 2 or len(usable) == 0:
        return None
    low, high = np.percentile(usable, [100 * (1 - LEVEL) / 2, 100 * (1 + LEVEL) / 2])
    return float(low), float(high)


def by_chance(sizes: list[int], share: float, seed: int) -> float:
    """The gap between best and worst that groups of these sizes would pass in 1 of 20 if all had the same share, by simulation."""
    drawn = np.random.default_rng(seed).binomial(np.array(sizes), share, size=(DRAWS, len(sizes))) / np.array(sizes)
    return float(np.percentile(drawn.max(axis=1) - drawn.min(axis=1), 95))
