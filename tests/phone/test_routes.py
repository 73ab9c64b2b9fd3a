"""Whose phone rings: by the hour, the queue, who is at the desk and what was tried; and never a number that a caller gave."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.phone_people import QueueNumbers
from guildhall.channels.phone.house import PersonAnswer
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.councils.phone_config import PhoneFile
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.handoffs import HandoffStatus, Lane
from tests.phone.calling import ADVISERS_PHONE, Caller, adviser, facts_of, open_house, passes
from tests.web.front_door import demo_profile

NIGHT, CHRISTMAS = datetime(2026, 11, 25, 23, 0, tzinfo=UTC), datetime(2026, 12, 25, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize("when", [NIGHT, CHRISTMAS])
def test_when_the_desk_is_shut_the_duty_line_answers_danger_and_others_get_a_callback(tmp_path: Path, when: datetime) -> None:
    guildhall = open_house(tmp_path, clock=FakeClock(when))
    danger = Caller(guildhall, call_id="call-1")
    danger.says("He hits me")
    route = danger.wants_person("He hits me", danger=True)
    assert (route.answer, route.number) == (PersonAnswer.DUTY, "01632 960999")
    other = Caller(guildhall, call_id="call-2", number="07700900124").wants_person("0")
    assert other.answer == PersonAnswer.CALLBACK and other.slots and not other.number
    guildhall.close()


def test_somebody_in_danger_is_rung_for_until_somebody_answers(guildhall: Guildhall) -> None:
    adviser(guildhall)
    caller = Caller(guildhall)
    caller.says("I can smell gas")
    route, rung = caller.wants_person("I can smell gas", danger=True), []
    for _ in range(6):
        assert route.answer in (PersonAnswer.RING, PersonAnswer.DUTY)
        rung.append(route.number)
        after = caller.is_put_through(route, TransferOutcome.NO_ANSWER)
        assert after is not None
        route = after
    assert ADVISERS_PHONE in rung and len(set(rung)) >= 3
    assert rung[0] == next(number for number in rung if rung.count(number) > 1)  # round again, from the first
    assert len(facts_of(guildhall, "CallNotBridged")) == 6


def test_who_is_not_in_danger_hears_each_phone_ring_once_and_then_chooses(guildhall: Guildhall) -> None:
    caller = Caller(guildhall)
    route = caller.wants_person("0")
    assert route.answer == PersonAnswer.RING
    after = caller.is_put_through(route, TransferOutcome.NO_ANSWER)
    assert after is not None and after.answer == PersonAnswer.CALLBACK


def test_while_only_public_numbers_are_known_the_one_that_was_dialled_is_not_rung(tmp_path: Path) -> None:
    guildhall = open_house(tmp_path, profile=replace(demo_profile(), phone=PhoneFile()))
    caller = Caller(guildhall, number="07700900125")
    caller.facts = caller.facts.__class__("call-9", "07700900125", "+441632960100", hearing="open")
    caller.id = caller.do(lambda house: house.begin(caller.facts))
    assert caller.wants_person("0").answer == PersonAnswer.CALLBACK  # the assistant's own line: it would ring itself
    guildhall.close()


def test_only_lines_of_the_council_are_rung(guildhall: Guildhall) -> None:
    numbers = QueueNumbers.of(guildhall.profile)
    configured = {line.number for line in guildhall.profile.phone.lines.values()}
    assert {*numbers.lines.values(), *numbers.duty.values()} <= configured


def test_an_adviser_without_a_phone_is_offered_no_call(guildhall: Guildhall) -> None:
    from guildhall.bootstrap.desk_ticker import DeskTicker

    silent, ada = adviser(guildhall, "silent", phone=""), adviser(guildhall, "ada")
    route = Caller(guildhall).wants_person("0")
    assert route.answer == PersonAnswer.WAIT
    DeskTicker(guildhall.desk, guildhall.house.clock, say=lambda _: None).give_out(guildhall.house.clock())
    offered = guildhall.desk.handoffs.get(route.reference)
    assert (offered.status, offered.adviser_id) == (HandoffStatus.OFFERED, ada) and silent != ada


def test_an_adviser_who_talks_is_neither_quiet_nor_gone(guildhall: Guildhall) -> None:
    from guildhall.bootstrap.desk_ticker import DeskTicker

    ada, caller = adviser(guildhall), Caller(guildhall)
    route = caller.wants_person("0")
    guildhall.desk.handoffs.accept(route.reference, ada, guildhall.house.clock())
    caller.is_put_through(caller.asks_again(route))
    ticker = DeskTicker(guildhall.desk, guildhall.house.clock, say=lambda _: None)
    passes(guildhall, minutes=40)  # their page is closed: they have a phone in their hand
    ticker.tick(guildhall.house.clock())
    assert guildhall.desk.handoffs.get(route.reference).adviser_id == ada
    caller.rings_off()
    ticker.tick(guildhall.house.clock())
    after = guildhall.desk.handoffs.get(route.reference)
    assert (after.adviser_id, after.live, after.call) == ("", False, "over")  # gone without a word at the desk: it is for others now


def test_who_is_given_up_hears_of_callbacks_and_is_told_nothing_in_writing(guildhall: Guildhall) -> None:
    from guildhall.bootstrap.desk_ticker import DeskTicker

    ada, caller = adviser(guildhall), Caller(guildhall)
    route = caller.wants_person("0")
    ticker = DeskTicker(guildhall.desk, guildhall.house.clock, say=lambda _: None)
    for _ in range(35):
        passes(guildhall, minutes=1)
        guildhall.desk.advisers.set_status(ada, guildhall.desk.advisers.get(ada).status, guildhall.house.clock())  # type: ignore[union-attr]
        ticker.tick(guildhall.house.clock())
    after = caller.asks_again(route)
    assert after.answer in (PersonAnswer.CALLBACK, PersonAnswer.RING)
    assert facts_of(guildhall, "NoticeGiven") == []


def test_danger_that_is_told_later_moves_a_caller_who_waits_ahead(guildhall: Guildhall) -> None:
    adviser(guildhall)
    caller = Caller(guildhall)
    assert caller.wants_person("0").answer == PersonAnswer.WAIT
    route = caller.wants_person("He hits me", danger=True)
    assert route.answer == PersonAnswer.RING
    assert guildhall.desk.handoffs.get(route.reference).lane == Lane.DANGER
    assert len(facts_of(guildhall, "SafeguardingRaised")) == 1


def test_who_stops_waiting_goes_on_with_the_assistant(guildhall: Guildhall) -> None:
    adviser(guildhall)
    caller = Caller(guildhall)
    route = caller.wants_person("0")
    assert caller.says("How much is bulky waste?")[1].reason == "not_the_owner"
    caller.notes("stop_waiting")
    assert guildhall.desk.handoffs.get(route.reference).status == HandoffStatus.WITHDRAWN
    assert caller.says("How much is bulky waste?")[1].outcome == "answered"


def test_a_phone_that_is_no_line_of_the_council_any_more_is_not_rung(guildhall: Guildhall) -> None:
    ada = adviser(guildhall, phone="07700 900999")
    caller = Caller(guildhall)
    route = caller.wants_person("0")
    assert (route.answer, route.number) == (PersonAnswer.RING, "01632 960100")
    guildhall.desk.handoffs.accept(route.reference, ada, guildhall.house.clock())
    assert caller.asks_again(route).number == "01632 960100"
