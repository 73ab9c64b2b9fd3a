"""T3: a caller who speaks over our words is heard at once, and what they did not hear is not taken for said."""

import numpy as np

from guildhall.channels.phone.ports import FRAME_SECONDS, RATE
from guildhall.channels.phone.voice_activity import level_db
from guildhall.providers.telephony.simulator import Call, CallerStep, Says, Script, Waits
from tests.channels.phone.fakes import FakeEar
from tests.phone import sounds
from tests.phone.calls import Played, Reads, play, room

pytestmark = sounds.needs_flite

WORDING = " ".join(sounds.SENTENCES[:4])
QUESTION = "when is my bin emptied"


def asks(db: float = -22.0) -> Says:
    return Says(sounds.linear(sounds.trimmed(sounds.level(sounds.says(QUESTION), db))), QUESTION)


def interrupts(after: float, db: float = -22.0, interruptible: bool = True) -> Played:
    steps: list[CallerStep] = [Waits(after), asks(db), Waits(0.6, for_reply=True), Waits(3)]
    return play(Script(steps, room=room(sounds.pink(30, -60), -25.0)), Reads(WORDING, interruptible), FakeEar([QUESTION]))


def silent_after(call: Call, begin: float) -> float:
    """How long after a moment the caller hears nothing of us for at least 0.3 s."""
    frames = [bytes(call.heard_by_caller[at : at + 320]) for at in range(0, len(call.heard_by_caller), 320)]
    first = round(begin / FRAME_SECONDS)
    for number in range(first, len(frames) - 15):
        if all(level_db(frame) <= -69 for frame in frames[number : number + 15]):
            return (number - first) * FRAME_SECONDS
    return float("inf")


def first_voice(call: Call, after: float) -> float:
    said = np.abs(np.frombuffer(bytes(call.said_by_caller), np.int16).astype(float))
    return float(np.argmax(said[int(after * RATE) :] > 600)) / RATE + after


def test_we_are_silent_two_tenths_of_a_second_after_a_voice_was_certain() -> None:
    for after in (6.0, 7.35, 9.1):
        played = interrupts(after)
        assert silent_after(played.call, first_voice(played.call, after)) <= 0.12 + 0.2
        assert played.house.asked == [QUESTION]


def test_a_quiet_caller_is_heard_over_us() -> None:
    played = interrupts(7.0, db=-35.0)
    assert played.house.asked == [QUESTION]
    assert len(played.noted("interrupted")) == 1


def test_only_sentences_that_were_played_to_their_end_are_noted_as_heard() -> None:
    played = interrupts(12.0)
    interrupted = played.noted("interrupted")
    whole = [sentence for sentence in sounds.SENTENCES[:4] if sentence in played.heard]
    assert 1 <= len(whole) < 4
    assert whole == list(sounds.SENTENCES[: len(whole)])
    assert interrupted[0]["turn_id"] == "turn_1"
    assert interrupted[0]["unheard_seconds"] > 1


def test_the_notice_is_not_cut_and_what_was_said_over_it_is_answered_after_it() -> None:
    played = interrupts(0.3)
    assert silent_after(played.call, 0.4) > 1.5, "the notice is heard to its end"
    assert played.noted("interrupted") == []
    assert played.house.asked == [QUESTION]


def test_emergency_words_cannot_be_cut_off() -> None:
    played = interrupts(6.0, interruptible=False)
    assert [s for s in played.heard if s in sounds.SENTENCES] == list(sounds.SENTENCES[:4])
    assert played.noted("interrupted") == []


def test_a_word_of_assent_stops_nobody_for_long() -> None:
    steps: list[CallerStep] = [
        Waits(7.0),
        Says(sounds.linear(sounds.trimmed(sounds.level(sounds.says("right"), -22))), "right"),
        Waits(1.0, for_reply=True),
    ]
    played = play(Script(steps, room=room(sounds.pink(30, -60), -30.0)), Reads(WORDING), FakeEar(["Right."]))
    assert played.house.asked == []
    assert len(played.noted("backchannel")) == 1
    assert played.heard == list(sounds.SENTENCES[:4])
