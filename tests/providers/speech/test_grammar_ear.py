"""The embedded hearing between a call and its workers: what is asked when, and what an answer is worth."""

import asyncio
from typing import Any

import numpy as np
import pytest

from guildhall.channels.phone.dialogue.dialogue import SURE_ENOUGH
from guildhall.channels.phone.ports import FRAME_BYTES
from guildhall.channels.phone.speech import Grammar, Heard, Phrase, SpeechError
from guildhall.providers.speech.grammar_ear import FAR_SHARE, SURE_SHARE, GrammarEar, judged
from guildhall.providers.speech.jsgf import Hearable

GRAMMAR = Grammar("menu", (Phrase(("bins",), "bins"), Phrase(("emergency",), "danger", rank=1), Phrase(("bus passes",), "buses", rank=2)))
VOICE = (8000 * np.sin(np.arange(FRAME_BYTES // 2) / 5)).astype(np.int16).tobytes()
SILENCE = bytes(FRAME_BYTES)


class FakePool:
    """Answers what it was told to, and remembers how much sound it was asked about."""

    def __init__(self, *answers: tuple[str, float] | tuple[str, float, float]) -> None:
        self.answers, self.woken = list(answers), 0
        self.asked: list[tuple[bool, int]] = []

    def wake(self) -> None:
        self.woken += 1

    async def hear(self, grammar: Hearable, sound: bytes) -> dict[str, Any]:
        self.asked.append((grammar.far, len(sound) // FRAME_BYTES))
        text, share, *sure = self.answers.pop(0) if self.answers else ("", 0.0)
        return {"text": text, "share": share, "sure": sure[0] if sure else share}

    async def close(self) -> None:
        self.woken = -1


def heard(pool: FakePool, *frames: bytes) -> Heard:
    async def hear() -> Heard:
        listening = await GrammarEar(pool).open("en", GRAMMAR)  # type: ignore[arg-type]
        for frame in frames:
            await listening.feed(frame)
            await asyncio.sleep(0)
        return await listening.finish()

    return asyncio.run(hear())


def test_a_phrase_that_fits_has_the_meaning_of_the_dialogue() -> None:
    found = heard(FakePool(("bins", 1.0)), *[VOICE] * 20)
    assert (found.text, found.means, found.confidence) == ("bins", "bins", 1.0)


def test_the_answer_is_looked_for_while_the_caller_is_silent_at_the_end() -> None:
    pool = FakePool(("bins", 1.0))
    assert heard(pool, *[VOICE] * 20, *[SILENCE] * 25).means == "bins"
    assert pool.asked == [(False, 30)]  # once, at the pause, and not again at the end


def test_a_caller_who_goes_on_after_a_pause_is_heard_whole() -> None:
    pool = FakePool(("bins", 1.0), ("bins", 0.9))
    assert heard(pool, *[VOICE] * 20, *[SILENCE] * 12, *[VOICE] * 20).confidence < 1
    assert pool.asked == [(False, 30), (False, 52)]


def test_what_may_be_said_besides_is_looked_for_only_when_no_answer_fits() -> None:
    pool = FakePool(("bins", 0.3), ("bus passes", 0.95))
    assert heard(pool, *[VOICE] * 20).means == "buses"
    assert [far for far, _ in pool.asked] == [False, True]


def test_a_short_answer_that_does_not_stand_a_strict_look_gives_way_to_words_that_do() -> None:
    pool = FakePool(("bins", 1.0, 0.0), ("bus passes", 1.0, 0.9))
    assert heard(pool, *[VOICE] * 20).means == "buses"
    assert [far for far, _ in pool.asked] == [False, True]


@pytest.mark.parametrize("besides", [("", 0.0), ("bus passes", 0.5), ("bus passes", 1.0, 0.0)])
def test_a_short_answer_in_doubt_is_heard_so_faintly_that_it_is_said_back(besides: tuple[str, float]) -> None:
    found = heard(FakePool(("bins", 1.0, SURE_SHARE - 0.01), besides), *[VOICE] * 20)
    assert found.means == "bins" and found.confidence < SURE_ENOUGH


def test_danger_in_doubt_gives_way_to_nothing() -> None:
    pool = FakePool(("emergency", 1.0, 0.0), ("bus passes", 1.0, 1.0))  # so it was with one caller, and "hear it again"
    found = heard(pool, *[VOICE] * 20)
    assert found.means == "danger" and found.confidence < SURE_ENOUGH


def test_what_nobody_asked_for_must_fit_better() -> None:
    assert heard(FakePool(("", 0.0), ("bus passes", FAR_SHARE - 0.01)), *[VOICE] * 20).text == ""


def test_whoever_talks_for_long_says_no_phrase() -> None:
    pool = FakePool(("bins", 1.0))
    assert heard(pool, *[VOICE] * 800).text == ""
    assert pool.asked == []


def test_another_language_and_open_words_are_refused() -> None:
    async def opened(language: str, grammar: Grammar | None) -> None:
        await GrammarEar(FakePool()).open(language, grammar)  # type: ignore[arg-type]

    with pytest.raises(SpeechError, match="'pl' cannot be heard; it hears en"):
        asyncio.run(opened("pl", GRAMMAR))
    with pytest.raises(SpeechError, match="phrases of a grammar only"):
        asyncio.run(opened("en", None))


def test_workers_are_woken_when_the_first_caller_begins_to_speak() -> None:
    pool = FakePool()
    heard(pool, VOICE)
    assert pool.woken == 1


def slot(name: str) -> Hearable:
    return Hearable("g", "", (), {"help": "danger"}, name, ())


@pytest.mark.parametrize(
    ("kind", "text", "share", "came"),
    [
        ("digits", "nine oh seven", 0.95, ("907", "")),
        ("digits", "nine oh seven", 0.85, ("", "")),
        ("digits", "nine double", 1.0, ("", "")),
        ("date", "the third of march", 0.9, ("the third of march", "")),
        ("date", "the third of", 1.0, ("", "")),
        ("date", "help", 1.0, ("help", "danger")),
        ("choice", "bins and", 1.0, ("", "")),
    ],
)
def test_only_whole_answers_count(kind: str, text: str, share: float, came: tuple[str, str]) -> None:
    found = judged({"text": text, "share": share, "sure": share}, slot(kind))
    assert (found.text, found.means) == came
