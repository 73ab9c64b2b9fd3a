"""Released words at work: in the lexicon that search reads questions with, and, where the router is not sure, in what was meant.

The resident's own words stay what they are in the reply and in the record. Only a question whose service is not sure by its own words
is looked at again with the pages' words in place of the released ones, so that a new word can settle a doubt and never overturn what was sure.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from guildhall.conversations.ports import Understands
from guildhall.knowledge.analyser import words
from guildhall.knowledge.config import Lexicon, Saying, Synonyms
from guildhall.vocabulary.languages import LanguageGuess
from guildhall.vocabulary.phrases import PhraseKind
from guildhall.vocabulary.questions import Question, Redacted, Understanding
from guildhall.vocabulary.signals import Detection
from guildhall.vocabulary.turns import PastTurn

Entry = tuple[PhraseKind, str, str]
"""Kind, what residents say, and what the pages call it."""
LOOKED_AT_EVERY_SECONDS: Final = 2.0


def with_entries(lexicon: Lexicon, entries: Iterable[Entry]) -> Lexicon:
    """A lexicon with words added. What the file says already is not said twice."""
    found: dict[str, list[Saying]] = {
        "dialect": list(lexicon.dialect),
        "place": list(lexicon.places),
        "abbreviation": list(lexicon.abbreviations),
    }
    synonyms = list(lexicon.synonyms)
    for kind, say, means in entries:
        if kind == PhraseKind.SYNONYM:
            group = Synonyms(terms=(means, say))
            synonyms += [] if group in synonyms else [group]
        elif kind.value in found:
            saying = Saying(say=say, means=means)
            found[kind.value] += [] if saying in found[kind.value] else [saying]
    return Lexicon(
        dialect=tuple(found["dialect"]), synonyms=tuple(synonyms), places=tuple(found["place"]), abbreviations=tuple(found["abbreviation"])
    )


def says(text: str, say: str) -> bool:
    """Whether the words of `say` stand in a text, one after the other: only such a text can be changed by an entry for them."""
    return bool(_places(words(text), words(say)))


def reworded(text: str, entries: Sequence[Entry]) -> str:
    """A text with what the pages say in place of what was said; longer runs of words come first. The same text where no word stands in it."""
    said = words(text)
    for _, say, means in sorted(entries, key=lambda entry: (-len(words(entry[1])), entry[1])):
        sought, put = words(say), words(means)
        for start in reversed(_places(said, sought)):
            said[start : start + len(sought)] = put
    return text if said == words(text) else " ".join(said)


def _places(text: Sequence[str], sought: Sequence[str]) -> list[int]:
    length = len(sought)
    return [start for start in range(len(text) - length + 1) if length and list(text[start : start + length]) == list(sought)]


class WatchedEntries:
    """The released words, looked at no more often than every few seconds. What was known last stays when they cannot be read."""

    def __init__(
        self, read: Callable[[], Sequence[Entry]], stopwatch: Callable[[], float], failing: tuple[type[Exception], ...] = ()
    ) -> None:
        self._read, self._stopwatch, self._failing = read, stopwatch, failing
        self._entries: tuple[Entry, ...] = ()
        self._look_again_at = float("-inf")

    def __call__(self) -> tuple[Entry, ...]:
        """The words in use."""
        now = self._stopwatch()
        if now >= self._look_again_at:
            self._look_again_at = now + LOOKED_AT_EVERY_SECONDS
            with suppress(*self._failing):  # the turn goes on with the words it knew; the store's own trouble is told elsewhere
                self._entries = tuple(self._read())
        return self._entries


@dataclass(frozen=True)
class PhrasedUnderstanding:
    """Understanding that looks again with the released words where it is not sure. Everything else is as it was."""

    inner: Understands
    entries: Callable[[], Sequence[Entry]]

    @property
    def answer_at(self) -> float:
        """The inner understanding's confidence from which an answer may be given, 0 to 1."""
        return self.inner.answer_at

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the inner understanding's models, as the record keeps them."""
        return self.inner.versions

    def language(self, text: str, hint: str = "", history: Sequence[str] = ()) -> LanguageGuess:
        """The language of a text, by the inner understanding alone."""
        return self.inner.language(text, hint, history)

    def detect(self, text: str, language: str, recent: Sequence[str] = ()) -> Detection:
        """The signals in the resident's own words: released words never stand between them and the detectors."""
        return self.inner.detect(text, language, recent)

    def redact(self, text: str) -> Redacted:
        """The text with personal data masked, by the inner understanding alone."""
        return self.inner.redact(text)

    def understand(self, text: str, language: str, past: Sequence[PastTurn] = ()) -> Understanding:
        """The questions, each with its services; one that is unsure may take the services of its reworded self, when that is surer."""
        found, entries = self.inner.understand(text, language, past), self.entries()
        if not entries:
            return found
        return replace(found, questions=tuple(self._again(question, language, entries) for question in found.questions))

    def _again(self, question: Question, language: str, entries: Sequence[Entry]) -> Question:
        sure = question.best.confidence if question.best else 0.0
        if sure >= self.inner.answer_at or (other := reworded(question.text, entries)) == question.text:
            return question
        again = self.inner.understand(other, language, ()).questions
        best = again[0].best if len(again) == 1 else None
        return replace(question, services=again[0].services) if best and best.confidence > sure else question
