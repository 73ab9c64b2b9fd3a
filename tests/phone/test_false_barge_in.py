"""T4: what is no caller's voice does not cut off our words, or they go on."""

import numpy as np
import pytest

from guildhall.providers.telephony.simulator import Script, Waits
from tests.phone import sounds
from tests.phone.calls import Played, Reads, play, room

pytestmark = sounds.needs_flite

WORDING = " ".join(sounds.SENTENCES * 2)
"""A minute of it."""
SURROUNDINGS = {
    "echo 20 dB below": (None, -20.0),
    "echo 30 dB below": (None, -30.0),
    "echo 40 dB below": (None, -40.0),
    "pink noise at -30 dBFS": (lambda: sounds.pink(60, -30), -30.0),
    "babble at -30 dBFS": (lambda: sounds.babble(60, -30), -30.0),
    "babble at -40 dBFS": (lambda: sounds.babble(60, -40), -30.0),
}


def listen(around: sounds.Sound | None, echo_db: float | None) -> Played:
    return play(Script([Waits(1.0, for_reply=True), Waits(90)], room=room(around, echo_db)), Reads(WORDING))


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_noise_and_echo_cut_us_off_no_more_than_once_a_minute(surroundings: str) -> None:
    around, echo_db = SURROUNDINGS[surroundings]
    played = listen(around() if around else None, echo_db)
    assert len(played.noted("interrupted")) <= 1
    assert played.heard == list(sounds.SENTENCES * 2)


def test_a_television_may_cut_us_off_but_every_sentence_is_heard_in_the_end() -> None:
    around = sounds.level(sounds.talk(60), -30)
    around[: 10 * 8000] = 0  # it is switched on while we speak
    played = listen(around, -30.0)
    assert played.noted("interrupted"), "a voice this loud is taken for the caller's"
    assert 1 <= len(played.noted("false_start")) <= 4, "it learns how loud the television is"
    assert sorted(set(played.heard)) == sorted(set(sounds.SENTENCES))


def test_after_a_false_start_the_sentence_goes_on_from_its_beginning_within_a_second_and_a_half() -> None:
    cough = np.zeros(110 * 8000)
    voice = sounds.trimmed(sounds.level(sounds.says("ah"), -18))[: int(0.3 * 8000)]
    cough[12 * 8000 : 12 * 8000 + len(voice)] = voice
    played = listen(cough + sounds.pink(110, -60), -30.0)
    assert len(played.noted("interrupted")) == 1 == len(played.noted("false_start"))
    cut_at, resumed_at = played.noted("interrupted")[0]["seconds"], played.noted("false_start")[0]["seconds"]
    assert 0 < resumed_at - cut_at <= 1.5
    assert played.heard == list(sounds.SENTENCES * 2)
