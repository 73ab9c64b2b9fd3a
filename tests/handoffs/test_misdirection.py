"""A share is told with how many it is of and how sure it is."""

import pytest

from guildhall.handoffs.misdirection import Ending, misdirection, overall
from guildhall.vocabulary.shares import Share

ENDINGS = [
    Ending("front-desk", "bins", True),
    Ending("front-desk", "bins", False, "revenues"),
    Ending("front-desk", "", False, "revenues"),
    Ending("front-desk", "", False, "repairs"),
    Ending("revenues", "council-tax", True),
]


def test_by_queue_the_most_often_wrong_comes_first_and_says_which_team_was_right() -> None:
    first, second = misdirection(ENDINGS, lambda ending: ending.queue)
    assert (first.name, first.wrong.hits, first.wrong.of) == ("front-desk", 3, 4)
    assert first.went_to == (("revenues", 2), ("repairs", 1))
    assert (second.name, second.wrong.hits, second.wrong.of) == ("revenues", 0, 1)


def test_by_service_those_without_one_are_left_out() -> None:
    assert {one.name: one.wrong.of for one in misdirection(ENDINGS, lambda ending: ending.service)} == {"bins": 2, "council-tax": 1}


def test_nothing_wrapped_up_has_no_share() -> None:
    assert (overall([]).wrong.value, overall([]).wrong.interval) == (None, None)


def test_the_interval_is_wilsons() -> None:
    low, high = Share(3, 100).interval or (0, 0)
    assert [low, high] == pytest.approx([0.01025, 0.08452], abs=1e-4)
    low, high = Share(0, 1).interval or (0, 0)
    assert [low, high] == pytest.approx([0.0, 0.79346], abs=1e-4)
