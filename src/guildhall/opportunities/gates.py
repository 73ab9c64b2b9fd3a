"""Gates of law and safeguarding. A closed gate keeps an opportunity out, however high its scores or its value."""

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
    Gate.LEGAL: ("Law", "Is the council allowed to do it, with these data and in this way?"),
    Gate.SAFEGUARDING: ("Safeguarding", "Could somebody come to harm without anybody noticing?"),
}
SENSITIVE: Final = frozenset({"special_category", "criminal", "children"})
"""Kinds of data for which the law gate has to be opened before anything is chosen."""


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
    """The gates that a person has to open for it, with a reason."""
    found = []
    details = opportunity.details
    if SENSITIVE & set(details.data_classes) or details.deciding == Deciding.SUGGESTS:
        found.append(Gate.LEGAL)
    if details.safeguarding_risk:
        found.append(Gate.SAFEGUARDING)
    return tuple(found)


def barred(opportunity: Opportunity, gates: Mapping[Gate, GateState]) -> tuple[Barred, ...]:
    """Every reason why it may not be chosen; empty if it may be."""
    found: list[Barred] = []
    if opportunity.details.deciding == Deciding.SOLELY_AUTOMATED:
        found.append(
            Barred(
                "It would make decisions with a significant effect on people, with no person involved. It can never be chosen.",
                for_good=True,
            )
        )
    for gate in Gate:
        name = GATE_LABELS[gate][0].lower()
        if gates.get(gate) == GateState.CLOSED:
            found.append(Barred(f"The {name} gate is closed."))
        elif gate in needed(opportunity) and gates.get(gate) != GateState.OPEN:
            found.append(Barred(f"The {name} gate has to be opened first."))
    if opportunity.details.answer is None:
        found.append(
            Barred("Nobody has said yet what would meet the need: a form, a rule, a content fix, an integration, AI, or to stop doing it.")
        )
    elif opportunity.details.answer == Answer.STOP:
        found.append(Barred("The answer is to stop doing it. That needs a decision, not a project."))
    if opportunity.status != Status.ACCEPTED:
        found.append(Barred("It is not in the register."))
    return tuple(found)
