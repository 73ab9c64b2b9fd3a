"""A call from the first ring to the end, without a telephone and faster than real time."""

import asyncio
from typing import Any

import pytest

from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import CallLeg, TransferOutcome, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.providers.telephony.simulator import Call, Presses, Says, Script, SimulatedGateway, Waits
from tests.channels.phone.fakes import FakeEar, FakeHouse, FakeVoice, PlainDialogue, hum

ASKS = Says(hum(1.0), "when is my bin day")
REPLY = Waits(0.6, for_reply=True)
FAILOVER = Failover(
    TransferTarget("sip:duty@127.0.0.1"), {"en": Spoken("You are being put through.")}, {"en": Spoken("Please ring 01632 960100.")}
)


def play(script: Script, house: FakeHouse, hears: list[str], voice: FakeVoice | None = None) -> tuple[Call, FakeVoice]:
    """Play a caller; what was left of the call, and what was said to them."""
    voice = voice or FakeVoice()
    phone = Phone(
        house=house, hearing=FakeEar(hears), voice=voice, detector=lambda: lambda _: True, dialogue=lambda _: PlainDialogue(),
        notice=(Spoken("I am a computer.", interruptible=False),), failover=FAILOVER,
        transfer_to=lambda route: TransferTarget(f"sip:{route.number}@127.0.0.1"), new_id=lambda kind: f"{kind}_1",
    )  # fmt: skip

    async def on_call(leg: CallLeg) -> None:
        await CallSession(leg, phone).run()

    gateway = SimulatedGateway([script])
    asyncio.run(asyncio.wait_for(gateway.serve(on_call), 20))
    return gateway.calls[0], voice


def states(house: FakeHouse) -> list[Any]:
    return [facts["after"] for what, facts in house.notes if what == "state"]


def test_a_question_is_heard_asked_and_answered() -> None:
    house = FakeHouse()
    _, voice = play(Script([REPLY, ASKS, REPLY]), house, ["when is my bin day"])
    assert house.asked == ["when is my bin day"]
    assert voice.said == ["I am a computer.", "What can I do for you?", "It is emptied on Tuesday."]
    assert states(house)[-3:] == ["answering", "open", "ended"]
    assert [(facts["text"], facts["ends"]) for what, facts in house.notes if what == "heard"] == [("It is emptied on Tuesday.", True)]


def test_nought_brings_a_person_even_while_the_notice_is_said() -> None:
    house = FakeHouse()
    call, voice = play(Script([Waits(0.1), Presses("0"), Waits(3.0)], transfers=[TransferOutcome.CONNECTED]), house, [])
    assert house.persons == ["0"]
    assert [target.address for target in call.transfers] == ["sip:01632960100@127.0.0.1"]
    assert "I am putting you through." in voice.said
    assert "bridged" in states(house)


def test_who_speaks_over_us_is_listened_to_and_what_they_did_not_hear_is_known() -> None:
    house = FakeHouse()
    play(Script([Waits(0.9), ASKS, REPLY]), house, ["when is my bin day"])
    assert house.asked == ["when is my bin day"]
    interrupted = [facts for what, facts in house.notes if what == "interrupted"]
    assert len(interrupted) == 1 and float(str(interrupted[0]["unheard_seconds"])) > 0


def test_a_cough_interrupts_nothing_for_long() -> None:
    house = FakeHouse()
    _, voice = play(Script([Waits(0.9), Says(hum(0.3)), REPLY, REPLY]), house, [""])
    assert house.asked == []
    assert voice.said.count("What can I do for you?") == 2  # said again from the sentence that was cut


def test_silence_is_asked_about_and_then_a_person_comes() -> None:
    house = FakeHouse()
    call, voice = play(Script([Waits(32.0)], transfers=[TransferOutcome.CONNECTED]), house, [])
    assert voice.said.count("Are you still there?") == 2
    assert house.persons == ["silence"] and call.transfers


@pytest.mark.parametrize("outcome", [TransferOutcome.BUSY, TransferOutcome.NO_ANSWER])
def test_when_nobody_answers_the_caller_is_still_here(outcome: TransferOutcome) -> None:
    house = FakeHouse()
    _, voice = play(Script([REPLY, Presses("0"), Waits(3.0), REPLY, ASKS, REPLY], transfers=[outcome]), house, ["when is my bin day"])
    assert "Nobody could answer." in voice.said
    assert house.asked == ["when is my bin day"]


def test_when_the_house_is_gone_an_advisers_phone_rings() -> None:
    house = FakeHouse(gone=True)
    call, voice = play(Script([REPLY, ASKS, REPLY], transfers=[TransferOutcome.CONNECTED]), house, ["help"])
    assert [target.address for target in call.transfers] == ["sip:duty@127.0.0.1"]
    assert "You are being put through." in voice.said
