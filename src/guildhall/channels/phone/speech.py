"""What a call session needs of hearing and speaking. Sound is linear 16-bit at 8 kHz."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


class SpeechError(Exception):
    """A speech provider failed; the next one of the chain is asked."""


class NotYetError(SpeechError):
    """It is still being made ready: no failure, and worth asking again in a moment."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something a caller may say, and what it means to the dialogue; `key` is its twin on the keypad.

    `by_language` is the same where it is known which words are of which language: a provider that hears one language only must not take
    the words of another for words of its own that sound like them. `rank` says how much it is waited for: 0 answers the question, 1 must be
    heard at any time, 2 may be said here too.
    """

    says: tuple[str, ...]
    means: str
    key: str = ""
    by_language: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rank: int = 0

    def said_in(self, language: str) -> tuple[str, ...]:
        """What may be said in one language; all of it where that is not known."""
        return dict(self.by_language).get(language, ()) if self.by_language else self.says


@dataclass(frozen=True, slots=True)
class Grammar:
    """Everything that can be heard in one state of the dialogue. Words for help, danger and a person are in every one.

    `slot` is what kind of answer is waited for: `choice`, `yes_no`, `date`, `digits`.
    """

    name: str
    phrases: tuple[Phrase, ...] = ()
    slot: str = "choice"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a provider understood. `means` is a phrase's meaning where a grammar was followed; an empty text is silence or noise."""

    text: str
    confidence: float = 1.0
    means: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a provider can hear. `open_languages` are those with an open vocabulary, where that is not so for all; ask `opens`."""

    languages: frozenset[str]
    open_vocabulary: bool
    streaming: bool = False
    on_premises: bool = False
    open_languages: frozenset[str] | None = None

    def opens(self, language: str) -> bool:
        """Whether any words can be heard in a language now, rather than only those of a grammar."""
        known = self.languages if self.open_languages is None else self.open_languages
        return self.open_vocabulary and language in known


@dataclass(frozen=True, slots=True)
class Speaking:
    """What a provider can say. `recorded` are those of its languages in which it says fixed wording only, all of which is recorded."""

    languages: frozenset[str]
    on_premises: bool = False
    recorded: frozenset[str] = frozenset()


class Listening(Protocol):
    """One utterance on its way to a provider."""

    async def feed(self, sound: bytes) -> None:
        """More of it. Raises SpeechError."""
        ...

    async def finish(self) -> Heard:
        """All of it was fed. Raises SpeechError."""
        ...

    async def cancel(self) -> None:
        """It was no utterance after all."""
        ...


@runtime_checkable
class TellsPartial(Protocol):
    """A Listening that says what it understands before the end. Never act on it: it may still change."""

    partial: str


class SpeechToText(Protocol):
    """Hears."""

    @property
    def name(self) -> str:
        """As the record and the settings call it."""
        ...

    @property
    def hearing(self) -> Hearing:
        """What it can hear now. It may change between two utterances, so a dialogue reads it before each question: when a service
        with an open vocabulary breaks, `opens` is false from then on, and true again when the service is back."""
        ...

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        """Begin an utterance; a provider without an open vocabulary needs a grammar. Raises SpeechError."""
        ...


class TextToSpeech(Protocol):
    """Speaks."""

    @property
    def name(self) -> str:
        """As the record and the settings call it."""
        ...

    @property
    def speaking(self) -> Speaking:
        """What it can say."""
        ...

    def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        """Sound, piece by piece. `rate` below 1 is slower. Raises SpeechError."""
        ...
