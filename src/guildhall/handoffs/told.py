"""A conversation as it was recorded, in the shape that a brief is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.passages import Citation
from guildhall.vocabulary.signals import Category, Grade
from guildhall.vocabulary.turns import FAILED, ReplyPart

SURE_ENOUGH = 0.4
MAY_BE = 0.15
"""From which confidence a service counts as what the resident wants, and as what they may want."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A signal of the record, with the words it was found in; empty when the whole utterance speaks."""

    category: Category
    grade: Grade
    strength: float
    span: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a turn and the service it most likely means, if that is sure enough; else those it may mean."""

    text: str
    service: ServiceKey | None = None
    perhaps: tuple[ServiceKey, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldTurn:
    """One turn. `text` is what was said as the detectors read it; the facts are those of the record, none when it was cut short."""

    text: str
    at: datetime
    parts: tuple[ReplyPart, ...] = ()
    questions: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome | None:
        """How it ended; None when it was cut short."""
        return Outcome(self.facts["outcome"]) if self.facts else None

    @property
    def reason(self) -> Reason | None:
        """Why it ended so."""
        return Reason(self.facts["reason"]) if self.facts else None

    @property
    def failed(self) -> bool:
        """Whether it did not help the resident on."""
        if self.reason in (Reason.PLACE_NEEDED, Reason.SMALL_TALK, Reason.NOTHING_SAID):
            return False
        return self.outcome in FAILED or self.reason == Reason.TWO_FAILED_TURNS

    @property
    def signals(self) -> tuple[Heard, ...]:
        """Everything the detectors heard."""
        return tuple(
            Heard(Category(one["category"]), Grade(one["grade"]), float(one["strength"]), tuple(one["span"]) if one["span"] else None)
            for one in self.facts.get("signals", ())
        )

    @property
    def asked(self) -> tuple[Asked, ...]:
        """The questions with their services; the whole utterance when they are not known."""
        services = self.facts.get("services", ())
        if len(services) != len(self.questions) or not services:
            return (Asked(self.text),)
        return tuple(_asked(text, matches) for text, matches in zip(self.questions, services, strict=True))


@dataclass(frozen=True, slots=True)
class Written:
    """What an adviser wrote to the resident before."""

    text: str
    by: str
    at: datetime
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A whole conversation, the oldest first. `language` is what the resident chose on the page; `reason` why a person was asked for."""

    turns: tuple[ToldTurn, ...]
    written: tuple[Written, ...] = ()
    language: str = ""
    reason: str = ""
    category: str = ""

    @property
    def failed_in_a_row(self) -> int:
        """How many turns in a row, counted from the last that the assistant took, did not help."""
        count = 0
        for turn in reversed([turn for turn in self.turns if turn.reason != Reason.NOT_THE_OWNER]):
            if turn.reason == Reason.PERSON_REQUESTED and not count:
                continue  # who asks for a person after two failures has still failed twice
            if not turn.failed:
                break
            count += 1
        return count


def _asked(text: str, matches: Sequence[Mapping[str, Any]]) -> Asked:
    if matches and matches[0]["confidence"] >= SURE_ENOUGH:
        return Asked(text, ServiceKey(matches[0]["key"]))
    return Asked(text, None, tuple(ServiceKey(match["key"]) for match in matches if match["confidence"] >= MAY_BE))
