"""Experiments: a trial of contacts, and teams that begin in a drawn order."""

import numpy as np
import pytest

from guildhall.value.evaluation.effects import EvaluationError, Evidence
from guildhall.value.evaluation.staggered import Rollout, staggered
from guildhall.value.evaluation.trial import Arm, assigned, trial


def test_a_trial_finds_a_difference_with_its_bounds() -> None:
    effect = trial(Arm("menu", 400, 120), Arm("assistant", 400, 200))
    assert effect.evidence == Evidence.E4 and effect.found
    assert effect.estimate == pytest.approx(0.2) and 0.1 < effect.low < 0.2 < effect.high < 0.3


def test_a_trial_without_a_difference_finds_none_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(2)
    pairs = random.binomial(300, 0.4, size=(400, 2))
    assert np.mean([trial(Arm("a", 300, int(a)), Arm("b", 300, int(b))).found for a, b in pairs]) < 0.035


def test_who_has_not_agreed_is_in_no_arm_and_nobody_can_steer_who_is() -> None:
    assert assigned(b"key", "t", "conv_1", consented=False) is None
    drawn = [assigned(b"key", "t", f"conv_{number}", consented=True) for number in range(2000)]
    assert 900 < sum(bool(one) for one in drawn) < 1100
    assert drawn == [assigned(b"key", "t", f"conv_{number}", consented=True) for number in range(2000)]
    assert drawn != [assigned(b"key", "u", f"conv_{number}", consented=True) for number in range(2000)]


def test_arms_too_small_or_impossible_are_refused() -> None:
    with pytest.raises(EvaluationError, match="arm `b` has 3 contacts; 20 are the fewest"):
        trial(Arm("a", 40, 4), Arm("b", 3, 1))
    with pytest.raises(EvaluationError, match="arm `a` has 5 successes of 4 contacts"):
        Arm("a", 4, 5)
    with pytest.raises(EvaluationError, match="between 0 and 1"):
        assigned(b"k", "t", "c", True, 1.0)


def rollout(effect: float, seed: int, drawn: bool = True) -> Rollout:
    random = np.random.default_rng(seed)
    months, began = {}, {}
    for team, start in enumerate(random.permutation([6, 6, 9, 9, 12, 12, 15, 15])):
        level, shared = random.normal(10, 1), np.linspace(0, -2, 18)
        months[f"team {team}"] = list(level + shared + random.normal(0, 0.3, 18) + effect * (np.arange(18) >= start))
        began[f"team {team}"] = int(start)
    return Rollout(months, began, drawn)


def test_a_staggered_rollout_finds_its_effect_and_not_what_happened_to_everybody() -> None:
    random = np.random.default_rng(1)
    effect = staggered(rollout(-1.5, 3), random, 400)
    assert effect.evidence == Evidence.E4 and effect.found and effect.low <= -1.5 <= effect.high
    assert sum(staggered(rollout(0.0, seed), random, 200).found for seed in range(40)) <= 3


def test_an_order_that_was_not_drawn_is_no_experiment() -> None:
    with pytest.raises(EvaluationError, match="not drawn by lot"):
        staggered(rollout(-1.0, 3, drawn=False), np.random.default_rng(1))


def test_rollouts_that_compare_nobody_are_refused() -> None:
    with pytest.raises(EvaluationError, match="4 teams or more"):
        Rollout({"a": [1.0], "b": [1.0]}, {"a": 1, "b": 1}, True)
    same = {f"t{n}": [1.0, 2.0, 3.0] for n in range(4)}
    with pytest.raises(EvaluationError, match="same month"):
        Rollout(same, dict.fromkeys(same, 1), True)
    with pytest.raises(EvaluationError, match="team `t0` began in month 9"):
        Rollout(same, {**dict.fromkeys(same, 1), "t0": 9}, True)
