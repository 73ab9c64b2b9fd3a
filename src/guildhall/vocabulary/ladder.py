"""The outcome ladder: the one way in which a contact ended. Every contact is on exactly one rung, so the rungs always sum to all contacts."""

from enum import StrEnum
from typing import Final


class Rung(StrEnum):
    """How a contact ended, from best to worst."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    SIGNPOSTED = "signposted"
    TRANSFERRED_RIGHT = "transferred_right"
    TRANSFERRED_WRONG = "transferred_wrong"
    ABANDONED_BEFORE = "abandoned_before"
    ABANDONED_AFTER = "abandoned_after"
    BLOCKED = "blocked"


RUNG_LABELS: Final[dict[Rung, tuple[str, str]]] = {
    Rung.VERIFIED: (
        "Verified",
        (
            "Met without a person, and shown to be: a task receipt, the resident's yes, or an answer of fixed facts with no contact "
            "about the same matter within seven days."
        ),
    ),
    Rung.UNVERIFIED: ("Unverified", "Answered without a person, but nothing shows whether it met the need."),
    Rung.SIGNPOSTED: ("Signposted", "Sent elsewhere: to another body, a page or a number. Never counted as resolved."),
    Rung.TRANSFERRED_RIGHT: ("Passed on, right team", "A person took it, and nobody said that it was the wrong team."),
    Rung.TRANSFERRED_WRONG: (
        "Passed on, wrong team",
        "A person took it first who was not the right team: by wrap-up code or by a further transfer.",
    ),
    Rung.ABANDONED_BEFORE: ("Left before an answer", "The resident went before anything was answered, also while waiting for a person."),
    Rung.ABANDONED_AFTER: ("Left after an answer", "Something was answered or begun, and the resident went before it came to an end."),
    Rung.BLOCKED: ("Blocked", "The contact was refused, limited or failed before it could be dealt with."),
}
