"""A person by phone: rung, waited for, booked, and danger ahead of everything."""

import asyncio
from dataclasses import dataclass

import pytest

from guildhall.channels.phone.house import PersonRoute
from guildhall.channels.phone.moves import Collect, Expect, Move, Spoken
from guildhall.channels.phone.ports import TransferOutcome, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.channels.phone.states import CallState
from guildhall.providers.telephony.simulator import CallerStep, HangsUp, Presses, Waits
from tests.channels.phone.staged import CALLBACK, CONNECTED, DUTY, NO_ANSWER, REPLY, RING, SPEAKS, WAIT, Stage, StagedDialogue, StagedHouse

DANGER = Move((Spoken("Ring 999 now.", interruptible=False),), person="the gas leaks", danger=True)


def test_a_person_who_answers_has_the_call_and_we_say_nothing_more() -> None:
    stage = Stage([REPLY, Presses("0"), Waits(4), SPEAKS, Waits(4)], hears=["hello"], transfers=[CONNECTED]).play()
    assert stage.rung == ["sip:01632960100@127.0.0.1"]
    assert stage.call.transfers[0].context == {"x-case-ref": "ABCD-2345"}
    assert stage.house.ended_transfers == [CONNECTED]
    assert stage.voice.said[-1] == "I am putting you through."
    assert stage.house.asked == [] and stage.house.states[-2:] == ["bridged", "ended"]


def test_a_caller_who_waits_hears_their_place_each_half_minute_and_may_go_on_asking() -> None:
    house = StagedHouse(persons_reached=[WAIT], routes=[WAIT] * 15 + [RING])
    steps: list[CallerStep] = [REPLY, Presses("0"), Waits(10), SPEAKS, Waits(80)]
    stage = Stage(steps, hears=["when is my bin day"], house=house, transfers=[CONNECTED]).play()
    assert stage.voice.said.count("You are number 2.") == 2
    assert house.asked == ["when is my bin day"] and "It is emptied on Tuesday." in stage.voice.said
    assert house.polls == 16
    assert stage.rung == ["sip:01632960100@127.0.0.1"] and "waiting" in house.states and "bridged" in house.states


def test_a_caller_who_waits_may_choose_a_callback_instead() -> None:
    house = StagedHouse(persons_reached=[WAIT], routes=[WAIT])
    offered = Move((Spoken("Which time?"),), CallState.CALLBACK, Expect())
    booked = Move(book="2026-11-27T09:00:00+00:00", book_number="01632960123")
    dialogue = StagedDialogue(keys={"1": offered, "2": booked})
    stage = Stage([REPLY, Presses("0"), Waits(8), Presses("1"), REPLY, Presses("2"), Waits(60)], house=house, dialogue=dialogue).play()
    assert house.booked == [("ABCD-2345", "01632960123", "2026-11-27T09:00:00+00:00")]
    assert "We ring you tomorrow at nine." in stage.voice.said
    assert house.polls <= 2 and stage.rung == []
    assert stage.house.ended == ["wrap_up"], "after the goodbye we hang up"


def test_a_caller_who_stops_waiting_is_asked_after_no_more_and_the_house_is_told() -> None:
    house = StagedHouse(persons_reached=[WAIT], routes=[WAIT])
    dialogue = StagedDialogue(keys={"1": Move((Spoken("What can I do for you?"),), CallState.OPEN, Expect(), stop_waiting=True)})
    steps: list[CallerStep] = [REPLY, Presses("0"), Waits(8), Presses("1"), REPLY, SPEAKS, Waits(20)]
    stage = Stage(steps, hears=["when is my bin day"], house=house, dialogue=dialogue).play()
    noted = [what for what, _ in house.notes]
    assert noted.count("stop_waiting") == 1 and house.asked == ["when is my bin day"]
    assert house.polls <= 2 and stage.rung == []


