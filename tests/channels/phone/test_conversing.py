"""Turns between a caller and us: keys, patience, languages, streaming, and what is measured."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from guildhall.channels.phone.house import Replied, TurnDone
from guildhall.channels.phone.moves import Collect, Expect, Move, Spoken
from guildhall.channels.phone.session import CallSession
from guildhall.channels.phone.speech import Grammar, Heard, Hearing, Listening, Speaking
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import Patience
from guildhall.providers.telephony.simulator import Presses, Says, Waits
from tests.channels.phone.fakes import FakeEar, FakeVoice, hum
from tests.channels.phone.staged import CONNECTED, REPLY, SPEAKS, Stage, StagedDialogue, StagedHouse

LONG = "This is a first sentence of ten words or so. And this is a second one of eleven words. And a third."


def collects(**how: object) -> Move:
    return Move((Spoken("Please press your number."),), CallState.COLLECTING, Expect(collect=Collect(**how)))  # type: ignore[arg-type]


# What keys do (T5)


def test_keys_in_the_notice_wait_for_its_end_and_are_all_taken() -> None:
    dialogue = StagedDialogue(keys={"1": collects(most=8)})
    stage = Stage([Waits(0.1), Presses("1472#"), Waits(5)], dialogue=dialogue).play()
    assert dialogue.collected == ["1", "472"]
    heard = bytes(stage.call.heard_by_caller)[: int(0.8 * 16000)]
    assert any(heard[int(0.7 * 16000) :]), "the notice was not cut"


def test_keys_cut_off_wording_at_once() -> None:
    dialogue = StagedDialogue(begins=Move((Spoken(LONG),), CallState.OPEN, Expect()), keys={"1": Move((Spoken("Bins."),))})
    stage = Stage([Waits(2.0), Presses("1"), Waits(5)], dialogue=dialogue).play()
    (unheard,) = [facts["unheard_seconds"] for facts in stage.house.noted("interrupted")]
    assert unheard > 1 and stage.voice.said[-1] == "Bins."


def test_a_key_that_means_nothing_stops_nobody() -> None:
    dialogue = StagedDialogue(begins=Move((Spoken(LONG, turn_id="turn_1"),), CallState.OPEN, Expect()))
    stage = Stage([Waits(2.0), Presses("9"), Waits(8)], dialogue=dialogue).play()
    assert [facts["text"] for facts in stage.house.noted("heard")] == LONG.replace(". ", ".|").split("|")


def test_the_star_says_it_again_slower_and_louder() -> None:
    rates: list[float] = []

    @dataclass
    class Rates(FakeVoice):
        async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
            rates.append(rate)
            async for piece in super().speak(text, language, rate):
                yield piece

    stage = Stage([REPLY, Presses("*"), REPLY, Presses("*"), REPLY, Presses("*"), REPLY], voice=Rates()).play()
    assert stage.voice.said == ["I am a computer.", *["What can I do for you?"] * 4]
    assert rates == [1.0, 1.0, 1.0, 0.8, 0.8]
    loud = max(
        abs(int.from_bytes(stage.call.heard_by_caller[at : at + 2], "little", signed=True))
        for at in range(0, len(stage.call.heard_by_caller), 2)
    )
    assert loud == 8000


def test_who_asks_for_it_slower_hears_it_again_slower() -> None:
    dialogue = StagedDialogue(says={"slower": Move((Spoken("I will speak more slowly."),), slower=True)})
    begins = Move((Spoken(LONG),), CallState.OPEN, Expect())
    dialogue.begins = begins
    stage = Stage([Waits(2.5), SPEAKS, Waits(12)], hears=["slower"], dialogue=dialogue).play()
    assert stage.voice.said[-4:] == ["I will speak more slowly.", *LONG.replace(". ", ".|").split("|")]


def test_secret_keys_are_in_no_note() -> None:
    dialogue = StagedDialogue(keys={"5": collects(most=8, secret=True, echo="all", may_begin_with_nought=True)})
    stage = Stage([REPLY, Presses("5"), REPLY, Presses("07319264"), REPLY], dialogue=dialogue).play()
    assert dialogue.collected == ["5", "07319264"]
    assert "07319264" not in repr(stage.house.notes) and "0 7 3 1" not in " ".join(stage.voice.said)
    assert stage.house.noted("keys")[0]["count"] == 8
    assert [facts["keys"] for facts in stage.house.noted("key")] == ["5"]


def test_keys_are_said_back_before_what_comes_next() -> None:
    dialogue = StagedDialogue(keys={"5": collects(most=3, echo="all"), "472": Move((Spoken("Is that right?"),))})
    stage = Stage([REPLY, Presses("5"), REPLY, Presses("472"), REPLY], dialogue=dialogue).play()
    assert stage.voice.said[-2:] == ["4 7 2.", "Is that right?"]


def test_a_pause_ends_a_number() -> None:
    dialogue = StagedDialogue(keys={"5": collects(most=8)})
    Stage([REPLY, Presses("5"), REPLY, Presses("47"), Waits(3.5), Presses("2"), Waits(4.5)], dialogue=dialogue).play()
    assert dialogue.collected == ["5", "472"]


# How long we are patient (T15)


def asks_for_time() -> StagedDialogue:
    return StagedDialogue(keys={"8": Move((Spoken(LONG),), patient=True)})


def test_who_asks_for_time_is_not_hurried_by_twenty_seconds_of_silence() -> None:
    stage = Stage([REPLY, Presses("8"), Waits(60), SPEAKS, Waits(20), REPLY], hears=["bins"], dialogue=asks_for_time()).play()
    assert "Are you still there?" not in stage.voice.said
    assert stage.house.asked == ["bins"] and stage.house.persons == []
    assert len(stage.call.said_by_caller) > 80 * 16000, "nobody hung up on them"


def test_who_asks_for_time_hears_a_sentence_and_then_as_long_a_pause_as_it_takes_to_type_it() -> None:
    stage = Stage([REPLY, Presses("8"), Waits(60)], dialogue=asks_for_time()).play()
    heard = bytes(stage.call.heard_by_caller)
    silences, run = [], 0
    for at in range(0, len(heard), 320):
        if any(heard[at : at + 320]):
            silences += [run * 0.02] if run > 100 else []
            run = 0
        else:
            run += 1
    assert silences[0] >= 10 * 60 / 40 and silences[1] >= 9 * 60 / 40


def test_a_pause_within_what_is_said_does_not_end_it_for_who_needs_time() -> None:
    steps = [REPLY, Presses("8"), Waits(20), SPEAKS, Waits(2.0), SPEAKS, Waits(4)]
    assert Stage(steps, hears=["my bin was not emptied"], dialogue=asks_for_time()).play().house.asked == ["my bin was not emptied"]


def test_who_was_cut_off_twice_gets_all_the_time_they_need() -> None:
    house = StagedHouse(before_reply=asyncio.Event())
    steps = [REPLY, SPEAKS, Waits(0.9), SPEAKS, Waits(0.9), SPEAKS, Waits(4)]
    Stage(steps, hears=["I want to", "report", "a hole"], house=house).play()
    assert house.asked == ["I want to", "I want to report", "I want to report a hole"]
    assert [facts["why"] for facts in house.noted("patient")] == ["cut_off"]


# yes and no, assent, noise


def test_yes_to_a_question_of_yes_or_no_is_an_answer_however_early_it_comes() -> None:
    question = Move((Spoken(LONG),), CallState.CONFIRMING, Expect(Grammar("sure", slot="yes_no"), Patience.SHORT))
    dialogue = StagedDialogue(begins=question)
    stage = Stage([Waits(2.0), Says(hum(0.4)), Waits(5)], hears=["yes"], dialogue=dialogue).play()
    assert stage.house.asked == ["yes"] and stage.house.noted("backchannel") == []


def test_yes_to_no_question_is_none_and_we_go_on() -> None:
    dialogue = StagedDialogue(begins=Move((Spoken(LONG, turn_id="turn_1"),), CallState.OPEN, Expect()))
    stage = Stage([Waits(2.0), Says(hum(0.4)), Waits(8)], hears=["Yes."], dialogue=dialogue).play()
    assert stage.house.asked == [] and len(stage.house.noted("heard")) == 3


def test_a_noise_in_a_quiet_moment_is_no_failed_answer() -> None:
    dialogue = StagedDialogue()
    Stage([REPLY, Says(hum(0.2)), Waits(3), Says(hum(1.0)), Waits(3)], hears=["", ""], dialogue=dialogue).play()
    assert dialogue.unheard_times == 1


@dataclass
class SlowEar(FakeEar):
    """Takes its time to say what it heard."""

    may_tell: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        listening = await super().open(language, grammar, hints)
        finish = listening.finish

        async def slowly() -> Heard:
            await self.may_tell.wait()
            return await finish()

        listening.finish = slowly  # type: ignore[method-assign]
        return listening


async def _tell_when_resumed(session: CallSession, stage: Stage) -> None:
    assert isinstance(stage.ear, SlowEar)
    while stage.voice.said.count("This is a first sentence of ten words or so.") < 2:
        await asyncio.sleep(0)
    stage.ear.may_tell.set()


@pytest.mark.parametrize(("words", "asked"), [("bins", ["bins"]), ("right", []), ("", [])])
def test_a_blip_holds_us_up_for_no_longer_than_a_second_and_a_half_and_late_words_still_count(words: str, asked: list[str]) -> None:
    dialogue = StagedDialogue(begins=Move((Spoken(LONG, turn_id="turn_1"),), CallState.OPEN, Expect()))
    stage = Stage([Waits(2.0), Says(hum(0.3)), Waits(12)], dialogue=dialogue, ear=SlowEar([words]), watch=_tell_when_resumed).play()
    (first, *_), (resumed,) = stage.house.noted("interrupted"), stage.house.noted("resumed")
    assert resumed["seconds"] - first["seconds"] <= 1.5
    assert stage.house.asked == asked
    if not asked:
        assert [facts["text"] for facts in stage.house.noted("heard")] == LONG.replace(". ", ".|").split("|")


# streaming, truth, language, measures


@dataclass
class SlowHouse(StagedHouse):
    """Says its first sentence at once, the next when it was heard."""

    voice: FakeVoice = field(default_factory=FakeVoice)

    async def say(self, conversation_id: str, text: str, attempt: str, confidence: float = 1.0) -> AsyncIterator[Replied | TurnDone]:
        first = True
        async for item in super().say(conversation_id, text, attempt, confidence):
            while not first and not self.noted("heard"):
                await asyncio.sleep(0)
            first = False
            yield item


def test_the_first_sentence_is_heard_while_the_next_is_still_to_come() -> None:
    house = SlowHouse(sentences=["The first part.", "The second part."])
    stage = Stage([REPLY, SPEAKS, Waits(8)], hears=["bins"], house=house).play()
    assert [facts["text"] for facts in house.noted("heard")] == ["The first part.", "The second part."]
    assert [(facts["part"], facts["ends"]) for facts in house.noted("heard")] == [(0, True), (1, True)]
    assert "One moment." not in stage.voice.said


@dataclass
class ManyTongues(FakeEar):
    """Hears two languages, and remembers which it was asked for."""

    asked_for: list[str] = field(default_factory=list)

    @property
    def hearing(self) -> Hearing:
        return Hearing(frozenset({"en", "pl"}), True)

    async def open(self, language: str, grammar: Grammar | None, hints: object = ()) -> Listening:
        self.asked_for.append(language)
        return await super().open(language, grammar)


@dataclass
class TwoTongues(FakeVoice):
    @property
    def speaking(self) -> Speaking:
        return Speaking(frozenset({"en", "pl"}), True)


@pytest.mark.parametrize("how", ["the dialogue", "the reply"])
def test_the_call_goes_on_in_the_callers_language(how: str) -> None:
    ear = ManyTongues(["kosze", "kosze"])
    house = StagedHouse(language="pl" if how == "the reply" else "en")
    dialogue = StagedDialogue(says={"kosze": Move(language="pl")} if how == "the dialogue" else {})
    Stage([REPLY, SPEAKS, REPLY, Waits(1), SPEAKS, REPLY], ear=ear, voice=TwoTongues(), house=house, dialogue=dialogue).play()
    assert ear.asked_for == ["en", "pl"]
    assert house.noted("language") == [{"language": "pl"}], "the house is told, once"


def test_the_house_is_told_of_a_language_that_nothing_here_can_speak() -> None:
    ear, house = ManyTongues(["kurdi", "bins"]), StagedHouse()
    dialogue = StagedDialogue(says={"kurdi": Move(language="ku")})
    Stage([REPLY, SPEAKS, REPLY, Waits(1), SPEAKS, REPLY], ear=ear, voice=TwoTongues(), house=house, dialogue=dialogue).play()
    assert house.noted("language")[0] == {"language": "ku"}
    assert ear.asked_for == ["en", "en"]


def test_each_turn_and_each_call_is_measured() -> None:
    stage = Stage([REPLY, SPEAKS, REPLY, Presses("0"), Waits(5)], hears=["bins"], transfers=[CONNECTED]).play()
    (turn,) = stage.house.noted("turn_timing")
    assert turn["end_of_speech_wait_seconds"] == pytest.approx(0.7, abs=0.03)
    assert turn["v2v_seconds"] == pytest.approx(0.8, abs=0.1) and turn["turn_id"] == "turn_1"
    (call,) = stage.house.noted("call")
    assert call["first_sound_seconds"] <= 0.3 and call["turns"] == 1 and call["keys"] == 1 and call["transfers"] == "connected"


def test_every_change_of_state_is_noted_with_its_cause_and_the_configuration_it_happened_under() -> None:
    stage = Stage([REPLY, SPEAKS, REPLY], hears=["bins"]).play()
    changes = [(facts["before"], facts["after"], facts["cause"]) for facts in stage.house.noted("state")]
    assert changes == [
        ("offered", "notice", "answered"), ("notice", "open", "opening"), ("open", "answering", "asked"), ("answering", "open", "reply"),
        ("open", "ended", "hung_up_caller"),
    ]  # fmt: skip
    assert {facts["version"] for facts in stage.house.noted("state")} == {"v1"}
    assert all(isinstance(facts["seconds"], float) and facts["call"] for facts in stage.house.noted("state"))
