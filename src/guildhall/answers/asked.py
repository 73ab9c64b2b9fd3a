"""A question as the embedded composer sees it: what it is about, how rare each of its words is, and what would answer it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.answers.intent import Intent, intent_of, wants_yes_or_no
from guildhall.answers.ranges import Span, numbers_asked
from guildhall.answers.reading import SEASONAL, PassageReading
from guildhall.answers.words import topic_words
from guildhall.vocabulary.questions import Question
from guildhall.vocabulary.services import Service

BEFORE = 0.4
"""What a word of an earlier turn counts beside a word of the question."""
SPELLABLE = 5
LEAST, MOST = 0.2, 1.6
"""What a word counts that every passage holds, and at most: the rarest word is not always the subject."""
DAYS = (
    (re.compile(r"\b(?:christmas|xmas) day\b"), "25 December"),
    (re.compile(r"\b(?:christmas|xmas) eve\b"), "24 December"),
    (re.compile(r"\bboxing day\b"), "26 December"),
    (re.compile(r"\bnew year'?s? day\b"), "1 January"),
    (re.compile(r"\bnew year'?s? eve\b"), "31 December"),
)
NEXT_ONE = re.compile(r"\bnext\b|\bupcoming\b")
REACHING = re.compile(r"\b(?:phones?|phonelines?|lines?|ring|call|speak|you|contact centre)\b")
BAND = re.compile(r"\bband ([a-h])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about and what would answer it. `weights` are of the words that the passages hold; `total` is their sum."""

    weights: dict[str, float]
    total: float
    intent: Intent
    yes_or_no: bool
    numbers: tuple[Span, ...]
    strange: float
    """The share of the question's words that neither the passages nor the service know."""
    season: bool
    """Whether it is about a holiday."""
    free: bool
    """Whether it asks if something is free."""
    soonest: bool
    """Whether it asks for the next of several dates."""
    contact: bool
    """Whether the team's phone number and its hours are part of the answer."""

    def share(self, words: frozenset[str]) -> float:
        """The share of the question that these words hold, rare words counting most; 0 for a question without words."""
        return sum(weight for word, weight in self.weights.items() if word in words) / self.total if self.total else 0.0


def asked_of(question: Question, language: str, readings: Sequence[PassageReading], service: Service | None) -> Asked:
    """Read a question against the passages that may answer it."""
    intent = intent_of(question.text, language)
    own = topic_words(question.text) - intent.asking
    own |= topic_words(" ".join(day for pattern, day in DAYS if pattern.search(question.text.casefold())))
    band = BAND.search(question.text)
    if band:
        own |= {band[1].lower()}
    before = topic_words(question.standalone) - own - intent.asking
    own = _spelt(own, readings)
    weights = {word: (BEFORE if word in before else 1.0) * _rarity(word, readings) for word in own | before}
    weights = {word: weight for word, weight in weights.items() if weight}
    known = topic_words(f"{service.name} {service.summary} {' '.join(service.synonyms)}") if service else frozenset[str]()
    strange = [word for word in own if word not in weights and word not in known]
    return Asked(
        weights,
        sum(weights.values()),
        intent,
        language == "en" and wants_yes_or_no(question.text),
        numbers_asked(question.text),
        len(strange) / len(own) if own else 0.0,
        bool(SEASONAL.search(question.text) or own & {"christma", "decemb", "januari"}),
        "free" in own,
        intent.name == "when" and bool(NEXT_ONE.search(question.text.casefold())),
        intent.name in ("contact", "where") or (intent.name == "hours" and bool(REACHING.search(question.text.casefold()))),
    )


def _rarity(word: str, readings: Sequence[PassageReading]) -> float:
    holding = sum(word in reading.words for reading in readings)
    return min(MOST, LEAST + math.log((len(readings) + 1) / holding)) if holding else 0.0


def _spelt(words: frozenset[str], readings: Sequence[PassageReading]) -> frozenset[str]:
    """The words, a slip of one letter put right where the passages hold the word that was meant."""
    said = frozenset[str]().union(*(reading.words for reading in readings))
    slips = {word for word in words - said if len(word) >= SPELLABLE}
    return frozenset(_meant(word, said) if word in slips else word for word in words)


def _meant(word: str, said: frozenset[str]) -> str:
    near = [other for other in said if other[0] == word[0] and abs(len(other) - len(word)) <= 1 and len(other) >= SPELLABLE]
    return min((other for other in near if _is_a_slip(word, other)), default=word)


def _is_a_slip(word: str, other: str) -> bool:
    """Whether one letter was added, left out, changed or swapped with its neighbour."""
    start = next((place for place, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    rest, meant = word[start:], other[start:]
    swapped = rest[:2] == meant[1::-1] and rest[2:] == meant[2:]
    return swapped or rest[1:] == meant[1:] or rest[1:] == meant or rest == meant[1:]
