"""Members of staff, how they signed in, and for what purpose they may look at what a resident said."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from guildhall.vocabulary.roles import Role

StaffId = NewType("StaffId", str)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person who works for the council. `subject` is who the identity provider says they are, or empty."""

    id: StaffId
    name: str
    roles: frozenset[Role] = frozenset()
    subject: str = ""
    active: bool = True

    def holds(self, roles: frozenset[Role]) -> bool:
        """Whether they hold at least one of these roles."""
        return self.active and bool(self.roles & roles)


class SignInMethod(StrEnum):
    """How somebody proved who they are."""

    LINK = "link"
    """A single-use link that whoever runs the deployment printed."""
    PROVIDER = "provider"
    """The council's identity provider."""


SIGN_IN_LABELS: Final[dict[SignInMethod, tuple[str, str]]] = {
    SignInMethod.LINK: ("Single-use link", "A link printed on the council's own server, good once and for a short time."),
    SignInMethod.PROVIDER: ("Identity provider", "The council's identity provider said who they are."),
}


@dataclass(frozen=True, slots=True)
class StaffSession:
    """One signed-in browser. `strong` is true when the identity provider says that more than one factor was used."""

    digest: str
    member: StaffMember
    method: SignInMethod
    strong: bool
    started_at: datetime
    seen_at: datetime


class Purpose(StrEnum):
    """Why a member of staff looks at what somebody said. There is no other reason."""

    COMPLAINT = "complaint"
    SAFEGUARDING_REVIEW = "safeguarding_review"
    RIGHTS_REQUEST = "rights_request"
    RULE_REVIEW = "rule_review"
    MISS_REVIEW = "miss_review"
    CALLING_BACK = "calling_back"
    ANSWERING = "answering"
    IMPROVING = "improving"
    INCIDENT = "incident"
    AUDIT = "audit"
    FEEDBACK = "feedback"
    DEMONSTRATION = "demonstration"
    CHECKING = "checking"


PURPOSE_LABELS: Final[dict[Purpose, tuple[str, str]]] = {
    Purpose.COMPLAINT: ("A complaint", "The resident, or somebody for them, complained."),
    Purpose.SAFEGUARDING_REVIEW: ("A safeguarding review", "Somebody may be at risk, or was."),
    Purpose.RIGHTS_REQUEST: ("A rights request", "The person asked for their data, or to have it put right or erased."),
    Purpose.RULE_REVIEW: ("A review of a rule", "What the rule did in this turn is being judged."),
    Purpose.MISS_REVIEW: ("A review of a miss", "Something may have been missed in this turn."),
    Purpose.CALLING_BACK: ("Calling the resident back", "The resident asked for a call."),
    Purpose.ANSWERING: ("Answering the resident", "The resident asked for a person, and this adviser helps."),
    Purpose.IMPROVING: ("Improving the content", "It was not answered or not understood, and content or lexicon are being put right."),
    Purpose.INCIDENT: ("An incident", "Something went wrong and is being looked into."),
    Purpose.AUDIT: ("An audit", "Internal or external audit checks how the service is run."),
    Purpose.FEEDBACK: ("Reading feedback", "What residents said about the service is read, so that something comes of it."),
    Purpose.DEMONSTRATION: ("A demonstration", "The service is being shown or tried out, with made-up residents."),
    Purpose.CHECKING: ("Checking a drafted answer", "An adviser sees it before the resident does."),
}
