"""No result while a trial runs, one by intention to treat afterwards, and false alarms no more often than is said."""

from datetime import date

import numpy as np
import pytest

from guildhall.value.evaluation.trial import Arm
from guildhall.value.trials.result import ArmCounts, Counts, Ended, TrialResult, beside, result_of
from tests.value.trials.plans import plan

OVER = Ended("dates", date(2026, 12, 31))
LATER = date(2027, 1, 8)


def counts(usual: int = 2000, new: int = 2000, left: tuple[int, int] = (0, 0)) -> Counts:
    return Counts(ArmCounts("usual", usual, left[0]), ArmCounts("new", new, left[1]), 6000)


def found(usual: int, new: int, ended: Ended | None = OVER, today: date = LATER, left: tuple[int, int] = (0, 0)) -> TrialResult:
    return result_of(plan(), counts(left=left), ended, 7, today, (Arm("usual", 2000, usual), Arm("new", 2000, new)))


def test_nothing_but_counts_is_shown_while_the_trial_runs() -> None:
    running = found(900, 1100, None)
    assert (running.effect, running.usual, running.new) == (None, None, None)
    assert "No result is shown while the trial runs. It ends when 4,000 have agreed, or at the end of 31 December 2026." in running.finding(
        plan()
    )


def test_the_result_waits_until_the_window_of_the_measure_is_over() -> None:
    assert "known from 08 January 2027" in found(900, 1100, today=date(2027, 1, 7)).finding(plan())
    assert found(900, 1100).effect is not None


def test_a_difference_is_told_with_its_interval_and_what_belongs_beside_it() -> None:
    result = found(900, 1020, left=(10, 30))
    assert result.effect
    assert result.effect.found
    assert result.finding(plan()).startswith("The new way changed `met` by +6.0 percentage points (98% interval +")
    said = " ".join(beside(plan(), result))
    assert "4,000 of 10,000 who began" in said
    assert "40 withdrew their agreement (10 usual, 30 new)" in said
    assert result.low < result.effect.estimate < result.high


def test_no_difference_found_does_not_say_that_there_is_none() -> None:
    assert "There may still be a difference smaller than 6.0 percentage points." in found(900, 910).finding(plan())


def test_a_split_that_chance_would_not_give_makes_the_result_worthless() -> None:
    result = result_of(plan(), counts(2300, 1700), OVER, 7, LATER, (Arm("usual", 2300, 1000), Arm("new", 1700, 900)))
    assert result.lopsided
    assert result.effect is None
    assert result.finding(plan()).startswith(
        "There is no result. If chance alone had assigned residents, a split as uneven as 2,300 to 1,700 would have a probability of"
    )
    assert not found(900, 900).lopsided


def test_stopped_early_is_said() -> None:
    early = result_of(plan(), counts(100, 100), Ended("stopped", date(2026, 12, 1)), 7, LATER, (Arm("usual", 100, 50), Arm("new", 100, 52)))
    assert "stopped at 200 of 4,000 planned contacts" in " ".join(beside(plan(), early))


def test_too_few_to_compare_says_how_many_are_needed() -> None:
    few = result_of(plan(), counts(8, 9), OVER, 7, LATER, (Arm("usual", 8, 3), Arm("new", 9, 4)))
    assert few.finding(plan()) == "Only 8 and 9 contacts can be counted. To compare the two ways, each needs at least 20."


@pytest.mark.parametrize("level", [0.05, 0.45])
def test_two_ways_that_are_the_same_alarm_no_more_often_than_is_said(level: float) -> None:
    rng = np.random.default_rng(2026)
    pairs = rng.binomial(2000, level, (400, 2))
    alarms = [bool((e := found(int(a), int(b)).effect) and e.found) for a, b in pairs]
    assert np.mean(alarms) <= 0.035
