"""The parts of a call that know no clock: turns, keys, words of assent, quiet lines and waiting."""

import pytest

from guildhall.channels.phone.backchannels import is_backchannel
from guildhall.channels.phone.dead_air import DeadAir, Due
from guildhall.channels.phone.house import PersonAnswer, PersonRoute
from guildhall.channels.phone.keypad import Keypad, echo
from guildhall.channels.phone.moves import Collect, Spoken
from guildhall.channels.phone.sentences import sentences_of, typing_seconds
from guildhall.channels.phone.states import TALKING, CallState, may_follow
from guildhall.channels.phone.turn_taking import Patience, SpeechBegan, SpeechEnded, StillSilent, Taken, TurnTaking
from guildhall.channels.phone.waiting_room import WaitingRoom

FRAME = bytes(320)
VOICE = b"\1\0" * 160


def frames(turns: TurnTaking, seconds: float, voiced: bool, quiet: bool = True, over_us: bool = False) -> list[Taken]:
    return [
        taken for _ in range(round(seconds * 50)) for taken in turns.frame(VOICE if voiced else FRAME, voiced, quiet, over_us)
    ]  # fmt: skip


@pytest.mark.parametrize(("patience", "seconds"), [("short", 0.5), ("open", 0.7), ("numbers", 1.2)])
def test_each_kind_of_question_waits_its_own_pause(patience: str, seconds: float) -> None:
    turns = TurnTaking()
    turns.patience_for(Patience(patience))
    assert [type(taken) for taken in frames(turns, 1.0, True)] == [SpeechBegan]
    assert frames(turns, seconds - 0.04, False) == []
    (ended,) = frames(turns, 0.1, False)
    assert isinstance(ended, SpeechEnded) and ended.pause_seconds == pytest.approx(seconds, abs=0.021)


def test_who_needs_time_gets_two_and_a_half_seconds_whatever_was_asked() -> None:
    turns = TurnTaking()
    turns.be_patient()
    turns.patience_for(Patience.SHORT)
    frames(turns, 1.0, True)
    assert frames(turns, 2.4, False) == []
    assert len(frames(turns, 0.2, False)) == 1


def test_a_voice_begins_after_a_hundred_and_twenty_milliseconds_and_its_quiet_beginning_is_kept() -> None:
    turns = TurnTaking()
    frames(turns, 1.0, False)
    taken = frames(turns, 0.12, True)
    assert len(taken) == 1 and isinstance(taken[0], SpeechBegan)
    assert taken[0].sound == FRAME * 14 + VOICE * 6
    assert frames(TurnTaking(), 0.1, True) == []


def test_silence_counts_while_it_is_the_callers_turn_only_and_comes_three_times() -> None:
    turns = TurnTaking()
    assert frames(turns, 60, False, quiet=False) == []
    asked = [taken for taken in frames(turns, 60, False) if isinstance(taken, StillSilent)]
    assert [round(taken.at - 60) for taken in asked] == [8, 16, 24]
    assert [taken.times for taken in asked] == [1, 2, 3]


def test_a_blip_over_our_words_is_looked_at_after_half_a_second() -> None:
    turns = TurnTaking()
    turns.patience_for(Patience.NUMBERS)
    frames(turns, 0.3, True, over_us=True)
    assert len(frames(turns, 0.52, False, over_us=True)) == 1


def test_a_television_is_looked_at_after_twelve_seconds_over_us() -> None:
    assert [type(taken) for taken in frames(TurnTaking(), 12.2, True, over_us=True)][:2] == [SpeechBegan, SpeechEnded]


def pressed(keypad: Keypad, keys: str) -> list[str]:
    return [came for key in keys if (came := keypad.press(key)) is not None]


def test_keys_are_gathered_to_the_end_key_the_most_or_a_pause() -> None:
    keypad = Keypad()
    assert pressed(keypad, "12") == ["1", "2"]
    keypad.expect(Collect(6))
    assert pressed(keypad, "472#") == ["472"]
    assert pressed(keypad, "123456") == ["123456"]
    assert pressed(keypad, "99") == []
    assert [came for _ in range(199) if (came := keypad.frame()) is not None] == []
    assert keypad.frame() == "99"
    assert keypad.frame() is None


