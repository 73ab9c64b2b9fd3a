"""Works out weights for the three heads from comparing them two at a time (AHP), and how far the answers contradict each other.

It is used for weights only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from guildhall.opportunities.scoring import Head

PAIRS: Final = tuple(combinations(Head, 2))
RANDOM_INDEX: Final = 0.58
"""What three things compared at random come to (Saaty)."""
ACCEPTED: Final = 0.1
"""A consistency ratio above this says that the answers contradict each other."""
SAYINGS: Final = {9: "far more", 7: "much more", 5: "clearly more", 3: "a little more", 1: "as much"}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Whole weights that come to 100, and the consistency ratio: 0 where nothing contradicts."""

    weights: Mapping[Head, int]
    ratio: float

    @property
    def consistent(self) -> bool:
        """Whether the weights may be used."""
        return self.ratio <= ACCEPTED


def weigh(answers: Mapping[tuple[Head, Head], float]) -> Weighed:
    """Weights from how much more each first head counts than the second: 9 far more, 1 as much, 1/9 far less. Raises KeyError where a pair is missing."""
    heads = list(Head)
    matrix = np.ones((len(heads), len(heads)))
    for one, other in PAIRS:
        given = answers[one, other]
        matrix[heads.index(one), heads.index(other)], matrix[heads.index(other), heads.index(one)] = given, 1 / given
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    shares = np.abs(vectors[:, first].real)
    shares = 100 * shares / shares.sum()
    ratio = max(0.0, (float(values[first].real) - len(heads)) / (len(heads) - 1) / RANDOM_INDEX)
    whole = np.floor(shares).astype(int)
    for place in np.argsort(whole - shares)[: 100 - int(whole.sum())]:  # what rounding down left goes to the largest rests
        whole[place] += 1
    return Weighed({head: int(whole[n]) for n, head in enumerate(heads)}, ratio)


def answer_of(text: str) -> float | None:
    """`5` or `1/5` as a number; None for anything that is no answer."""
    below = text.startswith("1/")
    number = text.removeprefix("1/")
    if not number.isascii() or not number.isdigit() or int(number) not in SAYINGS:
        return None
    return 1 / int(number) if below else float(int(number))
