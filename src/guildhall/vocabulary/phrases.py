"""What the service learns from how residents put things: a word for the lexicon, or a question with its expected answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final


class PhraseKind(StrEnum):
    """What a phrase becomes."""

    DIALECT = "dialect"
    SYNONYM = "synonym"
    PLACE = "place"
    ABBREVIATION = "abbreviation"
    CASE = "case"


PHRASE_KIND_LABELS: Final[dict[PhraseKind, tuple[str, str]]] = {
    PhraseKind.DIALECT: ("A local word", "What residents say, and the word that the council's pages use for it."),
    PhraseKind.SYNONYM: ("Another word", "Two words for one thing; the pages use the second."),
    PhraseKind.PLACE: ("A local name of a place", "What residents call a place, and its name on the council's pages."),
    PhraseKind.ABBREVIATION: ("An abbreviation", "Letters that residents use, and what they stand for."),
    PhraseKind.CASE: ("A question to be tested", "A question, and what should come of it whenever the service is evaluated."),
}


class PhraseState(StrEnum):
    """How far a phrase has come."""

    PROPOSED = "proposed"
    RELEASED = "released"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


PHRASE_STATE_LABELS: Final[dict[PhraseState, tuple[str, str]]] = {
    PhraseState.PROPOSED: ("Proposed", "One person proposed it; another has to release it."),
    PhraseState.RELEASED: ("Released", "A second person released it, and it is in use."),
    PhraseState.REFUSED: ("Refused", "A second person refused it."),
    PhraseState.WITHDRAWN: ("Withdrawn", "It was in use and was taken back."),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A proposal and what became of it. `text` is the word, or the question; `means` is what the pages call it.

    `text` is None once the words that it came from were erased before anybody had released it.
    """

    id: str
    kind: PhraseKind
    state: PhraseState
    text: str | None
    proposed_by: str
    proposed_at: datetime
    means: str = ""
    expected: Mapping[str, Any] = field(default_factory=dict)
    """Of a case: language, service, category, grade, outcome, as codes."""
    conversation_id: str = ""
    turn_id: str = ""
    gap_id: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    why: str = ""
    """Why it was refused or withdrawn."""

    @property
    def is_case(self) -> bool:
        """Whether it is a question rather than a word."""
        return self.kind == PhraseKind.CASE


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that a new word would change: how it ends and what it rests on, without the word and with it."""

    turn_id: str
    conversation_id: str
    before: str
    after: str
    service_before: str
    service_after: str
    cites_changed: bool

    @property
    def worse(self) -> bool:
        """Whether an answer is lost by it."""
        return self.before == "answered" and self.after != "answered"

    @property
    def better(self) -> bool:
        """Whether an answer is gained by it."""
        return self.after == "answered" and self.before != "answered"
