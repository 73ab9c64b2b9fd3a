"""What is ready before the first call: the sound of all fixed wording, and grammars in the order in which calls come to them."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from guildhall.bootstrap.phone_warming import grammars_in_order, sentences_in_order, warm_voices
from guildhall.bootstrap.speech import Embedded
from guildhall.channels.phone.dialogue.directed import DirectedDialogue
from guildhall.channels.phone.dialogue.phrases import Vocabulary
from guildhall.channels.phone.dialogue.words import CallCouncil
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.sentences import sentences_of
from guildhall.councils.loading import load_council
from guildhall.providers.speech.recorded_over import RecordedOver
from guildhall.providers.speech.rendered import RenderedVoice
from tests.channels.phone.fakes import FakeVoice

PROFILE = load_council(Path("councils"), "avonmere", Path("var/cache/yaml"))
COUNCIL = CallCouncil(PROFILE, ("pl",))
PHONE = cast(
    Phone,
    SimpleNamespace(
        notice=(Spoken("You are talking to a computer."),),
        failover=SimpleNamespace(words={"en": Spoken("One moment.")}, nobody={"en": Spoken("Ring us.")}),
    ),
)


def test_a_call_by_menus_says_nothing_fixed_that_was_not_rendered_before() -> None:
    below = FakeVoice()
    voice = RecordedOver(RenderedVoice(below), {})
    asyncio.run(warm_voices(COUNCIL, PHONE, Embedded(voices=[voice])))
    rendered = list(below.said)
    assert rendered[0] == "You are talking to a computer." and len(rendered) == len(set(rendered))
    dialogue = DirectedDialogue(COUNCIL, Vocabulary(COUNCIL))
    moves = [
        dialogue.opening(),
        dialogue.pressed("1"),
        dialogue.pressed("4"),
        dialogue.pressed("#"),
        dialogue.pressed("9"),
        dialogue.unheard(),
    ]
    said = [sentence for move in moves for spoken in move.say for sentence in sentences_of(spoken) if sentence.language == "en"]
    assert len(said) > 20 and {sentence.text for sentence in said} <= set(rendered)


def test_the_notice_and_the_greeting_come_first_and_languages_that_cannot_be_said_are_left_alone() -> None:
    order = list(dict.fromkeys(sentences_in_order(COUNCIL, PHONE)))
    greeting = [
        sentence.text for spoken in DirectedDialogue(COUNCIL, Vocabulary(COUNCIL)).opening().say for sentence in sentences_of(spoken)
    ]
    assert [text for text, _ in order[1 : 1 + len(greeting)]] == list(dict.fromkeys(greeting))
    below = FakeVoice()  # speaks English
    asyncio.run(warm_voices(COUNCIL, PHONE, Embedded(voices=[RecordedOver(RenderedVoice(below), {})])))
    assert not {text for text, language in order if language == "pl"} & set(below.said)


def test_the_first_question_then_yes_and_no_then_menus_and_numbers() -> None:
    grammars = grammars_in_order(CallCouncil(PROFILE, opens=lambda: frozenset({"en"})))
    assert [grammar.name for grammar in grammars[:4]] == ["main", "after", "again", "after"] and grammars[2].slot == "yes_no"
    assert {"bins-and-streets", "leisure", "danger", "crisis"} <= {grammar.name for grammar in grammars}
    assert "digits" in {grammar.slot for grammar in grammars}
