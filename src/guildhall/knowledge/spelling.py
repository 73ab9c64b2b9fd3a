"""Words the pages do not hold, matched to words they do: slips of typing and spelling."""

from collections.abc import Collection, Sequence
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from guildhall.vocabulary.forgetting import remembering

_SHORTEST: Final = 4
_LONGEST: Final = 30


class Spelling:
    """The words of an index, and the nearest of them to a word it does not hold.

    `ordinary` are words known to be spelt rightly although no page uses them; they are left alone.
    """

    def __init__(self, counts: Sequence[tuple[str, int]], ordinary: Collection[str] = ()) -> None:
        self._counts = {word: count for word, count in counts if len(word) >= _SHORTEST and word.isalpha()}
        self._words = list(self._counts)
        self._ordinary = ordinary
        self.nearest = remembering(20_000)(self._nearest)

    def _nearest(self, word: str) -> tuple[tuple[str, float], ...]:
        """Up to two words within one edit (two, from seven letters), with their similarity from 0 to 1, likeliest first."""
        if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or word in self._ordinary:
            return ()
        edits = 1 if len(word) < 7 else 2
        near = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=edits, limit=8)
        # People seldom miss the first letter; among equals the commoner word is the likelier.
        ranked = sorted(near, key=lambda hit: (hit[1] + (hit[0][0] != word[0]), -self._counts[hit[0]]))
        return tuple((str(text), 1 - distance / len(word)) for text, distance, _ in ranked[:2] if text[0] == word[0] or distance == 1)
