"""Designs of evaluation on simulated series: how often they find what is there, and what is not."""

from datetime import date

import numpy as np
import pytest

from guildhall.value.evaluation.before_after import before_and_after
from guildhall.value.evaluation.effects import LEVEL, EvaluationError, Evidence
from guildhall.value.evaluation.interrupted import STEP, against, interrupted, prais_winsten, terms
from guildhall.value.evaluation.placebo import placebos
from guildhall.value.evaluation.power import Noise, noise_of, power, simulated
from guildhall.value.evaluation.series import Series

FIRST, LAUNCH = date(2024, 1, 1), date(2026, 1, 1)


def series_of(values: "np.ndarray[tuple[int], np.dtype[np.float64]]", launch: date = LAUNCH) -> Series:
    return Series(FIRST, tuple(float(value) for value in values), launch)


def wandering(runs: int, trend: float = 0.0, seed: int = 7) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return simulated(Noise(trend=trend), 36, runs, np.random.default_rng(seed))


def test_a_before_and_after_takes_a_trend_for_a_saving_and_says_so() -> None:
    found = [before_and_after(series_of(row)) for row in wandering(200, trend=-0.01)]
    assert np.mean([effect.p < 0.05 and effect.estimate < 0 for effect in found]) > 0.9
    assert found[0].evidence == Evidence.E2 and "63 of 100" in found[0].warnings[0]


@pytest.mark.parametrize("trend", [0.0, -0.01])
def test_an_interrupted_time_series_alarms_about_as_often_as_it_says_whatever_the_trend(trend: float) -> None:
    found = [interrupted(series_of(row)) for row in wandering(400, trend)]
    assert np.mean([effect.p < 0.05 for effect in found]) < 0.13
    assert np.mean([effect.found for effect in found]) < 0.075


def test_without_the_nudge_it_would_alarm_more_often() -> None:
    x, nudged, plain = terms(36, 24), 0, 0
    for row in wandering(300):
        nudged += prais_winsten(row, x).results.pvalues[STEP] < 0.05
        centred = np.linalg.lstsq(x, row, rcond=None)[0]
        left = row - x @ centred
        spread = np.sqrt(left @ left / (36 - x.shape[1]) * np.linalg.inv(x.T @ x)[STEP, STEP])
        plain += abs(centred[STEP] / spread) > 2.04
    assert plain > 1.3 * nudged


def test_a_large_saving_is_found_with_its_size_inside_its_bounds() -> None:
    rows = wandering(100) - 0.3 * (np.arange(36) >= 24)
    found = [interrupted(series_of(row)) for row in rows]
    assert np.mean([effect.found and effect.estimate < 0 for effect in found]) > 0.9
    assert np.mean([effect.low <= -0.3 <= effect.high for effect in found]) > 0.9
    assert found[0].evidence == Evidence.E3 and found[0].share == pytest.approx(found[0].estimate / found[0].before)


def test_what_happened_to_a_comparison_too_is_no_effect() -> None:
    shock = -0.3 * (np.arange(36) >= 24)
    ours, theirs = wandering(60, seed=1) + shock, wandering(60, seed=2) + shock
    found = [against(series_of(a), series_of(b)) for a, b in zip(ours, theirs, strict=True)]
    assert np.mean([effect.found for effect in found]) < 0.15
    assert 0.6 < found[0].before < 1.4


def test_fewer_than_twelve_months_before_are_refused_for_a_time_series() -> None:
    short = Series(date(2025, 4, 1), tuple(np.linspace(1, 2, 18)), LAUNCH)
    with pytest.raises(
        EvaluationError, match=r"12 months before and 3 after; there are 9 and 9\. These figures allow only a before and after \(E2\)"
    ):
        interrupted(short)


@pytest.mark.parametrize(
    ("months", "says"),
    [
        ([(date(2025, 1, 1), 1.0), (date(2025, 3, 1), 1.0)], "January 2025 is followed by March 2025: the months between are missing"),
        ([(date(2025, 1, 1), 1.0), (date(2025, 1, 9), 1.0)], "January 2025 is there twice"),
        ([], "there are no months"),
    ],
)
def test_months_that_do_not_follow_each_other_are_refused(months: list[tuple[date, float]], says: str) -> None:
    with pytest.raises(EvaluationError, match=says):
        Series.of(months, date(2025, 2, 1))


def test_a_launch_outside_the_months_and_a_value_that_is_none_are_refused() -> None:
    with pytest.raises(EvaluationError, match="leaves 0 months before"):
        Series(FIRST, (1.0, 1.0), FIRST)
    with pytest.raises(EvaluationError, match="month 2 of the series is nan"):
        Series(FIRST, (1.0, float("nan"), 1.0), date(2024, 2, 1))


def test_pretended_launches_find_nothing_in_noise_and_the_month_in_which_something_else_happened() -> None:
    noise = wandering(1, seed=3)[0]
    quiet = placebos(series_of(noise))
    assert len(quiet) == 10 and not any(one.effect.found for one in quiet)
    reorganised = placebos(series_of(noise - 0.6 * (np.arange(36) >= 16)))
    assert date(2025, 5, 1) in [one.pretended for one in reorganised if one.effect.found]
    short = Series(FIRST, tuple(wandering(1)[0][:18]), date(2025, 1, 1))
    assert placebos(short) == ()


def test_power_says_what_could_be_seen_and_grows_with_the_months() -> None:
    random = np.random.default_rng(5)
    short, long = power(Noise(), 24, 6, random, 120), power(Noise(), 48, 24, random, 120)
    assert long.smallest is not None and short.smallest is not None and long.smallest < short.smallest
    assert 0.15 <= short.smallest <= 0.3 and short.false_alarms < 0.1
    assert short.sentence == f"With 24 months before and 6 after, you could only see a saving of at least {short.smallest:.0%}."


def test_the_noise_of_a_council_is_read_from_its_own_months() -> None:
    random = np.random.default_rng(9)
    found = [noise_of(100 * row) for row in simulated(Noise(0.1, 0.3, 0.1), 48, 60, random)]
    assert np.mean([noise.spread for noise in found]) == pytest.approx(0.1, rel=0.2)
    assert np.mean([noise.season for noise in found]) == pytest.approx(0.1, rel=0.3)
    with pytest.raises(EvaluationError, match="12 months are needed"):
        noise_of(np.ones(5))


def test_the_level_of_a_finding_is_two_in_a_hundred() -> None:
    assert LEVEL == 0.02
