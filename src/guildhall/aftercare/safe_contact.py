"""Whether it may be safe to write to a resident. A message on a phone that somebody else reads can cost more than it helps."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from guildhall.vocabulary.signals import Category

NEVER_WRITTEN_ABOUT: Final = frozenset(
    {
        Category.DANGER_TO_LIFE,
        Category.SUICIDE_SELF_HARM,
        Category.ADULT_ABUSE_OR_NEGLECT,
        Category.CHILD_AT_RISK,
        Category.DOMESTIC_ABUSE,
        Category.HOMELESS_TONIGHT,
        Category.HATE_CRIME_OR_HARASSMENT,
        Category.THREAT_TO_OTHERS,
        Category.EXPLOITATION,
        Category.CHILD_USER,
        Category.STAFF_DISTRESS,
    }
)
"""Kinds of need after which nothing is sent, however faint the sign was."""


class WhyNot(StrEnum):
    """Why a message is withheld."""

    SENSITIVE = "sensitive"
    AT_RISK = "at_risk"
    NO_MESSAGE = "no_message"
    PROTECTED_TEAM = "protected_team"
    NO_CONSENT = "no_consent"
    ERASED = "erased"


WHY_NOT_LABELS: Final[dict[WhyNot, tuple[str, str]]] = {
    WhyNot.SENSITIVE: ("Sensitive", "The rules keep this conversation from messages."),
    WhyNot.AT_RISK: ("Perhaps at risk", "Something was heard after which nothing is sent to a phone or an inbox."),
    WhyNot.NO_MESSAGE: ("No messages", "The resident said that it is not safe to leave a message."),
    WhyNot.PROTECTED_TEAM: ("Protected team", "The conversation went to a team whose residents get no messages."),
    WhyNot.NO_CONSENT: ("No consent", "The resident did not agree to a message, or took that back."),
    WhyNot.ERASED: ("Erased", "What was said was erased, and whom to write to with it."),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the record knows of a conversation, all of it from facts without words."""

    sensitive: bool = False
    kept_from: frozenset[str] = frozenset()
    heard: frozenset[str] = frozenset()
    """Categories of every signal and of every request for a person."""
    queues: frozenset[str] = frozenset()
    no_message: bool = False
    consent: bool = False


def why_not(known: Known, protected: frozenset[str]) -> WhyNot | None:
    """Why nothing may be sent; None when it may. `protected` are queues whose residents get no messages."""
    if known.heard & NEVER_WRITTEN_ABOUT:
        return WhyNot.AT_RISK
    if known.sensitive or "transcript_email" in known.kept_from:
        return WhyNot.SENSITIVE
    if known.no_message:
        return WhyNot.NO_MESSAGE
    if known.queues & protected:
        return WhyNot.PROTECTED_TEAM
    if not known.consent:
        return WhyNot.NO_CONSENT
    return None