def test_out_of_hours_the_duty_line_is_rung() -> None:
    house = StagedHouse(persons_reached=[DUTY])
    assert Stage([REPLY, Presses("0"), Waits(5)], house=house, transfers=[CONNECTED]).play().rung == ["sip:01632960199@127.0.0.1"]


def test_when_nobody_answers_the_caller_hears_what_can_be_done_next() -> None:
    house = StagedHouse(after_transfers=[CALLBACK])
    choices = Move((Spoken("Nobody could answer. Shall we ring you back?"),), CallState.CALLBACK, Expect())
    dialogue = StagedDialogue(on_back=choices)
    stage = Stage([REPLY, Presses("0"), Waits(6), REPLY], house=house, dialogue=dialogue, transfers=[NO_ANSWER]).play()
    assert dialogue.backs == [("no_answer", CALLBACK)]
    assert "Nobody could answer." in stage.voice.said and house.states[-2:] == ["callback", "ended"]


def test_an_overflow_number_is_rung_without_a_question() -> None:
    house = StagedHouse(after_transfers=[DUTY, None])
    dialogue = StagedDialogue(on_back=Move((Spoken("I am trying somebody else."),)))
    stage = Stage([REPLY, Presses("0"), Waits(12)], house=house, dialogue=dialogue, transfers=[TransferOutcome.BUSY, CONNECTED]).play()
    assert stage.rung == ["sip:01632960100@127.0.0.1", "sip:01632960199@127.0.0.1"]


def test_danger_is_acted_on_while_a_person_is_waited_for() -> None:
    house = StagedHouse(persons_reached=[WAIT, RING], routes=[WAIT])
    dialogue = StagedDialogue(says={"gas": DANGER})
    steps: list[CallerStep] = [REPLY, Presses("0"), Waits(8), SPEAKS, Waits(8)]
    stage = Stage(steps, hears=["gas"], house=house, dialogue=dialogue, transfers=[CONNECTED]).play()
    assert house.dangers == [False, True] and stage.rung and "Ring 999 now." in stage.voice.said


def test_danger_is_acted_on_while_a_phone_rings_and_another_is_rung_when_nobody_answers() -> None:
    house = StagedHouse(persons_reached=[RING, DUTY])
    dialogue = StagedDialogue(says={"gas": DANGER})
    steps: list[CallerStep] = [REPLY, Presses("0"), Waits(2), SPEAKS, Waits(30)]
    stage = Stage(steps, hears=["gas"], house=house, dialogue=dialogue, transfers=[NO_ANSWER, CONNECTED], ring_seconds=10).play()
    assert house.dangers == [False, True]
    assert "Ring 999 now." in stage.voice.said
    assert stage.rung == ["sip:01632960100@127.0.0.1", "sip:01632960199@127.0.0.1"]


def test_somebody_in_danger_is_put_to_an_advisers_phone_when_no_other_answers() -> None:
    dialogue = StagedDialogue(says={"gas": DANGER})
    stage = Stage([REPLY, SPEAKS, Waits(20)], hears=["gas"], dialogue=dialogue, transfers=[NO_ANSWER, NO_ANSWER, CONNECTED]).play()
    assert stage.rung == ["sip:01632960100@127.0.0.1", "sip:duty@127.0.0.1", "sip:duty@127.0.0.1"]
    assert "bridged" in stage.house.states


def test_phones_go_on_ringing_for_somebody_in_danger_for_as_long_as_the_house_knows_another() -> None:
    house = StagedHouse(persons_reached=[RING], after_transfers=[DUTY])
    dialogue = StagedDialogue(says={"gas": DANGER}, on_back=Move((Spoken("I am trying another line."),)))
    transfers = [NO_ANSWER] * 7 + [CONNECTED]
    stage = Stage([REPLY, SPEAKS, Waits(60)], hears=["gas"], house=house, dialogue=dialogue, transfers=transfers).play()
    assert len(stage.rung) == 8 and house.states[-2:] == ["bridged", "ended"]
    assert stage.voice.said.count("I am trying another line.") == 2, "told at each third phone"


