"""Danger and crisis in whole calls with the dialogue that callers really have: while a phone rings, and when the caller cannot say what it is."""

import pytest

from guildhall.channels.phone.dialogue.directed import DirectedDialogue
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.providers.telephony.simulator import CallerStep, Presses, Waits
from tests.channels.phone.dialogue.calls import BASIC, MOBILE, WORDS
from tests.channels.phone.staged import CONNECTED, DUTY, NO_ANSWER, RING, SPEAKS, Stage, StagedHouse

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
