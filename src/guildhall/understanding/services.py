"""Which of the council's services a question is about, with calibrated confidence and a bound on misdirection.

A softmax over hashed n-grams and the features of a tuned encoder, plus the services whose names stand in the question.
Confidence is calibrated by temperature (Guo et al. 2017, arXiv 1706.04599) on lines that taught no weights. `answer_at` is the
lowest confidence at which the share sent to a wrong service keeps the council's bound, by an exact binomial upper limit
(Clopper and Pearson 1934) walked down from the surest question, so that small samples make it stricter, never looser.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from guildhall.understanding.linear import DenseModel, Floats, LinearModel, softmax
from guildhall.understanding.topics import TopicIndex
from guildhall.understanding.words import words_of
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.services import Service, ServiceMatch

NONE_OF_OURS: Final = ""
TOP: Final = 5
_OUT_OF_SCOPE_AT: Final = 0.5
SURE_FROM: Final = 0.8
"""Confidence below which an English question is worth a second look."""
SECOND_SHARE: Final = np.float32(0.4)


@dataclass(frozen=True, slots=True)
class RouterCalibration:
    """What the router is held to, and what it measured when it was fitted.

    `answer_at` is a confidence; `at_most` the bound as a share; `upper` the upper limit on misdirection at `answer_at`, of
    which `wrong` in `answered` were seen; `asked` is how many questions calibrated it; `accuracy` the share whose best
    service was right, none of ours included; `coverage` the share answered without asking back.
    """

    answer_at: float = 1.1
    at_most: float = 0.03
    certainty: float = 0.95
    upper: float = 1.0
    wrong: int = 0
    answered: int = 0
    asked: int = 0
    accuracy: float = 0.0
    coverage: float = 0.0
    by_language: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Voice:
    """Fitted weights of English, or of the nine. Labels are service keys and NONE_OF_OURS; a named service adds `bonus` to its score."""

    model: LinearModel
    temperature: float
    bonus: float


@dataclass(frozen=True, slots=True)
class SecondVoice:
    """What the other encoder makes of an English question of which the first is not sure: mixed with the first's scores, each calibrated.

    `scale` is the temperature of its own scores, `temperature` and `bonus` are of the mixture.
    """

    model: DenseModel
    scale: float
    temperature: float
    bonus: float

    def mixed(self, first: Floats, features: Floats) -> Floats:
        """Scores (K,) or (n, K) of both, the first's divided by its temperature already."""
        mixed: Floats = (1 - SECOND_SHARE) * first + SECOND_SHARE * self.model.scores(features) / np.float32(self.scale)
        return mixed


@dataclass(frozen=True, slots=True)
class RouterModel:
    """One voice for English and one for the nine other languages, because each is read by an encoder of its own."""

    english: Voice
    nine: Voice
    calibration: RouterCalibration
    second: SecondVoice | None = None


class ServiceRouter:
    """Matches questions to a council's services. With no services it matches nothing and everything still works. Pure."""

    def __init__(self, services: Sequence[Service], topics: TopicIndex, fitted: RouterModel | None) -> None:
        self.topics = topics
        self._fitted = fitted if services else None
        self.calibration = fitted.calibration if fitted else RouterCalibration()
        self._lgsl = {service.key: service.lgsl for service in services}
        if self._fitted is None:
            return
        self._labels = self._fitted.english.model.labels
        self._place = {ServiceKey(label): i for i, label in enumerate(self._labels)}
        self._groups = np.array(group_numbers(self._labels, self._lgsl))

    @property
    def looks_twice(self) -> bool:
        """Whether `match` can use what the other encoder makes of an English question."""
        return self._fitted is not None and self._fitted.second is not None

    def match(self, question: str, language: Language, features: Floats, again: Floats | None = None) -> tuple[ServiceMatch, ...]:
        """The likeliest services, surest first, at most `TOP`; empty when the question is likeliest none of ours.

        The confidence of the first match of an LGSL id is that one of the services under the id is meant; of further matches
        under the same id, that this one is. `features` are those of the language's encoder, `again` those of
        the other one, for an English question of which the first was not sure.
        """
        if self._fitted is None:
            return ()
        chances = self.chances(question, language, features, again)
        if chances[self._place[ServiceKey(NONE_OF_OURS)]] >= _OUT_OF_SCOPE_AT:
            return ()
        groups = np.zeros(self._groups.max() + 1, dtype=np.float32)
        np.add.at(groups, self._groups, chances)
        order = np.lexsort((-chances, -groups[self._groups]))
        matches: list[ServiceMatch] = []
        counted: set[int] = set()
        for place in order[: TOP + 1]:
            key, group = ServiceKey(self._labels[place]), int(self._groups[place])
            if key == NONE_OF_OURS or len(matches) == TOP:
                continue
            confidence = float(groups[group] if group not in counted else chances[place])
            counted.add(group)
            matches.append(ServiceMatch(key, min(confidence, 1.0), self._lgsl[key]))
        return tuple(sorted(matches, key=lambda m: -m.confidence))

    def chances(self, question: str, language: Language, features: Floats, again: Floats | None = None) -> Floats:
        """Calibrated chance of every label: float32 (K,)."""
        assert self._fitted is not None
        voice = self._fitted.english if language == Language.ENGLISH else self._fitted.nine
        scores = voice.model.scores(voice.model.hashing.indexes(question), features)
        temperature, bonus, second = voice.temperature, voice.bonus, self._fitted.second
        if again is not None and second is not None:
            scores = second.mixed(scores / np.float32(temperature), again)
            temperature, bonus = second.temperature, second.bonus
        for topic in self.topics.find(words_of(question)):
            for key in topic.keys:
                if key in self._place:
                    scores[self._place[key]] += bonus / len(topic.keys)
        return softmax(scores / np.float32(temperature))


def group_numbers(labels: Sequence[str], lgsl: Mapping[ServiceKey, int | None]) -> list[int]:
    """One number a label; labels whose services share an LGSL id share the number."""
    numbers: dict[str, int] = {}
    groups = []
    for label in labels:
        identifier = lgsl.get(ServiceKey(label))
        group = label if identifier is None else f"lgsl:{identifier}"
        groups.append(numbers.setdefault(group, len(numbers)))
    return groups
