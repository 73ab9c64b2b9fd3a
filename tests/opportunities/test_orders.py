"""RICE and WSJF are reckoned as they are said to be and guess nothing; weights from comparing come with their contradiction."""

from datetime import UTC, datetime

import pytest

from guildhall.opportunities.orders import ranks_of
from guildhall.opportunities.pairwise import PAIRS, SAYINGS, answer_of, weigh
from guildhall.opportunities.register import Details
from guildhall.opportunities.scoring import CRITERIA, Head, Score

AT = datetime(2026, 11, 25, tzinfo=UTC)
KNOWN = Details("Copying", "Typed twice.", volume_pa=6_000, team_days={"Digital": 10.0, "Change": 30.0})


def scores(**values: int) -> list[Score]:
    return [Score(criterion.key, scorer, value, "", AT) for scorer, value in values.items() for criterion in CRITERIA]


def test_rice_and_wsjf_are_what_their_definitions_say() -> None:
    found = ranks_of(KNOWN, scores(ann=4, ben=4, cat=5))
    assert found.impact == pytest.approx(2 + 1 / 3) and found.confidence == 1.0 and found.effort_months == 2
    assert found.rice == pytest.approx(6_000 * (2 + 1 / 3) / 2) and found.wsjf == pytest.approx(13 / 8)


@pytest.mark.parametrize(
    ("given", "sure"),
    [({"ann": 4}, 0.5), ({"ann": 4, "ben": 2}, 0.8), ({"ann": 5, "ben": 2, "cat": 4}, 0.5), ({"ann": 1, "ben": 1, "cat": 1}, 1.0)],
)
def test_confidence_is_from_how_many_scored_and_how_far_apart(given: dict[str, int], sure: float) -> None:
    assert ranks_of(KNOWN, scores(**given)).confidence == sure


def test_what_is_missing_is_not_guessed() -> None:
    assert ranks_of(KNOWN, ()).rice is None and ranks_of(KNOWN, ()).wsjf is None
    without_days = ranks_of(Details("A", "B", volume_pa=5), scores(ann=3))
    assert without_days.rice is None and without_days.wsjf is None and without_days.delay == 9
    assert ranks_of(Details("A", "B", team_days={"Digital": 5.0}), scores(ann=3)).rice is None


def answers(fs: float, fw: float, sw: float) -> dict[tuple[Head, Head], float]:
    return dict(zip(PAIRS, (fs, fw, sw), strict=True))


def test_answers_that_agree_give_their_weights_and_no_contradiction() -> None:
    even = weigh(answers(1, 1, 1))
    assert sorted(even.weights.values()) == [33, 33, 34] and even.ratio == pytest.approx(0) and even.consistent
    clear = weigh(answers(3, 9, 3))
    assert clear.weights == {Head.FINANCIAL: 69, Head.SERVICE: 23, Head.WORKFORCE: 8} and clear.ratio == pytest.approx(0, abs=1e-9)


def test_answers_in_a_circle_are_said_to_contradict() -> None:
    circle = weigh(answers(5, 1 / 5, 5))
    assert not circle.consistent and circle.ratio > 1 and sum(circle.weights.values()) == 100
    assert weigh(answers(3, 5, 3)).ratio == pytest.approx(0.033, abs=0.002)


@pytest.mark.parametrize(("text", "number"), [("5", 5.0), ("1/5", 0.2), ("4", None), ("", None), ("1/x", None), ("-3", None)])
def test_an_answer_is_one_of_those_offered(text: str, number: float | None) -> None:
    assert answer_of(text) == number and 4 not in SAYINGS
