"""Finds every phrase of a lexicon in one pass over the words of a text.

The phrases form one automaton that is made deterministic as texts are read (states are kept once met), so that a word costs
one dictionary look-up however many thousand phrases there are.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from guildhall.understanding.detectors.phrase_pattern import ANY, Automaton
from guildhall.understanding.words import Word

_LONGEST: Final = 24
_MOST_KEPT: Final = 60_000


@dataclass(frozen=True, slots=True)
class PhraseHit:
    """Phrase `number` spans words first to last (inclusive)."""

    number: int
    first: int
    last: int


@dataclass(slots=True)
class _Table:
    """The deterministic form met so far, without the states every phrase begins in, which are always there. State 0 has no others."""

    states: list[frozenset[int]]
    accepted: list[tuple[int, ...]]
    numbers: dict[frozenset[int], int]
    next: dict[tuple[int, frozenset[str]], int] = field(default_factory=dict)


class PhraseMatcher:
    """Compiled phrases. `patterns[n]` is what hits with number n were written as. Raises RefusedError on a bad pattern."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(patterns)
        self._automaton = Automaton()
        self._single: dict[int, tuple[Automaton, frozenset[int], frozenset[str]]] = {}
        for number, pattern in enumerate(self.patterns):
            self._automaton.add(pattern, number)
        labels = {label for edges in self._automaton.edges for label, _ in edges if label not in (None, ANY)}
        self._words = {label for label in labels if label and not label.endswith("*")}
        self._stems = {label[:-1] for label in labels if label and label.endswith("*")}
        self._shortest_stem = min((len(s) for s in self._stems), default=0)
        self._symbols: dict[str, frozenset[str]] = {}
        self._begin = self._automaton.closure({0})
        self._opening: dict[str, set[int]] = {}
        for label, target in (edge for state in self._begin for edge in self._automaton.edges[state]):
            if label is not None:
                self._opening.setdefault(label, set()).add(target)
        self._opened: dict[frozenset[str], frozenset[int]] = {}
        self._lock = threading.Lock()
        self._table = self._fresh()

    def _fresh(self) -> _Table:
        nothing = frozenset[int]()
        return _Table([nothing], [self._automaton.accepted(self._begin)], {nothing: 0})

    def find(self, words: Sequence[Word]) -> list[PhraseHit]:
        """Every phrase in the words, longest reading of each end."""
        table = self._table
        if len(table.next) > _MOST_KEPT:
            table = self._table = self._fresh()
            self._opened = {}
        hits: list[PhraseHit] = []
        state = 0
        for place, word in enumerate(words):
            symbol = self._symbols.get(word.folded)
            if symbol is None:
                symbol = self._symbol(word.folded)
            after = table.next.get((state, symbol))
            state = self._step(table, state, symbol) if after is None else after
            if table.accepted[state]:
                hits.extend(PhraseHit(number, self._first(number, words, place), place) for number in table.accepted[state])
        return hits

    def _symbol(self, word: str) -> frozenset[str]:
        found = {word} if word in self._words else set()
        if self._stems:
            found |= {word[:n] + "*" for n in range(self._shortest_stem, len(word) + 1) if word[:n] in self._stems}
        if len(self._symbols) > _MOST_KEPT:
            self._symbols = {}
        symbol = frozenset(found)
        self._symbols[word] = symbol
        return symbol

    def _step(self, table: _Table, state: int, symbol: frozenset[str]) -> int:
        result = (self._automaton.step(table.states[state], symbol) | self._after_opening(symbol)) - self._begin
        with self._lock:
            number = table.numbers.get(result)
            if number is None:
                number = len(table.states)
                table.states.append(result)
                table.accepted.append(self._automaton.accepted(result))
                table.numbers[result] = number
            table.next[state, symbol] = number
        return number

    def _after_opening(self, symbol: frozenset[str]) -> frozenset[int]:
        """The states after a word that opens phrases: the same wherever the word stands, so it is worked out once."""
        opened = self._opened.get(symbol)
        if opened is None:
            targets: set[int] = set().union(*(self._opening.get(label, ()) for label in (*symbol, ANY)))
            opened = self._opened[symbol] = self._automaton.closure(targets)
        return opened

    def _first(self, number: int, words: Sequence[Word], last: int) -> int:
        """Where the phrase that ends at `last` begins: the earliest start that reads to exactly there."""
        single, begin, openings = self._alone(number)
        for first in range(max(0, last - _LONGEST), last + 1):
            if openings.isdisjoint(self._symbols.get(words[first].folded, openings)) and ANY not in openings:
                continue
            states = begin
            for word in words[first : last + 1]:
                states = single.step(states, self._symbols.get(word.folded) or self._symbol(word.folded))
                if not states:
                    break
            if single.accepted(states):
                return first
        return last

    def _alone(self, number: int) -> tuple[Automaton, frozenset[int], frozenset[str]]:
        known = self._single.get(number)
        if known is None:
            single = Automaton()
            single.add(self.patterns[number], number)
            begin = single.closure({0})
            openings = frozenset(label for s in begin for label, _ in single.edges[s] if label is not None)
            known = self._single[number] = (single, begin, openings)
        return known
