"""Fitting a council's router: from the shipped routing lines its catalogue knows, and the catalogue's own words."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats

from guildhall.understanding.config import MisdirectionBound
from guildhall.understanding.features import Hashing
from guildhall.understanding.linear import DenseModel, Floats, LinearModel, from_weights
from guildhall.understanding.ports import Reader, Readers
from guildhall.understanding.services import NONE_OF_OURS, SURE_FROM, RouterCalibration, RouterModel, SecondVoice, Voice, group_numbers
from guildhall.understanding.topics import TopicIndex
from guildhall.understanding.training.augment import plain
from guildhall.understanding.training.examples import calibrating, held_out, teaches
from guildhall.understanding.training.fit import ngram_matrix
from guildhall.understanding.training.softmax import Recipe, fit_softmax
from guildhall.understanding.words import words_of
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.services import Service

HASHING: Final = Hashing(bits=13, characters=(4,), words=(1, 2))
NINE_HASHING: Final = Hashing(bits=14, characters=(3, 4), words=(1, 2))
CATALOGUE: Final = "catalogue"
MULTI: Final = "multi"
_JOINS: Final = (" and ", ", ", " also ", ". ", "? ", " and also ", " n ", " plus ", "\n", " - ", "; ", ", oh and ", ". Also, ", " & ")
_SHORT: Final = 110
_NGRAMS: Final = np.float32(3)
_SPREAD: Final = np.float32(0.1)
_FEWEST: Final = 60
_CATALOGUE_WEIGHT: Final = 0.4
Rows = NDArray[np.int64]
Named = list[list[tuple[int, float]]]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RoutingLine:
    """A question and the services that may rightly answer it; none of ours when empty."""

    text: str
    services: tuple[str, ...]
    language: str = "en"
    style: str = ""


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of one voice (English, or the nine), with targets (n, K), dense features (n, d) and the services named in each."""

    lines: list[RoutingLine]
    targets: Floats
    dense: Floats
    named: Named

    @property
    def weights(self) -> Floats:
        """How much each line counts."""
        return np.array([_CATALOGUE_WEIGHT if x.style == CATALOGUE else 1.0 for x in self.lines], np.float32)

    @property
    def asked(self) -> Rows:
        """The lines that are residents' questions, not the catalogue's words."""
        return np.array([i for i, x in enumerate(self.lines) if x.style != CATALOGUE], dtype=np.int64)


def catalogue_lines(services: Sequence[Service]) -> list[RoutingLine]:
    """What the catalogue itself says about each service, in English and by name in the other languages."""
    lines: list[RoutingLine] = []
    for s in services:
        key = (str(s.key),)
        own = [s.name, s.summary, *s.synonyms, *s.steps, *s.eligibility, *(f.what for f in s.fees), *(d.what for d in s.dates)]
        if s.other_body:
            own.append(s.other_body.handles)
        lines.extend(RoutingLine(text, key, "en", CATALOGUE) for text in own if text)
        lines.extend(RoutingLine(name, key, language, CATALOGUE) for language, name in s.names.items() if name)
    return lines


def usable(lines: Sequence[RoutingLine], services: Sequence[Service]) -> list[RoutingLine]:
    """Lines that are not held out, with the services this council has; a line about services it has not is none of ours."""
    known = {str(s.key) for s in services}
    return [
        RoutingLine(x.text, tuple(k for k in x.services if k in known), x.language, x.style)
        for x in lines
        if x.text and not held_out(x.text)
    ]


def joined(lines: Sequence[RoutingLine], count: int, seed: int = 3) -> list[RoutingLine]:
    """Messages that ask two or three things, made of lines that ask one; always the same for the same lines."""
    chance = random.Random(seed)
    single = [x for x in lines if len(x.services) == 1 and len(x.text) < _SHORT and x.style != CATALOGUE]
    made = []
    for _ in range(count if len(single) > _FEWEST else 0):
        chosen = chance.sample(single, 2 if chance.random() < 0.7 else 3)
        text = chosen[0].text
        for line in chosen[1:]:
            join = chance.choice(_JOINS)
            following = line.text if join[0] in ".?\n" or chance.random() < 0.2 else line.text[:1].lower() + line.text[1:]
            text = (text if join[0] == "\n" else text.rstrip(" .?!")) + join + following
        if chance.random() < 0.25:
            text = plain(text) or text
        made.append(RoutingLine(text, tuple(dict.fromkeys(k for line in chosen for k in line.services)), chosen[0].language, MULTI))
    return made


