"""From labelled English lines to a signal model with thresholds and its card: the whole recipe in one place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from guildhall.understanding.detectors.classifier import SignalModel
from guildhall.understanding.heads import ANY, GRADED, HEADS, SINGLE
from guildhall.understanding.linear import Floats
from guildhall.understanding.ports import Embedder
from guildhall.understanding.training.examples import Example
from guildhall.understanding.training.neural import fit_hidden
from guildhall.understanding.training.signals import HASHING, Say, fit_ngrams, is_risky, labelled, out_of_fold, stacked

MIX: Final = (1.0, 0.5)
_ANY_FALSE_ALARMS: Final = 0.008
_ONE_FALSE_ALARMS: Final = 0.001
_SCREEN_FALSE_ALARMS: Final = 0.03
_SINGLE_FALSE_ALARMS: Final = {"person_request": 0.004, "abuse_of_service": 0.003, "attack": 0.002}
_IDIOM_STYLES: Final = ("idiom", "dialect")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model and what its out-of-fold scores say about it."""

    model: SignalModel
    report: dict[str, Any]


def fit_english(
    examples: Sequence[Example], routing: Sequence[Example], embedder: Embedder, read: Callable[[str], str], say: Say = lambda _: None
) -> Fitted:
    """Fit on lines that are not held out; `routing` are ordinary questions. `read` takes idioms out."""
    everything = [*examples, *routing]
    ordinary = [e.text for e in examples if e.category == "none" and len(e.text) < 90] + [e.text for e in routing]
    rows = labelled(everything, ordinary)
    scores = stacked(out_of_fold(everything, rows, embedder, read, say), len(everything), MIX)
    thresholds = thresholds_from(scores, everything)
    say("Learning signals: final weights.")
    layers = embedder.read(rows.texts)[1]
    hidden = fit_hidden(layers, rows.targets, rows.weights)
    ngrams = fit_ngrams(rows.texts, rows.targets, rows.weights, HASHING)
    return Fitted(SignalModel(ngrams, hidden, MIX, thresholds), report_of(scores, thresholds, everything))


def thresholds_from(scores: Floats, examples: Sequence[Example]) -> Floats:
    """One threshold a head: the lowest that keeps its budget of false alarms on ordinary lines, and no idiom alarmed by `confirm`."""
    ordinary = np.array([e.category == "none" for e in examples])
    idioms = np.array([e.category == "none" and e.style in _IDIOM_STYLES for e in examples])
    found = np.zeros(len(HEADS), np.float32)
    for place, head in enumerate(HEADS):
        kind, grade = head.split(":")
        if kind == ANY:
            budget = _ANY_FALSE_ALARMS if grade == "confirm" else _SCREEN_FALSE_ALARMS
        elif kind in {c.value for c in GRADED}:
            budget = _ONE_FALSE_ALARMS if grade == "confirm" else _SCREEN_FALSE_ALARMS / 4
        else:
            budget = _SINGLE_FALSE_ALARMS.get(kind, 0.002)
        threshold = float(np.quantile(scores[ordinary, place], 1 - budget))
        if grade == "confirm" and idioms.any() and kind not in {c.value for c in SINGLE}:
            threshold = max(threshold, float(scores[idioms, place].max()) + 0.01)
        found[place] = threshold
    return found


def report_of(scores: Floats, thresholds: Floats, examples: Sequence[Example]) -> dict[str, Any]:
    """Out-of-fold recall by category, and false alarms, by the classifier alone."""
    confirm = [i for i, head in enumerate(HEADS) if head.endswith(":confirm") and head.split(":")[0] in {ANY, *(c.value for c in GRADED)}]
    over = scores >= thresholds
    brought = np.asarray(over[:, confirm].any(axis=1))
    report: dict[str, Any] = {"brought_in_by_category": {}, "own_category_confirm": {}}
    for category in (c.value for c in (*GRADED, *SINGLE)):
        rows = np.array([e.category == category and e.grade == "confirm" for e in examples])
        if rows.any():
            own = over[rows, HEADS.index(f"{category}:confirm")]
            report["own_category_confirm"][category] = [int(own.sum()), int(rows.sum())]
            report["brought_in_by_category"][category] = [int(brought[rows].sum()), int(rows.sum())]
    for name, rows in (
        ("distress", np.array([is_risky(e) for e in examples])),
        ("ordinary", np.array([e.category == "none" for e in examples])),
        ("look_alikes", np.array([e.grade == "none" and e.category != "none" for e in examples])),
    ):
        report[name] = [int(brought[rows].sum()), int(rows.sum())]
    return report
