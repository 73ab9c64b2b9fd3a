"""The brief: what an adviser reads before their first word, so that a resident need not say anything twice."""

from dataclasses import dataclass
from datetime import datetime

from guildhall.vocabulary.passages import Citation
from guildhall.vocabulary.signals import Category, Grade


@dataclass(frozen=True, slots=True)
class GivenFact:
    """Something the resident gave, in their own spelling: never worked out, never completed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Tried:
    """One question, how it ended and what was said to the resident about it. `by` names the adviser who said it, if one did."""

    question: str
    outcome: str
    reply: str
    citations: tuple[Citation, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """A sign of distress or danger: how sure it is, the resident's words that raised it, and when they were said."""

    category: Category
    label: str
    grade: Grade
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a person needs to take over.

    `wanted` is one sentence. `needs` are communication needs that the resident agreed to share. `next_step` comes from the council's
    rules, never from a model; `reason` says why a person was asked for.
    """

    wanted: str
    facts: tuple[GivenFact, ...] = ()
    tried: tuple[Tried, ...] = ()
    risks: tuple[Risk, ...] = ()
    language: str = "en"
    language_name: str = "English"
    interpreter_needed: bool = False
    needs: tuple[str, ...] = ()
    passages: tuple[Citation, ...] = ()
    next_step: str = ""
    reason: str = ""
