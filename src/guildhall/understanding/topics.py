"""Which services' names and synonyms stand in a text: exact words, whatever their number, in any of the ten languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from guildhall.understanding.detectors.phrase_matcher import PhraseMatcher
from guildhall.understanding.words import Word, listed, words_of
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import Service

_TOO_PLAIN: Final = listed(
    "help support form forms fee fees contact council report apply application letter work home house people person money "
    "problem problems licence pay"
)


@dataclass(frozen=True, slots=True)
class Topic:
    """The services a run of words names, and which words (first to last, inclusive)."""

    keys: tuple[ServiceKey, ...]
    first: int
    last: int


class TopicIndex:
    """Names and synonyms of a council's services, and the council's own words for them. Pure."""

    def __init__(self, services: Sequence[Service]) -> None:
        names: dict[str, list[ServiceKey]] = {}
        for service in services:
            for name in (service.name, service.key.replace("-", " "), *service.synonyms, *service.names.values()):
                plain = _pattern(name)
                if plain and plain not in _TOO_PLAIN:
                    owners = names.setdefault(plain, [])
                    if service.key not in owners:
                        owners.append(service.key)
        self._keys = [tuple(found) for found in names.values()]
        self._matcher = PhraseMatcher(list(names))

    def find(self, words: Sequence[Word]) -> list[Topic]:
        """The longest names in the words, none overlapping, in order."""
        hits = self._matcher.find([Word(singular(w.folded), w.start, w.end) for w in words])
        hits.sort(key=lambda h: (h.first - h.last, h.first))
        kept: list[Topic] = []
        for hit in hits:
            if not any(hit.first <= k.last and k.first <= hit.last for k in kept):
                kept.append(Topic(self._keys[hit.number], hit.first, hit.last))
        return sorted(kept, key=lambda t: t.first)


def singular(word: str) -> str:
    """A word without its plural ending, roughly: `bins` and `bin`, `libraries` and `library` compare equal."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _pattern(name: str) -> str:
    plain = name.partition("(")[0].partition(":")[0]
    return " ".join(singular(w.folded) for w in words_of(plain))
