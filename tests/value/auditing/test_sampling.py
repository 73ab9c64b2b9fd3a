"""A sample is drawn by strata and by its seed alone; each kind has its floor; nobody can choose which turns are in it."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.value.auditing.sampling import allocate, draw, group_of, seed_of
from guildhall.vocabulary.auditing import Group
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.outcomes import Outcome, Reason
from tests.value.auditing.made import turns

MANY = [*turns(900), *turns(60, language="pl"), *turns(40, Group.DECLINED), *turns(3, Group.PARTLY, channel="phone")]


def test_the_same_record_and_seed_draw_the_same_sample_in_whatever_order_it_is_read() -> None:
    one, other = draw(MANY, 100, 10, 7), draw(list(reversed(MANY)), 100, 10, 7)
    assert one == other
    assert draw(MANY, 100, 10, 8).places != one.places


def test_each_kind_has_its_floor_or_all_there_are_and_the_rest_goes_by_size() -> None:
    sample = draw(MANY, 100, 10, 7)
    assert {one.key: (one.size, one.drawn) for one in sample.strata} == {
        "answered/english/web": (900, 10 + 62),
        "answered/other/web": (60, 10 + 3),
        "declined/english/web": (40, 10 + 2),
        "partly/english/phone": (3, 3),
    }
    assert sample.size == 100
    assert sample.strata[0].weight == pytest.approx(900 / 72)


def test_others_stand_by_in_the_order_of_the_draw() -> None:
    sample = draw(MANY, 100, 10, 7)
    counted = Counter(place.candidate.stratum for place in sample.places)
    for one in sample.strata:
        assert counted[one.key] == min(one.size, 2 * one.drawn)
        numbers = [place.number for place in sample.places if place.candidate.stratum == one.key]
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_turn_that_comes_to_the_record_does_not_shuffle_the_others() -> None:
    few, more = draw(turns(50), 20, 2, 3), draw([*turns(50), *turns(1, name="late")], 20, 2, 3)
    late = "late-answered-en-web-0"
    assert [p.candidate for p in few.places][:19] == [p.candidate for p in more.places if p.candidate.turn_id != late][:19]


def test_every_turn_has_the_same_chance_within_its_kind() -> None:
    found: Counter[str] = Counter()
    for seed in range(2000):
        found.update(place.candidate.turn_id for place in draw(turns(40), 10, 2, seed).places if place.number <= 10)
    assert min(found.values()) > 400 and max(found.values()) < 600  # 500 expected, spread 19


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 3000), min_size=1), st.integers(10, 2000), st.integers(2, 30))
def test_what_is_allocated_is_there_and_adds_up(sizes: dict[str, int], size: int, floor: int) -> None:
    least = sum(min(floor, there) for there in sizes.values())
    if size < least:
        with pytest.raises(RefusedError, match=f"make {least}"):
            allocate(sizes, size, floor)
        return
    found = allocate(sizes, size, floor)
    assert sum(found.values()) == min(size, sum(sizes.values()))
    assert all(min(floor, sizes[key]) <= found[key] <= sizes[key] for key in sizes)


def test_a_seed_belongs_to_its_period_and_to_how_often_that_was_drawn() -> None:
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    seeds = {seed_of("a", first, last, 0), seed_of("a", first, last, 1), seed_of("b", first, last, 0), seed_of("a", first, first, 0)}
    assert len(seeds) == 4 and seed_of("a", first, last, 0) in seeds


@pytest.mark.parametrize(
    ("size", "floor", "message"),
    [
        (9, 2, "10 to 2,000 turns, not 9"),
        (2001, 2, "not 2,001"),
        (100, 1, "at least 2"),
        (20, 10, "4 kinds of turns with at least 10 of each make 33"),
    ],
)
def test_what_cannot_be_drawn_is_refused(size: int, floor: int, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        draw(MANY, size, floor, 1)


def test_an_empty_period_is_refused() -> None:
    with pytest.raises(RefusedError, match="no turns to mark"):
        draw([], 100, 10, 1)


def test_turns_with_nothing_to_judge_are_left_out() -> None:
    assert group_of(Outcome.ANSWERED, Reason.EVIDENCE_FOUND) == Group.ANSWERED
    assert group_of(Outcome.PARTLY_ANSWERED, Reason.PART_UNANSWERED) == Group.PARTLY
    assert group_of(Outcome.DECLINED, Reason.NO_EVIDENCE) == group_of(Outcome.HANDED_OVER, Reason.TWO_FAILED_TURNS) == Group.DECLINED
    for outcome, reason in (
        (Outcome.ANSWERED, Reason.SMALL_TALK),
        (Outcome.HANDED_OVER, Reason.PERSON_REQUESTED),
        (Outcome.ASKED_BACK, Reason.NOTHING_SAID),
    ):
        assert group_of(outcome, reason) is None
