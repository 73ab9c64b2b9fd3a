"""Who at the desk may open which conversation, and as what."""

from dataclasses import dataclass
from enum import StrEnum

from guildhall.vocabulary.handoffs import HELD, Handoff, HandoffStatus
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Owner
from guildhall.web.desk.visit import DeskVisit


class Part(StrEnum):
    """What somebody is to a conversation."""

    HOLDS = "holds"
    """They answer the resident."""
    OFFERED = "offered"
    """They are asked to take it: the brief is theirs to read, and to accept or decline."""
    MENTIONED = "mentioned"
    """A colleague asked them to look, and it is not over."""
    OVERSEES = "oversees"
    """They run the desk, and a person is or was asked for: what residents say to the assistant alone is not theirs to read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation stands, seen by one person. `part` is None when it is not theirs to open; `handoff` is the one that counts."""

    conversation_id: str
    owner: Owner
    part: Part | None
    handoff: Handoff | None
    holder: str = ""

    @property
    def path(self) -> str:
        """Where its page is."""
        return path_of(self.conversation_id)

    @property
    def may_send(self) -> bool:
        """Whether what they write goes to the resident."""
        return self.part == Part.HOLDS

    @property
    def may_note(self) -> bool:
        """Whether they may write a private note."""
        return self.part in (Part.HOLDS, Part.MENTIONED, Part.OVERSEES)

    @property
    def writes(self) -> str:
        """What the box to write in is for: `open`, `note`, or `locked`. The page's script draws the box anew when it changes."""
        return "open" if self.may_send else "note" if self.may_note else "locked"


def path_of(conversation_id: str) -> str:
    """Where a conversation's page is."""
    return f"/desk/conversations/{conversation_id}"


def place_of(visit: DeskVisit, conversation_id: str) -> Place | None:
    """Where a conversation stands; None when there is none of that id."""
    owner = visit.guildhall.conversations.owner_of(ConversationId(conversation_id))
    if owner is None:
        return None
    handoff = visit.desk.handoffs.live_of(conversation_id)
    holder = handoff.adviser_id if handoff and handoff.status in HELD else ""
    return Place(conversation_id, owner, _part(visit, conversation_id, handoff), handoff, holder)


def _part(visit: DeskVisit, conversation_id: str, handoff: Handoff | None) -> Part | None:
    mine = handoff is not None and handoff.adviser_id == visit.me
    if handoff and mine and handoff.status in HELD:
        return Part.HOLDS
    if handoff and mine and handoff.status == HandoffStatus.OFFERED:
        return Part.OFFERED
    if visit.supervises and (handoff or visit.desk.handoffs.was_asked_for(conversation_id)):
        return Part.OVERSEES
    return Part.MENTIONED if handoff and visit.desk.messages.is_mentioned(conversation_id, visit.me) else None
