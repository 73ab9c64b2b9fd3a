"""Paired comparison of two ways of asking: exact McNemar, a seeded bootstrap of the gap, and how small a gap could be seen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS = 2000
SURE = 0.05
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Gap:
    """How much worse the variant did than what it is compared with, in percentage points, with what chance could have done.

    `p` is one-sided: how often a gap as large as this, or larger, comes by chance when there is none.
    """

    pairs: int
    against: float
    variant: float
    points: float
    low: float
    high: float
    only_against: int
    only_variant: int
    p: float
    visible_points: float
    """The smallest gap that this many pairs could show at all, with every difference pointing one way."""


def gap(against: Sequence[bool], variant: Sequence[bool], seed: int = 0, situations: Sequence[str] = ()) -> Gap:
    """The gap between two lists of successes, pair by pair. Pairs of one situation are alike, so the bootstrap draws whole situations."""
    from scipy.stats import binomtest  # a second to import, and a server that shows a result needs none of it

    pairs = len(against)
    if pairs == 0:
        return Gap(0, math.nan, math.nan, 0.0, 0.0, 0.0, 0, 0, 1.0, 100.0)
    first, second = np.asarray(against, dtype=float), np.asarray(variant, dtype=float)
    only_against = int(((first == 1) & (second == 0)).sum())
    only_variant = int(((first == 0) & (second == 1)).sum())
    different = only_against + only_variant
    p = float(binomtest(only_against, different, 0.5, alternative="greater").pvalue) if different else 1.0
    low, high = _bootstrap(first - second, list(situations) or [str(number) for number in range(pairs)], seed)
    points = 100 * float((first - second).mean())
    return Gap(pairs, float(first.mean()), float(second.mean()), points, low, high, only_against, only_variant, p, visible_points(pairs))


def _bootstrap(differences: "np.ndarray[tuple[int], np.dtype[np.float64]]", situations: Sequence[str], seed: int) -> tuple[float, float]:
    """The 95% interval of the mean difference, in points, from resampled situations."""
    _, places = np.unique(np.asarray(situations), return_inverse=True)
    sums, sizes = np.bincount(places, weights=differences), np.bincount(places)
    generator = np.random.default_rng(seed)
    chosen = generator.integers(0, len(sums), (ROUNDS, len(sums)))
    means = sums[chosen].sum(axis=1) / sizes[chosen].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return 100 * float(low), 100 * float(high)


def visible_points(pairs: int) -> float:
    """The smallest gap in points that so many pairs could show at p < 0.05, one-sided, were every difference to point one way."""
    least = math.ceil(math.log(SURE) / math.log(0.5))
    return 100 * least / pairs if pairs >= least else 100.0


def pairs_needed(points: float, different: float = 0.1) -> int:
    """How many pairs would show a gap of so many points four times in five, when a share `different` of the pairs differ at all."""
    from scipy.stats import norm  # a second to import, and a server that shows a result needs none of it

    wanted = points / 100
    share = max(different, wanted)
    z = norm.ppf(1 - SURE) * math.sqrt(share) + norm.ppf(POWER) * math.sqrt(share - wanted**2)
    return math.ceil((z / wanted) ** 2)