def test_no_caller_hears_of_another_phone_that_nobody_rings() -> None:
    house = StagedHouse(persons_reached=[RING], after_transfers=[DUTY])
    dialogue = NextLineDialogue()
    stage = Stage([REPLY, Presses("0"), Waits(20)], house=house, dialogue=dialogue).play()
    assert len(stage.rung) == 3
    assert [route for _, route in dialogue.backs] == [DUTY, DUTY, None], "then they choose, and 0 works"


def test_a_caller_who_waits_on_after_three_phones_still_waits() -> None:
    house = StagedHouse(persons_reached=[RING], after_transfers=[DUTY, DUTY, WAIT, DUTY, None])
    stage = Stage(
        [REPLY, Presses("0"), Waits(30)], house=house, dialogue=NextLineDialogue(), transfers=[NO_ANSWER] * 4 + [CONNECTED]
    ).play()
    assert len(stage.rung) == 5 and "bridged" in house.states and house.persons == ["0"]


@dataclass
class NextLineDialogue(StagedDialogue):
    """Goes on by itself while there is a way to a person."""

    def back(self, why: str, route: PersonRoute | None = None) -> Move:
        chooses = super().back(why, route)
        return chooses if route is None else Move((Spoken("I am trying another line."),))


@pytest.mark.parametrize("when", ["while a reply is said", "while keys are gathered"])
def test_danger_is_acted_on_everywhere(when: str) -> None:
    collects = Move((Spoken("Which number?"),), CallState.COLLECTING, Expect(collect=Collect(8)))
    house = StagedHouse(sentences=["A long sentence that goes on and on for quite a while until somebody says something."])
    dialogue = StagedDialogue(says={"gas": DANGER}, keys={"5": collects})
    first: list[CallerStep] = [SPEAKS, Waits(2.2)] if when == "while a reply is said" else [Presses("5"), Waits(1.2), Presses("47")]
    hears = ["when is my bin day", "gas"] if when == "while a reply is said" else ["gas"]
    stage = Stage([REPLY, *first, SPEAKS, Waits(10)], hears=hears, house=house, dialogue=dialogue, transfers=[CONNECTED]).play()
    assert house.dangers == [True] and stage.rung


async def _the_answer_comes_once_a_person_has_the_call(session: CallSession, stage: Stage) -> None:
    while session.state.value != "bridged":
        await asyncio.sleep(0)
    assert stage.house.before_reply is not None
    stage.house.before_reply.set()


def test_nothing_is_said_over_the_person_who_has_the_call() -> None:
    house = StagedHouse(persons_reached=[WAIT], routes=[RING], before_reply=asyncio.Event())
    steps: list[CallerStep] = [REPLY, Presses("0"), Waits(3), SPEAKS, Waits(20)]
    watch = _the_answer_comes_once_a_person_has_the_call
    stage = Stage(steps, hears=["bins"], house=house, transfers=[CONNECTED], watch=watch).play()
    assert house.asked == ["bins"] and house.states[-2:] == ["bridged", "ended"]
    assert "It is emptied on Tuesday." not in stage.voice.said


def test_a_late_reply_is_never_said() -> None:
    house = StagedHouse(before_reply=asyncio.Event())
    stage = Stage([REPLY, SPEAKS, Waits(1.5), Presses("0"), Waits(6)], hears=["bins"], house=house, transfers=[CONNECTED]).play()
    assert house.asked == ["bins"] and "It is emptied on Tuesday." not in stage.voice.said
    assert stage.left_tasks == 0


