"""Words for people's rights over what they said: requests, their steps, holds, and who on the staff looks at what."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class RightsKind(StrEnum):
    """What somebody asks for, or what has to be reported for them. Each has a clock."""

    ACCESS = "access"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"
    OBJECTION = "objection"
    COMPLAINT = "complaint"
    BREACH = "breach"


RIGHTS_LABELS: Final[dict[RightsKind, tuple[str, str]]] = {
    RightsKind.ACCESS: ("Access", "Somebody asks what we hold about them (UK GDPR Article 15)."),
    RightsKind.ERASURE: ("Erasure", "Somebody asks us to delete what they said (UK GDPR Article 17)."),
    RightsKind.RECTIFICATION: ("Rectification", "Somebody says that what we hold is wrong (UK GDPR Article 16)."),
    RightsKind.OBJECTION: ("Objection", "Somebody objects to how their data are used (UK GDPR Article 21)."),
    RightsKind.COMPLAINT: ("Complaint", "Somebody complains about how their data are used (Data (Use and Access) Act 2025, section 103)."),
    RightsKind.BREACH: ("Breach", "Personal data were lost or seen by the wrong person; the regulator may have to be told."),
}


class RightsStep(StrEnum):
    """What can be done about a request, each by a named person."""

    ACKNOWLEDGED = "acknowledged"
    IDENTITY_CHECKED = "identity_checked"
    LINKED = "linked"
    EXTENDED = "extended"
    THIRD_PARTY_REVIEW = "third_party_review"
    SERIOUS_HARM_REVIEW = "serious_harm_review"
    SAFE_DELIVERY_CHECK = "safe_delivery_check"
    EXPORTED = "exported"
    ANSWERED = "answered"


STEP_LABELS: Final[dict[RightsStep, tuple[str, str]]] = {
    RightsStep.ACKNOWLEDGED: ("Acknowledged", "The person was told that we have their request."),
    RightsStep.IDENTITY_CHECKED: ("Identity checked", "Somebody made sure that the data are this person's."),
    RightsStep.LINKED: ("Linked", "A conversation was found to be this person's."),
    RightsStep.EXTENDED: ("Extended", "The person was told, with the reason, that it takes up to two months longer."),
    RightsStep.THIRD_PARTY_REVIEW: ("Third-party review", "Somebody looked for other people's data in what would be handed over."),
    RightsStep.SERIOUS_HARM_REVIEW: ("Serious-harm review", "Somebody judged whether handing it over could seriously harm anyone."),
    RightsStep.SAFE_DELIVERY_CHECK: ("Safe-delivery check", "Somebody made sure that it cannot fall into the wrong hands on its way."),
    RightsStep.EXPORTED: ("Exported", "The copy for the person was made."),
    RightsStep.ANSWERED: ("Answered", "The person has our answer, and the request is closed."),
}


class Answer(StrEnum):
    """How a step came out."""

    DONE = "done"
    SAFE = "safe"
    NOT_SAFE = "not_safe"


EXPORT_CHECKS: Final = (RightsStep.THIRD_PARTY_REVIEW, RightsStep.SERIOUS_HARM_REVIEW, RightsStep.SAFE_DELIVERY_CHECK)
"""Each must be answered `safe` by a named officer before anybody's data leave the house."""


class HoldKind(StrEnum):
    """Why words are kept past their time."""

    LEGAL_CLAIM = "legal_claim"
    AUDIT = "audit"
    OMBUDSMAN = "ombudsman"
    CORONER = "coroner"
    SAFEGUARDING = "safeguarding"
    INQUIRY = "inquiry"


HOLD_LABELS: Final[dict[HoldKind, tuple[str, str]]] = {
    HoldKind.LEGAL_CLAIM: ("Legal claim", "A claim is made, or expected, that the words bear on."),
    HoldKind.AUDIT: ("Audit", "An auditor needs them."),
    HoldKind.OMBUDSMAN: ("Ombudsman", "An ombudsman looks into a complaint."),
    HoldKind.CORONER: ("Coroner", "A coroner looks into a death."),
    HoldKind.SAFEGUARDING: ("Safeguarding", "Somebody may be at risk, and the words are evidence until they are in the case record."),
    HoldKind.INQUIRY: ("Inquiry", "A public inquiry said to keep everything."),
}

EVERYTHING: Final = "everything"
"""The target of a hold on all conversations, as an inquiry may ask for."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks at personal data, and what for. `account` says that the name is the computer account's, and nobody gave another."""

    name: str
    purpose: str
    account: bool = False
