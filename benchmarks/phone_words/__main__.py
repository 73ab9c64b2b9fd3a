"""`python -m benchmarks.phone_words`: what a call does when a synthetic caller says a phrase of its menus, or something else. See the README beside this."""

import argparse
import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from guildhall.channels.phone.dialogue.directed import DirectedDialogue
from guildhall.channels.phone.dialogue.phrases import PERSON, Vocabulary
from guildhall.channels.phone.dialogue.questions import Question
from guildhall.channels.phone.dialogue.words import CallCouncil
from guildhall.channels.phone.dialogue.yes_no import yes_no
from guildhall.channels.phone.moves import Move
from guildhall.channels.phone.speech import Grammar, Heard
from guildhall.channels.phone.states import CallState
from guildhall.councils.loading import load_council
from guildhall.councils.phone_config import MAIN_MENU
from guildhall.providers.speech.grammar_ear import GrammarEar
from guildhall.providers.speech.worker_pool import PoolLimits, WorkerPool
from guildhall.vocabulary.languages import Language
from tests.phone.speech_tools import CALLERS, caller_says
from tests.phone.test_grammar_floors import OUTSIDE

SHORT_WORDS = 2
SEED = 1
PROFILE = load_council(Path("councils"), "avonmere")
COUNCIL = CallCouncil(PROFILE, tuple(code.value for code in Language if code is not Language.ENGLISH))
WORDS = Vocabulary(COUNCIL)
Opened = tuple[DirectedDialogue, Move]


@dataclass(frozen=True)
class Place:
    """A question of a call: how it is come to, and which phrases of its grammar are said there."""

    name: str
    open: Callable[[], Opened]
    says: tuple[tuple[str, str], ...]
    """Each with what it means; empty for words that are none of the grammar's."""


def called() -> DirectedDialogue:
    dialogue = DirectedDialogue(COUNCIL, WORDS)
    dialogue.opening()
    return dialogue


def at_menu(name: str) -> Opened:
    dialogue = called()
    return dialogue, dialogue.menus.main() if name == MAIN_MENU else dialogue.menus.open(name)


def at_yes_no() -> Opened:
    dialogue = called()
    choices = yes_no(dialogue.talk, partial(Move, ask="yes"), partial(Move, ask="no"))
    return dialogue, dialogue.talk.put(Question("right", (), CallState.CONFIRMING, choices, slot="yes_no"))


def after_answer() -> Opened:
    dialogue = called()
    return dialogue, dialogue.answers.after()


def grammar_of(move: Move) -> Grammar:
    assert move.expect is not None and move.expect.grammar is not None
    return move.expect.grammar


def phrases(grammar: Grammar, wanted: Callable[[str, int, str], bool]) -> dict[str, str]:
    found: dict[str, str] = {}
    for phrase in grammar.phrases:
        for says in phrase.said_in("en"):
            if says.isascii() and wanted(phrase.means, phrase.rank, says):
                found.setdefault(says, phrase.means)
    return found


def short(means: str, rank: int, says: str) -> bool:
    """An answer of the question, a choice of another menu, or one or two words for anything else."""
    return rank == 0 or means.startswith("option:") or len(says.split()) <= SHORT_WORDS


def places() -> Iterator[Place]:
    """The first menu with all that it must hear, every other menu with its own words, the questions after an answer, and for yes or no."""
    of_menus = {says for menu in PROFILE.phone.menus.values() for option in menu.options for says in (*option.words.get(Language.ENGLISH, ()), option.label[Language.ENGLISH])}  # fmt: skip
    outside = tuple((says, "") for says in OUTSIDE)
    main = phrases(grammar_of(at_menu(MAIN_MENU)[1]), short)
    main = {says: means for says, means in main.items() if says in of_menus or not means.startswith(("option:", "service:"))}
    yield Place(MAIN_MENU, partial(at_menu, MAIN_MENU), (*main.items(), *outside))
    for name in PROFILE.phone.menus:
        if name != MAIN_MENU:
            own = phrases(grammar_of(at_menu(name)[1]), lambda _means, rank, _says: rank == 0)
            yield Place(name, partial(at_menu, name), tuple(own.items()))
    for name, come in (("after", after_answer), ("yes_no", at_yes_no)):
        grammar = grammar_of(come()[1])
        own = phrases(grammar, lambda means, rank, says: rank == 0 or (len(says.split()) <= SHORT_WORDS and rank == 1 and means == PERSON))
        yield Place(name, come, (*own.items(), *outside))


def done(place: Place, heard: Heard) -> tuple[str, str]:
    """What the call does by it: `again` when it asks again, `back` and what it says back, or `does` and what it is for."""
    dialogue, _ = place.open()
    before = dialogue.talk.question.name
    move = dialogue.heard(heard) if heard.text else dialogue.unheard()
    if dialogue.talk.question.name != before and dialogue.talk.question.name in ("sure", "danger-sure"):
        return "back", heard.means
    if not heard.text or (move.say and move.say[0].wording == "phone.not_heard"):
        return "again", ""
    return "does", repr(replace(move, expect=None))


def came(place: Place, means: str, says: str, heard: Heard) -> str:
    """`right`, `again`, `back` (the right phrase said back), `back-wrong`, or `wrong: ` and what was done instead."""
    how, what = done(place, heard)
    if how == "again":
        return "again" if means or not heard.text else "right"
    if how == "back":
        return "back" if heard.means == means else "back-wrong"
    if means and (heard.means == means or done(place, Heard(says, 1.0, means)) == (how, what)):
        return "right"
    kind = heard.means.partition(":")[0]
    return f"wrong: {kind if not heard.means.startswith('command') else heard.means}"


async def measure(voices: tuple[str, ...], most: int | None) -> Iterator[dict[str, str | float]]:
    pool, found = WorkerPool(PoolLimits(workers=1, answer_seconds=60.0)), []
    await pool.start()
    try:
        ear = GrammarEar(pool)
        said = [(place, says, means) for place in places() for says, means in place.says]
        random.Random(SEED).shuffle(said)
        for place, says, means in said[:most]:
            grammar = grammar_of(place.open()[1])
            for voice in voices:
                listening = await ear.open("en", grammar)
                await listening.feed(caller_says(says, voice))
                heard = await listening.finish()
                row: dict[str, str | float] = {"place": place.name, "says": says, "voice": voice, "heard": heard.text, "means": means, "heard_means": heard.means, "confidence": heard.confidence}  # fmt: skip
                found.append(row | {"came": came(place, means, says, heard) if means or heard.text else "right"})
                print(json.dumps(found[-1], ensure_ascii=False), flush=True)
    finally:
        await pool.close()
    return iter(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voices", nargs="+", default=list(CALLERS), help="voices of flite")
    parser.add_argument("--most", type=int, help="only so many of the phrases, drawn by lot")
    args = parser.parse_args()
    found = list(asyncio.run(measure(tuple(args.voices), args.most)))
    for what, rows in (
        ("in the grammar", [row for row in found if row["means"]]),
        ("outside it", [row for row in found if not row["means"]]),
    ):
        counted = Counter(str(row["came"]) for row in rows)
        print(json.dumps({"phrases": what, "said": len(rows), **dict(counted.most_common())}))


if __name__ == "__main__":
    main()
