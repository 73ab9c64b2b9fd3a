"""Passing a conversation from one person at the desk to another, and why a supervisor steps in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Transfer(StrEnum):
    """What happened to a transfer."""

    OFFERED = "offered"
    """A colleague is asked to take it; whoever asks keeps it until then."""
    TAKEN = "taken"
    """The colleague took it."""
    DECLINED = "declined"
    """The colleague said no; it stays where it was."""
    LAPSED = "lapsed"
    """The colleague did not answer in time; it stays where it was."""
    WITHDRAWN = "withdrawn"
    """Whoever asked took it back."""
    TO_QUEUE = "to_queue"
    """It waits for another team, with its place kept."""
    SUPERVISOR = "supervisor"
    """A supervisor placed it."""


TRANSFER_LABELS: Final[dict[Transfer, tuple[str, str]]] = {
    Transfer.OFFERED: ("Transfer offered", "A colleague was asked to take it; whoever asked keeps it until then."),
    Transfer.TAKEN: ("Transfer taken", "The colleague took it."),
    Transfer.DECLINED: ("Transfer declined", "The colleague said no; it stayed where it was."),
    Transfer.LAPSED: ("Transfer not answered", "The colleague did not answer in time; it stayed where it was."),
    Transfer.WITHDRAWN: ("Transfer taken back", "Whoever asked took it back."),
    Transfer.TO_QUEUE: ("Passed to a team", "It went to another team, with its place kept."),
    Transfer.SUPERVISOR: ("Placed by a supervisor", "A supervisor took it out of somebody's hands, or gave it to somebody."),
}


class SupervisorReason(StrEnum):
    """Why a supervisor moves a conversation or changes what an adviser serves. Codes, so that they can be counted and say nothing of anybody."""

    QUIET = "quiet"
    WORKLOAD = "workload"
    SKILL = "skill"
    LANGUAGE = "language"
    SAFEGUARDING = "safeguarding"
    COMPLAINT = "complaint"
    AWAY = "away"
    TRAINING = "training"
    ROTA = "rota"


SUPERVISOR_REASON_LABELS: Final[dict[SupervisorReason, tuple[str, str]]] = {
    SupervisorReason.QUIET: ("No reply", "The resident waits for a reply too long."),
    SupervisorReason.WORKLOAD: ("Workload", "The adviser has too much, or somebody else has room."),
    SupervisorReason.SKILL: ("Skill", "Another adviser knows the matter better."),
    SupervisorReason.LANGUAGE: ("Language", "Another adviser speaks the resident's language."),
    SupervisorReason.SAFEGUARDING: ("Safeguarding", "Somebody may be at risk, and another adviser should have it."),
    SupervisorReason.COMPLAINT: ("Complaint", "The resident asked for somebody else, or complained."),
    SupervisorReason.AWAY: ("Away", "The adviser is not at the desk."),
    SupervisorReason.TRAINING: ("Training", "The adviser learns, or was trained for it."),
    SupervisorReason.ROTA: ("Rota", "The plan of the day says so."),
}


@dataclass(frozen=True, slots=True)
class TransferOffer:
    """A colleague who is asked to take a conversation over."""

    reference: str
    conversation_id: str
    from_id: str
    to_id: str
