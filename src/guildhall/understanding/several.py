"""Whether an utterance asks one thing or several, and where one question ends: the cutter proposes, the encoder and the router judge.

A cut that the encoder hears no second question in is taken back; where it hears one and the cutter found none, smaller pieces are
tried, and pieces about the same service stay together. English only: the encoder is English.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from guildhall.understanding.linear import Floats
from guildhall.understanding.words import words_of
from guildhall.vocabulary.joins import without_trail
from guildhall.vocabulary.services import ServiceMatch

_PIECES: Final = re.compile(
    r"(?:[.?!;]+\s+|\s*\n+\s*|,\s+(?:and|also|plus|but|then|or)\s+|,\s+|\s+[-–—]+\s+|:\s+|"
    r"\s+(?:and|also|plus|but|&|\+|n|then|or else|as well as)\s+(?:also\s+)?)",
    re.IGNORECASE,
)
STANDS_FROM: Final = 0.6
"""Confidence from which a later part of an utterance is about its own service, whatever the part before it was about."""
_MOST_PIECES: Final = 12
_FEWEST_WORDS: Final = 2
ONE_BELOW: Final = 0.05
"""Chance of several below which a proposed cut is taken back."""
SEVERAL_FROM: Final = 0.25
_PIECE_SURE: Final = 0.5
_ALSO_MEANT: Final = 0.2


@dataclass(frozen=True, slots=True)
class SeveralHead:
    """A logistic head over the encoder's features: `weights` (m + 1,), the bias last."""

    weights: Floats

    def chance(self, features: Floats) -> Floats:
        """The chance that each of n texts asks several things: float32 (n,)."""
        scores = features @ self.weights[:-1] + self.weights[-1]
        result: Floats = (1 / (1 + np.exp(-np.clip(scores, -30, 30)))).astype(np.float32)
        return result


def pieces_of(text: str) -> list[str]:
    """The smallest pieces that could each be a question; none when there are fewer than two or too many."""
    marks = [0, *(m.end() for m in _PIECES.finditer(text)), len(text)]
    pieces: list[str] = []
    for start, end in pairwise(marks):
        piece = text[start:end].strip()
        if len(words_of(piece)) < _FEWEST_WORDS and pieces:
            pieces[-1] = f"{pieces[-1]} {piece}"
        elif piece:
            pieces.append(piece)
    return pieces if 1 < len(pieces) <= _MOST_PIECES else []


def gathered(pieces: Sequence[str], matches: Sequence[tuple[ServiceMatch, ...]], group: Callable[[ServiceMatch], object]) -> list[str]:
    """Pieces put together again so that each text has a service of its own: what names none, or the same, joins its neighbour."""
    texts: list[str] = []
    about: list[object] = []
    waiting: list[str] = []
    for piece, found in zip(pieces, matches, strict=True):
        best = found[0] if found and found[0].confidence >= _PIECE_SURE else None
        if best is None:
            if texts:
                texts[-1] = f"{texts[-1]} {piece}"
            else:
                waiting.append(piece)
        elif texts and about[-1] == group(best):
            texts[-1] = f"{texts[-1]} {piece}"
        else:
            texts.append(" ".join([*waiting, piece]))
            about.append(group(best))
            waiting = []
    return [without_trail(text) for text in texts]


def also_meant(matches: Sequence[ServiceMatch], group: Callable[[ServiceMatch], object]) -> list[tuple[ServiceMatch, ...]]:
    """The services of a text that asks several things at once, each first in a ranking of its own, with their confidence put right.

    The router shares one chance among all that is asked; each of n services gets n times its share, at most 1.
    """
    chosen: list[ServiceMatch] = []
    for match in matches:
        if match.confidence >= _ALSO_MEANT and group(match) not in {group(kept) for kept in chosen}:
            chosen.append(match)
    if len(chosen) < 2:
        return []
    rest = [match for match in matches if match not in chosen]
    lifted = [ServiceMatch(m.key, min(m.confidence * len(chosen), 1.0), m.lgsl) for m in chosen]
    return [(match, *(other for other in lifted if other is not match), *rest) for match in lifted]
