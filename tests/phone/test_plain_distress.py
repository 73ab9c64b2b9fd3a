"""What people really say in danger, in a crisis, or when they want a person, heard through a telephone by the grammar of the main menu: whole sentences, not only names of dangers."""

import asyncio
from pathlib import Path

from guildhall.channels.phone.dialogue.directed import DirectedDialogue
from guildhall.channels.phone.dialogue.phrases import Vocabulary
from guildhall.channels.phone.dialogue.words import CallCouncil
from guildhall.channels.phone.speech import Grammar
from guildhall.councils.loading import load_council
from guildhall.providers.speech.grammar_ear import GrammarEar
from guildhall.providers.speech.worker_pool import PoolLimits, WorkerPool
from tests.phone.speech_tools import CALLERS, caller_says, need

CRISIS = (
    "I want to die", "I want to kill myself", "I'm going to kill myself", "I don't want to live any more", "I feel suicidal", "he's hitting me",
    "I'm homeless", "I have nowhere to sleep", "I'm worried about a child", "I can't cope", "I want to end my life", "my husband hits me",
)  # fmt: skip
DANGER = ("I smell gas", "there's a gas leak", "I've got a gas leak", "there's a fire", "my house is on fire", "I need help", "please help me", "it's an emergency")  # fmt: skip
PERSON = (
    "I want to speak to a person",
    "can I speak to someone",
    "I'd like to speak to someone",
    "can I talk to someone",
    "I need to speak to someone",
)
AHEAD = ("danger", "crisis")


def main_menu() -> Grammar:
    council = CallCouncil(load_council(Path("councils"), "avonmere"), ())
    expected = DirectedDialogue(council, Vocabulary(council), "", False).opening().expect
    assert expected is not None and expected.grammar is not None
    return expected.grammar


async def heard(sentences: tuple[str, ...]) -> list[str]:
    """What kind of thing each caller's sentence was taken for; empty where nothing was heard."""
    grammar, pool = main_menu(), WorkerPool(PoolLimits(workers=1, answer_seconds=60.0))
    await pool.start()
    try:
        ear, found = GrammarEar(pool), []
        for sentence in sentences:
            for voice in CALLERS:
                listening = await ear.open("en", grammar)
                await listening.feed(caller_says(sentence, voice))
                found.append((await listening.finish()).means.partition(":")[0])
        return found
    finally:
        await pool.close()


def test_of_ten_plain_sentences_of_distress_nine_are_heard() -> None:
    need("flite", "sox")
    found = asyncio.run(heard(CRISIS + DANGER))
    assert sum(means in AHEAD for means in found) >= 0.9 * len(found), found


def test_who_asks_for_a_person_in_a_sentence_is_heard() -> None:
    need("flite", "sox")
    found = asyncio.run(heard(PERSON))
    assert sum(means in ("person", *AHEAD) for means in found) >= 0.8 * len(found), found
