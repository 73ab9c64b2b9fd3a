"""Hearing that is lost in the middle of a call: grammars and keys from then on, and a person when that fails too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import cast

from guildhall.bootstrap.phone_wiring import heard_council
from guildhall.bootstrap.speech import Speech
from guildhall.channels.phone.dialogue.open import OpenDialogue
from guildhall.channels.phone.speech import Grammar, Listening, Speaking, SpeechError
from guildhall.channels.phone.states import CallState
from guildhall.providers.telephony.simulator import CallerStep, Waits
from tests.channels.phone.dialogue.calls import OPEN, PROFILE, WORDS, opened
from tests.channels.phone.fakes import FakeEar
from tests.channels.phone.staged import REPLY, SPEAKS, Stage


@dataclass
class Ears:
    """What can be heard freely now."""

    languages: frozenset[str] = frozenset({"en", "pl"})

    def now(self) -> frozenset[str]:
        return self.languages


def test_the_next_question_has_a_grammar_when_the_open_vocabulary_is_gone_and_none_when_it_is_back() -> None:
    ears = Ears()
    call = opened(council=replace(OPEN, opens=ears.now))
    call.begin()
    expect = call.call.moves[-1].expect
    assert expect is not None and expect.grammar is None
    ears.languages = frozenset()
    directed = call.dialogue.home().expect
    assert call.question.name == "main" and directed is not None and directed.grammar is not None
    ears.languages = frozenset({"en"})
    again = call.dialogue.home().expect
    assert call.question.name == "ask" and again is not None and again.grammar is None


def test_after_a_failed_utterance_choices_are_heard_by_grammar_for_the_rest_of_the_call() -> None:
    call = opened()
    call.begin()
    move = call.dialogue.deaf()
    assert move.expect is not None and move.expect.grammar is not None and move.state == CallState.DIRECTED
    after = call.dialogue.other()
    assert after.expect is not None and after.expect.grammar is not None


def test_the_second_failed_utterance_brings_a_person() -> None:
    call = opened()
    call.begin()
    assert not call.dialogue.deaf().person
    assert call.dialogue.deaf().person


def test_a_failed_utterance_keeps_the_question_whose_keys_are_pressed() -> None:
    call = opened(number="")
    call.begin()
    for keys in ("1", "12", "3"):
        call.press(keys)
    before = call.question
    move = call.dialogue.deaf()
    assert before.collect is not None and call.question is before and move.say[0].wording == "phone.deaf"


@dataclass
class CloudGoneEar(FakeEar):
    """The service that hears any words is gone; grammars are heard still."""

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        if grammar is None:
            raise SpeechError("no service hears without a grammar")
        return await super().open(language, grammar, hints)


def test_a_whole_call_goes_on_by_choices_when_the_cloud_is_gone() -> None:
    steps: list[CallerStep] = [REPLY, SPEAKS, REPLY, SPEAKS, Waits(4)]
    ear = CloudGoneEar(["council tax and money"])
    stage = Stage(steps, ear=ear, dialogue=OpenDialogue(OPEN, WORDS, "")).play()
    assert "I cannot hear words at the moment." in " ".join(stage.voice.said)
    assert ear.hears == [] and stage.house.persons == [] and len(stage.house.noted("hearing_failed")) == 1


def test_the_wiring_reads_what_can_be_heard_at_each_question() -> None:
    ears = Ears()
    hearing = SimpleNamespace(hearing=SimpleNamespace(languages=frozenset({"en"}), opens=lambda code: code in ears.languages))
    voice = SimpleNamespace(speaking=Speaking(frozenset({"en", "pl"})))
    council = heard_council(PROFILE, cast(Speech, SimpleNamespace(hearing=hearing, voice=voice)), open_words=False)
    assert council.open_languages == {"en", "pl"}
    ears.languages = frozenset()
    assert council.open_languages == frozenset()
