"""Whatever fails, a person's phone rings, and nobody is hung up on in silence."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from guildhall.channels.phone.house import PersonRoute
from guildhall.channels.phone.moves import Move, Spoken
from guildhall.channels.phone.notice import NoticeTooLongError, check_notice
from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.channels.phone.session import CallSession
from guildhall.channels.phone.speech import Heard
from guildhall.channels.phone.voice_activity import IsSpeech
from guildhall.providers.telephony.simulator import Presses, Waits
from tests.channels.phone.fakes import FakeVoice
from tests.channels.phone.staged import (
    CALLBACK,
    CONNECTED,
    NO_ANSWER,
    REPLY,
    RING,
    SPEAKS,
    WAIT,
    DeafEar,
    DumbVoice,
    Stage,
    StagedDialogue,
    StagedHouse,
)  # fmt: skip

DUTY_PHONE = "sip:duty@127.0.0.1"


@dataclass
class BrokenDialogue(StagedDialogue):
    """Cannot cope."""

    def heard(self, heard: Heard) -> Move:
        raise KeyError("a fault of ours")


@pytest.mark.parametrize("what", ["begin", "say", "person", "route", "transferred"])
def test_a_house_that_goes_at_any_moment_makes_an_advisers_phone_ring(what: str) -> None:
    house = StagedHouse(gone_for=frozenset({what}), persons_reached=[WAIT] if what == "route" else StagedHouse().persons_reached)
    steps = [REPLY, SPEAKS, REPLY, Presses("0"), Waits(12)]
    transfers = [NO_ANSWER, CONNECTED] if what == "transferred" else [CONNECTED]
    stage = Stage(steps, hears=["bins"], house=house, transfers=transfers).play()
    assert stage.rung[-1] == DUTY_PHONE
    assert "One moment, please." in stage.voice.said


def test_any_fault_of_ours_makes_an_advisers_phone_ring() -> None:
    stage = Stage([REPLY, SPEAKS, Waits(9)], hears=["bins"], dialogue=BrokenDialogue(), transfers=[CONNECTED]).play()
    assert stage.rung == [DUTY_PHONE] and stage.house.states[-3:] == ["failover", "bridged", "ended"]


def test_a_call_that_cannot_even_be_prepared_makes_an_advisers_phone_ring() -> None:
    @dataclass
    class Unprepared(Stage):
        def phone(self) -> Phone:
            def detector() -> IsSpeech:
                raise ImportError("no detector")

            return replace(super().phone(), detector=detector)

    stage = Unprepared([Waits(9)], transfers=[CONNECTED]).play()
    assert stage.rung == [DUTY_PHONE] and stage.left_tasks == 0


def test_when_the_advisers_phone_is_not_answered_the_caller_hears_the_numbers_to_ring() -> None:
    stage = Stage([REPLY, SPEAKS, Waits(30)], hears=["bins"], dialogue=BrokenDialogue(), transfers=[NO_ANSWER, TransferOutcome.BUSY]).play()
    assert stage.rung == [DUTY_PHONE, DUTY_PHONE]
    assert stage.voice.said.count("Please ring 01632 960100.") == 2
    assert stage.house.ended == ["failover"]


def test_the_advisers_phone_rings_within_three_seconds_of_the_fault() -> None:
    stage = Stage([REPLY, SPEAKS, Waits(30)], hears=["bins"], dialogue=BrokenDialogue(), transfers=[CONNECTED], ring_seconds=0.1).play()
    after = {facts["after"]: float(facts["seconds"]) for facts in stage.house.noted("state")}
    assert after["bridged"] - after["failover"] < 0.5


async def _house_dies_behind_a_person(session: CallSession, stage: Stage) -> None:
    while session.state.value != "bridged":
        await asyncio.sleep(0)
    session.house_gone()


def test_a_fault_behind_a_person_who_has_the_call_ends_nothing() -> None:
    watch: Callable[[CallSession, Stage], Any] = _house_dies_behind_a_person
    stage = Stage([REPLY, Presses("0"), Waits(20)], transfers=[CONNECTED], watch=watch).play()
    assert stage.rung == ["sip:01632960100@127.0.0.1"]
    assert stage.house.states[-2:] == ["bridged", "ended"]
    assert len(stage.call.said_by_caller) > 20 * 16000, "the caller hung up, not we"


@pytest.mark.parametrize(
    ("transfers", "rung"),
    [([CONNECTED], ["sip:01632960100@127.0.0.1"]), ([NO_ANSWER, CONNECTED], ["sip:01632960100@127.0.0.1", DUTY_PHONE])],
    ids=["answered", "not answered"],
)
def test_a_fault_while_an_advisers_phone_rings_leaves_it_ringing(transfers: list[TransferOutcome], rung: list[str]) -> None:
    stage = Stage(
        [REPLY, Presses("0"), Waits(1), SPEAKS, Waits(20)], hears=["bins"], dialogue=BrokenDialogue(), transfers=transfers, ring_seconds=6
    ).play()
    assert stage.rung == rung and stage.house.states[-3:] == ["failover", "bridged", "ended"]
    assert stage.house.ended_transfers == ([CONNECTED] if len(rung) == 1 else []), "the adviser who answered has the conversation"
    assert len(stage.call.said_by_caller) > 20 * 16000, "the caller hung up, not we"


def test_an_answer_that_never_comes_does_not_stop_the_phone_that_rings() -> None:
    house = StagedHouse(persons_reached=[WAIT], routes=[RING], before_reply=asyncio.Event())
    steps = [REPLY, Presses("0"), Waits(3), SPEAKS, Waits(50)]
    stage = Stage(steps, hears=["bins"], house=house, transfers=[CONNECTED], ring_seconds=25).play()
    assert stage.rung == ["sip:01632960100@127.0.0.1"]
    assert "failover" not in house.states and house.states[-2:] == ["bridged", "ended"]


def test_a_voice_that_fails_brings_a_person_without_words() -> None:
    stage = Stage([Waits(8)], voice=DumbVoice(), transfers=[CONNECTED]).play()
    assert stage.house.persons == ["voice_failed"] and stage.rung == ["sip:01632960100@127.0.0.1"]


@dataclass
class HangingVoice(FakeVoice):
    """Never comes to an end."""

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""


def test_a_voice_that_hangs_brings_a_person_too() -> None:
    stage = Stage([Waits(40)], voice=HangingVoice(), transfers=[CONNECTED]).play()
    assert stage.house.persons == ["voice_failed"] and stage.rung == ["sip:01632960100@127.0.0.1"] and stage.left_tasks == 0


@pytest.mark.parametrize("answer", [WAIT, CALLBACK], ids=["wait", "callback"])
def test_with_neither_a_voice_nor_an_adviser_the_failover_phone_rings(answer: PersonRoute) -> None:
    house = StagedHouse(persons_reached=[answer])
    stage = Stage(
        [Waits(30)], voice=DumbVoice(rendered=("Please ring 01632 960100.",)), house=house, transfers=[NO_ANSWER, CONNECTED]
    ).play()
    assert stage.rung == [DUTY_PHONE, DUTY_PHONE]
    assert stage.voice.said == ["Please ring 01632 960100."]


@pytest.mark.parametrize("after", [WAIT, CALLBACK, None], ids=["wait", "callback", "nothing"])
def test_without_a_voice_a_phone_that_nobody_answers_makes_the_failover_phone_ring(after: PersonRoute | None) -> None:
    house = StagedHouse(after_transfers=[after])
    stage = Stage([Waits(40)], voice=DumbVoice(), house=house, transfers=[NO_ANSWER, CONNECTED]).play()
    assert stage.rung == ["sip:01632960100@127.0.0.1", DUTY_PHONE] and house.states[-2:] == ["bridged", "ended"]


def test_a_voice_that_is_lost_while_a_phone_rings_leaves_nobody_in_silence() -> None:
    voice = DumbVoice(rendered=("I am a computer.", "What can I do for you?"))
    house = StagedHouse(after_transfers=[CALLBACK])
    stage = Stage([REPLY, Presses("0"), Waits(40)], voice=voice, house=house, transfers=[NO_ANSWER, CONNECTED]).play()
    assert stage.rung == ["sip:01632960100@127.0.0.1", DUTY_PHONE] and "bridged" in house.states


@pytest.mark.parametrize("way", ["waits", "keys"])
def test_a_telephone_that_sends_nothing_while_nobody_speaks_is_not_cut_off(way: str) -> None:
    steps = [Presses("0"), Waits(330)] if way == "waits" else [step for _ in range(46) for step in (Presses("*"), Waits(7))]
    house = StagedHouse(persons_reached=[WAIT], routes=[WAIT])
    stage = Stage([REPLY, *steps], house=house, quiet_line=True).play()
    assert len(stage.call.said_by_caller) > 320 * 16000, "the caller hung up, not we"
    assert not house.noted("line_quiet")


def test_a_quiet_line_brings_a_person_rather_than_the_end() -> None:
    house = StagedHouse(sentences=[" ".join(["word"] * 20) + f" {number}." for number in range(90)])
    Stage([REPLY, SPEAKS, Waits(340)], hears=["bins"], house=house, transfers=[CONNECTED], quiet_line=True).play()
    assert house.noted("line_quiet") and house.persons == ["silence"] and house.states[-2:] == ["bridged", "ended"]


def test_when_nobody_can_hear_the_caller_they_are_told_to_use_the_keys() -> None:
    stage = Stage([REPLY, SPEAKS, REPLY, Presses("0"), Waits(5)], ear=DeafEar([]), transfers=[CONNECTED]).play()
    assert "Please use the keys." in stage.voice.said and stage.house.noted("hearing_failed")
    assert stage.house.persons == ["0"]


def test_a_reply_that_takes_its_time_gets_a_filler_an_offer_and_in_the_end_a_person() -> None:
    house = StagedHouse(before_reply=asyncio.Event())
    stage = Stage([REPLY, SPEAKS, Waits(40)], hears=["bins"], house=house, transfers=[CONNECTED]).play()
    assert stage.voice.said[2:4] == ["One moment.", "This takes longer than it should."]
    assert stage.rung == [DUTY_PHONE]
    assert house.noted("slow")


def test_no_line_goes_dead_on_a_silent_caller_while_somebody_can_come() -> None:
    dialogue = StagedDialogue(on_silence=lambda times: Move((Spoken("Goodbye."),), hang_up=True))
    stage = Stage([REPLY, Waits(60)], dialogue=dialogue, transfers=[CONNECTED]).play()
    assert stage.house.persons == ["silence"] and stage.rung and "Goodbye." not in stage.voice.said


def test_out_of_hours_a_silent_call_ends_kindly() -> None:
    words = Move((Spoken("Nobody is here. You can ring us on 01632 960100. Goodbye."),), hang_up=True)
    dialogue = StagedDialogue(on_silence=lambda times: words if times == 2 else Move((Spoken("Are you there?"),)))
    stage = Stage([REPLY, Presses("0"), Waits(60)], dialogue=dialogue, house=StagedHouse(persons_reached=[CALLBACK])).play()
    assert stage.voice.said[-1] == "Goodbye." and stage.house.ended == ["wrap_up"]
    assert len(stage.call.said_by_caller) < 40 * 16000


def test_out_of_hours_a_line_that_stays_silent_is_not_held_for_ever() -> None:
    stage = Stage([REPLY, Waits(90)], house=StagedHouse(persons_reached=[CALLBACK])).play()
    assert stage.house.persons == ["silence"], "a person was asked for, once"
    assert stage.voice.said[-1] == "Please ring 01632 960100." and stage.house.ended == ["wrap_up"]


def test_a_notice_that_is_too_long_is_refused_with_what_would_be_right() -> None:
    voice = FakeVoice()
    assert asyncio.run(check_notice(voice, [Spoken("word " * 19)])) == pytest.approx(3.8)
    with pytest.raises(NoticeTooLongError, match=r"takes 4\.2 seconds.*at most: say in fewer words"):
        asyncio.run(check_notice(voice, [Spoken("word " * 11), Spoken("word " * 10)]))


def test_a_payment_line_that_is_not_configured_is_said_to_be_none() -> None:
    dialogue = StagedDialogue(keys={"7": Move(pay=True)})
    stage = Stage([REPLY, Presses("7"), REPLY], dialogue=dialogue).play()
    assert dialogue.backs == [("payment", None)] and stage.rung == []
