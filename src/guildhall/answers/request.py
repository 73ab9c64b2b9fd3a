"""What a composer is given and what it may propose. The engine, never the composer, decides what is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from guildhall.vocabulary.ids import PassageId
from guildhall.vocabulary.passages import Found
from guildhall.vocabulary.questions import Question
from guildhall.vocabulary.services import Service


class Proposal(StrEnum):
    """The closed set of things a composer may propose for a question."""

    ANSWER = "answer"
    ASK_BACK = "ask_back"
    HAND_OVER = "hand_over"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One question and the passages that may answer it, best first. `question.text` is already redacted for the composer."""

    question: Question
    passages: tuple[Found, ...]
    service: Service | None = None


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """Everything a composer may know. `history` is (who, words) pairs, oldest first, redacted."""

    evidence: tuple[Evidence, ...]
    language: str
    channel: str
    council: str
    today: date
    history: tuple[tuple[str, str], ...] = ()
    short: bool = False
    """As short as on the phone, whatever the channel."""

    @property
    def words_at_most(self) -> int:
        """How long the answer to one question may be: short for the ear, longer for the eye."""
        return 60 if self.short or self.channel == "phone" else 120


@dataclass(frozen=True, slots=True)
class Draft:
    """One block (a sentence, list or table as Markdown) proposed for question number `question`, and the passages it claims to rest on."""

    question: int
    text: str
    passage_ids: tuple[PassageId, ...] = ()
    proposal: Proposal = Proposal.ANSWER
    language: str = "en"
    """The language the text is in."""


class Composer(Protocol):
    """Turns evidence into drafts. May fail with ProviderError at any point; what it yielded before stands."""

    @property
    def name(self) -> str:
        """Name and version, for the record."""
        ...

    def compose(self, request: AnswerRequest) -> Iterator[Draft]:
        """Drafts, in the order they should be read."""
        ...
