"""Who is asked to take whom: only who is free, fairly, the skilled for those who need them, and nobody is starved by anybody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.handoffs.assigning import Offer, Seat, assign
from guildhall.handoffs.config import HandoffsFile
from guildhall.handoffs.ordering import Came, in_order
from guildhall.vocabulary.handoffs import Handoff, Lane
from tests.handoffs.a_desk import FILE, WEDNESDAY, rules, seat, waits

SHARE = FILE.desk.ordinary_share


def pairs(offers: Sequence[Offer]) -> list[tuple[str, str]]:
    return [(offer.reference, offer.staff_id) for offer in offers]


def test_the_first_in_line_goes_to_who_is_free() -> None:
    offers = assign(in_order([waits(1, 1), waits(2, 5)]), [seat("priya"), seat("tom", holds=1)], rules())
    assert pairs(offers) == [("R2", "priya")]


def test_only_who_serves_the_queue_is_asked() -> None:
    assert assign([waits(1, queue="repairs")], [seat("priya")], rules()) == []


def test_nobody_is_asked_for_a_queue_that_is_shut() -> None:
    night = WEDNESDAY + timedelta(hours=12)
    assert assign([waits(1, now=night)], [seat("priya")], rules(night)) == []


def test_work_goes_to_who_has_least_of_what_they_can_do_and_then_to_who_was_given_something_longest_ago() -> None:
    busy = seat("amy", capacity=4, holds=2)
    light = seat("zoe", capacity=4, holds=1)
    assert pairs(assign([waits(1)], [busy, light], rules())) == [("R1", "zoe")]
    lately = seat("amy", given_at=WEDNESDAY)
    before = seat("zoe", given_at=WEDNESDAY - timedelta(minutes=1))
    assert pairs(assign([waits(1)], [lately, before], rules())) == [("R1", "zoe")]


def test_who_speaks_the_language_is_asked_first_and_nobody_waits_for_them() -> None:
    polish = seat("zofia", capacity=2, holds=1, languages=frozenset({"en", "pl"}))
    assert pairs(assign([waits(1, language="pl")], [seat("amy"), polish], rules())) == [("R1", "zofia")]
    full = replace(polish, holds=2)
    assert pairs(assign([waits(1, language="pl")], [seat("amy"), full], rules())) == [("R1", "amy")]


def test_distress_goes_to_who_is_trained_for_it_while_they_have_room_and_else_to_anybody_at_once() -> None:
    distress = waits(1, lane=Lane.DANGER, category="domestic_abuse")
    trained = seat("zoe", capacity=2, holds=1, safeguarding=True)
    assert pairs(assign([distress], [seat("amy"), trained], rules())) == [("R1", "zoe")]
    assert pairs(assign([distress], [seat("amy"), replace(trained, holds=2)], rules())) == [("R1", "amy")]
    gas = waits(2, lane=Lane.DANGER, category="hazard_gas")
    assert pairs(assign([gas], [seat("amy"), trained], rules())) == [("R2", "amy")]


def test_another_queue_helps_after_a_while_or_at_once_when_nobody_of_its_own_is_there() -> None:
    own, other = seat("amy", ["duty"], holds=1), seat("zoe")
    assert assign([waits(1, 4, queue="duty")], [own, other], rules()) == []
    (offer,) = assign([waits(1, 5, queue="duty")], [own, other], rules())
    assert (offer.staff_id, offer.overflow) == ("zoe", True)
    assert pairs(assign([waits(1, 0, queue="duty")], [other], rules())) == [("R1", "zoe")]


def test_help_comes_from_the_nearest_queue_that_anybody_sits_at_however_far_that_is() -> None:
    assert FILE.helping("abuse") == ("duty", "front-desk")
    far, near = seat("zoe"), seat("amy", ["duty"])
    assert pairs(assign([waits(1, 0, queue="abuse")], [far], rules())) == [("R1", "zoe")]
    assert pairs(assign([waits(1, 0, queue="abuse")], [far, near], rules())) == [("R1", "amy")]


def test_queues_that_help_each_other_out_go_round_once() -> None:
    queues = {name: {"name": name, "hours": "office", "overflow": other} for name, other in (("day", "night"), ("night", "day"))}
    file = HandoffsFile.model_validate({"default_queue": "day", "queues": queues}, strict=False)
    assert file.helping("day") == ("night",)


def test_who_said_no_is_not_asked_again_at_once() -> None:
    lately, before = {"amy": WEDNESDAY - timedelta(seconds=10)}, {"amy": WEDNESDAY - timedelta(minutes=3)}
    assert assign([waits(1)], [seat("amy")], rules(R1=lately)) == []
    assert pairs(assign([waits(1)], [seat("amy")], rules(R1=before))) == [("R1", "amy")]
    assert pairs(assign([waits(1)], [seat("amy"), seat("zoe", holds=0, given_at=WEDNESDAY)], rules(R1=lately))) == [("R1", "zoe")]


def test_who_let_an_offer_lie_and_says_that_they_are_available_again_is_asked_at_once() -> None:
    lapsed = {"amy": WEDNESDAY - timedelta(seconds=30)}
    back = seat("amy", status_since=WEDNESDAY - timedelta(seconds=5))
    assert pairs(assign([waits(1)], [back], rules(R1=lapsed))) == [("R1", "amy")]
    all_along = seat("amy", status_since=WEDNESDAY - timedelta(hours=1))
    assert assign([waits(1)], [all_along], rules(R1=lapsed)) == []


def test_two_requests_of_one_conversation_go_out_once() -> None:
    line = [waits(1, conversation_id="same"), waits(2, conversation_id="same")]
    assert len(assign(line, [seat("amy"), seat("zoe")], rules())) == 1


def test_one_in_so_many_is_whoever_waits_past_their_promise() -> None:
    flood = [waits(100 + n, 5, Lane.DANGER) for n in range(20)]
    line = in_order([*flood, waits(1, 30), waits(2, 20)])
    offers = assign(line, [seat("amy", capacity=SHARE * 2)], rules())
    assert [offer.share for offer in offers] == ([False] * (SHARE - 1) + [True]) * 2
    assert [offer.reference for offer in offers if offer.share] == ["R1", "R2"]


def test_the_share_is_counted_over_all_advisers_together() -> None:
    flood = [waits(100 + n, 5, Lane.DANGER) for n in range(20)]
    offers = assign(in_order([*flood, waits(1, 30)]), [seat(f"a{n}") for n in range(SHARE)], rules())
    assert [offer.reference for offer in offers if offer.share] == ["R1"]


def test_nobody_gets_a_share_who_has_not_waited_past_their_promise() -> None:
    flood = [waits(100 + n, 5, Lane.DANGER) for n in range(20)]
    offers = assign(in_order([*flood, waits(1, 9)]), [seat("amy", capacity=10)], rules())
    assert not any(offer.share for offer in offers) and "R1" not in [offer.reference for offer in offers]


DRAWN_LINE = st.lists(
    st.tuples(
        st.sampled_from(list(Lane)),
        st.floats(0, 90),
        st.sampled_from(list(FILE.queues)),
        st.sampled_from(["", "domestic_abuse", "hazard_gas"]),
        st.integers(0, 6),
    ),
    max_size=25,
)
DRAWN_SEATS = st.lists(
    st.tuples(st.sets(st.sampled_from(list(FILE.queues)), min_size=1), st.integers(1, 3), st.integers(0, 3), st.booleans()), max_size=5
)


@settings(deadline=None)
@given(DRAWN_LINE, DRAWN_SEATS)
def test_nobody_gets_too_much_or_twice_or_what_they_do_not_serve_and_nobody_idles_while_they_could_help(
    drawn: list[tuple[Lane, float, str, str, int]], sat: list[tuple[set[str], int, int, bool]]
) -> None:
    line = in_order(
        waits(n, minutes, lane, queue=queue, category=category, conversation_id=f"c{same}" if same else f"own{n}")
        for n, (lane, minutes, queue, category, same) in enumerate(drawn)
    )
    seats = [seat(f"a{n}", queues, capacity, holds, safeguarding=trained) for n, (queues, capacity, holds, trained) in enumerate(sat)]
    offers = assign(line, seats, rules())
    by_name, by_reference = {one.adviser.staff_id: one for one in seats}, {one.reference: one for one in line}
    for name, more in Counter(offer.staff_id for offer in offers).items():
        assert by_name[name].holds + more <= by_name[name].adviser.capacity
    conversations = [by_reference[offer.reference].conversation_id for offer in offers]
    assert len(conversations) == len(set(conversations))
    for offer in offers:
        queue = by_reference[offer.reference].queue
        serves = {queue, *FILE.helping(queue)} & by_name[offer.staff_id].adviser.queues
        assert serves
    given = Counter(offer.staff_id for offer in offers)
    free = [one for one in seats if one.holds + given[one.adviser.staff_id] < one.adviser.capacity]
    left = [one for one in line if one.conversation_id not in conversations]
    assert not any(waiting.queue in one.adviser.queues for waiting in left for one in free)


def simulate(arrivals: Sequence[Handoff], seats: list[Seat], minutes_each: int, until: int) -> dict[str, datetime]:
    """A desk minute by minute: who was given when. Each conversation lasts so many minutes."""
    given: dict[str, datetime] = {}
    ends: list[tuple[int, str]] = []
    line = list(arrivals)
    for minute in range(until):
        now = WEDNESDAY + timedelta(minutes=minute)
        ends = [(end, name) for end, name in ends if end > minute]
        held = Counter(name for _, name in ends)
        seats = [replace(one, holds=held[one.adviser.staff_id]) for one in seats]
        here = [waiting for waiting in line if waiting.requested_at <= now and waiting.reference not in given]
        gone = [Came(one.id, one.source, one.requested_at) for one in line if one.reference in given and one.source]
        for offer in assign(in_order(here, gone, timedelta(minutes=10)), seats, rules(now)):
            given[offer.reference] = now
            ends.append((minute + minutes_each, offer.staff_id))
            seats = [_counted(one, offer, now) if one.adviser.staff_id == offer.staff_id else one for one in seats]
        assert all(count <= 3 for count in Counter(name for _, name in ends).values())
    return given


def _counted(one: Seat, offer: Offer, now: datetime) -> Seat:
    since = 0 if offer.tally is None else one.adviser.since_share + offer.tally
    return replace(one, adviser=replace(one.adviser, since_share=since, given_at=now))


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 4), st.integers(1, 3))
def test_neither_a_flood_of_distress_nor_the_ordinary_queue_starves_anybody(advisers: int, capacity: int) -> None:
    flood = [waits(1000 + n, -n / 4, Lane.DANGER, source="flood") for n in range(800)]  # four a minute for longer than the test
    real = [waits(5000 + n, -20 - 15 * n, Lane.DANGER, source=f"home-{n}") for n in range(6)]
    ordinary = [waits(n, -n * 20) for n in range(8)]
    seats = [seat(f"a{n}", capacity=capacity) for n in range(advisers)]
    given = simulate([*flood, *real, *ordinary], seats, minutes_each=8, until=240)
    a_place = 8 / (advisers * capacity)  # minutes between two conversations ending
    for waiting in real:
        assert given[waiting.reference] - waiting.requested_at <= timedelta(minutes=16 + 16 * a_place), waiting.reference
    served = [one.reference for one in ordinary if one.reference in given]
    rate = SHARE * a_place  # minutes between two shares
    assert len(served) >= min(8, int((240 - 10) / rate) - 1)
    assert served == [one.reference for one in ordinary][: len(served)]


def test_work_is_spread_evenly() -> None:
    seats = [seat(f"a{n}", capacity=3) for n in range(4)]
    offers = assign([waits(n) for n in range(8)], seats, rules())
    assert set(Counter(offer.staff_id for offer in offers).values()) == {2}
