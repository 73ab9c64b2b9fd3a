"""Intervals agree with scipy's and statsmodels' own, and hold the truth about as often as they say."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight

from guildhall.value.measures.intervals import Estimate, by_chance, of_difference, of_mean, of_quantile, of_redrawn, of_share, of_waiting

RANDOM = np.random.default_rng(7)


def test_the_waiting_curve_is_the_one_of_two_libraries() -> None:
    for size in (5, 40, 400):
        seconds = np.round(RANDOM.exponential(60, size), 0)
        reached = RANDOM.random(size) < 0.7
        sample = stats.CensoredData(uncensored=seconds[reached], right=seconds[~reached])
        theirs = stats.ecdf(sample).sf
        other = SurvfuncRight(seconds, reached.astype(int))
        for part in (0.1, 0.5, 0.9):
            mine = of_waiting(seconds, reached, part)
            below = theirs.quantiles[theirs.probabilities <= 1 - part + 1e-12]
            assert mine.value == (below[0] if len(below) else None)
            if mine.value is not None and mine.high is not None and mine.low is not None and part == 0.5:
                with np.errstate(divide="ignore", invalid="ignore"):
                    low, high = other.quantile_ci(part, method="cloglog")
                assert (mine.low, mine.high) == pytest.approx((low, high))


def test_without_anybody_leaving_the_curve_gives_the_order_statistic() -> None:
    values = RANDOM.exponential(60, 101)
    everybody = np.ones(101, dtype=bool)
    for part in (0.5, 0.9):
        assert of_waiting(values, everybody, part).value == of_quantile(values, part).value


@pytest.mark.parametrize("part", [0.5, 0.9])
def test_nineteen_in_twenty_intervals_hold_the_truth(part: float) -> None:
    truth, held_plain, held_waiting = stats.expon.ppf(part, scale=60), 0, 0
    for _ in range(400):
        times, left = RANDOM.exponential(60, 150), RANDOM.exponential(400, 150)
        plain = of_quantile(times, part)
        waiting = of_waiting(np.minimum(times, left), times <= left, part)
        held_plain += plain.low is not None and plain.high is not None and plain.low <= truth <= plain.high
        held_waiting += (waiting.low or 0.0) <= truth <= (waiting.high or np.inf)
    assert held_plain / 400 >= 0.92 and held_waiting / 400 >= 0.92


def test_a_mean_has_students_interval() -> None:
    values = np.array([1.0, 2, 3, 4, 5, 5])
    expected = stats.ttest_1samp(values, 0).confidence_interval()
    made = of_mean(float(values.sum()), float((values**2).sum()), len(values))
    assert (made.low, made.high) == pytest.approx((expected.low, expected.high))


def test_nothing_has_no_figure_and_one_value_has_no_interval() -> None:
    none = np.array([])
    assert of_share(0, 0) == of_quantile(none, 0.5) == of_waiting(none, np.array([], dtype=bool), 0.5) == of_mean(0, 0, 0) == Estimate(None)
    assert of_mean(4, 16, 1) == Estimate(4.0)
    assert of_quantile(np.array([3.0]), 0.5) == Estimate(3.0)


def test_a_difference_has_newcombes_interval() -> None:
    best, worst = of_share(56, 70), of_share(48, 80)  # Newcombe 1998, table II, example (a): method 10 gives 0.0524 to 0.3339
    made = of_difference(best, worst)
    assert (made.value, made.low, made.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


def test_a_gap_between_equals_is_told_from_chance() -> None:
    assert by_chance([100, 100], 0.5, 1) == pytest.approx(1.96 * (2 * 0.25 / 100) ** 0.5, abs=0.02)
    assert by_chance([100] * 8, 0.5, 1) > by_chance([100] * 2, 0.5, 1)


def test_figures_that_mostly_could_not_be_made_again_have_no_interval() -> None:
    assert of_redrawn(np.array([np.nan] * 6 + [1.0] * 4)) is None
    assert of_redrawn(np.arange(1001.0)) == pytest.approx((25.0, 975.0))