def test_who_needs_time_is_not_hurried_at_the_keys() -> None:
    keypad = Keypad()
    keypad.expect(Collect(6))
    keypad.press("4")
    assert [came for _ in range(900) if (came := keypad.frame(patient=True)) is not None] == []


def test_a_first_nought_is_a_person_unless_the_number_may_begin_with_one() -> None:
    keypad = Keypad()
    keypad.expect(Collect(11))
    assert pressed(keypad, "0") == ["0"]
    keypad.expect(Collect(11, may_begin_with_nought=True))
    assert pressed(keypad, "01632960123") == ["01632960123"]


def test_the_star_begins_a_number_again() -> None:
    keypad = Keypad()
    keypad.expect(Collect(4))
    assert pressed(keypad, "12*3456") == ["3456"]
    assert pressed(keypad, "*") == ["*"]


def test_secret_keys_are_never_said_back() -> None:
    assert echo(Collect(8, echo="all"), "472", "en") == Spoken("4 7 2.", "en")
    assert echo(Collect(8, echo="last_two"), "4721", "en") == Spoken("2 1.", "en")
    assert echo(Collect(8), "472", "en") is None
    assert echo(Collect(8, echo="all", secret=True), "472", "en") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [("Mm.", "en"), ("mm-hm", "en"), ("OK, right.", "en"), ("I see", "en"), ("No, tak.", "pl"), ("da", "ro"), ("جی ہاں", "ur"), ("نعم", "ar"), ("haa", "so")],
)  # fmt: skip
def test_words_of_assent_are_known_in_the_callers_language(text: str, language: str) -> None:
    assert is_backchannel(text, language)


@pytest.mark.parametrize(
    ("text", "language"), [("no", "en"), ("right to buy", "en"), ("help", "en"), ("ok my bins", "en"), ("", "en"), ("da", "pl")]
)
def test_other_words_are_not(text: str, language: str) -> None:
    assert not is_backchannel(text, language)


def test_a_quiet_line_gets_a_filler_then_an_offer_then_a_person() -> None:
    air, due = DeadAir(), []
    for frame in range(1100):
        now = frame * 0.02
        if (what := air.frame(now, waits=True, sounding=False)) is not None:
            due.append((what, round(now, 1)))
    assert due == [(Due.FILLER, 1.2), (Due.SLOW, 6.0), (Due.GONE, 20.0)]
    assert air.frame(30.0, waits=False, sounding=False) is None


def test_a_line_that_is_not_quiet_gets_no_filler() -> None:
    air = DeadAir()
    assert [air.frame(second, waits=True, sounding=True) for second in (0.0, 1.3, 7.0)] == [None] * 3


def test_the_house_is_asked_each_five_seconds_and_the_caller_told_each_thirty() -> None:
    route = PersonRoute(PersonAnswer.WAIT, "ABCD-2345", "front-desk", position=2)
    room = WaitingRoom(route, 100.0)
    assert not room.must_ask(104.9) and room.must_ask(105.0) and not room.must_ask(106.0), "never twice at once"
    room.learnt(route, 106.0)
    assert not room.must_ask(110.9) and room.must_ask(111.0)
    assert not room.must_comfort(129.0, False) and not room.must_comfort(131.0, sounding=True)
    assert room.must_comfort(131.5, False) and not room.must_comfort(132.0, False) and room.must_comfort(161.5, False)
    assert room.times == 2


def test_sentences_end_where_a_sentence_ends() -> None:
    text = "Go to St. Mary's Road, No. 5. It opens at nine.\nBring proof, e.g. a bill! Is that all?"
    pieces = [spoken.text for spoken in sentences_of(Spoken(text))]
    assert pieces == ["Go to St. Mary's Road, No. 5.", "It opens at nine.", "Bring proof, e.g. a bill!", "Is that all?"]
    assert [spoken.ends for spoken in sentences_of(Spoken(text))][-1] is True
    assert typing_seconds(Spoken("one two three four")) == 6.0


def test_who_has_a_person_keeps_them_and_danger_may_follow_anything_the_assistant_does() -> None:
    assert all(may_follow(state, CallState.EMERGENCY) and may_follow(state, CallState.FAILOVER) for state in TALKING)
    assert not any(may_follow(CallState.BRIDGED, state) for state in CallState if state != CallState.ENDED)
    assert not any(may_follow(CallState.ENDED, state) for state in CallState)
