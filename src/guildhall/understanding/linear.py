"""A linear model over hashed n-grams and, optionally, a sentence vector: int8 weights, pure numpy, no training code."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guildhall.understanding.features import Hashing, Indexes

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Scores of K labels: sum of the switched-on rows / sqrt(their number) + vector @ dense + bias.

    `sparse` is int8 of shape (columns, K) with `scale` float32 (K,); `dense` is float32 (dimensions, K), with no rows when
    the model reads n-grams only.
    """

    labels: tuple[str, ...]
    hashing: Hashing
    sparse: NDArray[np.int8]
    scale: Floats
    dense: Floats
    bias: Floats

    def ngram_scores(self, indexes: Indexes) -> Floats:
        """Scores from the n-grams alone: float32 (K,)."""
        if not len(indexes):
            return self.bias.copy()
        total = self.sparse[indexes].sum(axis=0, dtype=np.int32).astype(np.float32)
        scores: Floats = total * self.scale / np.float32(np.sqrt(len(indexes))) + self.bias
        return scores

    def scores(self, indexes: Indexes, vector: Floats | None) -> Floats:
        """Scores from n-grams and the sentence vector: float32 (K,). Without a vector, n-grams only."""
        scores = self.ngram_scores(indexes)
        if vector is not None and self.dense.shape[0]:
            scores = scores + vector @ self.dense
        return scores

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The arrays to keep in an .npz, under a prefix. Dense weights and scales are kept as float16 and float32."""
        return {
            f"{prefix}.labels": np.array(self.labels),
            f"{prefix}.hashing": np.array([self.hashing.bits, int(self.hashing.folded)]),
            f"{prefix}.characters": np.array(self.hashing.characters, dtype=np.int64),
            f"{prefix}.words": np.array(self.hashing.words, dtype=np.int64),
            f"{prefix}.sparse": self.sparse,
            f"{prefix}.scale": self.scale,
            f"{prefix}.dense": self.dense.astype(np.float16),
            f"{prefix}.bias": self.bias,
        }


@dataclass(frozen=True, slots=True)
class DenseModel:
    """Scores of K labels from features alone: `weights` float32 (m, K), `bias` float32 (K,)."""

    weights: Floats
    bias: Floats

    def scores(self, features: Floats) -> Floats:
        """Features (m,) or (n, m) to scores (K,) or (n, K)."""
        scores: Floats = features @ self.weights + self.bias
        return scores

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The arrays to keep in an .npz, under a prefix; weights as float16."""
        return {f"{prefix}.weights": self.weights.astype(np.float16), f"{prefix}.bias": self.bias}


def dense_from_arrays(arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> DenseModel:
    """The dense model kept under a prefix. Raises KeyError when it is not there."""
    return DenseModel(arrays[f"{prefix}.weights"].astype(np.float32), arrays[f"{prefix}.bias"].astype(np.float32))


def from_arrays(arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> LinearModel:
    """The model kept under a prefix. Raises KeyError when it is not there."""
    bits, folded = (int(v) for v in arrays[f"{prefix}.hashing"])
    hashing = Hashing(
        bits=bits,
        folded=bool(folded),
        characters=tuple(int(v) for v in arrays[f"{prefix}.characters"]),
        words=tuple(int(v) for v in arrays[f"{prefix}.words"]),
    )
    return LinearModel(
        labels=tuple(str(v) for v in arrays[f"{prefix}.labels"]),
        hashing=hashing,
        sparse=arrays[f"{prefix}.sparse"].astype(np.int8),
        scale=arrays[f"{prefix}.scale"].astype(np.float32),
        dense=arrays[f"{prefix}.dense"].astype(np.float32),
        bias=arrays[f"{prefix}.bias"].astype(np.float32),
    )


def from_weights(labels: tuple[str, ...], hashing: Hashing, sparse: Floats, dense: Floats, bias: Floats) -> LinearModel:
    """Round float weights (columns + dimensions, K) to what is kept: one scale a label, 127 steps each way."""
    scale = np.maximum(np.abs(sparse).max(axis=0), 1e-9).astype(np.float32) / np.float32(127)
    return LinearModel(
        labels,
        hashing,
        np.rint(sparse / scale).astype(np.int8),
        scale,
        dense.astype(np.float16).astype(np.float32),
        bias.astype(np.float32),
    )


def softmax(scores: Floats) -> Floats:
    """Probabilities of one row of scores."""
    lifted = np.exp(scores - scores.max())
    result: Floats = lifted / lifted.sum()
    return result
