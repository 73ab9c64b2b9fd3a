"""A cache for understanding, filled ahead of time: other processes work out what simulated residents will say before they say it.

Understanding depends on the words alone, and a contact's words are drawn from its number, so they are known beforehand. The turn looks here
first and works out for itself what it does not find. The result is the same either way; only the time differs.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from guildhall.conversations.ports import Understands
from guildhall.vocabulary.languages import LanguageGuess
from guildhall.vocabulary.questions import Redacted, Understanding
from guildhall.vocabulary.signals import Detection
from guildhall.vocabulary.turns import PastTurn

LOOKS_BACK: Final = 3
"""Earlier utterances that the turn hands over with a new one."""
Known = Mapping[Hashable, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """What one contact will say, as far as it is known beforehand, and the language that was chosen."""

    number: int
    language: str
    says: tuple[str, ...]


def foresee(words: Words, understanding: Understands) -> Known:
    """What the turns will ask about these words, with the answers. What a follow-up means depends on more than words, and is left."""
    found: dict[Hashable, Any] = {}
    for place, text in enumerate(words.says):
        recent = words.says[max(0, place - LOOKS_BACK) : place]
        guess = understanding.language(text, words.language, recent)
        speaks = guess.language.value
        found["language", text, words.language, recent] = guess
        found["detect", text, speaks, recent] = understanding.detect(text, speaks, recent)
        if place == 0:
            found["understand", text, speaks] = understanding.understand(text, speaks, ())
    return found


@dataclass
class Foreseen:
    """Understanding that looks first whether somebody has read ahead. `known` is filled while it is used."""

    inner: Understands
    known: dict[Hashable, Any] = field(default_factory=dict)
    found: int = 0
    """How often the answer was there."""

    @property
    def answer_at(self) -> float:
        """The confidence from which the inner understanding lets an answer be given, 0 to 1."""
        return self.inner.answer_at

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the inner understanding's models, as the record keeps them."""
        return self.inner.versions

    def language(self, text: str, hint: str, history: Sequence[str]) -> LanguageGuess:
        """The language of a text: read ahead, or found now."""
        known: LanguageGuess | None = self._taken(("language", text, hint, tuple(history)))
        return known or self.inner.language(text, hint, history)

    def detect(self, text: str, language: str, recent: Sequence[str]) -> Detection:
        """The signals in a text: read ahead, or found now."""
        known: Detection | None = self._taken(("detect", text, language, tuple(recent)))
        return known or self.inner.detect(text, language, recent)

    def redact(self, text: str) -> Redacted:
        """The text with personal data masked; this is never read ahead."""
        return self.inner.redact(text)

    def understand(self, text: str, language: str, past: Sequence[PastTurn]) -> Understanding:
        """The questions in a text: read ahead where it is the first utterance, else found now."""
        known: Understanding | None = None if past else self._taken(("understand", text, language))
        return known or self.inner.understand(text, language, past)

    def _taken(self, key: Hashable) -> Any:
        known = self.known.get(key)
        self.found += known is not None
        return known
