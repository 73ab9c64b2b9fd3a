"""Telling a greeting or a thank-you, with nothing asked, from an utterance that asks for something."""

from collections.abc import Sequence
from typing import Final

from guildhall.understanding.detectors.phrase_matcher import PhraseMatcher
from guildhall.understanding.words import Word, listed, words_of

_FILLERS: Final = listed(
    "there duck duckie mate love me my youth sir madam everyone all please ok okay right so oh um er erm yes yeah yep no nope "
    "well then now today very much so for your the help a lot again just and it is thats that was you kind"
)


class SmallTalk:
    """Knows greetings and thanks in every language it is given phrases for."""

    def __init__(self, phrases: Sequence[str]) -> None:
        self._matcher = PhraseMatcher(phrases)

    def is_all(self, text: str) -> bool:
        """Whether the text holds at least one greeting or thanks, and nothing else but fillers."""
        words = words_of(text)
        covered = self._covered(words)
        return bool(covered) and all(place in covered or word.folded in _FILLERS for place, word in enumerate(words))

    def _covered(self, words: Sequence[Word]) -> set[int]:
        return {place for hit in self._matcher.find(words) for place in range(hit.first, hit.last + 1)}
