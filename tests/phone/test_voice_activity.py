"""A caller's voice is found in noise, when it is quiet, and over our own words; a room without one is not taken for it. Both detectors."""

from collections.abc import Callable

import numpy as np
import pytest

from guildhall.channels.phone.ports import FRAME_BYTES, FRAME_SECONDS, RATE
from guildhall.channels.phone.turn_taking import SpeechBegan, SpeechEnded, TurnTaking
from guildhall.channels.phone.voice_activity import IsSpeech, VoiceActivity
from guildhall.providers.speech.detector import detectors, sounds_like_a_voice
from tests.phone import sounds

pytestmark = sounds.needs_flite

DETECTORS: dict[str, Callable[[], IsSpeech]] = {"pocketsphinx": lambda: detectors()(), "ours": lambda: sounds_like_a_voice}
NOTICE_SECONDS = 4.0


def begins(caller: sounds.Sound, ours: sounds.Sound | None, detector: IsSpeech, false: bool) -> list[float]:
    """When a caller's voice was found. `false`: whatever was found turned out to be none."""
    heard, said = sounds.linear(caller), sounds.linear(np.zeros(len(caller)) if ours is None else ours)
    activity, turns, found = VoiceActivity(detector), TurnTaking(), []
    for number in range(len(heard) // FRAME_BYTES):
        frame, mine = (one[number * FRAME_BYTES : (number + 1) * FRAME_BYTES] for one in (heard, said))
        at = number * FRAME_SECONDS
        voiced = activity.hear(frame, mine if any(mine) else None, learning=ours is not None and at < NOTICE_SECONDS)
        for taken in turns.frame(frame, voiced, quiet=False, over_us=any(mine)):
            if isinstance(taken, SpeechBegan):
                found.append(at)
            elif isinstance(taken, SpeechEnded) and false:
                activity.was_false()
    return found


def our_words(seconds: float) -> sounds.Sound:
    """What we say, with pauses as between sentences."""
    said = [part for text in sounds.SENTENCES for part in (sounds.level(sounds.says(text, "awb"), -20), sounds.silence(0.6))]
    return np.resize(np.concatenate(said), int(seconds * RATE))


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize(
    ("db", "noise"),
    [(-22, None), (-22, ("pink", -37)), (-22, ("pink", -27)), (-22, ("babble", -32)), (-35, None), (-35, ("pink", -50))],
    ids=["clean", "15 dB above noise", "5 dB above noise", "10 dB above babble", "quiet", "quiet in a quiet room"],
)
def test_every_utterance_is_found(db: float, noise: tuple[str, float] | None, detector: str) -> None:
    caller, truth = [sounds.silence(3.0)], []
    for number, text in enumerate(sounds.SENTENCES * 2):
        spoken = sounds.level(sounds.says(text[:40], sounds.VOICES[number % 3]), db)
        begin = sum(map(len, caller)) / RATE
        truth.append((begin - 0.1, begin + len(spoken) / RATE))
        caller += [spoken, sounds.silence(1.5)]
    sound = np.concatenate(caller)
    if noise is not None:
        around = sounds.pink if noise[0] == "pink" else sounds.babble
        sound = sound + np.resize(around(len(sound) / RATE + 1, noise[1]), len(sound))
    found = begins(sound, None, DETECTORS[detector](), false=False)
    assert [spell for spell in truth if not any(spell[0] <= at <= spell[1] for at in found)] == []


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize("echo_db", [-20.0, -30.0, -40.0])
def test_a_caller_is_found_over_our_words_and_their_echo_is_not(echo_db: float, detector: str) -> None:
    ours = our_words(60)
    echo = np.roll(ours, int(0.15 * RATE)) * 10 ** (echo_db / 20) + sounds.pink(60, -60)
    assert [at for at in begins(echo, ours, DETECTORS[detector](), false=True) if at > NOTICE_SECONDS] == []
    caller, truth = echo.copy(), []
    for number in range(7):
        spoken = sounds.level(sounds.says(sounds.SENTENCES[number][:40], sounds.VOICES[number % 2]), -28)
        begin = 8 + 7 * number
        caller[begin * RATE : begin * RATE + len(spoken)] += spoken
        truth.append((begin - 0.1, begin + len(spoken) / RATE))
    found = begins(caller, ours, DETECTORS[detector](), false=False)
    assert [spell for spell in truth if not any(spell[0] <= at <= spell[1] for at in found)] == []


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_caller_who_talks_over_the_notice_does_not_teach_us_that_echo_is_loud(detector: str) -> None:
    ours = our_words(20)
    caller = np.roll(ours, int(0.15 * RATE)) * 10 ** (-30 / 20) + sounds.pink(20, -60)
    early, late = (sounds.level(sounds.says(text[:40]), -22) for text in sounds.SENTENCES[:2])
    caller[RATE : RATE + len(early)] += early
    caller[10 * RATE : 10 * RATE + len(late)] += late
    assert any(9.9 <= at <= 10 + len(late) / RATE for at in begins(caller, ours, DETECTORS[detector](), false=False))


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize("kind", ["pink -45", "pink -30", "babble -40", "babble -30"])
def test_a_room_without_a_caller_is_taken_for_one_no_more_than_once_a_minute(kind: str, detector: str) -> None:
    name, db = kind.split()
    sound = (sounds.pink if name == "pink" else sounds.babble)(60, float(db))
    assert len(begins(sound, None, DETECTORS[detector](), false=True)) <= 1
