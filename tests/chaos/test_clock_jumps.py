"""The clock jumps, backwards or forwards, over nights, holidays and years: nothing crashes, and what is promised is true at the time it shows."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.storage.switches import SwitchStore
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.outcomes import Outcome, Person
from guildhall.vocabulary.switches import SwitchKind
from tests.conversations.talk import Talk, profile
from tests.storage.memory import Memory, counting
from tests.web.browser import Browser
from tests.web.front_door import open_front_door

BULKY = "How much is a bulky waste collection?"
JUMPS = {
    "an hour back": timedelta(hours=-1),
    "a year back": timedelta(days=-365),
    "to 1970": datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC) - datetime(2026, 11, 25, 10, 0, tzinfo=UTC),
    "a night on": timedelta(hours=14),
    "over the end of summer time": timedelta(days=339),
    "ten years on": timedelta(days=3653),
    "to 2100": timedelta(days=26_700),
}


@pytest.mark.parametrize("jump", list(JUMPS))
def test_a_conversation_goes_on_over_a_jump(talk: Talk, jump: str) -> None:
    assert talk.say(BULKY).outcome == Outcome.ANSWERED
    talk.clock.now += JUMPS[jump]
    assert talk.say(BULKY).outcome == Outcome.ANSWERED
    turn = talk.say("talk to a person")
    assert turn.reply.person == Person.BROUGHT
    talk.clock.now -= JUMPS[jump]
    assert talk.say(BULKY).outcome == Outcome.ANSWERED
    kept = talk.memory.conversations.transcript(talk.id)
    assert [turn.utterance for turn in kept] == [BULKY, BULKY, "talk to a person", BULKY]  # in the order they were said
    assert [row.reference for row in talk.memory.people.waiting()] == [turn.reply.reference]


def test_a_jump_in_the_middle_of_a_turn_does_no_harm(talk: Talk) -> None:
    running = talk.stream(f"He hits me. {BULKY}")
    next(running)
    talk.clock.now -= timedelta(days=400)
    assert list(running)
    assert talk.memory.conversations.transcript(talk.id)[0].completed


@settings(max_examples=300, deadline=None)
@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_at_any_time_hours_and_slots_are_true_to_each_other(now: datetime) -> None:
    calendar = profile().calendar
    for queue in profile().handoffs.queues.values():
        opens = calendar.next_opening(queue.hours, now)
        assert opens is None or opens >= now
        assert opens is None or calendar.is_open(queue.hours, opens)
        for slot in calendar.slots(queue.hours, now, profile().handoffs.callback_slots_minutes, 24):
            assert slot.starts_at > now
            assert slot.starts_at < slot.ends_at
            assert calendar.is_open(queue.hours, slot.starts_at)


@pytest.mark.parametrize("jump", list(JUMPS))
def test_a_slot_offered_before_a_jump_is_refused_or_still_right_after_it(tmp_path: Path, jump: str) -> None:
    clock = FakeClock()
    guildhall = open_front_door(tmp_path, clock=clock)
    browser = Browser(guildhall).open("/?lang=en")
    browser.ask("I want to talk to a person")
    slot = browser.all("#callback-slot option")[1].attributes["value"] or ""
    clock.now += JUMPS[jump]
    browser.send("#callback form", name="Sam", phone="01632 960001", slot=slot, safe="yes")
    assert browser.status in (200, 400)
    booked = guildhall.people.open_requests(browser.conversation_id)[0].slot_starts_at
    assert booked is None or booked > clock.now
    assert browser.open("/?lang=en").status == 200
    guildhall.close()


def test_a_switch_that_is_off_stays_off_whatever_the_clock_does(tmp_path: Path) -> None:
    memory, clock = Memory(tmp_path / "s.sqlite3"), FakeClock()
    store = SwitchStore(memory.database, "testshire", lambda kind: ["web"], counting(), clock)
    store.turn_off(SwitchKind.CHANNEL, "web", "wrong fees were quoted", "Priya Shah")
    for jump in JUMPS.values():
        clock.now += jump
        assert store.off().is_off(SwitchKind.CHANNEL, "web")
        clock.now -= jump
