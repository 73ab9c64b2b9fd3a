"""From labelled lines to a signal model with thresholds and its card: linear heads on a tuned encoder, beside n-grams."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from guildhall.understanding.detectors.classifier import SecondLook, SignalModel
from guildhall.understanding.features import Hashing
from guildhall.understanding.heads import ANY, GRADED, GRAVE, HEADS, SINGLE, joined
from guildhall.understanding.linear import DenseModel, Floats, LinearModel
from guildhall.understanding.ports import Reader, Readers
from guildhall.understanding.training.examples import Example, calibrating, teaches
from guildhall.understanding.training.signals import Labelled, Say, Unit, fit_ngrams, is_risky, labelled, strongest, units_of

NGRAM_SHARE: Final = np.float32(0.5)
_GRAVE_FALSE_ALARMS: Final = 0.014
_ONE_FALSE_ALARMS: Final = 0.004
"""A category alone brings nobody in: it says what the matter is once the message is grave."""
_SCREEN_FALSE_ALARMS: Final = 0.2
_ONE_SCREEN_FALSE_ALARMS: Final = 0.04
_SINGLE_FALSE_ALARMS: Final = {"person_request": 0.004, "abuse_of_service": 0.003, "attack": 0.002}
_HAZARD_FALSE_ALARMS: Final = 0.0003
"""For each of eight kinds."""
_QUESTIONS_MAY: Final = 3.0
_LEAST: Final = {"abuse_of_service:confirm": -1.0, "attack:confirm": -1.0, "child_user:screen": -2.5, "exploitation:screen": -3.0}
"""Where a false alarm is odder than a miss is harmful (an apology nobody needs, a child's helpline for a grown-up): a floor, as a logit."""


_UNSURE_MAY: Final = 6.0
"""So many times the budgets are worth a second look; the more, the fewer miss it, and the more messages cost both encoders."""
_MOST: Final = 0.3


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model and what the calibrating lines say about it."""

    model: SignalModel
    report: dict[str, Any]


def fit_heads(rows: Labelled, head: tuple[Floats, Floats], hashing: Hashing, say: Say = lambda _: None) -> LinearModel:
    """The heads: weights (m, K) and bias (K,) that were tuned with the encoder, beside n-grams fitted on the lines that teach."""
    say("Learning signals: n-grams.")
    ngrams = fit_ngrams(rows.texts, rows.targets, rows.weights, hashing)
    dense = head[0].astype(np.float16).astype(np.float32)
    return replace(ngrams, scale=ngrams.scale * NGRAM_SHARE, dense=dense, bias=ngrams.bias * NGRAM_SHARE + head[1])


def teaching_rows(examples: Sequence[Example]) -> Labelled:
    """The lines that teach, with their other forms."""
    return labelled([e for e in examples if teaches(e.text)], ordinary_texts(examples))


def calibrated(heads: LinearModel, again: DenseModel, examples: Sequence[Example], readers: Readers, say: Say = lambda _: None) -> Fitted:
    """The English heads with thresholds from the lines that calibrate; `again` are the second look's, on the other reader's features."""
    say("Learning signals: thresholds.")
    kept = [e for e in examples if calibrating(e.text)]
    units = units_of([e.text for e in kept])
    first = unit_scores(heads, units, readers.english)
    generous = thresholds_from(strongest(units, joined(first), len(kept)), kept, _UNSURE_MAY)
    # A person is only offered on a `screen`, so one look is enough for it; and a category matters once a message is grave.
    needs = np.array([head.endswith(":confirm") and (place == GRAVE or head.split(":")[0] in SINGLE) for place, head in enumerate(HEADS)])
    second = SecondLook(again, np.where(needs, generous, np.float32(np.inf)))
    unsure = second.unsure(joined(first))
    both = first.copy()
    both[unsure] = second.mean(first[unsure], readers.others.features([u.text for u, look in zip(units, unsure, strict=True) if look]))
    scores = strongest(units, joined(both), len(kept))
    thresholds = thresholds_from(scores, kept)
    return Fitted(
        SignalModel(heads, thresholds, second), report_of(scores, thresholds, kept) | {"looked_at_twice": round(float(unsure.mean()), 3)}
    )


def ordinary_texts(examples: Sequence[Example]) -> list[str]:
    """Ordinary messages that teach, short enough to bury distress in."""
    return [e.text for e in examples if e.category == "none" and len(e.text) < 90 and teaches(e.text)]


def scores_of(heads: LinearModel, examples: Sequence[Example], reader: Reader) -> Floats:
    """(n, K): the strongest unit of each example, as the detector judges it without a second look."""
    units = units_of([e.text for e in examples])
    return strongest(units, joined(unit_scores(heads, units, reader)), len(examples))


def unit_scores(heads: LinearModel, units: Sequence[Unit], reader: Reader) -> Floats:
    """(n, K): what each unit scores."""
    dense = reader.features([u.text for u in units]) @ heads.dense
    scores: Floats = dense + np.array([heads.ngram_scores(heads.hashing.indexes(u.text)) for u in units])
    return scores


def thresholds_from(scores: Floats, examples: Sequence[Example], times: float = 1.0) -> Floats:
    """One threshold a head: the lowest that keeps its budgets of false alarms, on ordinary messages and on questions about services.

    Questions about services are allowed more: some of them (`my wife passed in March and I see nobody`) are not so ordinary.
    """
    messages = np.array([e.category == "none" and e.style != "routing" for e in examples])
    questions = np.array([e.style == "routing" for e in examples])
    found = np.zeros(len(HEADS), np.float32)
    for place, head in enumerate(HEADS):
        kind, grade = head.split(":")
        if kind == ANY:
            budget = _GRAVE_FALSE_ALARMS if grade == "confirm" else _SCREEN_FALSE_ALARMS
        elif kind in {c.value for c in GRADED}:
            budget = _ONE_FALSE_ALARMS if grade == "confirm" else _ONE_SCREEN_FALSE_ALARMS
        else:
            budget = _SINGLE_FALSE_ALARMS.get(kind, _HAZARD_FALSE_ALARMS)
        budget = min(budget * times, _MOST)
        kept = [
            float(np.quantile(scores[rows, place], 1 - min(share, 1.0)))
            for rows, share in ((messages, budget), (questions, budget * _QUESTIONS_MAY))
            if rows.any()
        ]
        found[place] = max(*kept, _LEAST.get(head, -np.inf) if times == 1 else -np.inf)
    return found


def report_of(scores: Floats, thresholds: Floats, examples: Sequence[Example]) -> dict[str, Any]:
    """Recall by category on the calibrating lines, and false alarms, by the classifier alone."""
    over = scores >= thresholds
    brought = np.asarray(over[:, GRAVE])
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
