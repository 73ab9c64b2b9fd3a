"""A question as the index can use it: numbered terms with weights, and the text the embedder is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from guildhall.knowledge.analyser import STOP_WORDS, Analyser, words
from guildhall.knowledge.index import PassageIndex, pairs_of
from guildhall.knowledge.lexicon import Addition, QueryLexicon
from guildhall.knowledge.spelling import Spelling
from guildhall.knowledge.standalone import Standalone

_MOST_WORDS: Final = 400
_SURE_CORRECTION: Final = 0.75
_REWRITES: Final = ("dialect", "place", "abbreviation")

Weighted = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One word of the question: how rare it is, and the terms that would satisfy it, each with how well (0 to 1)."""

    rarity: float
    satisfied_by: Weighted


@dataclass(frozen=True, slots=True)
class Asked:
    """A question ready to be scored. `to_embed` is its text with dialect, abbreviations and slips put into the pages' words."""

    terms: Weighted
    pairs: tuple[int, ...]
    context: Weighted
    slots: tuple[Slot, ...]
    to_embed: str


class QuestionReader:
    """Turns questions into terms of one index."""

    def __init__(self, index: PassageIndex, analyser: Analyser, lexicon: QueryLexicon, spelling: Spelling) -> None:
        self._index, self._analyser, self._lexicon, self._spelling = index, analyser, lexicon, spelling
        self._unknown_rarity = index.text.rarity_of(0)

    def read(self, query: Standalone) -> Asked:
        """The question analysed; words past the 400th are left out."""
        said = words(query.question)[:_MOST_WORDS]
        additions = self._lexicon.additions(said, self._is_known)
        weights: dict[int, float] = {}
        slots: list[Slot] = []
        corrected = list(said)
        for position, word in enumerate(said):
            if word in STOP_WORDS:
                continue
            number = self._number(word)
            near = () if number is not None else self._near(word)
            satisfied = [(number, 1.0)] if number is not None else [(n, w) for _, n, w in near]
            if near and near[0][2] >= _SURE_CORRECTION and not _covered(additions, position):
                corrected[position] = near[0][0]
            for term, weight in satisfied:
                weights[term] = max(weights.get(term, 0.0), weight)
            satisfied += [(n, a.weight) for a in additions if a.start <= position < a.end for n in self._numbers(a)]
            slots.append(Slot(self._index.text.rarity(number) if number is not None else self._unknown_rarity, tuple(satisfied)))
        for addition in additions:
            for term in self._numbers(addition):
                weights.setdefault(term, addition.weight)
        known = [number for word in said if word not in STOP_WORDS and (number := self._number(word)) is not None]
        return Asked(
            terms=tuple(weights.items()),
            pairs=tuple(set(pairs_of(known))),
            context=self._context(query),
            slots=tuple(slots),
            to_embed=_rewrite(query.question, said, corrected, additions),
        )

    def _context(self, query: Standalone) -> Weighted:
        weights: dict[int, float] = {}
        for context in query.context:
            for term in set(self._analyser.terms(context.text)):
                number = self._index.vocabulary.get(term)
                if number is not None:
                    weights[number] = weights.get(number, 0.0) + context.weight
        return tuple(weights.items())

    def _number(self, word: str) -> int | None:
        return self._index.vocabulary.get(self._analyser.term(word))

    def _is_known(self, word: str) -> bool:
        return self._number(word) is not None

    def _numbers(self, addition: Addition) -> list[int]:
        return [number for word in addition.words if (number := self._number(word)) is not None]

    def _near(self, word: str) -> list[tuple[str, int, float]]:
        return [(near, number, weight) for near, weight in self._spelling.nearest(word) if (number := self._number(near)) is not None]


def _covered(additions: Sequence[Addition], position: int) -> bool:
    return any(a.start <= position < a.end and a.kind in _REWRITES for a in additions)


def _rewrite(question: str, said: list[str], corrected: list[str], additions: Sequence[Addition]) -> str:
    """The question with dialect, places, abbreviations and slips put in the pages' words, and the pages' own terms after it in brackets."""
    rewritten: list[str] = []
    position = 0
    swaps = {a.start: a for a in additions if a.own_term and a.kind in _REWRITES}
    while position < len(said):
        swap = swaps.get(position)
        rewritten += swap.words if swap else (corrected[position],)
        position = swap.end if swap else position + 1
    text = question if rewritten == said else " ".join(rewritten)
    own = dict.fromkeys(" ".join(a.words) for a in additions if a.own_term and a.kind not in _REWRITES)
    return f"{text} ({', '.join(own)})" if own else text
