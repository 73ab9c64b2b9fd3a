"""Fitting one softmax over hashed n-grams and dense columns: minibatch Adam with decoupled weight decay, seeded.

Full-batch methods spend their time moving the weights of 180 services about in memory; small batches settle in a few passes.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from guildhall.understanding.linear import Floats

_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a softmax is fitted. Decay is per step, on weights; `drop` is the share of inputs left out of each step."""

    passes: int = 14
    rate: float = 0.02
    ngram_decay: float = 0.02
    dense_decay: float = 0.02
    drop: float = 0.2
    seed: int = 11


def fit_softmax(
    ngrams: sparse.csr_matrix, dense: Floats, targets: Floats, weights: Floats, recipe: Recipe
) -> tuple[Floats, Floats, Floats]:
    """Weights (columns, K), (dimensions, K) and bias (K,). Targets (n, K) are distributions; weights (n,). Columns seen once are left 0."""
    used = np.flatnonzero(np.bincount(ngrams.indices, minlength=ngrams.shape[1]) >= 2)
    seen = ngrams[:, used].tocsr()
    random = np.random.default_rng(recipe.seed)
    rows, outputs = targets.shape
    values = [np.zeros((n, outputs), np.float32) for n in (len(used), dense.shape[1], 1)]
    means, squares = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
    decay = (recipe.ngram_decay, recipe.dense_decay, 0.0)
    batch = min(_BATCH, rows)
    steps, step = recipe.passes * (rows // batch), 0
    for _ in range(recipe.passes):
        order = random.permutation(rows)
        for begin in range(0, rows - batch + 1, batch):
            chosen = order[begin : begin + batch]
            part = seen[chosen]
            part.data = part.data * (random.random(len(part.data), dtype=np.float32) > recipe.drop) / np.float32(1 - recipe.drop)
            wide = dense[chosen] * ((random.random((batch, dense.shape[1]), dtype=np.float32) > recipe.drop) / np.float32(1 - recipe.drop))
            scores = part @ values[0] + wide @ values[1] + values[2]
            scores -= scores.max(axis=1, keepdims=True)
            chances = np.exp(scores)
            chances /= chances.sum(axis=1, keepdims=True)
            slope = ((chances - targets[chosen]) * (weights[chosen, None] / batch)).astype(np.float32)
            step += 1
            rate = np.float32(recipe.rate * (1 - step / (steps + 1)))
            for k, found in enumerate((part.T @ slope, wide.T @ slope, slope.sum(axis=0)[None])):
                means[k] += np.float32(0.1) * (found - means[k])
                squares[k] += np.float32(0.01) * (found * found - squares[k])
                move = (
                    means[k] / (np.sqrt(squares[k] * np.float32(1 / (1 - 0.99**step))) + np.float32(1e-8)) * np.float32(1 / (1 - 0.9**step))
                )
                values[k] -= rate * (move + np.float32(decay[k]) * values[k])
    whole = np.zeros((ngrams.shape[1], outputs), np.float32)
    whole[used] = values[0]
    return whole, values[1], values[2][0]
