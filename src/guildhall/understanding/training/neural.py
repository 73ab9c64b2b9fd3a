"""Fitting the hidden layer: Adam with decoupled weight decay (Loshchilov and Hutter 2019) and dropout, seeded."""

from typing import Final

import numpy as np

from guildhall.understanding.linear import Floats
from guildhall.understanding.neural import HiddenLayer

HIDDEN: Final = 192
_BATCH: Final = 128
_RATE: Final = 1.2e-3
_DECAY: Final = 0.15
_DROP_IN: Final = 0.4
_DROP_HIDDEN: Final = 0.3


def fit_hidden(layers: Floats, targets: Floats, weights: Floats, *, epochs: int = 10, seed: int = 7, hidden: int = HIDDEN) -> HiddenLayer:
    """Weights that minimise the weighted binary cross-entropy of every head; layers (n, inputs), targets and weights (n, K)."""
    random = np.random.default_rng(seed)
    centre, spread = layers.mean(axis=0), (layers.std(axis=0) + 0.02) * np.float32(3)
    x = (layers - centre) / spread
    rows, inputs, heads = len(x), x.shape[1], targets.shape[1]
    values = [
        random.normal(0, inputs**-0.5, (inputs, hidden)).astype(np.float32),
        np.zeros(hidden, np.float32),
        random.normal(0, hidden**-0.5, (hidden, heads)).astype(np.float32),
        np.zeros(heads, np.float32),
    ]
    first, second = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
    batch = min(_BATCH, rows)
    steps, step = epochs * (rows // batch), 0
    for _ in range(epochs):
        order = random.permutation(rows)
        for begin in range(0, rows - batch + 1, batch):
            chosen = order[begin : begin + batch]
            slopes = _slopes(values, x[chosen], targets[chosen], weights[chosen], random)
            step += 1
            rate = _RATE * (1 - step / (steps + 1))
            for k, slope in enumerate(slopes):
                first[k] += 0.1 * (slope - first[k])
                second[k] += 0.01 * (slope * slope - second[k])
                move = (first[k] / (1 - 0.9**step)) / (np.sqrt(second[k] / (1 - 0.99**step)) + 1e-8)
                values[k] -= np.float32(rate) * (move + (_DECAY * values[k] if k % 2 == 0 else 0))
    return HiddenLayer(centre, spread, *values)


def _slopes(values: list[Floats], x: Floats, targets: Floats, weights: Floats, random: np.random.Generator) -> list[Floats]:
    seen = x * (random.random(x.shape, dtype=np.float32) > _DROP_IN) / np.float32(1 - _DROP_IN)
    inner = seen @ values[0] + values[1]
    kept = (random.random(inner.shape, dtype=np.float32) > _DROP_HIDDEN) / np.float32(1 - _DROP_HIDDEN) * (inner > 0)
    hidden = inner * kept
    scores = hidden @ values[2] + values[3]
    wrong = (1 / (1 + np.exp(-np.clip(scores, -30, 30))) - targets) * weights / len(x)
    back = (wrong @ values[2].T) * kept
    return [seen.T @ back, back.sum(axis=0), hidden.T @ wrong, wrong.sum(axis=0)]
