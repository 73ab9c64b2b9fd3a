"""The learned detector: weak evidence, read from the whole message, and from the last turns together, so that distress told bit
by bit is heard too.

Linear heads read n-grams and what a tuned sentence encoder makes of the words: one encoder for English, one for the nine other languages,
and the latter is asked again about English of which the first is not sure.
An idiom only quietens: a text that has one is read with it and without, and the weaker reading counts. In a few words there is
little to go by, so weak evidence must be stronger. Thresholds come from lines the weights never saw; the numbers are on the cards in `councils/_baseline/detectors`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.understanding.detectors.detector import MOST_RECENT, DetectorError, Heard
from guildhall.understanding.detectors.phrases import PhraseDetector
from guildhall.understanding.heads import ANY, GRADED, GRAVE, HEADS, PLACE, SINGLE, joined
from guildhall.understanding.linear import DenseModel, Floats, LinearModel
from guildhall.understanding.ports import Reader
from guildhall.understanding.words import stretches, words_of
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.signals import ANY_DISTRESS, Category, Grade, Signal

_MOST_UNITS: Final = 24
_CONFIRM_STRENGTH: Final = 0.65
_SCREEN_STRENGTH: Final = 0.2


_JUST_BELOW: Final = np.float32(1e-3)
_NEAR: Final = np.float32(3.0)
"""How far below a threshold, as a logit, this turn's own words may be when those of the last turns lift them over it."""
_PERSON: Final = PLACE[f"{Category.PERSON_REQUEST.value}:confirm"]
_FEW_WORDS: Final = 10
_IN_FEW_WORDS: Final = np.array(
    [-9.0 if head.startswith(ANY) else -0.5 if head.startswith("person") else -1.0 for head in HEADS], np.float32
)
"""The least that a head must score in a few words, as a logit; none for the two general heads."""


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Heads on another encoder, asked about texts that score `unsure_from` (K,) or more on any head of the first: there the mean of both
    counts. Infinity where a head needs no second look. Two networks that err apart are together right more often (Hansen and Salamon 1990, doi 10.1109/34.58871)."""

    heads: DenseModel
    unsure_from: Floats

    def unsure(self, scores: Floats) -> NDArray[np.bool_]:
        """Which texts are worth it, by the first encoder's scores as they are judged (n, K)."""
        return np.asarray((scores >= self.unsure_from).any(axis=1))

    def mean(self, scores: Floats, features: Floats) -> Floats:
        """Both looks together: the first's scores (n, K), the other encoder's features (n, m). No look quietens a request for a person."""
        mean: Floats = (scores + self.heads.scores(features)) / np.float32(2)
        mean[:, _PERSON] = np.maximum(mean[:, _PERSON], scores[:, _PERSON])
        return mean


@dataclass(frozen=True, slots=True)
class SignalModel:
    """One language's weights, over n-grams and the encoder's features; `thresholds` has one a head (K,).

    With a `second` look, a head that needs one raises nothing in a text that was not worth it.
    """

    heads: LinearModel
    thresholds: Floats
    second: SecondLook | None = None


@dataclass(frozen=True, slots=True)
class _Unit:
    text: str
    span: tuple[int, int] | None


