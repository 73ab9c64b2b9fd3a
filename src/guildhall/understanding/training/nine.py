"""The signal model of the nine other languages: n-grams alone, one model for all, thresholds for each."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from guildhall.understanding.detectors.classifier import SignalModel
from guildhall.understanding.heads import ANY, GRADED, HEADS
from guildhall.understanding.linear import Floats
from guildhall.understanding.training.examples import Example, folds
from guildhall.understanding.training.signals import NINE_HASHING, Say, fit_ngrams, labels_of, strongest, units_of
from guildhall.vocabulary.languages import Language

FOLDS: Final = 4
_BUDGET: Final = {"any:confirm": 0.05, "any:screen": 0.10}
_PENALTY: Final = 0.1


def fit_nine(examples: Sequence[Example], say: Say = lambda _: None) -> Mapping[Language, SignalModel]:
    """A model for every language there are lines for. Small sets: budgets of false alarms are looser, and the card says so."""
    texts = [e.text for e in examples]
    labels = [labels_of(e) for e in examples]
    targets, weights = np.array([t for t, _ in labels]), np.array([w for _, w in labels])
    part = np.array(folds(texts, FOLDS))
    units = units_of(texts)
    unit_part = part[[u.example for u in units]]
    scores = np.zeros((len(units), len(HEADS)), np.float32)
    for fold in range(FOLDS):
        say(f"Learning signals in nine languages: check {fold + 1} of {FOLDS}.")
        train, test = np.flatnonzero(part != fold), np.flatnonzero(unit_part == fold)
        model = fit_ngrams([texts[i] for i in train], targets[train], weights[train], NINE_HASHING, _PENALTY)
        scores[test] = [model.ngram_scores(model.hashing.indexes(units[i].text)) for i in test]
    best = strongest(units, scores, len(examples))
    final = fit_ngrams(texts, targets, weights, NINE_HASHING, _PENALTY)
    spoken = np.array([e.language for e in examples])
    return {Language(code): SignalModel(final, _thresholds(best, examples, spoken, str(code))) for code in sorted(set(spoken.tolist()))}


def _thresholds(scores: Floats, examples: Sequence[Example], spoken: np.ndarray, code: str) -> Floats:
    """Per head: budgets on this language's ordinary lines for the two general heads, on all languages' for the others."""
    harmless = np.array([e.grade == "none" for e in examples])
    found = np.zeros(len(HEADS), np.float32)
    for place, head in enumerate(HEADS):
        kind = head.split(":")[0]
        if kind == ANY:
            own = np.quantile(scores[harmless & (spoken == code), place], 1 - _BUDGET[head])
            everyone = np.quantile(scores[harmless, place], 1 - _BUDGET[head])
            found[place] = (own + everyone) / 2
        else:
            budget = 0.006 if head.endswith("confirm") else 0.02
            budget = budget if kind in {c.value for c in GRADED} else 0.006
            found[place] = np.quantile(scores[harmless, place], 1 - budget)
    return found
