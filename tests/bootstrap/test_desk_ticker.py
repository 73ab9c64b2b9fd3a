"""The desk moves by itself: residents are given out, taken back when nobody takes them up, and told the truth when nobody comes."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from guildhall.bootstrap.desk_ticker import DeskTicker
from guildhall.handoffs.assigning import assign
from guildhall.storage.advisers import NoRoomError
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.handoffs import AdviserStatus, HandoffStatus, Lane, PassedBack
from guildhall.vocabulary.turns import Owner
from tests.bootstrap.at_the_desk import Place, at, profile

OFFER = profile().handoffs.desk.offer_seconds
QUIET = 60 * profile().handoffs.desk.quiet_minutes
FRONT = profile().handoffs.queues["front-desk"]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_resident_who_waits_is_offered_to_who_is_here(place: Place) -> None:
    priya = place.adviser("priya")
    reference = place.asks()
    place.ticker.tick(place.clock())
    found = place.of(reference)
    assert (found.status, found.adviser_id, place.owner(reference)) == (HandoffStatus.OFFERED, priya, Owner.QUEUE)


def test_an_offer_that_nobody_takes_goes_to_somebody_else_and_the_adviser_sees_why(place: Place) -> None:
    place.adviser("priya")
    reference = place.asks()
    place.passes(1, ["priya"])
    place.adviser("tom")
    place.passes(OFFER, ["priya", "tom"])
    assert (place.of(reference).status, place.of(reference).adviser_id) == (HandoffStatus.OFFERED, "tom")
    priya = place.desk.advisers.get("priya")
    assert priya is not None and (priya.status, priya.why) == (AdviserStatus.BUSY, "not_taken")
    place.desk.advisers.set_status("priya", AdviserStatus.AVAILABLE, place.clock())
    again = place.desk.advisers.get("priya")
    assert again is not None and again.why == ""


def test_who_picks_somebody_to_read_first_and_leaves_it_stays_available(place: Place) -> None:
    place.adviser("priya")
    reference = place.asks(live=False)
    place.desk.handoffs.offer(reference, "priya", place.clock())
    place.passes(OFFER, ["priya"])
    priya = place.desk.advisers.get("priya")
    assert place.of(reference).status == HandoffStatus.REQUESTED
    assert priya is not None and priya.status == AdviserStatus.AVAILABLE


def test_an_offer_to_an_adviser_who_left_goes_on_without_waiting_for_its_end(place: Place) -> None:
    place.adviser("priya")
    reference = place.asks()
    place.passes(1)
    place.desk.advisers.set_status("priya", AdviserStatus.OFFLINE, place.clock())
    place.adviser("tom")
    place.passes(1, ["tom"])
    assert place.of(reference).adviser_id == "tom"


def test_when_the_adviser_has_gone_the_resident_waits_again_in_front_and_is_told(place: Place) -> None:
    place.adviser("priya", capacity=1)
    reference = place.asks()
    place.passes(1)
    place.accepts(reference, "priya")
    place.writes(reference, "priya")
    place.clock.move(seconds=1)
    other = place.asks()
    place.passes(61)
    assert (place.of(reference).status, place.owner(reference)) == (HandoffStatus.REQUESTED, Owner.QUEUE)
    assert place.told(reference) == ["notice.adviser_left"]
    assert [handoff.reference for handoff in place.desk.line.look(place.clock()).line()] == [reference, other]
    standing = place.desk.standing(reference, place.clock())
    assert standing is not None and standing.position == 1


def test_an_adviser_who_leaves_a_resident_without_a_word_has_gone_quiet(place: Place) -> None:
    place.adviser("priya")
    reference = place.asks()
    place.passes(1)
    place.accepts(reference, "priya")
    place.writes(reference, "priya")
    place.passes(QUIET + 10, ["priya"])
    assert place.of(reference).status == HandoffStatus.ACCEPTED, "an adviser who answered owes nothing"
    place.resident_writes(reference)
    place.passes(QUIET - 5, ["priya"])
    place.resident_writes(reference)  # writing again must not begin the time anew
    place.passes(5, ["priya"])
    assert place.of(reference).status == HandoffStatus.REQUESTED
    priya = place.desk.advisers.get("priya")
    assert priya is not None and (priya.status, priya.why) == (AdviserStatus.BUSY, "went_quiet")


def test_an_adviser_who_takes_somebody_and_says_nothing_has_gone_quiet(place: Place) -> None:
    place.adviser("priya")
    reference = place.asks()
    place.passes(1)
    place.accepts(reference, "priya")
    place.passes(QUIET, ["priya"])
    assert place.of(reference).status == HandoffStatus.REQUESTED


def test_a_reply_in_the_last_moment_keeps_the_conversation(place: Place) -> None:
    place.adviser("priya")
    reference = place.asks()
    place.passes(1)
    place.accepts(reference, "priya")
    place.clock.move(seconds=QUIET)
    place.desk.advisers.seen("priya", place.clock())
    look = place.desk.line.look(place.clock())  # another process looked just before the reply
    place.writes(reference, "priya")
    place.ticker._take_back(look)
    assert place.of(reference).status == HandoffStatus.ACCEPTED


def test_an_offer_taken_in_the_moment_it_runs_out_stays_taken(place: Place) -> None:
    place.adviser("priya")
    reference = place.asks()
    place.passes(1, ["priya"])
    place.clock.move(seconds=OFFER)
    look = place.desk.line.look(place.clock())
    place.accepts(reference, "priya")
    place.ticker._take_back(look)
    priya = place.desk.advisers.get("priya")
    assert place.of(reference).status == HandoffStatus.ACCEPTED
    assert priya is not None and priya.status == AdviserStatus.AVAILABLE


def test_what_was_put_aside_comes_back_once(place: Place) -> None:
    place.adviser("priya")
    reference = place.asks()
    place.passes(1)
    place.accepts(reference, "priya")
    place.writes(reference, "priya")
    place.desk.handoffs.snooze(reference, "priya", place.clock() + timedelta(minutes=30), place.clock())
    place.passes(29 * 60, ["priya"])
    assert place.of(reference).status == HandoffStatus.SNOOZED
    place.passes(60, ["priya"])
    place.passes(1, ["priya"])
    assert place.of(reference).status == HandoffStatus.ACCEPTED
    assert len(place.kinds("HandoffSnoozed")) == 2


def test_a_join_that_was_promised_and_did_not_come_is_said_once_and_the_resident_hears_it(place: Place) -> None:
    place.adviser("priya", capacity=1)
    place.accepts(place.asks(), "priya")
    reference = place.asks()
    place.passes(60 * FRONT.join_within_minutes, ["priya"])
    place.passes(1, ["priya"])
    (facts,) = [facts for facts in place.kinds("HandoffBreached") if '"join"' in facts]
    assert reference in facts
    assert place.told(reference) == ["notice.still_waiting"]


def test_a_reply_that_was_promised_and_did_not_come_is_said_once_for_each_silence(place: Place) -> None:
    place.adviser("priya")
    reference = place.asks("registrars")
    place.desk.advisers.set("priya", ["registrars"], ["en"], False, 3, "a supervisor", place.clock())
    place.passes(1, ["priya"])
    place.accepts(reference, "priya")
    reply = 60 * profile().handoffs.queues["registrars"].reply_within_minutes
    assert reply < QUIET
    for _ in range(2):
        place.passes(reply, ["priya"])
        place.passes(1, ["priya"])
        place.writes(reference, "priya")
        place.clock.move(seconds=1)
        place.resident_writes(reference)
    assert len([facts for facts in place.kinds("HandoffBreached") if '"reply"' in facts]) == 2


def test_when_nobody_comes_in_time_the_assistant_goes_on_and_the_request_stays(place: Place) -> None:
    place.adviser("priya", capacity=1)
    place.accepts(place.asks(), "priya")
    reference = place.asks()
    for _ in range(FRONT.give_up_after_minutes):
        place.passes(60, ["priya"])
        for held in place.desk.handoffs.held_by("priya"):
            place.writes(held.reference, "priya")
    found = place.of(reference)
    assert (found.status, found.live, place.owner(reference)) == (HandoffStatus.REQUESTED, False, Owner.ASSISTANT)
    assert place.told(reference) == ["notice.still_waiting", "notice.nobody_came", "notice.then_open"]
    assert place.desk.standing(reference, place.clock()) is None


def test_when_the_last_adviser_leaves_the_resident_hears_it_within_minutes_and_not_at_a_blink(place: Place) -> None:
    place.adviser("priya", capacity=1)
    place.accepts(place.asks(), "priya")
    reference = place.asks()
    place.passes(90)
    assert place.of(reference).live, "a page that was closed and opened again has not left"
    place.passes(31)
    assert not place.of(reference).live
    assert place.told(reference) == ["notice.nobody_here", "notice.then_open"]


def test_somebody_in_danger_whom_nobody_is_there_for_is_said_at_once_and_gets_the_emergency_number(place: Place) -> None:
    place.adviser("priya", ["domestic-abuse"], capacity=1)
    place.accepts(place.asks("domestic-abuse"), "priya")
    place.desk.advisers.set_status("priya", AdviserStatus.BREAK, place.clock())
    reference = place.asks("domestic-abuse", Lane.DANGER, category="domestic_abuse")
    place.passes(1, ["priya"])
    place.passes(1, ["priya"])
    (facts,) = place.kinds("HandoffBreached")
    assert '"somebody"' in facts and reference in facts and '"open":true' in facts
    place.desk.advisers.set_status("priya", AdviserStatus.OFFLINE, place.clock())
    place.passes(61)
    assert place.told(reference)[:2] == ["notice.nobody_here", "notice.danger"]


def test_who_was_in_danger_when_nobody_was_there_is_given_to_the_next_adviser_who_comes(place: Place) -> None:
    reference = place.asks("domestic-abuse", Lane.DANGER, live=False, category="domestic_abuse")
    place.asks(live=False)
    place.passes(1)
    place.clock.move(hours=1)
    place.adviser("priya", ["domestic-abuse", "front-desk"], safeguarding=True)
    place.ticker.tick(place.clock())
    assert [handoff.reference for handoff in place.desk.handoffs.offered_to("priya")] == [reference]


@pytest.mark.parametrize(
    ("asked", "told", "opens"),
    [
        ("2026-11-25T16:55", ["notice.closed", "notice.duty", "notice.then_closed"], "tomorrow"),
        ("2026-12-24T15:25", ["notice.closed", "notice.duty", "notice.then_closed"], "Tuesday 29 December"),
        ("2026-11-27T16:55", ["notice.closed", "notice.duty", "notice.then_closed"], "Monday 30 November"),
    ],
)
def test_a_queue_that_shuts_while_somebody_waits_says_when_it_opens_and_who_answers_now(
    tmp_path: Path, asked: str, told: list[str], opens: str
) -> None:
    place = Place(tmp_path, FakeClock(at(asked)))
    place.adviser("priya", ["domestic-abuse"], capacity=1)
    place.accepts(place.asks("domestic-abuse"), "priya")
    reference = place.asks("domestic-abuse")
    place.passes(60, ["priya"])
    assert place.of(reference).live
    place.passes(240, ["priya"])
    assert not place.of(reference).live
    assert place.told(reference) == told
    said = " ".join(part.text for entry in place.notices(reference) for part in entry.parts)
    assert opens in said and "01632 960999" in said


def test_a_lunch_break_of_a_split_day_gives_nobody_false_hope(place: Place) -> None:
    # nobody is asked, and no promise counts, while the desk is shut
    place.clock.now = at("2026-11-25T17:29")
    place.adviser("priya", capacity=1)
    place.accepts(place.asks(), "priya")
    reference = place.asks()
    place.passes(120, ["priya"])
    assert place.told(reference)[0] == "notice.closed"
    assert not [facts for facts in place.kinds("HandoffBreached") if '"join"' in facts]


def test_a_booked_slot_that_passes_without_a_call_is_said_once(place: Place) -> None:
    slot_ends = place.clock() + timedelta(hours=3)
    reference = place.asks(live=False)
    place.books(reference, (slot_ends - timedelta(hours=1), slot_ends))
    place.passes(3 * 3600 - 1)
    assert place.kinds("HandoffBreached") == []
    place.passes(1)
    place.passes(1)
    (facts,) = place.kinds("HandoffBreached")
    assert '"callback"' in facts
    place.books(reference, (slot_ends + timedelta(hours=20), slot_ends + timedelta(hours=21)))
    place.passes(22 * 3600)
    assert len(place.kinds("HandoffBreached")) == 2, "a slot booked again is promised again"


def test_a_callback_for_as_soon_as_possible_is_due_within_the_queues_promise_in_its_hours(place: Place) -> None:
    place.clock.now = at("2026-11-25T16:50")
    place.books(place.asks("domestic-abuse", live=False), None)
    place.passes(12 * 3600)
    assert place.kinds("HandoffBreached") == []
    place.clock.now = at("2026-11-26T09:21")
    place.passes(1)
    assert len(place.kinds("HandoffBreached")) == 1


def test_an_adviser_gets_no_more_than_they_can_do_however_many_processes_give_out(tmp_path: Path) -> None:
    place = Place(tmp_path)
    places = [place, *(Place(tmp_path, place.clock) for _ in range(2))]
    names = [place.adviser(f"adviser-{n}", capacity=2) for n in range(3)]
    references = [place.asks() for _ in range(20)]
    start = threading.Barrier(len(places))

    def tick(one: Place) -> None:
        start.wait()
        one.ticker.tick(one.clock())

    with ThreadPoolExecutor(len(places)) as pool:
        list(pool.map(tick, places))
    offered = [place.of(reference) for reference in references]
    counted = Counter(handoff.adviser_id for handoff in offered if handoff.status == HandoffStatus.OFFERED)
    assert counted == dict.fromkeys(names, 2)
    assert len(place.kinds("HandoffOffered")) == 6
    assert [handoff.reference for handoff in offered if handoff.status == HandoffStatus.OFFERED] == references[:6]


def test_two_processes_say_a_breach_and_give_up_once(tmp_path: Path) -> None:
    one = Place(tmp_path)
    two = Place(tmp_path, one.clock)
    one.adviser("priya", capacity=1)
    one.accepts(one.asks(), "priya")
    reference = one.asks()
    one.clock.move(minutes=FRONT.give_up_after_minutes)
    looks = [place.desk.line.look(one.clock()) for place in (one, two)]
    for place, look in zip((one, two), looks, strict=True):
        place.ticker._keep_promises(look)
    for place, look in zip((one, two), looks, strict=True):
        place.ticker._give_up(look)
    assert one.told(reference).count("notice.nobody_here") == 1
    assert len([facts for facts in one.kinds("HandoffBreached") if '"join"' in facts]) == 1
    assert len(one.kinds("HandoffGivenUp")) == 1


def test_a_tick_changes_nothing_that_is_not_due(place: Place) -> None:
    place.adviser("priya", capacity=1)
    place.accepts(place.asks(), "priya")
    place.asks()
    place.ticker.tick(place.clock())
    before = place.desk.line.reader.last_change()
    for _ in range(5):
        place.ticker.tick(place.clock())
    assert place.desk.line.reader.last_change() == before


def test_an_adviser_who_is_full_is_not_offered_more_even_by_a_late_look(place: Place) -> None:
    place.adviser("priya", capacity=1)
    first, second = place.asks(), place.asks()
    look = place.desk.line.look(place.clock())
    (offer,) = assign(look.to_give(), look.seats(), look.rules)
    place.ticker.tick(place.clock())
    assert place.of(first).status == HandoffStatus.OFFERED
    with pytest.raises(NoRoomError):
        place.desk.handoffs.offer(second, "priya", place.clock(), offer)


def test_an_adviser_who_says_no_is_not_asked_for_the_same_one_at_once(place: Place) -> None:
    place.adviser("priya")
    reference = place.asks()
    place.passes(1, ["priya"])
    place.desk.handoffs.pass_back(reference, PassedBack.DECLINED, place.clock(), staff_id="priya")
    place.passes(1, ["priya"])
    assert place.of(reference).status == HandoffStatus.REQUESTED
    place.passes(130, ["priya"])
    assert place.of(reference).status == HandoffStatus.OFFERED


def test_giving_out_comes_at_once_after_somebody_asks(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.adviser("priya")
    heard = threading.Event()
    asking = Place(tmp_path, place.clock)
    ticker = DeskTicker(place.desk, place.clock, tick_seconds=60)
    asking.desk.changes.listen(lambda change: heard.set() if change.kind == "HandoffOffered" else None)
    ticker.start()
    try:
        reference = asking.asks()
        assert heard.wait(5)
    finally:
        ticker.stop()
        place.desk.close()
        asking.desk.close()
    assert place.of(reference).adviser_id == "priya"


def test_a_resident_hears_a_true_place_and_a_waiting_time_only_when_it_is_known(place: Place) -> None:
    place.adviser("priya", capacity=3)
    reference = place.asks()
    standing = place.desk.standing(reference, place.clock())
    assert standing is not None and (standing.position, standing.present, standing.expected_seconds) == (1, 1, None)
    place.accepts(reference, "priya")
    for _ in range(6):
        asked = place.asks()
        place.clock.move(minutes=2)
        place.accepts(asked, "priya")
    place.desk.advisers.seen("priya", place.clock())
    first, second = place.asks(), place.asks(lane=Lane.CARE)
    places = place.desk.standings(place.clock())
    assert [(places[one].position, places[one].expected_seconds) for one in (first, second)] == [(2, 240), (1, 120)]


def test_figures_say_who_waits_who_is_there_and_how_long_a_human_voice_took(place: Place) -> None:
    place.adviser("priya", ["front-desk", "duty"], capacity=3)
    first = place.asks()
    place.passes(60, ["priya"])
    place.accepts(first, "priya")
    place.clock.move(minutes=1)
    place.writes(first, "priya")
    place.asks("duty", Lane.DANGER)
    place.clock.move(minutes=3)
    place.desk.advisers.seen("priya", place.clock())
    everything, front, *_ = place.desk.figures(place.clock())
    assert (everything.waiting, everything.in_danger, everything.longest) == (1, 1, timedelta(minutes=3))
    assert (front.queue, front.waiting, front.talking, front.present, front.room) == ("front-desk", 0, 1, 1, 2)
    assert (front.to_human.p50, front.to_human_in_danger.count) == (timedelta(minutes=2), 0)


def test_the_list_that_advisers_pick_from_is_in_the_order_in_which_the_desk_gives_out(place: Place) -> None:
    place.asks()
    place.clock.move(minutes=1)
    urgent = place.asks(lane=Lane.DANGER)
    waiting = place.desk.line.waiting(place.clock(), ["front-desk"])
    assert [handoff.lane for handoff in waiting] == [Lane.DANGER, Lane.ORDINARY]
    assert waiting[0].reference == urgent
    assert place.desk.line.waiting(place.clock(), ["revenues"]) == ()
