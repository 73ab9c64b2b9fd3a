"""What a resident may tell us around a conversation with a person: how to talk with them, how it went, and where to send what was said."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class Need(StrEnum):
    """How somebody wants to be talked with."""

    INTERPRETER = "interpreter"
    SIGN_LANGUAGE = "sign_language"
    TEXT_RELAY = "text_relay"
    LARGE_PRINT = "large_print"
    SLOWER = "slower"
    EASY_WORDS = "easy_words"
    SPOKEN_FOR = "spoken_for"
    OTHER = "other"


NEED_LABELS: Final[dict[Need, str]] = {
    Need.INTERPRETER: "Needs an interpreter",
    Need.SIGN_LANGUAGE: "Uses British Sign Language",
    Need.TEXT_RELAY: "Uses text relay",
    Need.LARGE_PRINT: "Needs large print",
    Need.SLOWER: "Needs more time",
    Need.EASY_WORDS: "Needs easy words",
    Need.SPOKEN_FOR: "Somebody speaks for them",
    Need.OTHER: "Something else",
}
"""As staff read them. Residents read the wordings `needs.<code>`."""


@dataclass(frozen=True, slots=True)
class CommunicationNeeds:
    """How a resident wants to be talked with, told with their consent. `other` is in their own words."""

    needs: tuple[Need, ...]
    other: str = field(default="", repr=False)
    given_at: datetime | None = None


class Score(StrEnum):
    """The five answers to how satisfied somebody was, best first."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    NEITHER = "neither"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"

    @property
    def points(self) -> int:
        """5 for the best answer, 1 for the worst."""
        return len(Score) - list(Score).index(self)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """One answer. `ending` is the event that ended the conversation; `reference` and `adviser` are empty when no adviser had it."""

    id: str
    conversation_id: str
    at: datetime
    score: Score
    ending: str
    reference: str = ""
    queue: str = ""
    adviser: str = ""
    comment: str = field(default="", repr=False)


class FollowUpKind(StrEnum):
    """How a summary is to reach the resident."""

    EMAIL = "email"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A summary that the resident asked for, with their consent. `language` is theirs; `turn_id` is whose answer, where one is meant."""

    id: str
    kind: FollowUpKind
    contact: str = field(repr=False)
    at: datetime
    language: str = ""
    turn_id: str = ""
