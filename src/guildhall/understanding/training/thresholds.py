"""From labelled English lines to a signal model with thresholds and its card: linear heads on the tuned branch, beside n-grams."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from guildhall.understanding.detectors.classifier import SignalModel
from guildhall.understanding.heads import ANY, GRADED, HEADS, SINGLE
from guildhall.understanding.linear import Floats, LinearModel
from guildhall.understanding.ports import Embedder
from guildhall.understanding.training.examples import Example, calibrating, teaches
from guildhall.understanding.training.signals import HASHING, Say, fit_ngrams, is_risky, labelled, strongest, units_of

NGRAM_SHARE: Final = np.float32(0.5)
_ANY_FALSE_ALARMS: Final = 0.012
_ONE_FALSE_ALARMS: Final = 0.0012
_SCREEN_FALSE_ALARMS: Final = 0.15
_ONE_SCREEN_FALSE_ALARMS: Final = 0.026
_SINGLE_FALSE_ALARMS: Final = {"person_request": 0.004, "abuse_of_service": 0.003, "attack": 0.002}
_HAZARD_FALSE_ALARMS: Final = 0.0008
"""For each of eight kinds."""
_QUESTIONS_MAY: Final = 3.0
_LEAST: Final = {"abuse_of_service:confirm": -1.0, "attack:confirm": -1.0, "child_user:screen": -2.5, "exploitation:screen": -3.0}
"""Where a false alarm is odder than a miss is harmful (an apology nobody needs, a child's helpline for a grown-up): a floor, as a logit."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model and what the calibrating lines say about it."""

    model: SignalModel
    report: dict[str, Any]


def fit_heads(examples: Sequence[Example], head: tuple[Floats, Floats], say: Say = lambda _: None) -> LinearModel:
    """The heads: weights (m, K) and bias (K,) that were tuned with the branch, beside n-grams fitted on the lines that teach."""
    say("Learning signals: n-grams.")
    rows = labelled([e for e in examples if teaches(e.text)], ordinary_texts(examples))
    ngrams = fit_ngrams(rows.texts, rows.targets, rows.weights, HASHING)
    dense = head[0].astype(np.float16).astype(np.float32)
    return replace(ngrams, scale=ngrams.scale * NGRAM_SHARE, dense=dense, bias=ngrams.bias * NGRAM_SHARE + head[1])


def calibrated(heads: LinearModel, examples: Sequence[Example], embedder: Embedder, say: Say = lambda _: None) -> Fitted:
    """The heads with thresholds from the lines that calibrate; `embedder` reads with the branch they were tuned with."""
    say("Learning signals: thresholds.")
    kept = [e for e in examples if calibrating(e.text)]
    scores = scores_of(heads, kept, embedder)
    thresholds = thresholds_from(scores, kept)
    return Fitted(SignalModel(heads, thresholds), report_of(scores, thresholds, kept))


def ordinary_texts(examples: Sequence[Example]) -> list[str]:
    """Ordinary messages that teach, short enough to bury distress in."""
    return [e.text for e in examples if e.category == "none" and len(e.text) < 90 and teaches(e.text)]


def scores_of(heads: LinearModel, examples: Sequence[Example], embedder: Embedder) -> Floats:
    """(n, K): the strongest unit of each example, as the detector reads it."""
    units = units_of([e.text for e in examples])
    dense = embedder.read([u.text for u in units])[1] @ heads.dense
    return strongest(units, dense + np.array([heads.ngram_scores(heads.hashing.indexes(u.text)) for u in units]), len(examples))


def thresholds_from(scores: Floats, examples: Sequence[Example]) -> Floats:
    """One threshold a head: the lowest that keeps its budgets of false alarms, on ordinary messages and on questions about services.

    Questions about services are allowed more: some of them (`my wife passed in March and I see nobody`) are not so ordinary.
    """
    messages = np.array([e.category == "none" and e.style != "routing" for e in examples])
    questions = np.array([e.style == "routing" for e in examples])
    found = np.zeros(len(HEADS), np.float32)
    for place, head in enumerate(HEADS):
        kind, grade = head.split(":")
        if kind == ANY:
            budget = _ANY_FALSE_ALARMS if grade == "confirm" else _SCREEN_FALSE_ALARMS
        elif kind in {c.value for c in GRADED}:
            budget = _ONE_FALSE_ALARMS if grade == "confirm" else _ONE_SCREEN_FALSE_ALARMS
        else:
            budget = _SINGLE_FALSE_ALARMS.get(kind, _HAZARD_FALSE_ALARMS)
        kept = [
            float(np.quantile(scores[rows, place], 1 - share))
            for rows, share in ((messages, budget), (questions, budget * _QUESTIONS_MAY))
            if rows.any()
        ]
        found[place] = max(*kept, _LEAST.get(head, -np.inf))
    return found


def report_of(scores: Floats, thresholds: Floats, examples: Sequence[Example]) -> dict[str, Any]:
    """Recall by category on the calibrating lines, and false alarms, by the classifier alone."""
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
