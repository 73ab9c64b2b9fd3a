"""In which order residents are helped, and why no flood from one place can hold a place in danger's lane."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from guildhall.handoffs.ordering import in_order, lane_of, may_be_given
from guildhall.vocabulary.handoffs import Handoff, HandoffStatus, Lane
from tests.handoffs.a_desk import WEDNESDAY, waits

APART = timedelta(minutes=10)


def numbers(line: list[Handoff]) -> list[str]:
    return [handoff.reference for handoff in line]


def test_danger_comes_first_and_then_whoever_has_waited_longest() -> None:
    line = [waits(1, 30), waits(2, 5, Lane.CARE), waits(3, 1, Lane.DANGER), waits(4, 40)]
    assert numbers(in_order(line)) == ["R3", "R2", "R4", "R1"]


def test_a_resident_who_lost_their_adviser_comes_before_those_not_helped_yet_in_the_same_lane() -> None:
    line = [waits(1, 30), waits(2, 1, met_at=WEDNESDAY), waits(3, 1, Lane.CARE)]
    assert numbers(in_order(line)) == ["R3", "R2", "R1"]


def test_a_flood_of_distress_from_one_place_stands_behind_somebody_else() -> None:
    flood = [waits(n, 5 - n / 100, Lane.DANGER, source="one-place") for n in range(100)]
    real = waits(500, 0, Lane.DANGER, source="another")
    line = numbers(in_order([*flood, real], apart=APART))
    assert line.index("R500") == 1  # only the first from that place, who may be as real


def test_a_flood_that_is_being_served_keeps_standing_back() -> None:
    served = [waits(n, 30 - n, Lane.DANGER, source="one-place", status=HandoffStatus.CLOSED) for n in range(5)]
    line = in_order([waits(9, 20, Lane.DANGER, source="one-place"), waits(10, 1, Lane.DANGER, source="other")], served, APART)
    assert numbers(line) == ["R10", "R9"]


def test_people_in_danger_in_one_place_at_different_times_stand_where_they_came() -> None:
    shelter = [waits(n, 60 - 15 * n, Lane.DANGER, source="shelter") for n in range(3)]
    newer = [waits(10 + n, n, Lane.DANGER, source=f"home-{n}") for n in range(20)]
    assert numbers(in_order([*newer, *shelter], apart=APART))[:3] == ["R0", "R1", "R2"]


def test_ordinary_requests_from_a_shared_address_do_not_stand_back() -> None:
    line = [waits(n, 10 - n, source="library") for n in range(5)] + [waits(9, 1, source="home")]
    assert numbers(in_order(line, apart=APART)) == ["R0", "R1", "R2", "R3", "R4", "R9"]


@given(st.lists(st.tuples(st.sampled_from(list(Lane)), st.floats(0, 600), st.sampled_from(["", "a", "b"]), st.booleans()), max_size=30))
def test_nobody_is_lost_and_lanes_never_mix(drawn: list[tuple[Lane, float, str, bool]]) -> None:
    line = [waits(n, minutes, lane, source=source, live=live) for n, (lane, minutes, source, live) in enumerate(drawn)]
    ordered = in_order(reversed(line), apart=APART)
    assert sorted(numbers(ordered)) == sorted(numbers(line))
    lanes = [list(Lane).index(handoff.lane) for handoff in ordered]
    assert lanes == sorted(lanes)


@given(st.integers(1, 200), st.integers(0, 120))
def test_real_distress_waits_behind_no_more_of_a_flood_than_its_time_allows(size: int, began: int) -> None:
    flood = [waits(n, began, Lane.DANGER, source="flood") for n in range(size)]
    ahead = numbers(in_order([*flood, waits(999, 0, Lane.DANGER, source="real")], apart=APART)).index("R999")
    assert ahead <= began // 10 + 1


def test_only_those_on_the_page_are_given_out_and_whoever_was_lately_in_danger() -> None:
    assert may_be_given(waits(1), WEDNESDAY)
    assert not may_be_given(waits(1, live=False), WEDNESDAY)
    assert may_be_given(waits(1, 600, Lane.DANGER, live=False), WEDNESDAY)
    assert not may_be_given(waits(1, 2000, Lane.DANGER, live=False), WEDNESDAY)
    assert not may_be_given(waits(1, status=HandoffStatus.BOOKED), WEDNESDAY)


def test_a_lane_comes_from_what_was_heard_and_how_surely() -> None:
    assert lane_of("domestic_abuse", escalated=True, urgent=False) == Lane.DANGER
    assert lane_of("domestic_abuse", escalated=False, urgent=False) == Lane.CARE
    assert lane_of("", escalated=False, urgent=True) == Lane.CARE
    assert lane_of("", escalated=False, urgent=False) == Lane.ORDINARY
