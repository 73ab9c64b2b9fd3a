"""Content gaps: questions that mean the same and that the council's content did not answer, with an owner until they are answered."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from guildhall.vocabulary.ids import ConversationId, ServiceKey, TurnId

WHOLE: Final = -1
"""The part of a turn that means all of it."""


class Unhelped(StrEnum):
    """Why a turn counts as one that did not help."""

    NO_EVIDENCE = "no_evidence"
    PART_UNANSWERED = "part_unanswered"
    ASKED_BACK_TWICE = "asked_back_twice"
    DRAFT_REJECTED = "draft_rejected"
    JUDGED_UNHELPFUL = "judged_unhelpful"
    WRONGLY_ROUTED = "wrongly_routed"


UNHELPED_LABELS: Final[dict[Unhelped, tuple[str, str]]] = {
    Unhelped.NO_EVIDENCE: ("Nothing found", "Nothing in the council's content supported an answer."),
    Unhelped.PART_UNANSWERED: ("A part unanswered", "Some of what was asked was answered, and this was not."),
    Unhelped.ASKED_BACK_TWICE: ("Failed twice", "Two turns in a row did not help, so a person was brought in."),
    Unhelped.DRAFT_REJECTED: ("Draft rejected", "An adviser rejected the answer that was drafted."),
    Unhelped.JUDGED_UNHELPFUL: ("Judged unhelpful", "The resident said that the reply did not help."),
    Unhelped.WRONGLY_ROUTED: ("Wrong team", "The adviser who got it said that it was for another team."),
}


class GapStatus(StrEnum):
    """How far a gap has come."""

    OPEN = "open"
    BEING_WRITTEN = "being_written"
    FIXED = "fixed"
    WILL_NOT_FIX = "will_not_fix"


GAP_STATUS_LABELS: Final[dict[GapStatus, tuple[str, str]]] = {
    GapStatus.OPEN: ("Open", "Nobody has begun to write."),
    GapStatus.BEING_WRITTEN: ("Being written", "Its owner is writing or changing a page."),
    GapStatus.FIXED: ("Fixed", "The content answers it now."),
    GapStatus.WILL_NOT_FIX: ("Will not be fixed", "The council decided not to answer it, for a reason that is given."),
}
UNFINISHED: Final = (GapStatus.OPEN, GapStatus.BEING_WRITTEN)


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap. `words` are words that several people used, so they are nobody's; `page` is the id of the page concerned."""

    id: str
    found_at: datetime
    service: ServiceKey | str = ""
    words: tuple[str, ...] = ()
    status: GapStatus = GapStatus.OPEN
    owner: str = ""
    due_on: date | None = None
    page: str = ""
    page_digest: str = ""
    """The page as it was when it was linked, or when the questions were last asked again."""
    reason: str = ""
    changed_at: datetime | None = None

    @property
    def unfinished(self) -> bool:
        """Whether somebody still has something to do."""
        return self.status in UNFINISHED


@dataclass(frozen=True, slots=True)
class Missed:
    """A question that was not answered: which part of which turn, why it counts, and what is known of it without its words.

    `gap` is empty while it means the same as no other.
    """

    turn_id: TurnId
    conversation_id: ConversationId
    event_id: str
    at: datetime
    why: Unhelped
    part: int = WHOLE
    service: str = ""
    language: str = ""
    channel: str = ""
    person: str = ""
    page: str = ""
    gap: str = ""


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """One question of a gap, then and now. It counts as answered only when all of it is, from the council's content."""

    turn_id: str
    conversation_id: str
    before: str
    now: str
    reason: str
    answered: bool
    cites: tuple[str, ...] = ()
    new_page: bool = False
    """Whether the reply rests on the page that the gap is linked to."""
