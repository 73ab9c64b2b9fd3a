"""How a phrase is written in a phrase file, and what it compiles to.

`want to (die|not wake up) [tonight]` · (a|b) either · [a] may be left out · `..` up to three words · `stem*` any ending ·
`^` and `$` the beginning and end of what was said.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from guildhall.understanding.words import words_of
from guildhall.vocabulary.errors import RefusedError

ANY: Final = "*"
BEGIN: Final = "^"
END: Final = "$"
GAP_WORDS: Final = 3
_TOKEN: Final = re.compile(r"\.\.|[()\[\]|]|[^\s()\[\]|]+")


@dataclass(slots=True)
class Automaton:
    """Word-level non-deterministic automaton. Edge labels are folded words, `stem*`, or ANY; None is a free move."""

    edges: list[list[tuple[str | None, int]]] = field(default_factory=lambda: [[]])
    accepts: dict[int, list[int]] = field(default_factory=dict)

    def state(self) -> int:
        """A new state."""
        self.edges.append([])
        return len(self.edges) - 1

    def join(self, source: int, label: str | None, target: int) -> None:
        """An edge from one state to another."""
        self.edges[source].append((label, target))

    def closure(self, states: set[int]) -> frozenset[int]:
        """The states and all that free moves reach from them."""
        reached, waiting = set(states), list(states)
        while waiting:
            for label, target in self.edges[waiting.pop()]:
                if label is None and target not in reached:
                    reached.add(target)
                    waiting.append(target)
        return frozenset(reached)

    def step(self, states: frozenset[int], symbol: frozenset[str]) -> frozenset[int]:
        """The states after a word, given as the labels it satisfies."""
        moved = {target for s in states for label, target in self.edges[s] if label is not None and (label == ANY or label in symbol)}
        return self.closure(moved)

    def accepted(self, states: frozenset[int]) -> tuple[int, ...]:
        """The numbers of the phrases that end in one of the states."""
        return tuple(sorted({n for s in states if s in self.accepts for n in self.accepts[s]}))

    def add(self, pattern: str, number: int) -> None:
        """Add a phrase, known by `number` when it matches. Raises RefusedError when it is not written as a phrase is."""
        tokens = _TOKEN.findall(pattern)
        end, place = self._alternatives(tokens, 0, 0, "")
        if place != len(tokens):
            raise RefusedError(f"the phrase `{pattern}` has a bracket too many; brackets come in pairs.")
        self.accepts.setdefault(end, []).append(number)

    def _alternatives(self, tokens: list[str], place: int, start: int, closing: str) -> tuple[int, int]:
        """Read `a b|c d` up to the closing bracket; gives the end state and the place after it."""
        end = self.state()
        here, place = self._sequence(tokens, place, self._fresh(start))
        self.join(here, None, end)
        while place < len(tokens) and tokens[place] == "|":
            here, place = self._sequence(tokens, place + 1, self._fresh(start))
            self.join(here, None, end)
        if not closing:
            return end, place
        if place >= len(tokens) or tokens[place] != closing:
            raise RefusedError(f"the phrase `{' '.join(tokens)}` misses a `{closing}`; brackets come in pairs.")
        return end, place + 1

    def _fresh(self, start: int) -> int:
        state = self.state()
        self.join(start, None, state)
        return state

    def _sequence(self, tokens: list[str], place: int, here: int) -> tuple[int, int]:
        while place < len(tokens) and tokens[place] not in "|)]":
            token = tokens[place]
            if token == "(":
                here, place = self._alternatives(tokens, place + 1, here, ")")
            elif token == "[":
                end, place = self._alternatives(tokens, place + 1, here, "]")
                self.join(here, None, end)
                here = end
            elif token == "..":
                here, place = self._gap(here), place + 1
            else:
                here, place = self._words(token, here), place + 1
        return here, place

    def _gap(self, here: int) -> int:
        end = self.state()
        self.join(here, None, end)
        for _ in range(GAP_WORDS):
            after = self.state()
            self.join(here, ANY, after)
            self.join(after, None, end)
            here = after
        return end

    def _words(self, token: str, here: int) -> int:
        if token in (BEGIN, END):
            after = self.state()
            self.join(here, token, after)
            return after
        for label in _labels(token):
            after = self.state()
            self.join(here, label, after)
            here = after
        return here


@lru_cache(maxsize=32768)
def _labels(token: str) -> tuple[str, ...]:
    """The edge labels of a word as it is written in a phrase. The same few thousand make up all phrases, so each is folded once."""
    words = [word.folded for word in words_of(token.rstrip("*").replace("*", " ").replace("!", " "))]
    if words and token.endswith("*"):
        words[-1] += "*"
    return tuple(words)
