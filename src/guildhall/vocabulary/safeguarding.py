"""The safeguarding record: what was heard, who was told of it and when, and how long it took to reach a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an escalation rests on, taken down in the turn itself. `words` are the resident's; they are stored sealed."""

    category: str
    turn_id: str
    grade: str
    detectors: tuple[str, ...]
    pack: str
    rules: tuple[str, ...]
    words: str
    spans: tuple[tuple[int, int], ...] = ()


class StepKind(StrEnum):
    """What happened to a record after it was made."""

    ALERTED = "alerted"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    RUN_OUT = "run_out"
    CLOSED = "closed"


STEP_LABELS: Final[dict[StepKind, tuple[str, str]]] = {
    StepKind.ALERTED: ("Told", "The first route was told."),
    StepKind.ESCALATED: ("Told next", "Nobody had acknowledged in time, so the next route was told."),
    StepKind.ACKNOWLEDGED: ("Acknowledged", "A named person has it in hand."),
    StepKind.RUN_OUT: ("No route left", "Every route was told and nobody acknowledged. It stays open, and urgent on the console."),
    StepKind.CLOSED: ("Closed", "A named person wrote down what came of it."),
}


class SafeguardingOutcome(StrEnum):
    """What came of it, as whoever closes the record says."""

    REFERRED = "referred"
    ADVICE_GIVEN = "advice_given"
    EMERGENCY_SERVICES = "emergency_services"
    COULD_NOT_REACH = "could_not_reach"
    NOT_A_CONCERN = "not_a_concern"


OUTCOME_OF_RECORD_LABELS: Final[dict[SafeguardingOutcome, tuple[str, str]]] = {
    SafeguardingOutcome.REFERRED: ("Referred", "A safeguarding team or another body takes it on."),
    SafeguardingOutcome.ADVICE_GIVEN: ("Advice and signposting", "The person was helped, and needs no referral now."),
    SafeguardingOutcome.EMERGENCY_SERVICES: ("Emergency services", "Police, ambulance or fire service were called."),
    SafeguardingOutcome.COULD_NOT_REACH: ("Could not be reached", "The person could not be reached safely; what was tried is in the note."),
    SafeguardingOutcome.NOT_A_CONCERN: ("Not a concern", "What was heard was something else."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a record. `route` is who was told, `by` who did it, `told` how: `sms email`, or `phone` for a line to ring."""

    number: int
    kind: StepKind
    at: datetime
    route: str = ""
    told: str = ""
    by: str = ""
    has_note: bool = False


@dataclass(frozen=True, slots=True)
class SafeguardingRecord:
    """One escalation, without its words. `found_later`: it was not made in the turn but by the sweep, so it has no words of its own."""

    id: str
    reference: str
    handoff_id: str
    conversation_id: str
    turn_id: str
    category: str
    grade: str
    pack: str
    rules: tuple[str, ...]
    queue: str
    raised_at: datetime
    out_of_hours: bool
    found_later: bool
    step: int
    next_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    met_at: datetime | None
    first_reply_at: datetime | None
    closed_at: datetime | None
    outcome: str
    told_at: datetime | None = None
    steps: tuple[Step, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it still needs somebody."""
        return self.closed_at is None

    @property
    def to_person(self) -> timedelta | None:
        """How long it took until an adviser was there: their first words, or their taking it over where nothing was written."""
        met = self.first_reply_at or self.met_at
        return max(met - self.raised_at, timedelta()) if met else None

    @property
    def to_acknowledgement(self) -> timedelta | None:
        """How long it took until somebody acknowledged."""
        return self.acknowledged_at - self.raised_at if self.acknowledged_at else None
