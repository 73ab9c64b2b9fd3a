"""What is made ready beside the start, so that the first caller waits for nothing: grammars in every speech worker, and the fixed wording as sound."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

from guildhall.bootstrap.phone_prompts import fixed_wording
from guildhall.bootstrap.speech import Embedded
from guildhall.channels.phone.dialogue.directed import DirectedDialogue
from guildhall.channels.phone.dialogue.phrases import Vocabulary
from guildhall.channels.phone.dialogue.words import CallCouncil
from guildhall.channels.phone.moves import Move, Spoken
from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.sentences import sentences_of
from guildhall.channels.phone.speech import Grammar, SpeechError
from guildhall.providers.speech.grammar_ear import GrammarEar
from guildhall.providers.speech.recorded_over import RecordedOver

MOST_GRAMMARS: Final = 20
"""A worker keeps 48 halves of them; the first must not make room for the last."""


async def warm_ears(council: CallCouncil, embedded: Embedded) -> None:
    """Start the speech workers, and teach them the grammars in the order in which calls come to them."""
    grammars = (await asyncio.to_thread(grammars_in_order, council))[:MOST_GRAMMARS]
    for ear in embedded.ears:
        if isinstance(ear, GrammarEar):
            with suppress(SpeechError):  # tried again when somebody speaks
                await ear.start()
                await ear.prepare(grammars)


async def warm_voices(council: CallCouncil, phone: Phone, embedded: Embedded) -> None:
    """Render what calls begin with, and then all wording that is the same in every call."""
    sentences = await asyncio.to_thread(lambda: tuple(dict.fromkeys(sentences_in_order(council, phone))))  # never beside the calls' sound
    for voice in embedded.voices:
        if isinstance(voice, RecordedOver):
            await voice.prepare(one for one in sentences if one[1] in voice.speaking.languages)


def grammars_in_order(council: CallCouncil) -> list[Grammar]:
    """What can be heard when a call begins, after an answer, at a yes or no, in each menu, and when digits are pressed or said."""
    moves = _moves(_directed(council))
    grammars = [move.expect.grammar for move in moves if move.expect is not None and move.expect.grammar is not None]
    return list(dict.fromkeys(grammars))


def sentences_in_order(council: CallCouncil, phone: Phone) -> Iterator[tuple[str, str]]:
    """Each sentence that is said alike to everybody, with its language: the notice, what is asked first, and why a person is rung; then the rest."""
    dialogue = _directed(council)
    first: list[Spoken] = [
        *phone.notice,
        *dialogue.opening().say,
        *(words["en"] for words in (phone.failover.words, phone.failover.nobody)),
    ]
    first += [dialogue.filler(), *(spoken for move in _moves(dialogue) for spoken in move.say)]
    paths = council.phone
    first += [spoken for name in paths.danger for spoken in dialogue.safety.danger_path(name).say]
    first += [spoken for name in paths.crisis for spoken in dialogue.safety.crisis_path(name).say]
    for language in council.languages:
        first += _directed(dialogue.talk.council, dialogue.talk.vocabulary).languages.choose(language).say
        first += [words[language] for words in (phone.failover.words, phone.failover.nobody) if language in words]
    yield from ((sentence.text, sentence.language) for spoken in first for sentence in sentences_of(spoken))
    yield from ((text, "en") for texts in fixed_wording(council.profile, "en").values() for text in texts)


def _directed(council: CallCouncil, vocabulary: Vocabulary | None = None) -> DirectedDialogue:
    """A call by menus, which every call may become."""
    closed = replace(council, opens=frozenset)
    return DirectedDialogue(closed, vocabulary or Vocabulary(closed))


def _moves(dialogue: DirectedDialogue) -> list[Move]:
    """The questions of a call, the likeliest first."""
    moves = [dialogue.opening(), dialogue.answers.after(), dialogue.people.booked("")]
    dialogue.answers.answer.rest = [Spoken("More.")]
    moves.append(dialogue.answers.after())
    moves += [dialogue.menus.open(name) for name in dialogue.talk.council.phone.menus]
    return [*moves, dialogue.safety.danger(), dialogue.safety.crisis(), dialogue.menus.place(""), dialogue.languages.ask()]
