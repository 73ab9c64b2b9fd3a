"""The embedded hearing: one small grammar a question, in English, by speech workers. What fits none of its phrases was not heard.

An utterance ends with half a second of silence, which is longer than it takes to hear it: so as soon as the caller pauses, what they said
so far is given to a worker, and when they have indeed finished the answer is there already.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import structlog

from guildhall.channels.phone.ports import FRAME_BYTES, RATE
from guildhall.channels.phone.speech import Grammar, Heard, Hearing, Listening, SpeechError
from guildhall.providers.speech.jsgf import Hearable, digits_of, hearable, is_date
from guildhall.providers.speech.pronouncing import Pronouncing
from guildhall.providers.speech.worker_pool import PoolLimits, WorkerPool

log = structlog.get_logger("guildhall.speech")

NAME: Final = "embedded"
LANGUAGE: Final = "en"
LONGEST_SECONDS: Final = 15.0
"""Nobody says a choice, a date or a number for so long."""
PAUSE_FRAMES: Final = 10
QUIET: Final = 10 ** (-26 / 20)
LEAST_SHARE: Final = {"yes_no": 0.65, "choice": 0.65, "date": 0.8, "digits": 0.9}
"""So much of the speech must be words of the grammar; `tests/phone/test_grammar_floors.py` measures what it costs and what it saves."""
FAR_SHARE: Final = 0.85
SURE_SHARE: Final = 0.5
"""One or two words that stand the strictest look with less are doubtful: the dialogue says them back before it does anything by them."""
DOUBTFUL: Final = 0.4
"""How surely such words count as heard, at most."""
KEPT_GRAMMARS: Final = 256
NOTHING: Final = Heard("", 0.0, provider=NAME)


class GrammarEar:
    """Hears English grammars."""

    name = NAME

    def __init__(self, pool: WorkerPool, pronouncing: Pronouncing | None = None) -> None:
        self._pool, self._pronouncing = pool, pronouncing or Pronouncing()
        self._known: OrderedDict[Grammar, tuple[Hearable, ...]] = OrderedDict()

    @property
    def limits(self) -> PoolLimits:
        """When its workers are too slow for a caller."""
        return self._pool.limits

    @property
    def hearing(self) -> Hearing:
        """What it can hear."""
        return Hearing(frozenset({LANGUAGE}), open_vocabulary=False, streaming=True, on_premises=True)

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        """Begin an utterance. Raises SpeechError."""
        if language != LANGUAGE:
            raise SpeechError(f"embedded hearing: {language!r} cannot be heard; it hears {LANGUAGE}")
        if grammar is None:
            raise SpeechError("embedded hearing: it hears the phrases of a grammar only, and was given none")
        self._pool.wake()
        return _Utterance(self._pool, await self.ready(grammar))

    async def close(self) -> None:
        """End the workers."""
        await self._pool.close()

    async def start(self) -> None:
        """Have the workers run before the first caller speaks. Raises SpeechError."""
        await self._pool.start()

    async def prepare(self, grammars: Iterable[Grammar]) -> None:
        """Make grammars ready in every worker before the first call needs them."""
        for grammar in grammars:
            for one in await self.ready(grammar):
                await self._pool.prepare(one)

    async def ready(self, grammar: Grammar) -> tuple[Hearable, ...]:
        """A grammar as it can be heard; phrases that cannot be are told once."""
        if grammar not in self._known:
            made = await asyncio.to_thread(hearable, grammar, LANGUAGE, self._pronouncing)
            left_out = [says for one in made for says in one.left_out]
            if left_out:
                log.warning("phrases_by_key_only", grammar=grammar.name, phrases=len(left_out), examples=left_out[:5])
            self._known[grammar] = made
            while len(self._known) > KEPT_GRAMMARS:
                self._known.popitem(last=False)
        self._known.move_to_end(grammar)
        return self._known[grammar]


class _Utterance:
    """One utterance."""

    def __init__(self, pool: WorkerPool, grammars: tuple[Hearable, ...]) -> None:
        self._pool, self._grammars = pool, grammars
        self._sound = bytearray()
        self._measured = 0
        self._loudest = 0.0
        self._quiet = 0
        self._early: asyncio.Task[Heard] | None = None

    async def feed(self, sound: bytes) -> None:
        """More of it."""
        self._sound += sound
        if len(self._sound) > LONGEST_SECONDS * RATE * 2:
            return
        while self._measured + FRAME_BYTES <= len(self._sound):
            self._measure(bytes(self._sound[self._measured : self._measured + FRAME_BYTES]))
            self._measured += FRAME_BYTES

    async def finish(self) -> Heard:
        """What was said. Raises SpeechError."""
        if len(self._sound) > LONGEST_SECONDS * RATE * 2:
            await self.cancel()
            return NOTHING
        asked, self._early = self._early, None
        return await (asked or self._ask())

    async def cancel(self) -> None:
        """It was no utterance after all."""
        self._forget()

    def _measure(self, frame: bytes) -> None:
        """When the caller pauses, ask at once; when they go on, that answer is worth nothing."""
        loud = float(np.sqrt(np.mean(np.frombuffer(frame, np.int16).astype(np.float64) ** 2)))
        self._loudest = max(self._loudest, loud)
        if loud > self._loudest * QUIET:
            self._quiet = 0
            self._forget()
            return
        self._quiet += 1
        if self._quiet == PAUSE_FRAMES:
            self._early = self._ask()

    def _ask(self) -> asyncio.Task[Heard]:
        return asyncio.create_task(self._hear(bytes(self._sound)))

    async def _hear(self, sound: bytes) -> Heard:
        """The answers first; what else may be said only when none of them fits, or when it fits for sure and an answer does not."""
        doubtful = NOTHING
        for grammar in self._grammars:
            heard = judged(await self._pool.hear(grammar, sound), grammar)
            if heard.confidence > DOUBTFUL or heard.text in grammar.always:
                return heard
            doubtful = doubtful if doubtful.text else heard
        return doubtful

    def _forget(self) -> None:
        if self._early is not None:
            self._early.cancel()
            self._early = None


def judged(answer: dict[str, Any], grammar: Hearable) -> Heard:
    """What a worker's answer is worth: a phrase, date or number of the grammar that fits, or nothing."""
    text, share = str(answer["text"]), float(answer["share"])
    least = FAR_SHARE if grammar.far else LEAST_SHARE.get(grammar.slot, LEAST_SHARE["choice"])
    if not text or share < least:
        return NOTHING
    confidence = round(0.5 + 0.5 * (share - least) / (1.0 - least), 3)
    if text in grammar.means:
        return Heard(text, confidence if answer["sure"] >= SURE_SHARE else DOUBTFUL, grammar.means[text], NAME)
    if grammar.slot == "digits" and (digits := digits_of(text)):
        return Heard(digits, confidence, provider=NAME)
    if grammar.slot == "date" and is_date(text):
        return Heard(text, confidence, provider=NAME)
    return NOTHING