def fit_router(
    routing: Sequence[RoutingLine],
    services: Sequence[Service],
    topics: TopicIndex,
    readers: Readers,
    bound: MisdirectionBound,
    certainty: float,
    say: Say = lambda _: None,
) -> RouterModel | None:
    """The router of a council; None when it has no services. Takes about two minutes for 180 services on two cores."""
    if not services:
        return None
    labels = (NONE_OF_OURS, *sorted(str(s.key) for s in services))
    lines = usable(routing, services)
    english_lines = [x for x in lines if x.language == "en"]
    everything = [*lines, *joined([x for x in english_lines if teaches(x.text)], len(english_lines) // 8), *catalogue_lines(services)]
    groups = np.array(group_numbers(labels, {s.key: s.lgsl for s in services}))
    by_language = [[x for x in everything if (x.language == Language.ENGLISH) == english] for english in (True, False)]
    english = _lines(by_language[0], labels, topics, readers.english)
    nine = _lines(by_language[1], labels, topics, readers.others)
    first, heard = _voice("English", english, labels, HASHING, groups, say)
    others, heard_others = _voice("nine languages", nine, labels, NINE_HASHING, groups, say)
    second = None
    if heard is not None:
        say("Learning which services questions in English are about: a second look.")
        again = replace(english, dense=readers.others.features([x.text for x in english.lines]))
        second, heard = _second_voice(first, heard, again, nine, groups)
    found = [_calibrating(data, known, groups) for data, known in ((english, heard), (nine, heard_others)) if known is not None]
    if not found or sum(len(x.sure) for x in found) < _FEWEST:  # too few questions to promise anything: every one is asked back
        return RouterModel(first, others, RouterCalibration(at_most=bound.rate, certainty=certainty), second)
    return RouterModel(first, others, _calibration(found, bound.rate, certainty), second)


@dataclass(frozen=True, slots=True)
class _Heard:
    """Calibrating questions: their rows, what they score by weights that never saw them, (n, K), and the chances by group, (n, G)."""

    rows: Rows
    scores: Floats
    chances: Floats


@dataclass(frozen=True, slots=True)
class _Calibrating:
    """Of every calibrating question: how sure the router was, whether rightly, whether it named a service of ours, and its language."""

    sure: Floats
    right: NDArray[np.bool_]
    ours: NDArray[np.bool_]
    languages: list[str]


def _calibrating(data: _Lines, heard: _Heard, groups: Rows) -> _Calibrating:
    best = heard.chances.argmax(axis=1)
    right = (_grouped(data.targets[heard.rows], groups) > 0)[np.arange(len(best)), best]
    return _Calibrating(heard.chances.max(axis=1), right, best != groups[0], [data.lines[i].language for i in heard.rows])


def _voice(name: str, data: _Lines, labels: Sequence[str], hashing: Hashing, groups: Rows, say: Say) -> tuple[Voice, _Heard | None]:
    """Confidence comes from lines that neither these weights nor the encoder saw; then those lines teach the weights too."""
    kept = np.array([i for i in data.asked if calibrating(data.lines[i].text)], dtype=np.int64)
    temperature, bonus, heard = 1.0, 2.0, None
    if len(kept) >= _FEWEST:
        say(f"Learning which services questions in {name} are about: confidence.")
        fitted = _fitted(data, np.setdiff1d(np.arange(len(data.lines)), kept), labels, hashing)
        scores = np.array([fitted.scores(hashing.indexes(data.lines[i].text), data.dense[i]) for i in kept])
        named = [data.named[i] for i in kept]
        temperature, bonus = _calibrated(scores, data.targets[kept], named, groups)
        heard = _Heard(kept, scores, _grouped(_chances(scores, named, temperature, bonus), groups))
    say(f"Learning which services questions in {name} are about: final weights.")
    return Voice(_fitted(data, np.arange(len(data.lines)), labels, hashing), temperature, bonus), heard


def _second_voice(first: Voice, heard: _Heard, again: _Lines, nine: _Lines, groups: Rows) -> tuple[SecondVoice, _Heard]:
    """Dense weights on the other encoder's features, of English and of the nine alike, and what they change where the first was unsure."""
    named = [again.named[i] for i in heard.rows]
    dense, targets = np.concatenate([nine.dense, again.dense]), np.concatenate([nine.targets, again.targets])
    weights = np.concatenate([nine.weights, again.weights])
    seen = np.setdiff1d(np.arange(len(dense)), heard.rows + len(nine.lines))
    fitted = _fitted_dense(dense[seen], targets[seen], weights[seen])
    own = fitted.scores(again.dense[heard.rows])
    scale, _ = _calibrated(own, again.targets[heard.rows], named, groups)
    unsure = heard.chances.max(axis=1) < SURE_FROM
    voice = SecondVoice(fitted, scale, 1.0, 0.0)
    mixed = voice.mixed(heard.scores / np.float32(first.temperature), again.dense[heard.rows])[unsure]
    hard = [found for found, look in zip(named, unsure, strict=True) if look]
    temperature, bonus = (
        _calibrated(mixed, again.targets[heard.rows][unsure], hard, groups) if len(mixed) >= _FEWEST else (1.0, first.bonus)
    )
    chances = heard.chances.copy()
    chances[unsure] = _grouped(_chances(mixed, hard, temperature, bonus), groups)
    return SecondVoice(_fitted_dense(dense, targets, weights), scale, temperature, bonus), replace(heard, chances=chances)


def _fitted_dense(dense: Floats, targets: Floats, weights: Floats) -> DenseModel:
    centre, scale = _scale_of(dense)
    nothing = sparse.csr_matrix(np.zeros((len(dense), 1), np.float32))
    _, kernel, bias = fit_softmax(nothing, (dense - centre) * scale, targets, weights, Recipe())
    kernel = kernel * scale[:, None]
    return DenseModel(kernel.astype(np.float16).astype(np.float32), bias - centre @ kernel)


def _lines(lines: list[RoutingLine], labels: Sequence[str], topics: TopicIndex, reader: Reader) -> _Lines:
    place = {label: i for i, label in enumerate(labels)}
    targets = np.zeros((len(lines), len(labels)), np.float32)
    for row, line in enumerate(lines):
        for key in line.services or (NONE_OF_OURS,):
            targets[row, place[key]] = 1 / max(len(line.services), 1)
    dense = reader.features([x.text for x in lines])
    named = [[(place[str(k)], 1 / len(t.keys)) for t in topics.find(words_of(x.text)) for k in t.keys if str(k) in place] for x in lines]
    return _Lines(lines, targets, dense, named)


def _fitted(data: _Lines, rows: Rows, labels: Sequence[str], hashing: Hashing) -> LinearModel:
    """One softmax. Features are brought to one scale for fitting, and the scale goes into the weights that are kept."""
    dense = data.dense[rows]
    centre, scale = _scale_of(dense)
    ngrams = ngram_matrix([data.lines[i].text for i in rows], hashing) * _NGRAMS
    sparse, kernel, bias = fit_softmax(ngrams, (dense - centre) * scale, data.targets[rows], data.weights[rows], Recipe())
    kernel = kernel * scale[:, None]
    return from_weights(tuple(labels), hashing, sparse * _NGRAMS, kernel, bias - centre @ kernel)


def _scale_of(dense: Floats) -> tuple[Floats, Floats]:
    """The mean of every feature, and what brings all of them to one spread."""
    if not len(dense):
        return np.zeros(dense.shape[1], np.float32), np.ones(dense.shape[1], np.float32)
    return dense.mean(axis=0), _SPREAD / (dense.std(axis=0) + np.float32(1e-3))


def _grouped(chances: Floats, groups: Rows) -> Floats:
    total = np.zeros((len(chances), int(groups.max()) + 1), np.float32)
    for label, group in enumerate(groups):
        total[:, group] += chances[:, label]
    return total


def _chances(scores: Floats, named: Named, temperature: float, bonus: float) -> Floats:
    lifted = scores.copy()
    for row, found in enumerate(named):
        for place, share in found:
            lifted[row, place] += bonus * share
    lifted = lifted / np.float32(temperature)
    lifted = np.exp(lifted - lifted.max(axis=1, keepdims=True))
    result: Floats = lifted / lifted.sum(axis=1, keepdims=True)
    return result


def _calibrated(scores: Floats, targets: Floats, named: Named, groups: Rows) -> tuple[float, float]:
    """Temperature and bonus with the least log loss, by grid."""
    right = _grouped(targets, groups) > 0
    best = (np.inf, 1.0, 0.0)
    for bonus in (0.0, 1.0, 2.0, 3.0, 4.0):
        for temperature in (0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 2.6):
            grouped = _grouped(_chances(scores, named, temperature, bonus), groups)
            loss = float(-np.log(np.clip((grouped * right).sum(axis=1), 1e-6, 1)).mean())
            best = min(best, (loss, temperature, bonus))
    return best[1], best[2]


def _calibration(found: Sequence[_Calibrating], rate: float, certainty: float) -> RouterCalibration:
    sure, right, ours = (np.concatenate([getattr(x, name) for x in found]) for name in ("sure", "right", "ours"))
    answer_at, upper, wrong, answered = solve_threshold(sure[ours], right[ours], rate, certainty, len(sure))
    languages: dict[str, tuple[int, int]] = {}
    for code, hit in zip([c for x in found for c in x.languages], right, strict=True):
        hits, total = languages.get(code, (0, 0))
        languages[code] = (hits + int(hit), total + 1)
    return RouterCalibration(
        answer_at, rate, certainty, upper, wrong, answered, len(sure), float(right.mean()), answered / len(sure), languages
    )


def solve_threshold(
    confidence: NDArray[np.floating], right: NDArray[np.bool_], rate: float, certainty: float, asked: int
) -> tuple[float, float, int, int]:
    """(threshold, upper limit, wrong, answered): walk down from the surest while the upper limit on the misdirected share keeps `rate`.

    The share is of everybody who asked (`asked`), those asked back included: at most so many in a hundred residents are sent to the wrong
    service. The limit is Clopper and Pearson's (1934), one-sided. Above 1 when no threshold keeps it: then every question is asked back.
    """
    order = np.argsort(-confidence)
    wrongs = np.cumsum(~right[order])
    best = (1.1, 1.0, 0, 0)
    for answered in range(_FEWEST, len(order) + 1, 5):
        wrong = int(wrongs[answered - 1])
        upper = float(stats.beta.ppf(certainty, wrong + 1, asked - wrong)) if wrong < asked else 1.0
        if upper > rate:
            break
        best = (float(confidence[order[answered - 1]]), upper, wrong, answered)
    return best
