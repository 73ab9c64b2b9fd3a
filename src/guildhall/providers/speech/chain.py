"""Several services as one: the best that works hears or speaks, and the embedded one, which needs no network, is the last.

An utterance is not lost when a service fails in the middle of it: what was said is kept until it is understood, and said again to the
next. `hearing` and `speaking` tell what works now, so a dialogue that reads them before each question goes on with words and keys
when the open vocabulary is gone, and opens up again when it is back.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from guildhall.channels.phone.speech import (
    Grammar,
    Heard,
    Hearing,
    Listening,
    NotYetError,
    Speaking,
    SpeechError,
    SpeechToText,
    TextToSpeech,
)
from guildhall.providers.speech.breaker import Breaker

log = structlog.get_logger("guildhall.speech")


@dataclass(frozen=True)
class Ear:
    """One service of a chain; `languages` limits it, empty means all that it hears."""

    service: SpeechToText
    breaker: Breaker
    languages: frozenset[str] = frozenset()

    @property
    def hears(self) -> frozenset[str]:
        """The languages it is asked for."""
        heard = self.service.hearing.languages
        return heard & self.languages if self.languages else heard

    def can(self, language: str, grammar: Grammar | None) -> bool:
        """Whether it can be asked for this."""
        return language in self.hears and (grammar is not None or self.service.hearing.open_vocabulary)


class HearingChain:
    """SpeechToText of several services, best first."""

    def __init__(self, ears: Sequence[Ear], name: str = "chain") -> None:
        self._ears, self._name = tuple(ears), name

    @property
    def name(self) -> str:
        """As the record and the settings call it."""
        return self._name

    @property
    def hearing(self) -> Hearing:
        """What can be heard now; it changes when a service breaks, and when it is back."""
        works = [ear for ear in self._ears if ear.breaker.closed]
        opens = [ear for ear in works if ear.service.hearing.open_vocabulary]
        return Hearing(
            frozenset[str]().union(*(ear.hears for ear in works)),
            open_vocabulary=bool(opens),
            streaming=any(ear.service.hearing.streaming for ear in works),
            on_premises=all(ear.service.hearing.on_premises for ear in self._ears),
            open_languages=frozenset[str]().union(*(ear.hears for ear in opens)),
        )

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        """Begin an utterance with the best service that works."""
        ears = [ear for ear in self._ears if ear.can(language, grammar)]
        if not ears:
            raise SpeechError(f"no service hears `{language}`" + ("" if grammar else " without a grammar"))
        utterance = _Utterance(iter(ears), language, grammar, hints)
        await utterance.next()
        return utterance

    async def close(self) -> None:
        """Give all connections back."""
        for ear in self._ears:
            await _close(ear.service)


@contextmanager
def _given_up(ear: Ear) -> Iterator[None]:
    """A call to a service that ends in neither an answer nor a SpeechError was given up: a caller hung up. That is neither good nor bad of it."""
    ended = False
    try:
        yield
        ended = True
    except SpeechError:
        ended = True
        raise
    finally:
        if not ended:
            ear.breaker.left()


@dataclass
class _Utterance:
    """One utterance, with whoever listens to it now."""

    ears: Iterable[Ear]
    language: str
    grammar: Grammar | None
    hints: Sequence[str]
    _kept: list[bytes] = field(default_factory=list)
    _ear: Ear | None = None
    _listening: Listening | None = None

    @property
    def partial(self) -> str:
        """What is understood so far, where the service says it."""
        return str(getattr(self._listening, "partial", ""))

    async def next(self) -> None:
        """Go to the next service that may be tried, and say to it what was said. Raises SpeechError when there is none."""
        for ear in self.ears:
            if not ear.breaker.may_try:
                continue
            ear.breaker.began()
            self._ear = ear
            try:
                with _given_up(ear):
                    self._listening = await ear.service.open(self.language, self.grammar, self.hints)
                    for sound in self._kept:
                        await self._listening.feed(sound)
            except SpeechError as error:
                await self._failed(error)
                continue
            return
        self._ear = self._listening = None
        raise SpeechError("no service could hear this")

    async def feed(self, sound: bytes) -> None:
        """More of it."""
        if self._listening is None:
            raise SpeechError("no service hears this any more")
        self._kept.append(sound)
        try:
            await self._listening.feed(sound)
        except SpeechError as error:
            await self._failed(error)
            await self.next()

    async def finish(self) -> Heard:
        """The text, from whoever gives it."""
        while self._listening is not None and self._ear is not None:
            try:
                with _given_up(self._ear):
                    heard = await self._listening.finish()
            except SpeechError as error:
                await self._failed(error)
                await self.next()
                continue
            self._ear.breaker.succeeded()
            self._kept.clear()
            return heard
        raise SpeechError("no service could hear this")

    async def cancel(self) -> None:
        """It was no utterance after all."""
        self._kept.clear()
        if self._listening is not None and self._ear is not None:
            self._ear.breaker.left()
            await self._listening.cancel()

    async def _failed(self, error: SpeechError) -> None:
        assert self._ear is not None
        listening, self._listening = self._listening, None
        if listening is not None:
            await listening.cancel()
        _failed(self._ear.breaker, self._ear.service.name, "hearing", error)


@dataclass(frozen=True)
class Voice:
    """One voice of a chain; `languages` limits it, empty means all that it speaks."""

    service: TextToSpeech
    breaker: Breaker
    languages: frozenset[str] = frozenset()

    @property
    def speaks(self) -> frozenset[str]:
        """The languages it is asked for."""
        spoken = self.service.speaking.languages
        return spoken & self.languages if self.languages else spoken


class SpeakingChain:
    """TextToSpeech of several services, best first."""

    def __init__(self, voices: Sequence[Voice], name: str = "chain") -> None:
        self._voices, self._name = tuple(voices), name

    @property
    def name(self) -> str:
        """As the record and the settings call it."""
        return self._name

    @property
    def speaking(self) -> Speaking:
        """What can be said now."""
        works = [voice for voice in self._voices if voice.breaker.closed]
        languages = frozenset[str]().union(*(voice.speaks for voice in works))
        spoken = frozenset[str]().union(*(voice.speaks - voice.service.speaking.recorded for voice in works))
        return Speaking(languages, all(voice.service.speaking.on_premises for voice in self._voices), languages - spoken)

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        """Sound of the best voice that works. One that breaks off is followed by the next, which says the whole sentence again."""
        for voice in self._voices:
            if language not in voice.speaks or not voice.breaker.may_try:
                continue
            voice.breaker.began()
            ended = False
            try:
                async for sound in voice.service.speak(text, language, rate):
                    yield sound
                ended = True
            except SpeechError as error:
                _failed(voice.breaker, voice.service.name, "speaking", error)
                continue
            finally:
                if not ended:
                    voice.breaker.left()
            voice.breaker.succeeded()
            return
        raise SpeechError(f"no voice could say this in `{language}`")

    async def close(self) -> None:
        """Give all connections back."""
        for voice in self._voices:
            await _close(voice.service)


def _failed(breaker: Breaker, name: str, what: str, error: SpeechError) -> None:
    """Count it. The error says what the service did wrong, never what was said."""
    if isinstance(error, NotYetError):
        log.info("speech_service_not_ready", service=name, doing=what)
        breaker.left()
        return
    worked = breaker.closed
    breaker.failed()
    log.warning("speech_service_failed", service=name, doing=what, error=str(error), left_alone=not breaker.closed)
    if worked and not breaker.closed:
        log.error("speech_service_left_alone", service=name, doing=what)


async def _close(service: object) -> None:
    close: Callable[[], object] | None = getattr(service, "close", None)
    if close is not None:
        closing = close()
        if hasattr(closing, "__await__"):
            await closing
