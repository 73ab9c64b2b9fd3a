"""Rows for the signal models: what each example should score, its variants, and the units a text is read in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from guildhall.understanding.features import Hashing
from guildhall.understanding.heads import ANY, GRADED, HEADS
from guildhall.understanding.linear import Floats, LinearModel, from_weights
from guildhall.understanding.training.augment import variants
from guildhall.understanding.training.examples import Example
from guildhall.understanding.training.fit import fit, logistic_loss, ngram_matrix
from guildhall.understanding.words import stretches
from guildhall.vocabulary.signals import DISTRESS

HASHING: Final = Hashing(bits=14, characters=(3, 4, 5), words=(1, 2, 3))
NINE_HASHING: Final = Hashing(bits=14, characters=(2, 3, 4, 5), words=(1, 2))
_DISTRESS: Final = frozenset(c.value for c in DISTRESS)
_GRADED: Final = frozenset(c.value for c in GRADED)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of an example that is read by itself, most often all of it."""

    example: int
    text: str


def labels_of(example: Example) -> tuple[Floats, Floats]:
    """Targets and weights of one example for every head. What the line says nothing about weighs little."""
    targets, weights = np.zeros(len(HEADS), np.float32), np.ones(len(HEADS), np.float32)
    category, grade = example.category, example.grade
    risky = category in _DISTRESS and grade != "none"
    for place, head in enumerate(HEADS):
        kind, wanted = head.split(":")
        if kind == ANY:
            met = risky and (grade == "confirm" or wanted == "screen")
            weights[place] = 0.3 if category.startswith("hazard_") and grade != "none" else 2.0 if grade == "none" else 1.0
        elif kind == category:
            met = grade == "confirm" or (wanted == "screen" and grade == "screen")
            weights[place] = 0.4 if kind not in _GRADED and grade == "screen" else 1.0
        else:
            met = False
            weights[place] = 1.0 if grade == "none" else 0.25
        targets[place] = float(met)
    return targets, weights * np.float32(0.5 if example.style == "routing" else 1.0)


def forms_of(example: Example, ordinary: Sequence[str]) -> list[tuple[str, float]]:
    """Other forms of an example, each with what it counts for."""
    return [(text, 0.6) for text in variants(example.text, ordinary)] if example.style != "routing" else []


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with targets and weights (n, K) float32 of every head."""

    texts: list[str]
    targets: Floats
    weights: Floats


def labelled(examples: Sequence[Example], ordinary: Sequence[str]) -> Labelled:
    """Training rows: every example and its other forms."""
    texts: list[str] = []
    targets, weights = [], []
    for example in examples:
        target, weight = labels_of(example)
        for text, factor in [(example.text, 1.0), *forms_of(example, ordinary)]:
            texts.append(text)
            targets.append(target)
            weights.append(weight * np.float32(factor))
    return Labelled(texts, np.array(targets), np.array(weights))


def units_of(texts: Sequence[str]) -> list[Unit]:
    """What is read of each text: all of it, or overlapping stretches of a long one."""
    return [Unit(index, text[a:b]) for index, text in enumerate(texts) for a, b in stretches(text)]


def fit_ngrams(texts: Sequence[str], targets: Floats, weights: Floats, hashing: Hashing, penalty: float = 0.15) -> LinearModel:
    """The linear heads over n-grams alone."""
    sparse, dense, bias = fit(
        ngram_matrix(texts, hashing) * np.float32(3),
        np.zeros((len(texts), 0), np.float32),
        logistic_loss(targets, weights),
        targets.shape[1],
        ngram_penalty=penalty,
        dense_penalty=1.0,
        iterations=40,
    )
    return from_weights(HEADS, hashing, sparse * 3, dense, bias)


def strongest(units: Sequence[Unit], scores: Floats, count: int) -> Floats:
    """(count, K): the strongest unit of each example; scores are (len(units), K)."""
    best = np.full((count, len(HEADS)), -1e9, np.float32)
    np.maximum.at(best, np.array([u.example for u in units]), scores)
    return best


def is_risky(example: Example) -> bool:
    """Whether an example is distress that must bring a person."""
    return example.category in _DISTRESS and example.grade == "confirm"