def test_a_caller_pays_on_the_payment_line_and_is_back_when_it_does_not_answer() -> None:
    dialogue = StagedDialogue(keys={"7": Move((Spoken("I put you through to payments."),), pay=True)})
    line = TransferTarget("sip:pay@127.0.0.1")
    stage = Stage(
        [REPLY, Presses("7"), Waits(8), SPEAKS, REPLY], hears=["bins"], dialogue=dialogue, payment=line, transfers=[NO_ANSWER]
    ).play()
    assert stage.rung == ["sip:pay@127.0.0.1"] and dialogue.backs == [("payment", None)]
    assert "paying" in stage.house.states and stage.house.asked == ["bins"]


@pytest.mark.parametrize("way", ["0", "danger"])
def test_a_caller_who_needs_a_person_is_not_left_to_the_payment_line_that_rings(way: str) -> None:
    dialogue = StagedDialogue(keys={"7": Move((Spoken("I put you through to payments."),), pay=True)}, says={"gas": DANGER})
    wants: CallerStep = Presses("0") if way == "0" else SPEAKS
    steps: list[CallerStep] = [REPLY, Presses("7"), Waits(2), wants, Waits(30)]
    line = TransferTarget("sip:pay@127.0.0.1")
    transfers = [CONNECTED, CONNECTED]
    stage = Stage(steps, hears=["gas"], dialogue=dialogue, payment=line, transfers=transfers, ring_seconds=8).play()
    assert stage.rung == ["sip:pay@127.0.0.1", "sip:01632960100@127.0.0.1"]
    assert stage.house.dangers == [way == "danger"] and stage.house.ended_transfers == [CONNECTED]
    assert stage.house.states[-3:] == ["transferring", "bridged", "ended"] and stage.left_tasks == 0


def test_which_danger_it_is_can_be_asked_while_the_payment_line_rings() -> None:
    which = Move((Spoken("Ring 999 now. Which danger is it?", interruptible=False),), CallState.EMERGENCY, Expect())
    dialogue = StagedDialogue(keys={"7": Move(pay=True), "9": which, "1": DANGER})
    steps: list[CallerStep] = [REPLY, Presses("7"), Waits(2), Presses("9"), Waits(4), Presses("1"), Waits(30)]
    line = TransferTarget("sip:pay@127.0.0.1")
    stage = Stage(steps, dialogue=dialogue, payment=line, transfers=[CONNECTED, CONNECTED], ring_seconds=10).play()
    assert "Which danger is it?" in stage.voice.said and stage.house.dangers == [True]
    assert stage.rung == ["sip:pay@127.0.0.1", "sip:01632960100@127.0.0.1"]


def test_no_digit_that_is_pressed_while_the_payment_line_rings_is_kept() -> None:
    dialogue = StagedDialogue(keys={"7": Move(pay=True)})
    line = TransferTarget("sip:pay@127.0.0.1")
    stage = Stage([REPLY, Presses("7"), Waits(1), Presses("4929"), Waits(8)], dialogue=dialogue, payment=line, ring_seconds=6).play()
    assert [facts["keys"] for facts in stage.house.noted("key")] == ["7", "", "", "", ""]


def test_the_last_answer_is_sent_as_a_text() -> None:
    dialogue = StagedDialogue(keys={"3": Move(text_to="07700900123")})
    stage = Stage([REPLY, SPEAKS, REPLY, Presses("3"), REPLY], hears=["bins"], dialogue=dialogue).play()
    assert stage.house.texted == [("turn_1", "07700900123")] and "It is on its way." in stage.voice.said


@pytest.mark.parametrize("seconds", [0.1, 1.0, 2.3, 4.0, 5.5])
@pytest.mark.parametrize("answer", [RING, WAIT, CALLBACK, DUTY], ids=lambda route: route.answer.value)
def test_a_hang_up_in_any_state_leaves_nothing_running(seconds: float, answer: PersonRoute) -> None:
    house = StagedHouse(persons_reached=[answer], routes=[answer])
    stage = Stage([Waits(seconds), Presses("0"), Waits(seconds), SPEAKS, Waits(0.3), HangsUp()], hears=["a", "b"], house=house).play()
    assert stage.left_tasks == 0
    assert house.ended == ["ended"]
