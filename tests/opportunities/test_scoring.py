"""Scores: blind until one's own are given, the newest counts, and every number of a scale says what it means."""

from datetime import UTC, datetime, timedelta

from guildhall.opportunities.scoring import BY_KEY, CRITERIA, Head, Score, complete, head_scores, spreads, visible_to

T = datetime(2026, 11, 25, tzinfo=UTC)


def given(scorer: str, value: int, keys: tuple[str, ...] = tuple(BY_KEY), minutes: int = 0) -> list[Score]:
    return [Score(key, scorer, value, "", T + timedelta(minutes=minutes)) for key in keys]


def test_nobody_sees_others_before_giving_their_own_or_the_reveal() -> None:
    anns = given("ann", 5)
    halfway = given("ben", 2, ("worth",))
    assert visible_to("ben", anns, revealed=False) == ()
    assert visible_to("ben", anns + halfway, revealed=False) == tuple(halfway)
    assert not complete(halfway, "ben")
    assert len(visible_to("ben", anns + given("ben", 2), revealed=False)) == 12
    assert visible_to("ben", anns, revealed=True) == tuple(anns)


def test_the_newest_of_a_scorer_counts() -> None:
    (spread,) = spreads([*given("ann", 5, ("worth",)), *given("ann", 2, ("worth",), minutes=1)])
    assert (spread.mean, spread.low, spread.high, spread.scorers, spread.apart) == (2, 2, 2, 1, 0)


def test_the_spread_is_what_people_differ_by() -> None:
    (spread,) = spreads([*given("ann", 5, ("load",)), *given("ben", 1, ("load",)), *given("cat", 3, ("load",))])
    assert (spread.mean, spread.low, spread.high, spread.apart) == (3, 1, 5, 4)


def test_a_head_is_the_mean_of_its_criteria_however_many_answered_each() -> None:
    scores = [*given("ann", 5, ("worth", "cashable")), *given("ben", 1, ("worth",))]
    assert head_scores(scores) == {Head.FINANCIAL: 4.0}


def test_every_scale_has_five_anchors_and_every_head_a_criterion() -> None:
    assert all(len(criterion.anchors) == 5 and all(criterion.anchors) for criterion in CRITERIA)
    assert {criterion.head for criterion in CRITERIA} == set(Head)
