"""Slips of spelling in an English question, put right for finding its service. The resident's words themselves are never changed.

Only where a word stands that is neither the catalogue's nor English. With its neighbour it is put right where exactly one pair in the names
of services is near both (`blu bage`); by itself only when it is long, and one word of the catalogue is nearest. Names, which have a capital
within a text, are left alone; so is a text with more unknown words than slips explain, which may be in another language.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from guildhall.understanding.topics import singular
from guildhall.vocabulary.forgetting import remembering
from guildhall.vocabulary.services import Service

_WORD: Final = re.compile(r"(?<![\w@.'’/])[A-Za-z]+(?![\w@'’/])")
_PAIRED_FROM: Final = 3
_ALONE_FROM: Final = 6
_LONG_FROM: Final = 10
_LONGEST: Final = 30
_MOST_UNKNOWN: Final = 3


class Slips:
    """The words of a council's catalogue, and what a word or a pair that it does not hold was likely meant to be. Pure.

    `common` are everyday words, and `spelt` says of any other whether it is English. Neither need know the catalogue's.
    """

    def __init__(self, services: Sequence[Service], common: Collection[str], spelt: Callable[[str], bool]) -> None:
        names = [words_in(text) for service in services for text in (service.name, *service.synonyms)]
        texts = (text for service in services for text in (service.summary, *service.steps, *service.eligibility))
        self._words = sorted({word for words in names for word in words} | {word for text in texts for word in words_in(text)})
        self._held = frozenset(self._words)
        self._pairs = frozenset(pair for words in names for pair in pairwise(words))
        self._common, self._spelt = common, spelt
        self._near = remembering(20_000)(self._nearest)

    def put_right(self, text: str) -> str:
        """The text with its slips put right; the text itself where there are none, or too many to be slips."""
        found = [match for match in _WORD.finditer(text) if match.group().isascii()]
        said = [match.group().casefold() for match in found]
        unknown = {place for place, word in enumerate(said) if len(word) >= _PAIRED_FROM and not self._knows(word)}
        names = {place for place in unknown if found[place].group()[0].isupper() and found[place].start() > 0}
        if not unknown - names or len(unknown) > _MOST_UNKNOWN or 2 * len(unknown) > max(len(said), 4):
            return text
        meant = dict(self._pairs_meant(said, unknown, names))
        for place in unknown - names - meant.keys():
            if alone := self._alone(said[place]):
                meant[place] = alone
        for place in sorted(meant, reverse=True):
            text = text[: found[place].start()] + meant[place] + text[found[place].end() :]
        return text

    def _knows(self, word: str) -> bool:
        return any(form in self._held or form in self._common for form in (word, singular(word))) or self._spelt(word)

    def _pairs_meant(self, said: Sequence[str], unknown: set[int], names: set[int]) -> Iterator[tuple[int, str]]:
        """Neighbours of which one is unknown, where exactly one pair of the services' names is near both."""
        for place in range(len(said) - 1):
            both = {place, place + 1}
            if both & names or not both & unknown:
                continue
            near = {
                (one, other)
                for one in self._options(said[place])
                for other in self._options(said[place + 1])
                if (one, other) in self._pairs
            }
            if len(near) == 1:
                one, other = near.pop()
                yield place, one
                yield place + 1, other

    def _options(self, word: str) -> tuple[str, ...]:
        if word in self._held or len(word) < _PAIRED_FROM:
            return (word,)
        return (word, *(near for near, _ in self._near(word)))

    def _alone(self, word: str) -> str:
        near = self._near(word) if len(word) >= _ALONE_FROM else ()
        clear = (
            near
            and near[0][0][0] == word[0]
            and (len(near) == 1 or near[0][1] < near[1][1] or singular(near[0][0]) == singular(near[1][0]))
        )
        return near[0][0] if clear else ""

    def _nearest(self, word: str) -> tuple[tuple[str, int], ...]:
        """Words of the catalogue within one edit (two, from ten letters), nearest first, each with its edits."""
        if len(word) > _LONGEST:
            return ()
        edits = 1 if len(word) < _LONG_FROM else 2
        near = process.extract(word, self._words, scorer=OSA.distance, score_cutoff=edits, limit=None)
        return tuple(
            sorted(((str(text), int(away)) for text, away, _ in near if len(text) >= _PAIRED_FROM), key=lambda hit: (hit[1], hit[0]))
        )


def words_in(text: str) -> list[str]:
    """The words of a text in lower case, letters only."""
    return [match.group().casefold() for match in _WORD.finditer(text)]
