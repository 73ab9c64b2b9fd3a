"""Fitting a council's router: from the shipped routing lines its catalogue knows, and the catalogue's own words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import stats

from guildhall.understanding.config import MisdirectionBound
from guildhall.understanding.features import Hashing
from guildhall.understanding.linear import Floats, LinearModel, from_weights
from guildhall.understanding.ports import Embedder
from guildhall.understanding.services import NONE_OF_OURS, RouterCalibration, RouterModel, group_numbers
from guildhall.understanding.topics import TopicIndex
from guildhall.understanding.training.examples import folds, held_out
from guildhall.understanding.training.fit import fit, ngram_matrix, softmax_loss
from guildhall.understanding.words import words_of
from guildhall.vocabulary.services import Service

HASHING: Final = Hashing(bits=15, characters=(4,), words=(1, 2))
_FOLDS: Final = 3
_DENSE: Final = np.float32(3.0)
_NGRAM_PENALTY: Final = 0.02
_DENSE_PENALTY: Final = 0.05
_FEWEST: Final = 60
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RoutingLine:
    """A question and the services that may rightly answer it; none of ours when empty."""

    text: str
    services: tuple[str, ...]
    language: str = "en"
    style: str = ""


@dataclass(frozen=True, slots=True)
class _Prepared:
    lines: list[RoutingLine]
    targets: Floats
    vectors: Floats
    named: list[list[tuple[int, float]]]


def catalogue_lines(services: Sequence[Service]) -> list[RoutingLine]:
    """What the catalogue itself says about each service: names, synonyms, summary."""
    lines = []
    for s in services:
        key = (str(s.key),)
        for text in (s.name, s.summary, *s.synonyms, *(f"{s.name}: {step}" for step in s.steps[:2])):
            lines.append(RoutingLine(text, key, "en", "catalogue"))
        lines.extend(RoutingLine(name, key, language, "catalogue") for language, name in s.names.items())
    return [line for line in lines if line.text]


def usable(lines: Sequence[RoutingLine], services: Sequence[Service]) -> list[RoutingLine]:
    """Lines that are not held out, with the services this council has; a line about services it has not is none of ours."""
    known = {str(s.key) for s in services}
    return [
        RoutingLine(x.text, tuple(k for k in x.services if k in known), x.language, x.style)
        for x in lines
        if x.text and not held_out(x.text)
    ]


def fit_router(
    routing: Sequence[RoutingLine],
    services: Sequence[Service],
    topics: TopicIndex,
    embedder: Embedder,
    bound: MisdirectionBound,
    certainty: float,
    say: Say = lambda _: None,
) -> RouterModel | None:
    """The router of a council; None when it has no services. Takes about a minute for 180 services on one core."""
    if not services:
        return None
    labels = (NONE_OF_OURS, *sorted(str(s.key) for s in services))
    own = usable(routing, services)
    data = _prepared([*own, *catalogue_lines(services)], labels, topics, embedder)
    lgsl = {s.key: s.lgsl for s in services}
    part = np.array(folds([x.text for x in data.lines], _FOLDS))
    asked = np.array([i for i, x in enumerate(data.lines) if x.style != "catalogue"], dtype=int)
    scores = np.zeros((len(data.lines), len(labels)), dtype=np.float32)
    for fold in range(_FOLDS if len(asked) >= _FEWEST else 0):
        say(f"Learning which services questions are about: check {fold + 1} of {_FOLDS}.")
        fitted = _fitted(data, np.flatnonzero(part != fold), labels)
        for i in np.flatnonzero(part == fold):
            scores[i] = fitted.scores(HASHING.indexes(data.lines[i].text), data.vectors[i])
    say("Learning which services questions are about: final weights.")
    model = _fitted(data, np.arange(len(data.lines)), labels)
    if len(asked) < _FEWEST:  # too few questions to promise anything: every question is asked back
        return RouterModel(model, 1.0, 2.0, RouterCalibration(at_most=bound.rate, certainty=certainty, asked=len(asked)))
    groups = np.array(group_numbers(labels, lgsl))
    temperature, bonus = _calibrated(scores[asked], data.targets[asked], [data.named[i] for i in asked], groups)
    calibration = _bounded(scores[asked], data, asked, groups, (temperature, bonus), bound.rate, certainty)
    return RouterModel(model, temperature, bonus, calibration)


def _prepared(lines: list[RoutingLine], labels: Sequence[str], topics: TopicIndex, embedder: Embedder) -> _Prepared:
    place = {label: i for i, label in enumerate(labels)}
    targets = np.zeros((len(lines), len(labels)), dtype=np.float32)
    for row, line in enumerate(lines):
        for key in line.services or (NONE_OF_OURS,):
            targets[row, place[key]] = 1 / max(len(line.services), 1)
    english = [i for i, line in enumerate(lines) if line.language == "en"]
    vectors = embedder.embed([lines[i].text for i in english])
    dense = np.zeros((len(lines), vectors.shape[1]), dtype=np.float32)
    dense[english] = vectors
    named = [
        [(place[str(k)], 1 / len(t.keys)) for t in topics.find(words_of(line.text)) for k in t.keys if str(k) in place] for line in lines
    ]
    return _Prepared(lines, targets, dense, named)


def _fitted(data: _Prepared, rows: np.ndarray, labels: Sequence[str]) -> LinearModel:
    targets = data.targets[rows]
    share = targets.sum(axis=0) + 1
    weights = (targets * (np.median(share) / share) ** 0.5).sum(axis=1).astype(np.float32)
    weights *= np.array([0.4 if data.lines[i].style == "catalogue" else 1.0 for i in rows], dtype=np.float32)
    sparse, dense, bias = fit(
        ngram_matrix([data.lines[i].text for i in rows], HASHING) * np.float32(_DENSE),
        data.vectors[rows] * _DENSE,
        softmax_loss(targets, weights),
        len(labels),
        ngram_penalty=_NGRAM_PENALTY,
        dense_penalty=_DENSE_PENALTY,
        iterations=45,
    )
    return from_weights(tuple(labels), HASHING, sparse * _DENSE, dense * _DENSE, bias)


def _grouped(chances: Floats, groups: np.ndarray) -> Floats:
    total = np.zeros((len(chances), groups.max() + 1), dtype=np.float32)
    for label, group in enumerate(groups):
        total[:, group] += chances[:, label]
    return total


def _chances(scores: Floats, named: Sequence[Sequence[tuple[int, float]]], temperature: float, bonus: float) -> Floats:
    lifted = scores.copy()
    for row, found in enumerate(named):
        for place, share in found:
            lifted[row, place] += bonus * share
    lifted = lifted / temperature
    lifted = np.exp(lifted - lifted.max(axis=1, keepdims=True))
    result: Floats = lifted / lifted.sum(axis=1, keepdims=True)
    return result


def _calibrated(scores: Floats, targets: Floats, named: Sequence[Sequence[tuple[int, float]]], groups: np.ndarray) -> tuple[float, float]:
    """Temperature and bonus with the least log loss on out-of-fold scores, by grid."""
    right = _grouped(targets, groups) > 0
    best = (np.inf, 1.0, 0.0)
    for bonus in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0):
        for temperature in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.6, 2.0):
            grouped = _grouped(_chances(scores, named, temperature, bonus), groups)
            loss = float(-np.log(np.clip((grouped * right).sum(axis=1), 1e-6, 1)).mean())
            best = min(best, (loss, temperature, bonus))
    return best[1], best[2]


def _bounded(
    scores: Floats, data: _Prepared, asked: np.ndarray, groups: np.ndarray, knobs: tuple[float, float], rate: float, certainty: float
) -> RouterCalibration:
    grouped = _grouped(_chances(scores, [data.named[i] for i in asked], *knobs), groups)
    allowed = _grouped(data.targets[asked], groups) > 0
    best = grouped.argmax(axis=1)
    right = allowed[np.arange(len(asked)), best]
    ours = best != groups[0]
    sure = grouped.max(axis=1)
    answer_at, upper, wrong, answered = solve_threshold(sure[ours], right[ours], rate, certainty)
    languages: dict[str, tuple[int, int]] = {}
    for row, index in enumerate(asked):
        hits, total = languages.get(data.lines[index].language, (0, 0))
        languages[data.lines[index].language] = (hits + int(right[row]), total + 1)
    return RouterCalibration(
        answer_at, rate, certainty, upper, wrong, answered, len(asked), float(right.mean()), answered / max(len(asked), 1), languages
    )


def solve_threshold(confidence: np.ndarray, right: np.ndarray, rate: float, certainty: float) -> tuple[float, float, int, int]:
    """(threshold, upper limit, wrong, answered): walk down from the surest while the upper limit on the wrong share keeps `rate`."""
    order = np.argsort(-confidence)
    wrongs = np.cumsum(~right[order])
    best = (1.1, 1.0, 0, 0)
    misses = 0
    for answered in range(_FEWEST, len(order) + 1, 5):
        wrong = int(wrongs[answered - 1])
        upper = float(stats.beta.ppf(certainty, wrong + 1, answered - wrong)) if wrong < answered else 1.0
        if upper <= rate:
            best, misses = (float(confidence[order[answered - 1]]), upper, wrong, answered), 0
        elif best[3]:
            misses += 1
            if misses >= 20:  # a hundred questions on, it still does not hold: below here it never will
                break
    return best
