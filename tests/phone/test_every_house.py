"""What every house a phone can talk to must do: the one in this process, and the same one over HTTP."""

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.channels.phone.house import HouseGoneError, PersonAnswer
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.vocabulary.handoffs import Lane
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Channel, Owner
from tests.phone.calling import ADVISERS_PHONE, Caller, adviser, facts_of, passes


def test_a_call_is_a_conversation_on_the_phone_and_begun_once(guildhall: Guildhall, twin: str) -> None:
    first, again = Caller(guildhall, twin), Caller(guildhall, twin)
    other = Caller(guildhall, twin, call_id="call-2")
    assert first.id == again.id != other.id
    conversation = guildhall.conversations.load(ConversationId(first.id))
    assert conversation is not None and conversation.channel == Channel.PHONE
    assert [facts["hearing"] for facts in facts_of(guildhall, "CallBegan")] == ["open", "open"]
    assert guildhall.desk.calls.numbers(first.id) == ("07700900123", "01632 960500")


def test_a_question_is_answered_by_the_same_turn_part_by_part(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    parts, done = caller.says("How much is bulky waste?")
    assert [part.number for part in parts] == list(range(len(parts))) and parts
    assert {part.turn_id for part in parts} == {done.turn_id}
    assert (done.outcome, done.danger, done.person) == ("answered", False, "none")
    turn = facts_of(guildhall, "TurnCompleted")[-1]
    assert (turn["channel"], turn["outcome"]) == ("phone", "answered")


def test_the_same_attempt_is_done_once(guildhall: Guildhall, twin: str) -> None:
    caller, attempt = Caller(guildhall, twin), new_id("turn")
    first, again = (caller.says("How much is bulky waste?", attempt, hears=False) for _ in range(2))
    assert first == again
    assert len(facts_of(guildhall, "TurnCompleted")) == 1


def test_distress_is_danger_and_a_phone_rings_at_once(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    parts, done = caller.says("I want to kill myself")
    assert done.danger and done.person == "brought" and done.reference
    assert any("116 123" in part.part.text for part in parts)
    route = caller.wants_person("I want to kill myself", danger=True)
    assert (route.answer, route.reference) == (PersonAnswer.RING, done.reference) and route.number
    assert guildhall.desk.handoffs.get(route.reference).lane == Lane.DANGER


def test_the_time_to_a_human_voice_in_distress_is_in_the_record(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    caller.says("He hits me")
    passes(guildhall, seconds=4)
    route = caller.wants_person("He hits me", danger=True)
    passes(guildhall, seconds=7)
    assert caller.is_put_through(route) is None
    assert caller.is_put_through(route) is None  # told again
    told = facts_of(guildhall, "CallBridged")
    assert [(facts["waited_seconds"], facts["danger"], facts["queue"]) for facts in told] == [(11, True, route.queue)]
    assert guildhall.conversations.owner_of(ConversationId(caller.id)) == Owner.QUEUE


def test_a_team_is_rung_and_then_the_assistant_says_nothing_more(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    route = caller.wants_person("0")
    assert (route.answer, route.queue, route.number) == (PersonAnswer.RING, "front-desk", "01632 960100")
    caller.is_put_through(route)
    parts, done = caller.says("How much is bulky waste?")
    assert (parts, done.reason) == ([], "not_the_owner")


def test_asked_for_twice_a_person_is_one_request(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    first, again = caller.wants_person("let me talk to a person"), caller.wants_person("0")
    assert first == again
    assert len(facts_of(guildhall, "HandoffRequested")) == 1


def test_who_waits_hears_their_place_and_is_rung_when_an_adviser_takes_them(guildhall: Guildhall, twin: str) -> None:
    ada = adviser(guildhall)
    caller = Caller(guildhall, twin)
    route = caller.wants_person("0")
    assert (route.answer, route.position, route.wait_seconds) == (PersonAnswer.WAIT, 1, None)
    guildhall.desk.handoffs.accept(route.reference, ada, guildhall.house.clock())
    rung = caller.asks_again(route)
    assert (rung.answer, rung.number) == (PersonAnswer.RING, ADVISERS_PHONE)
    assert caller.is_put_through(rung) is None
    conversation = ConversationId(caller.id)
    assert guildhall.conversations.owner_of(conversation) == Owner.ADVISER
    assert guildhall.desk.handoffs.get(route.reference).adviser_id == ada


def test_a_phone_that_nobody_answers_puts_the_caller_back_with_the_reason(guildhall: Guildhall, twin: str) -> None:
    ada = adviser(guildhall)
    caller = Caller(guildhall, twin)
    route = caller.wants_person("0")
    guildhall.desk.handoffs.accept(route.reference, ada, guildhall.house.clock())
    after = caller.is_put_through(caller.asks_again(route), TransferOutcome.NO_ANSWER)
    assert after is not None and after.answer == PersonAnswer.WAIT
    assert facts_of(guildhall, "HandoffPassedBack")[-1]["why"] == "missed_call"
    found = guildhall.desk.advisers.get(ada)
    assert found is not None and (found.status, found.why) == ("busy", "missed_call")
    again = caller.is_put_through(route, TransferOutcome.NO_ANSWER)  # told twice, done once
    assert again is not None and len(facts_of(guildhall, "HandoffPassedBack")) == 1


def test_a_callback_is_booked_to_the_callers_own_number_once(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    route = caller.wants_person("0")
    after = caller.is_put_through(route, TransferOutcome.BUSY)
    assert after is not None and after.answer == PersonAnswer.CALLBACK and after.slots
    when = caller.books(after, starts_at=after.slots[0])
    assert "today" in when and caller.books(after, starts_at=after.slots[0]) == when
    row = guildhall.people.open_requests(ConversationId(caller.id))[0]
    assert row.details is not None and row.details.phone == "07700 900123"
    assert len(facts_of(guildhall, "CallbackBooked")) == 1
    assert caller.books(after, number="0909 8790000") == "" == caller.books(after, starts_at="2026-11-25T03:00:00+00:00")


def test_an_answer_is_texted_where_that_is_safe(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    _, done = caller.says("How much is bulky waste?")
    assert caller.do(lambda house: house.text(caller.id, done.turn_id, "01632 960001")) is False  # a landline takes none
    assert [caller.do(lambda house: house.text(caller.id, done.turn_id, "")) for _ in range(2)] == [True, True]
    assert len(facts_of(guildhall, "FollowUpAsked")) == 1
    guildhall.after.follow_ups.tick(guildhall.house.clock())
    assert len(facts_of(guildhall, "NotificationQueued")) == 1


def test_nothing_is_texted_after_distress(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    _, done = caller.says("He hits me")
    assert caller.do(lambda house: house.text(caller.id, done.turn_id, "")) is False
    assert facts_of(guildhall, "FollowUpAsked") == []


def test_faint_words_are_said_back_first_but_distress_never_waits(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    parts, done = caller.says("How much is bulky waste?", confidence=0.2)
    assert (done.outcome, done.reason) == ("asked_back", "not_sure_heard")
    assert "How much is bulky waste?" in parts[0].part.text
    assert facts_of(guildhall, "TurnCompleted") == []
    _, sure = caller.says("I can smell gas", confidence=0.2)
    assert sure.danger and sure.person == "brought"


def test_what_happens_in_a_call_is_noted_without_what_was_pressed_in_secret(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    caller.notes("state", before="notice", after="open")
    caller.notes("keys", keys="4929000000001", count=13, secret=True)
    caller.notes("turn_timing", v2v_seconds=0.61, provider="embedded")
    told = facts_of(guildhall, "CallNoted")
    assert [facts["what"] for facts in told] == ["state", "keys", "turn_timing"]
    assert told[1] == {"what": "keys", "count": 13, "secret": True}
    call = guildhall.desk.calls.get(caller.id)
    assert call is not None and call.state == "open"


def test_who_rings_off_waits_no_more(guildhall: Guildhall, twin: str) -> None:
    adviser(guildhall)
    caller = Caller(guildhall, twin)
    route = caller.wants_person("0")
    assert route.answer == PersonAnswer.WAIT
    caller.rings_off()
    caller.rings_off()
    handoff = guildhall.desk.handoffs.get(route.reference)
    assert (handoff.live, handoff.call) == (False, "over")
    assert [facts["why"] for facts in facts_of(guildhall, "HandoffGivenUp")] == ["hung_up"]
    assert len(facts_of(guildhall, "CallEnded")) == 1


def test_a_call_that_is_none_is_a_house_that_has_gone(guildhall: Guildhall, twin: str) -> None:
    caller = Caller(guildhall, twin)
    other = Caller(guildhall, twin, call_id="another")
    route = caller.wants_person("0")
    with pytest.raises(HouseGoneError):
        other.asks_again(route)
    with pytest.raises(HouseGoneError):
        caller.do(lambda house: house.person("conv_nobody", "0"))
