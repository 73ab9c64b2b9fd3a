"""How well the embedded hearing does on callers through the phone band: floors that it may not fall below, and what it must not mistake (T11)."""

import asyncio
from dataclasses import dataclass

import pytest

from guildhall.channels.phone.speech import Grammar, Heard, Phrase
from guildhall.providers.speech.grammar_ear import GrammarEar
from guildhall.providers.speech.jsgf import digits_of, spoken_words
from guildhall.providers.speech.worker_pool import PoolLimits, WorkerPool
from tests.phone.speech_tools import CALLERS, caller_says, need

ALWAYS = (
    Phrase(("help", "danger", "emergency", "gas leak"), "danger", "9"),
    Phrase(("person", "a person", "adviser", "speak to a person"), "person", "0"),
    Phrase(("repeat", "say that again"), "repeat", "*"),
)
YES_NO = {
    "yes": ("yes", "yes please", "yeah", "yep that's right", "correct", "yes that is right"),
    "no": ("no", "no thanks", "nope", "no that's wrong"),
}
MENU = (
    "bins", "council tax", "housing", "bins and recycling", "i want to talk about my bin", "my bin was missed", "missed bin collection",
    "housing repairs", "i need a repair", "council tax bill", "pay my council tax", "benefits", "housing benefit", "schools",
    "school admissions", "planning", "parking permit", "i want to speak to a person", "help", "libraries",
)  # fmt: skip
DATES = (
    "the third of march", "monday the fifth of june", "twenty first of december", "the first of january", "may the twelfth", "tomorrow",
    "next tuesday", "the thirtieth of september nineteen eighty four",
)  # fmt: skip
DIGITS = (
    "one two three four five six seven", "nine oh seven double four one two", "zero one six three two nine six",
    "eight eight three one five nine oh", "four seven one two six six three", "two nine five oh one eight four",
    "seven double three two oh five nine", "six five four three two one oh",
)  # fmt: skip
OUTSIDE = (
    "can you tell me what time it is in america", "the weather has been terrible this week", "my daughter went to the shops yesterday",
    "I don't know what you mean", "sorry could you come back to me", "let me find my glasses", "who am I talking to",
    "well it's a long story really", "there's a fox in my garden", "just put the kettle on love", "what was the question", "um",
    "television licence", "football", "passport", "the dog is barking", "hello", "driving test", "my name is margaret", "spell it for me",
)  # fmt: skip
"""What callers say that no grammar here has."""

ALSO = {"yes": ("yep", "that's right", "right"), "no": ("nah", "wrong", "that is wrong")}
"""Other ways to say it, which stand in a real grammar too."""

GRAMMARS = {
    "yes_no": Grammar("yes-no", (*(Phrase((*says, *ALSO[means]), means) for means, says in YES_NO.items()), *ALWAYS), "yes_no"),
    "choice": Grammar("menu", (*(Phrase((says,), says) for says in MENU), *ALWAYS)),
    "date": Grammar("date", ALWAYS, "date"),
    "digits": Grammar("digits", ALWAYS, "digits"),
}
SAID = {
    "yes_no": [(says, means) for means, many in YES_NO.items() for says in many],
    "choice": [(says, says) for says in MENU],
    "date": [(says, says) for says in DATES],
    "digits": [(says, digits_of(says)) for says in DIGITS],
}


@dataclass(frozen=True)
class Counted:
    """How many of what was said came out right, wrong (something else was heard) and not at all; and what was taken for something."""

    right: int
    wrong: int
    unheard: int
    mistaken: int


def meant(slot: str, heard: Heard) -> str:
    return heard.means or (heard.text.removeprefix("the ") if slot == "date" else heard.text)


async def count(ear: GrammarEar, slot: str) -> Counted:
    async def hear(text: str, voice: str) -> Heard:
        listening = await ear.open("en", GRAMMARS[slot])
        await listening.feed(caller_says(text, voice))
        return await listening.finish()

    right = wrong = unheard = mistaken = 0
    for voice in CALLERS:
        for says, means in SAID[slot]:
            heard = await hear(says, voice)
            right += (good := meant(slot, heard) == means.removeprefix("the "))
            wrong += bool(heard.text) and not good
            unheard += not heard.text
        for says in OUTSIDE:
            mistaken += bool((await hear(says, voice)).text)
    return Counted(right, wrong, unheard, mistaken)


async def counted(slot: str) -> Counted:
    pool = WorkerPool(PoolLimits(workers=1, answer_seconds=30.0))
    await pool.start()
    try:
        return await count(GrammarEar(pool), slot)
    finally:
        await pool.close()


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    need("flite", "sox")


@pytest.mark.parametrize(
    ("slot", "of", "right", "wrong", "mistaken"),
    [("yes_no", 30, 27, 1, 2), ("choice", 60, 50, 1, 2), ("date", 24, 22, 1, 4), ("digits", 24, 14, 7, 7)],
)
def test_a_grammar_is_heard_and_other_words_are_not_taken_for_it(slot: str, of: int, right: int, wrong: int, mistaken: int) -> None:
    assert len(SAID[slot]) * len(CALLERS) == of
    found = asyncio.run(counted(slot))
    print(slot, found)
    assert found.right >= right
    assert found.wrong <= wrong
    assert found.mistaken <= mistaken, f"of {len(OUTSIDE) * len(CALLERS)} utterances outside the grammar"


def test_the_words_of_the_tests_are_words_of_the_grammar() -> None:
    assert all(" ".join(spoken_words(says)) in MENU for says in MENU)
