"""Danger and crisis in whole calls with the dialogue that callers really have: while a phone rings, and when the caller cannot say what it is."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from guildhall.channels.phone.dialogue.directed import DirectedDialogue
from guildhall.channels.phone.dialogue.phrases import Vocabulary
from guildhall.channels.phone.dialogue.words import CallCouncil
from guildhall.channels.phone.ports import RATE, TransferOutcome
from guildhall.providers.telephony.simulator import CallerStep, Presses, Waits
from tests.channels.phone.dialogue.calls import BASIC, MOBILE, PROFILE, SPOKEN, WORDS, Caller, directed, opened
from tests.channels.phone.staged import CONNECTED, DUTY, NO_ANSWER, RING, SPEAKS, Stage, StagedHouse

KINDS = pytest.mark.parametrize(("key", "danger"), [("9", True), ("7", False)], ids=["danger", "crisis"])
CALLS = pytest.mark.parametrize("call_of", [directed, opened], ids=["directed", "open"])
RINGS_ON = [NO_ANSWER, CONNECTED]


def staged(steps: list[CallerStep], *, hears: list[str] | None = None, transfers: list[TransferOutcome], house: StagedHouse) -> Stage:
    """A call by menus."""
    stage = Stage(
        steps, hears=hears or [], house=house, dialogue=DirectedDialogue(BASIC, WORDS, MOBILE), transfers=transfers, ring_seconds=12
    )
    return stage.play()


@pytest.mark.parametrize(
    ("does", "hears", "first"),
    [
        (Presses("9"), [], "nine nine nine"), (SPEAKS, ["emergency"], "nine nine nine"), (SPEAKS, ["gas leak"], "nine nine nine"),
        (Presses("7"), [], "You are not alone"), (SPEAKS, ["I am scared"], "You are not alone"),
    ],
)  # fmt: skip
def test_danger_and_crisis_are_acted_on_while_a_phone_rings(does: CallerStep, hears: list[str], first: str) -> None:
    house = StagedHouse(persons_reached=[RING, DUTY])
    stage = staged([Waits(1), Presses("0"), Waits(6), does, Waits(16)], hears=hears, transfers=RINGS_ON, house=house)
    assert house.dangers == [False, True]
    assert any(first in said for said in stage.voice.said[-6:])
    assert stage.rung == ["sip:01632960100@127.0.0.1", "sip:01632960199@127.0.0.1"]


@pytest.mark.parametrize("does", [Presses("7"), SPEAKS], ids=["key", "word"])
def test_a_crisis_that_goes_ahead_of_nobody_is_still_spoken_of_at_once_while_a_phone_rings(does: CallerStep) -> None:
    paths = {name: path.model_copy(update={"ahead": False}) for name, path in PROFILE.phone.crisis.items()}
    phone = PROFILE.phone.model_copy(update={"crisis": paths})
    council = CallCouncil(replace(PROFILE, phone=phone), SPOKEN)
    house = StagedHouse(persons_reached=[RING, DUTY])
    stage = Stage(
        [Waits(1), Presses("0"), Waits(6), does, Waits(20)], hears=["homeless tonight"], house=house,
        dialogue=DirectedDialogue(council, Vocabulary(council), MOBILE), transfers=RINGS_ON, ring_seconds=12,
    )  # fmt: skip
    stage.play()
    said = " ".join(stage.voice.said)
    assert ("You are not alone" in said) if does == Presses("7") else ("sleep outside tonight" in said)
    assert house.dangers == [False, False], "and it has no other weight than before"
    assert stage.rung == ["sip:01632960100@127.0.0.1", "sip:01632960199@127.0.0.1"]


@CALLS
@KINDS
@pytest.mark.parametrize("does", ["0", "person", "noise", "words", "no", "faint"])
def test_whoever_cannot_say_what_the_danger_is_gets_a_person_with_all_its_weight(
    call_of: Callable[[], Caller], key: str, danger: bool, does: str
) -> None:
    call = call_of()
    call.begin()
    call.press(key)
    ways: dict[str, Callable[[], object]] = {
        "0": lambda: call.press("0"),
        "person": lambda: call.say("a person please"),
        "noise": call.noise,
        "words": lambda: call.say("something in the cellar hisses"),
        "no": lambda: call.say("no"),
        "faint": lambda: (call.say("language", "languages", confidence=0.2), call.press("0")),
    }
    ways[does]()
    assert (len(call.house.persons), call.house.dangers, call.asked) == (1, [danger], [])


@KINDS
def test_with_no_hearing_whoever_asked_for_help_gets_a_person_and_no_menu(key: str, danger: bool) -> None:
    call = opened()
    call.begin()
    call.press(key)
    move = call.dialogue.deaf()
    assert move.person and move.danger is danger


def test_what_the_danger_is_can_still_be_chosen_when_a_phone_began_to_ring() -> None:
    call = directed()
    call.begin()
    call.press("9")
    call.dialogue.person(RING)
    assert call.dialogue.pressed("1").danger and call.dialogue.pressed("5").person == ""


def test_somebody_in_danger_who_takes_their_time_is_not_left_alone_for_a_minute() -> None:
    steps: list[CallerStep] = [Waits(1), Presses("8"), Waits(8), Presses("9"), Waits(62)]
    stage = staged(steps, transfers=[CONNECTED], house=StagedHouse())
    assert stage.house.dangers == [True] and "bridged" in stage.house.states


def test_a_relay_caller_in_danger_is_asked_what_it_is_without_the_time_that_typing_takes() -> None:
    stage = staged([Waits(1), Presses("8"), Waits(8), Presses("9"), Waits(6)], transfers=[CONNECTED], house=StagedHouse())
    loud = np.abs(np.frombuffer(bytes(stage.call.heard_by_caller), np.int16)[-5 * RATE :]) > 0
    heard = np.flatnonzero(loud)
    assert "A gas leak: press one." in stage.voice.said
    assert np.diff(heard, prepend=0, append=5 * RATE).max() < 2 * RATE, "no pause between 999 and what the danger is"
