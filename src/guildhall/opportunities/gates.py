"""Gates: law and safeguarding exclude. They are not points that a high value could buy back."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from guildhall.opportunities.register import Answer, Deciding, Opportunity, Status


class Gate(StrEnum):
    """What has to be open before anything may be chosen."""

    LEGAL = "legal"
    SAFEGUARDING = "safeguarding"


GATE_LABELS: Final[dict[Gate, tuple[str, str]]] = {
    Gate.LEGAL: ("Law", "May the council do it, with these data, in this way?"),
    Gate.SAFEGUARDING: ("Safeguarding", "Could somebody come to harm whom nobody would notice?"),
}
SENSITIVE: Final = frozenset({"special_category", "criminal", "children"})
"""Kinds of data that need a yes of the law's gate before anything is chosen."""


class GateState(StrEnum):
    """What was last said at a gate."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Barred:
    """Why it cannot be chosen. `for_good`: no person can open it as it stands."""

    text: str
    for_good: bool = False


def needed(opportunity: Opportunity) -> tuple[Gate, ...]:
    """The gates that somebody has to open for it, with a reason."""
    found = []
    details = opportunity.details
    if SENSITIVE & set(details.data_classes) or details.deciding == Deciding.SUGGESTS:
        found.append(Gate.LEGAL)
    if details.safeguarding_risk:
        found.append(Gate.SAFEGUARDING)
    return tuple(found)


def barred(opportunity: Opportunity, gates: Mapping[Gate, GateState]) -> tuple[Barred, ...]:
    """Everything that keeps it out of a portfolio; nothing at all when it may be chosen."""
    found: list[Barred] = []
    if opportunity.details.deciding == Deciding.SOLELY_AUTOMATED:
        found.append(Barred("It would decide alone about people, with significant effect on them. That is never chosen.", for_good=True))
    for gate in Gate:
        name = GATE_LABELS[gate][0].lower()
        if gates.get(gate) == GateState.CLOSED:
            found.append(Barred(f"The gate of {name} is closed."))
        elif gate in needed(opportunity) and gates.get(gate) != GateState.OPEN:
            found.append(Barred(f"The gate of {name} has to be opened first."))
    if opportunity.details.answer is None:
        found.append(Barred("Nobody has said yet what would meet it: a form, a rule, a content fix, an integration, AI, or to stop."))
    elif opportunity.details.answer == Answer.STOP:
        found.append(Barred("The answer is to stop doing it: that needs a decision, not a project."))
    if opportunity.status != Status.ACCEPTED:
        found.append(Barred("It is not in the register."))
    return tuple(found)
