"""Taking a complaint about personal data: stored sealed, given a reference and a date. Shared by the page and the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guildhall.bootstrap.house import Guildhall
from guildhall.records.requests import Asked
from guildhall.vocabulary.rights import RightsKind
from guildhall.vocabulary.signals import DISTRESS, Grade

COMPLAINT_AT_MOST, CONTACT_AT_MOST = 20_000, 300


@dataclass(frozen=True, slots=True)
class Taken:
    """A complaint that was stored. `care` names the wording that somebody who wrote this needs to see first, or is empty."""

    reference: str
    acknowledge_by: datetime
    care: str = ""


def take_complaint(guildhall: Guildhall, text: str, contact: str, language: str, conversations: Sequence[str] = ()) -> Taken:
    """Store a complaint. Distress is looked for in it as in every other word of a resident."""
    care = _care(guildhall, text, language)
    made = guildhall.rights.requests.register(RightsKind.COMPLAINT, Asked(text, "", contact, "web"), conversations)
    due = guildhall.rights.clocks(made)[0].due_at
    assert due is not None  # a complaint's first clock always has a date
    return Taken(made.reference, due, care)


def _care(guildhall: Guildhall, text: str, language: str) -> str:
    understanding = guildhall.house.understanding
    guess = understanding.language(text, language, ())
    found = [signal for signal in understanding.detect(text, guess.language.value, ()).signals if signal.category in DISTRESS]
    if not found:
        return ""
    worst = max(found, key=lambda signal: (signal.grade == Grade.CONFIRM, signal.strength))
    return f"{'crisis' if worst.grade == Grade.CONFIRM else 'care'}.{worst.category.value}"
