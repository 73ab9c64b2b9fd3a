"""Which questions mean the same: a space of meaning for ten languages, and average-linkage groups in it.

The encoder's raw features lie close together for any two sentences; set against those of the council's own services, feature by feature,
they tell questions apart. Two groups are as alike as their members are on average (UPGMA, Sokal and Michener 1958), which the sums of
their vectors give at once, so a new question is compared with a gap and not with each of its questions.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
ALIKE_FROM: Final = 0.40
ALIKE_AMONG_FEW_FROM: Final = 0.45
"""Both chosen on `evals/gaps/tuning.jsonl`; what they give on questions they were not chosen on stands in `evals/gaps/results.json`."""
FEW: Final = 60
"""Among fewer questions than this, two that are half alike would be put together before their real partners have come."""
_LEAST_SPREAD: Final = 1e-3


class ReadsMeaning(Protocol):
    """An encoder of many languages."""

    @property
    def identity(self) -> str:
        """Which encoder it is: what two of them read is never compared."""
        ...

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Float32 of shape (n, m), one row a text. Raises ProviderError when the model fails."""
        ...


class MeaningSpace:
    """Raw features to unit vectors. `known` are the features of texts that stand for all that a council is asked about."""

    def __init__(self, known: Floats) -> None:
        self._centre = known.mean(axis=0)
        self._spread = known.std(axis=0) + _LEAST_SPREAD

    def place(self, features: Floats) -> Floats:
        """Float32 of shape (n, m), each row of length 1."""
        standing = (features - self._centre) / self._spread
        placed: Floats = (standing / np.maximum(np.linalg.norm(standing, axis=1, keepdims=True), 1e-9)).astype(np.float32)
        return placed


def joined(vectors: Floats, sums: Floats, sizes: Sequence[int], alike_from: float = ALIKE_FROM) -> list[int]:
    """For each vector the group that it is most alike, or -1. `sums` has the sum of each group's vectors, `sizes` their number."""
    if not len(sizes) or not len(vectors):
        return [-1] * len(vectors)
    alike = (vectors @ sums.T) / np.asarray(sizes, np.float32)
    best = alike.argmax(axis=1)
    return [int(place) if alike[row, place] >= alike_from else -1 for row, place in enumerate(best)]


def grouped(vectors: Floats) -> list[list[int]]:
    """Groups of rows that are alike on average, in the order of their first rows; what is like nothing is a group of its own.

    Takes memory and time by the square of the rows: 3,000 take a second and 40 MB.
    """
    if len(vectors) < 2:
        return [[row] for row in range(len(vectors))]
    from scipy.cluster.hierarchy import fcluster, linkage  # half a second to import, which no command but this one should wait for

    alike_from = ALIKE_AMONG_FEW_FROM if len(vectors) < FEW else ALIKE_FROM
    apart = np.clip(1 - (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)], 0, None)
    labels = fcluster(linkage(apart.astype(np.float64), "average"), 1 - alike_from, "distance")
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        groups.setdefault(int(label), []).append(row)
    return list(groups.values())
