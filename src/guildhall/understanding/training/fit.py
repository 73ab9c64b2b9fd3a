"""Fitting many logistic or one softmax model at once over hashed n-grams and sentence vectors, with L-BFGS."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from guildhall.understanding.features import Hashing

Floats = NDArray[np.float32]
Say = Callable[[str], None]
_ITERATIONS: Final = 60


def ngram_matrix(texts: Sequence[str], hashing: Hashing) -> sparse.csr_matrix:
    """Rows of n-gram indicators / sqrt(their number): float32 CSR of shape (n, columns)."""
    found = [hashing.indexes(t) for t in texts]
    ends = np.cumsum([0, *(len(f) for f in found)])
    data = np.concatenate([np.full(len(f), 1 / np.sqrt(max(len(f), 1)), dtype=np.float32) for f in found] or [np.zeros(0, np.float32)])
    columns = np.concatenate(found).astype(np.int32) if found else np.zeros(0, np.int32)
    return sparse.csr_matrix((data, columns, ends), shape=(len(texts), hashing.columns), dtype=np.float32)


def fit(
    ngrams: sparse.csr_matrix,
    dense: Floats,
    loss: Callable[[Floats], tuple[float, Floats]],
    outputs: int,
    *,
    ngram_penalty: float,
    dense_penalty: float,
    iterations: int = _ITERATIONS,
) -> tuple[Floats, Floats, Floats]:
    """Weights (columns, K), (dimensions, K) and bias (K,) that minimise `loss(scores) + penalties`.

    `loss` takes scores (n, K) and gives its value and gradient (n, K). Penalties multiply half the squared weights.
    """
    used = np.unique(ngrams.indices)
    seen = ngrams[:, used].tocsr()
    seen_t = seen.T.tocsr()
    rows, wide = len(used), dense.shape[1]

    def parts(flat: NDArray[Any]) -> tuple[Floats, Floats, Floats]:
        w = flat.reshape(rows + wide + 1, outputs).astype(np.float32)
        return w[:rows], w[rows : rows + wide], w[-1]

    def value(flat: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        a, b, c = parts(flat)
        lost, slope = loss(np.asarray(seen @ a) + dense @ b + c)
        lost += 0.5 * ngram_penalty * float((a * a).sum()) + 0.5 * dense_penalty * float((b * b).sum())
        gradient = np.concatenate(
            [np.asarray(seen_t @ slope) + ngram_penalty * a, dense.T @ slope + dense_penalty * b, slope.sum(axis=0)[None]]
        )
        return lost, gradient.astype(np.float64).ravel()

    found = optimize.minimize(
        value,
        np.zeros((rows + wide + 1) * outputs),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": iterations, "maxcor": 12, "gtol": 1e-5},
    )
    a, b, c = parts(found.x)
    whole = np.zeros((ngrams.shape[1], outputs), dtype=np.float32)
    whole[used] = a
    return whole, b, c


def logistic_loss(targets: Floats, weights: Floats) -> Callable[[Floats], tuple[float, Floats]]:
    """Weighted binary cross-entropy of every output: targets and weights are (n, K)."""

    def loss(scores: Floats) -> tuple[float, Floats]:
        chances = 1.0 / (1.0 + np.exp(-np.clip(scores, -30, 30)))
        value = np.logaddexp(0, scores) - targets * scores
        return float((weights * value).sum()), (weights * (chances - targets)).astype(np.float32)

    return loss


def softmax_loss(targets: Floats, weights: Floats) -> Callable[[Floats], tuple[float, Floats]]:
    """Weighted cross-entropy: targets (n, K) are distributions, weights (n,)."""

    def loss(scores: Floats) -> tuple[float, Floats]:
        lifted = scores - scores.max(axis=1, keepdims=True)
        logs = lifted - np.log(np.exp(lifted).sum(axis=1, keepdims=True))
        value = -(targets * logs).sum(axis=1)
        return float((weights * value).sum()), (weights[:, None] * (np.exp(logs) - targets)).astype(np.float32)

    return loss
