"""The words of a rule change: who may sign, what is proposed, how far it has come, and what is in force."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from guildhall.vocabulary.roles import Role


class Phase(StrEnum):
    """How far a proposed change has come."""

    PROPOSED = "proposed"
    SHADOW = "shadow"
    CANARY = "canary"
    ENFORCED = "enforced"
    EMERGENCY = "emergency"
    LAPSED = "lapsed"
    ROLLED_BACK = "rolled_back"
    WITHDRAWN = "withdrawn"


PHASE_LABELS: Final[dict[Phase, tuple[str, str]]] = {
    Phase.PROPOSED: ("Proposed", "It is being checked and has no effect."),
    Phase.SHADOW: ("In shadow", "It is judged beside the rules in force, and nothing is done about it."),
    Phase.CANARY: ("Canary", "It is in force for a share of new conversations."),
    Phase.ENFORCED: ("Enforced", "It came into force for every new conversation."),
    Phase.EMERGENCY: ("Emergency", "One person put it in force at once; it lapses unless it is ratified."),
    Phase.LAPSED: ("Lapsed", "It was an emergency and was not ratified in time."),
    Phase.ROLLED_BACK: ("Rolled back", "It went out of force, by a limit or by a person."),
    Phase.WITHDRAWN: ("Withdrawn", "It was taken back before it came into force."),
}


class HowActivated(StrEnum):
    """How a pack came to be the one in force."""

    FOUNDING = "founding"
    CHANGE = "change"
    RATIFIED = "ratified"
    PARAMETER = "parameter"
    ROLLBACK = "rollback"
    UNREADABLE = "unreadable"


HOW_LABELS: Final[dict[HowActivated, tuple[str, str]]] = {
    HowActivated.FOUNDING: ("Founding", "The folder's rules, when the board was founded."),
    HowActivated.CHANGE: ("Change", "A proposed change that passed every gate and was signed."),
    HowActivated.RATIFIED: ("Ratified", "An emergency tightening that was signed in time."),
    HowActivated.PARAMETER: ("Parameter", "A knob turned within the bounds that its rule declares."),
    HowActivated.ROLLBACK: ("Roll-back", "A person went back to rules that were in force before."),
    HowActivated.UNREADABLE: ("Unreadable", "The stored pack did not match its address, so the last good one was put in force."),
}


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the board. `public_key` is base64 of 32 bytes (Ed25519); the private key stays with the person."""

    name: str
    roles: tuple[Role, ...]
    public_key: str
    enrolled_at: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """Turns of one arm, and how many of them raised an alarm or brought a person in."""

    turns: int = 0
    alarms: int = 0
    handoffs: int = 0

    def plus(self, other: "Counted") -> "Counted":
        """Both together."""
        return Counted(self.turns + other.turns, self.alarms + other.alarms, self.handoffs + other.handoffs)

    @property
    def alarm_rate(self) -> float:
        """Share of turns with an alarm."""
        return self.alarms / self.turns if self.turns else 0.0

    @property
    def handoff_rate(self) -> float:
        """Share of turns that brought a person in."""
        return self.handoffs / self.turns if self.turns else 0.0


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen of a change in shadow or canary. `upto` is the last event counted.

    In shadow, `changed` is what the change would have done in the turns of `control`; in canary, it is the turns it judged,
    and `control` those that the rules in force judged at the same time. `expected` is the shift of the alarm rate seen in shadow.
    """

    upto: int = 0
    changed: Counted = Counted()
    control: Counted = Counted()
    disagreed: int = 0
    step_turns: int = 0
    """Turns the change has judged at its present share."""
    expected: float = 0.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed change of the rules: from the pack `base` to the pack `pack`."""

    id: str
    phase: Phase
    author: str
    why: str
    base: str
    pack: str
    loosens: bool
    """Whether its author says that it loosens something; then the board's chair must sign too."""
    proposed_at: datetime
    phase_since: datetime
    share: int = 0
    lapses_at: datetime | None = None
    observed: Observed = field(default_factory=Observed)


@dataclass(frozen=True, slots=True)
class Report:
    """What one gate found. `body` is canonical JSON and `digest` its SHA-256, as it was when written."""

    gate: str
    passed: bool
    reason: str
    body: str
    digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """A member's signature over a change and its reports. `signed` is the exact text that was signed."""

    name: str
    roles: tuple[Role, ...]
    signed: str
    signature: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Activation:
    """One time that a pack came into force for every new conversation."""

    number: int
    pack: str
    how: HowActivated
    by: str
    why: str
    proposal: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InForce:
    """What the store says is in force, under a number that grows with every change."""

    generation: int
    active: str
    canary: Proposal | None = None
    shadow: tuple[Proposal, ...] = ()
    emergencies: tuple[Proposal, ...] = ()
    rolled_back: frozenset[str] = frozenset()
