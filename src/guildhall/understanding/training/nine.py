"""The signal models of the nine other languages: the same heads for all, thresholds for each."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from guildhall.understanding.detectors.classifier import SignalModel
from guildhall.understanding.heads import ANY, GRADED, HEADS
from guildhall.understanding.linear import Floats, LinearModel
from guildhall.understanding.ports import Reader
from guildhall.understanding.training.examples import Example, calibrating, teaches
from guildhall.understanding.training.signals import Labelled, Say, labels_of
from guildhall.understanding.training.thresholds import scores_of
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.signals import Category

_BUDGET: Final = {"any:confirm": 0.012, "any:screen": 0.15}
_CONFIRM, _SCREEN, _PERSON, _SINGLE = 0.004, 0.026, 0.008, 0.002
_OWN_MAY: Final = 2.0
"""A language's own lines are few, so its own share of false alarms may be this much larger before its thresholds rise."""


def other_rows(examples: Sequence[Example]) -> Labelled:
    """The lines that teach."""
    kept = [e for e in examples if teaches(e.text)]
    targets, weights = (np.array(part) for part in zip(*(labels_of(e) for e in kept), strict=True))
    return Labelled([e.text for e in kept], targets, weights)


def calibrated_nine(
    heads: LinearModel, examples: Sequence[Example], reader: Reader, say: Say = lambda _: None
) -> Mapping[Language, SignalModel]:
    """The heads with each language's thresholds, from the lines that calibrate."""
    say("Learning signals in nine languages: thresholds.")
    kept = [e for e in examples if calibrating(e.text)]
    scores = scores_of(heads, kept, reader)
    harmless = np.array([e.grade == "none" for e in kept])
    spoken = np.array([e.language for e in kept])
    return {
        Language(code): SignalModel(heads, _thresholds(scores[harmless], scores[harmless & (spoken == code)]))
        for code in sorted({e.language for e in kept})
    }


def _thresholds(everyone: Floats, own: Floats) -> Floats:
    """The lowest that keep the budgets of false alarms on harmless lines of all languages, and nearly so on the language's own."""
    found = np.zeros(len(HEADS), np.float32)
    for place, head in enumerate(HEADS):
        share = _budget(head)
        found[place] = max(np.quantile(everyone[:, place], 1 - share), np.quantile(own[:, place], 1 - min(1.0, share * _OWN_MAY)))
    return found


def _budget(head: str) -> float:
    kind, grade = head.split(":")
    if kind == ANY:
        return _BUDGET[head]
    if kind in {c.value for c in GRADED}:
        return _CONFIRM if grade == "confirm" else _SCREEN
    return _PERSON if kind == Category.PERSON_REQUEST else _SINGLE