class ClassifierDetector:
    """Learned heads for every language it is given a model for."""

    def __init__(
        self,
        models: Mapping[Language, SignalModel],
        phrases: PhraseDetector,
        *,
        again: Reader,
        version: int,
        validated: frozenset[Language],
    ) -> None:
        self._models, self._phrases, self._validated, self._again = dict(models), phrases, validated, again
        self._id = f"classifier.signals@{version}"

    @property
    def id(self) -> str:
        """Name and version."""
        return self._id

    @property
    def validated(self) -> frozenset[Language]:
        """The languages it may be relied on in."""
        return self._validated

    def detect(self, heard: Heard) -> tuple[Signal, ...]:
        """At most one signal a category. Raises DetectorError when weights and features do not fit, ProviderError from the encoder."""
        model = self._models.get(heard.language)
        if model is None or not heard.text.strip():
            return ()
        if model.heads.dense.shape[0] and len(words_of(heard.text)) <= _FEW_WORDS:
            model = replace(model, thresholds=np.maximum(model.thresholds, _IN_FEW_WORDS))
        try:
            units = self._units(heard, model)
            scores = self._scores(units, heard, model) if units else np.full((1, len(HEADS)), -1e9, np.float32)
            best = scores.argmax(axis=0)
            found = self._signals(scores.max(axis=0), model, [units[i].span if units else None for i in best], "")
            return tuple(self._with_earlier(found, scores.max(axis=0), heard, model).values())
        except (ValueError, IndexError, FloatingPointError) as error:
            raise DetectorError(f"{self._id} could not read an utterance: {type(error).__name__}") from error

    def _units(self, heard: Heard, model: SignalModel) -> list[_Unit]:
        units: dict[str, _Unit] = {}
        for reading in heard.readings:
            spans = stretches(reading.text)
            for start, end in spans:
                text = reading.text[start:end].strip()
                if text:
                    units.setdefault(text, _Unit(text, reading.span(start, end) if len(spans) > 1 else None))
        found = list(units.values())
        if len(found) <= _MOST_UNITS:
            return found
        chances = [float(_ngram_scores(unit.text, model)[PLACE[f"{ANY}:screen"]]) for unit in found]
        return [found[i] for i in sorted(np.argsort(chances)[::-1][:_MOST_UNITS])]

    def _scores(self, units: Sequence[_Unit], heard: Heard, model: SignalModel) -> Floats:
        scores = self._read([unit.text for unit in units], heard, model)
        plain = {place: self._phrases.without_idioms(unit.text) for place, unit in enumerate(units)}
        fewer = {place: text for place, text in plain.items() if text != units[place].text}
        if fewer:
            places = list(fewer)
            scores[places] = np.minimum(scores[places], self._read(list(fewer.values()), heard, model))
        return scores

    def _read(self, texts: Sequence[str], heard: Heard, model: SignalModel) -> Floats:
        scores = np.array([_ngram_scores(text, model) for text in texts], dtype=np.float32)
        if model.heads.dense.shape[0]:
            scores += heard.features.of(texts) @ model.heads.dense
        if model.second is None:
            return joined(scores)
        unsure = model.second.unsure(joined(scores))
        if unsure.any():
            again = self._again.features([text for text, look in zip(texts, unsure, strict=True) if look])
            scores[unsure] = model.second.mean(scores[unsure], again)
        scores = joined(scores)
        silent = np.where(np.isfinite(model.second.unsure_from), model.thresholds - _JUST_BELOW, np.float32(np.inf))
        scores[~unsure] = np.minimum(scores[~unsure], silent)
        return scores

    def _with_earlier(self, found: dict[Category, Signal], own: Floats, heard: Heard, model: SignalModel) -> dict[Category, Signal]:
        """Signals of the last turns read together, where this turn adds to what the earlier ones said."""
        earlier = list(heard.recent[-(MOST_RECENT - 1) :])
        near = own > model.thresholds - _NEAR
        if not earlier or not near.any() or any(s.grade == Grade.CONFIRM for s in found.values()):
            return found
        texts = [" ".join(earlier), " ".join([*earlier, heard.text])]
        units = [_Unit(t, None) for t in texts]
        before, together = self._scores(units, heard, model)
        rising = np.where((together > before + 0.3) & near, together, np.float32(-1e9))
        for category, signal in self._signals(rising, model, [None] * len(HEADS), "over several turns").items():
            if category not in found or signal.strength > found[category].strength:
                found[category] = signal
        return found

    def _signals(self, scores: Floats, model: SignalModel, spans: Sequence[tuple[int, int] | None], note: str) -> dict[Category, Signal]:
        over = scores - model.thresholds
        found: dict[Category, Signal] = {}
        for category in (*GRADED, *SINGLE):
            confirm = PLACE[f"{category.value}:confirm"]
            screen = PLACE.get(f"{category.value}:screen", confirm)
            if over[confirm] >= 0 and (over[GRAVE] >= 0 or category in SINGLE):
                found[category] = self._signal(category, Grade.CONFIRM, float(over[confirm]), spans[confirm], note)
            elif max(over[screen], over[confirm]) >= 0:
                found[category] = self._signal(category, Grade.SCREEN, max(float(over[screen]), 0.0), spans[screen], note)
        for grade in (Grade.CONFIRM, Grade.SCREEN):
            place = PLACE[f"{ANY}:{grade.value}"]
            if over[place] < 0 or any(s.category in GRADED and s.grade in (grade, Grade.CONFIRM) for s in found.values()):
                continue
            likeliest = max(GRADED, key=lambda c: float(over[PLACE[f"{c.value}:{grade.value}"]]))
            found[likeliest] = self._signal(likeliest, grade, float(over[place]), spans[place], note or ANY_DISTRESS)
        return found

    def _signal(self, category: Category, grade: Grade, over: float, span: tuple[int, int] | None, note: str) -> Signal:
        base = _CONFIRM_STRENGTH if grade == Grade.CONFIRM else _SCREEN_STRENGTH
        top = 0.95 if grade == Grade.CONFIRM else 0.6
        strength = base + (top - base) * (1 - float(np.exp(-over)))
        return Signal(category, grade, round(strength, 4), self._id, span, note)


def _ngram_scores(text: str, model: SignalModel) -> Floats:
    return model.heads.ngram_scores(model.heads.hashing.indexes(text))
