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
            "The need was met without a person, and something shows it: a task receipt, the resident's yes, or an answer of fixed facts with no contact "
            "about the same matter within seven days."
        ),
    ),
    Rung.UNVERIFIED: ("Unverified", "Answered without a person, but nothing shows whether it met the need."),
    Rung.SIGNPOSTED: ("Signposted", "Sent elsewhere: to another body, a page or a number. Never counted as resolved."),
    Rung.TRANSFERRED_RIGHT: ("Passed on, right team", "A person took it, and nobody said that the team was wrong."),
    Rung.TRANSFERRED_WRONG: (
        "Passed on, wrong team",
        "The first team to take it was not the right one: a wrap-up code or a further transfer says so.",
    ),
    Rung.ABANDONED_BEFORE: (
        "Left before an answer",
        "The resident left before anything was answered. This includes leaving while waiting for a person.",
    ),
    Rung.ABANDONED_AFTER: ("Left after an answer", "Something was answered or begun, and the resident left before it was finished."),
    Rung.BLOCKED: ("Blocked", "The contact was refused, limited or failed before anybody could deal with it."),
}
