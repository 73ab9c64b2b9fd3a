"""Numbers a question gives and ranges a row is about: `5 items` is in the row `4 to 6 items`, and not in `Up to 3 items`."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.answers.facts_in_text import NUMBER_WORDS

_NUMBER = r"(\d[\d,]*(?:\.\d+)?)"
_WORDS = "|".join(NUMBER_WORDS)
ASKED = re.compile(rf"\b(?:£?{_NUMBER}|({_WORDS}))[ -]?([a-z]+)?", re.IGNORECASE)
PATTERNS = (
    ("between", re.compile(rf"\b{_NUMBER}(?: [a-z]+)? (?:to|and) {_NUMBER}[ -]?([a-z]+)?", re.IGNORECASE)),
    ("most", re.compile(rf"\b(?:up to|first|under|within) {_NUMBER}[ -]?([a-z]+)?", re.IGNORECASE)),
    ("least", re.compile(rf"\b(?:over|more than|at least) {_NUMBER}[ -]?([a-z]+)?", re.IGNORECASE)),
    ("least", re.compile(rf"\b{_NUMBER}(?: ([a-z]+))? or (?:more|over)\b(?: ([a-z]+))?", re.IGNORECASE)),
    ("exactly", re.compile(rf"\b{_NUMBER}[ -]([a-z]+)", re.IGNORECASE)),
)
NOUN_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high` of a thing, named by the first letters of its noun."""

    low: float
    high: float
    noun: str


def numbers_asked(question: str) -> tuple[Span, ...]:
    """The counts a question gives, each with the noun that follows it. A bare number without a noun is left out."""
    found = []
    for match in ASKED.finditer(question):
        number = _value(match[1]) if match[1] else float(NUMBER_WORDS[match[2].lower()])
        noun = _noun(match[3])
        if noun and not (match[2] and number == 1):
            found.append(Span(number, number, noun))
    return tuple(found)


def spans_in(text: str) -> tuple[Span, ...]:
    """The ranges of a row's label, or of a sentence. Each stretch of text is read once, ranges before single numbers."""
    found: list[Span] = []
    left = text
    for kind, pattern in PATTERNS:
        found += [_span(kind, [group or "" for group in match.groups()]) for match in pattern.finditer(left)]
        left = pattern.sub(" ", left)
    return tuple(span for span in found if span.noun)


def fits(asked: Sequence[Span], spans: Sequence[Span]) -> bool | None:
    """Whether the ranges hold what was asked; None when they are about other things."""
    pairs = [(one, span) for one in asked for span in spans if one.noun == span.noun]
    if not pairs:
        return None
    return any(span.low <= one.low <= span.high for one, span in pairs)


def _span(kind: str, groups: list[str]) -> Span:
    first = _value(groups[0])
    noun = _noun(next((group for group in reversed(groups[1:]) if group and not group[0].isdigit()), ""))
    if kind == "between":
        return Span(first, _value(groups[1]), noun)
    if kind == "most":
        return Span(0, first, noun)
    if kind == "least":
        return Span(first, math.inf, noun)
    return Span(first, first, noun)


def _value(text: str) -> float:
    return float(text.replace(",", "").rstrip("."))


def _noun(word: str | None) -> str:
    """The first letters of a noun, so that `bed` is `bedroom` and `year` is `years`."""
    known = (word or "").casefold()
    return known[:NOUN_LETTERS] if len(known) >= NOUN_LETTERS and known not in ("and", "for", "the", "per", "working") else ""
