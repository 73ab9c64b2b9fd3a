"""What a gap is called: its service, and words that at least three conversations have in common, so that the title is nobody's sentence."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from guildhall.knowledge.analyser import STOP_WORDS, Analyser, words

SHARED_BY: Final = 3
MOST_WORDS: Final = 4
_SHORTEST: Final = 3
_ASKING: Final = frozenset(
    "need want get got know tell help much many long there someone somebody anyone way right one two ask take still like".split()
)


class Titler:
    """Names gaps. `usual` are texts in which a word that says little stands often, such as what all services are called."""

    def __init__(self, usual: Iterable[str]) -> None:
        self._analyser = Analyser()
        self._often: Counter[str] = Counter()
        self._texts = 0
        for text in usual:
            self._texts += 1
            self._often.update(set(self._analyser.terms(text)))

    def words(self, said: Sequence[tuple[str, str]]) -> tuple[str, ...]:
        """At most four words of (conversation, masked text), the most telling first; none when no word is shared by enough."""
        who: defaultdict[str, set[str]] = defaultdict(set)
        spelt: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for conversation, text in said:
            for word in set(words(text)):
                if len(word) < _SHORTEST or word in STOP_WORDS or word in _ASKING or not word.isalpha():
                    continue
                term = self._analyser.term(word)
                who[term].add(conversation)
                spelt[term][word] += 1
        shared = {term: len(conversations) for term, conversations in who.items() if len(conversations) >= SHARED_BY}
        ranked = sorted(shared, key=lambda term: (-shared[term] * self._rarity(term), term))[:MOST_WORDS]
        return tuple(_usual_spelling(spelt[term]) for term in ranked)

    def _rarity(self, term: str) -> float:
        return math.log(1 + self._texts / (1 + self._often[term]))


def _usual_spelling(found: Mapping[str, int]) -> str:
    return min(found, key=lambda word: (-found[word], word))
