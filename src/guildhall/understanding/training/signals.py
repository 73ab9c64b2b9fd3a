"""Fitting the English signal classifier: a hidden layer over sentence layers and linear n-grams, stacked on out-of-fold scores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.understanding.features import Hashing
from guildhall.understanding.heads import ANY, GRADED, HEADS
from guildhall.understanding.linear import Floats, LinearModel, from_weights
from guildhall.understanding.neural import HiddenLayer
from guildhall.understanding.ports import Embedder
from guildhall.understanding.training.augment import variants
from guildhall.understanding.training.examples import Example, folds
from guildhall.understanding.training.fit import fit, logistic_loss, ngram_matrix
from guildhall.understanding.training.neural import fit_hidden
from guildhall.understanding.words import windows
from guildhall.vocabulary.signals import DISTRESS, Category

HASHING: Final = Hashing(bits=14, characters=(3, 4, 5), words=(1, 2, 3))
NINE_HASHING: Final = Hashing(bits=14, characters=(2, 3, 4, 5), words=(1, 2))
FOLDS: Final = 4
_DISTRESS: Final = frozenset(c.value for c in DISTRESS)
_GRADED: Final = frozenset(c.value for c in GRADED)
Say = Callable[[str], None]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with what is known of each head: targets and weights float32 (n, K); `fold` keeps variants with their source."""

    texts: list[str]
    targets: Floats
    weights: Floats
    fold: Rows
    source: Rows
    """Index of the example a row was made from."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of an example that is read by itself: the whole, or one window of it."""

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
    return targets, weights


def labelled(examples: Sequence[Example], ordinary: Sequence[str]) -> Labelled:
    """Training rows: every example, its variants, and each window of those that mean nothing."""
    texts: list[str] = []
    targets, weights, source = [], [], []
    for index, example in enumerate(examples):
        target, weight = labels_of(example)
        pieces = [(example.text, 1.0)]
        share = 0.6 if example.style != "routing" else 0.0
        pieces += [(v, share) for v in variants(example.text, ordinary) if share]
        if example.grade == "none":
            spans = windows(example.text)
            pieces += [(example.text[a:b], 0.4) for a, b in spans if len(spans) > 1]
        for text, factor in pieces:
            texts.append(text)
            targets.append(target)
            weights.append(weight * np.float32(factor * (0.5 if example.style == "routing" else 1.0)))
            source.append(index)
    part = np.array(folds([e.text for e in examples], FOLDS))
    origin = np.array(source)
    return Labelled(texts, np.array(targets), np.array(weights), part[origin], origin)


def units_of(texts: Sequence[str]) -> list[Unit]:
    """What is read of each text: the whole, then its windows when there are several."""
    units = []
    for index, text in enumerate(texts):
        units.append(Unit(index, text))
        spans = windows(text)
        if len(spans) > 1:
            units.extend(Unit(index, text[a:b]) for a, b in spans)
    return units


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


def unit_scores(units: Sequence[Unit], layers: Floats | None, hidden: HiddenLayer | None, ngrams: LinearModel) -> Floats:
    """(n, K, 2): hidden-layer and n-gram scores of each unit; the first is 0 without a hidden layer."""
    found = np.zeros((len(units), len(HEADS), 2), np.float32)
    if hidden is not None and layers is not None and len(units):
        found[:, :, 0] = hidden.scores(layers)
    for row, unit in enumerate(units):
        found[row, :, 1] = ngrams.ngram_scores(ngrams.hashing.indexes(unit.text))
    return found


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Scores every example got from models that never saw it, unit by unit."""

    units: list[Unit]
    scores: Floats


def out_of_fold(examples: Sequence[Example], rows: Labelled, embedder: Embedder, read: Callable[[str], str], say: Say) -> OutOfFold:
    """Cross-validated unit scores. `read` takes idioms out, as the detector will."""
    units = units_of([read(e.text) for e in examples])
    part = np.array(folds([e.text for e in examples], FOLDS))[[u.example for u in units]]
    layers = embedder.read([u.text for u in units])[1]
    seen = embedder.read(rows.texts)[1]
    scores = np.zeros((len(units), len(HEADS), 2), np.float32)
    for fold in range(FOLDS):
        say(f"Learning signals: check {fold + 1} of {FOLDS}.")
        train, test = np.flatnonzero(rows.fold != fold), np.flatnonzero(part == fold)
        hidden = fit_hidden(seen[train], rows.targets[train], rows.weights[train])
        ngrams = fit_ngrams([rows.texts[i] for i in train], rows.targets[train], rows.weights[train], HASHING)
        scores[test] = unit_scores([units[i] for i in test], layers[test], hidden, ngrams)
    return OutOfFold(units, scores)


def stacked(found: OutOfFold, count: int, mix: tuple[float, float]) -> Floats:
    """(count, K): the strongest unit of each example under a mix of the two scores."""
    combined = found.scores[:, :, 0] * mix[0] + found.scores[:, :, 1] * mix[1]
    best = np.full((count, len(HEADS)), -1e9, np.float32)
    np.maximum.at(best, np.array([u.example for u in found.units]), combined)
    return best


def is_risky(example: Example) -> bool:
    """Whether an example is distress that must bring a person."""
    return example.category in _DISTRESS and example.grade == "confirm"


def category_of(name: str) -> Category:
    """The category a head names."""
    return Category(name.split(":")[0])
