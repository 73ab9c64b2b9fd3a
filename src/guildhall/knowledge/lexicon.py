"""The council's lexicon at work: adds the pages' words to the resident's, and says how much each addition counts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from guildhall.knowledge.analyser import STOP_WORDS, words
from guildhall.knowledge.config import Lexicon

Kind = Literal["dialect", "place", "abbreviation", "synonym"]
_MEANING_COUNTS: Final = 0.8
_OWN_TERM_COUNTS: Final = 0.6
_OTHER_TERM_COUNTS: Final = 0.15


@dataclass(frozen=True, slots=True)
class Addition:
    """Words added to a query because of words `start` to `end` (of the query's words), and what each counts for."""

    words: tuple[str, ...]
    weight: float
    start: int
    end: int
    kind: Kind
    own_term: bool = False
    """Whether these are the words the council's pages use, fit to be read beside the resident's."""


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: Kind
    words: tuple[str, ...]
    weight: float
    own_term: bool


class QueryLexicon:
    """Looks up every run of words of a query. Longer runs win over shorter ones that they hold."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._entries: dict[tuple[str, ...], list[_Entry]] = {}
        for kind, sayings in (("dialect", lexicon.dialect), ("place", lexicon.places), ("abbreviation", lexicon.abbreviations)):
            for saying in sayings:
                self._add(saying.say, kind, saying.means, _MEANING_COUNTS, own=True)  # type: ignore[arg-type]
        for group in lexicon.synonyms:
            own, *others = group.terms
            for term in group.terms:
                for other in others:
                    if other != term:
                        self._add(term, "synonym", other, _OTHER_TERM_COUNTS)
                if term != own:
                    self._add(term, "synonym", own, _OWN_TERM_COUNTS, own=True)
        self._longest = max((len(key) for key in self._entries), default=0)

    def _add(self, say: str, kind: Kind, means: str, weight: float, *, own: bool = False) -> None:
        key, meaning = tuple(words(say)), tuple(w for w in words(means) if w not in STOP_WORDS)
        if key and meaning:
            # A long meaning must not outweigh what the resident said, so its words share the weight (by its square root).
            self._entries.setdefault(key, []).append(_Entry(kind, meaning, weight / len(meaning) ** 0.5, own))

    def additions(self, query: Sequence[str], is_known: Callable[[str], bool]) -> list[Addition]:
        """What the lexicon adds to a query given as folded words.

        An abbreviation that the pages themselves use (`is_known`) adds nothing: many abbreviations are ordinary words too (TEN, BID).
        """
        found: list[Addition] = []
        position = 0
        while position < len(query):
            length, entries = self._longest_at(query, position)
            for entry in entries:
                if entry.kind == "abbreviation" and is_known(query[position]):
                    continue
                found.append(Addition(entry.words, entry.weight, position, position + length, entry.kind, entry.own_term))
            position += max(1, length)
        return found

    def _longest_at(self, query: Sequence[str], position: int) -> tuple[int, Iterable[_Entry]]:
        for length in range(min(self._longest, len(query) - position), 0, -1):
            entries = self._entries.get(tuple(query[position : position + length]))
            if entries:
                return length, entries
        return 0, ()
