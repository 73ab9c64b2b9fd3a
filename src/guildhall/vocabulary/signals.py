"""What detectors find: evidence about an utterance, which never acts by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Category(StrEnum):
    """The kinds of evidence. The first fourteen are the distress, vulnerability and danger categories."""

    DANGER_TO_LIFE = "danger_to_life"
    SUICIDE_SELF_HARM = "suicide_self_harm"
    ADULT_ABUSE_OR_NEGLECT = "adult_abuse_or_neglect"
    CHILD_AT_RISK = "child_at_risk"
    DOMESTIC_ABUSE = "domestic_abuse"
    HOMELESS_TONIGHT = "homeless_tonight"
    FINANCIAL_HARDSHIP = "financial_hardship"
    BEREAVEMENT = "bereavement"
    HATE_CRIME_OR_HARASSMENT = "hate_crime_or_harassment"
    THREAT_TO_OTHERS = "threat_to_others"
    EXPLOITATION = "exploitation"
    CONFUSION_OR_SCAM = "confusion_or_scam"
    CHILD_USER = "child_user"
    STAFF_DISTRESS = "staff_distress"
    # Not distress, but evidence rules also judge:
    HAZARD_GAS = "hazard_gas"
    HAZARD_WATER = "hazard_water"
    HAZARD_ELECTRIC = "hazard_electric"
    HAZARD_WIRES = "hazard_wires"
    HAZARD_TREE = "hazard_tree"
    HAZARD_FIRE = "hazard_fire"
    HAZARD_STRUCTURE = "hazard_structure"
    HAZARD_ROAD = "hazard_road"
    PERSON_REQUEST = "person_request"
    ABUSE_OF_SERVICE = "abuse_of_service"
    ATTACK = "attack"
    PERSONAL_DATA = "personal_data"
    COMPLAINT_ABOUT_ASSISTANT = "complaint_about_assistant"
    ASKS_IF_HUMAN = "asks_if_human"
    LEGAL_CONSEQUENCE = "legal_consequence"
    GREETING = "greeting"
    THANKS = "thanks"
    CHASE = "chase"


ANY_DISTRESS: Final = "any distress"
"""The note of a signal that heard distress without hearing of which kind: its category is the likeliest one."""
DISTRESS: frozenset[Category] = frozenset(list(Category)[:14])
HAZARDS: frozenset[Category] = frozenset(c for c in Category if c.value.startswith("hazard_"))


class Grade(StrEnum):
    """How sure the evidence is: `screen` earns an offer of a person, `confirm` brings one in."""

    SCREEN = "screen"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Signal:
    """One piece of evidence.

    `strength` is 0 to 1. `span` is (start, end) in characters of the utterance, or None when the whole of it speaks.
    `detector` names the detector and its version, as in `phrases.distress@3`.
    """

    category: Category
    grade: Grade
    strength: float
    detector: str
    span: tuple[int, int] | None = None
    note: str = ""


SHORT_REPLY_WORDS = 8


def counts_beside_a_person(detectors: Iterable[str], words: int) -> bool:
    """Whether a sure sign raises an alarm while an adviser reads every word: explicit words do, and a classifier's reading of more than a short reply.

    Classifiers learnt from what people say first. An answer such as "Yes, I am safe", out of its place, sounds to them like what it denies.
    """
    return words >= SHORT_REPLY_WORDS or any(not detector.startswith("classifier.") for detector in detectors)


@dataclass(frozen=True, slots=True)
class Detection:
    """All signals of one utterance, and the detectors that failed or are not validated for its language."""

    signals: tuple[Signal, ...] = ()
    failed: tuple[str, ...] = ()
    unvalidated: tuple[str, ...] = ()

    def of(self, category: Category, grade: Grade | None = None) -> tuple[Signal, ...]:
        """The signals of one category, of one grade when given."""
        return tuple(s for s in self.signals if s.category == category and (grade is None or s.grade == grade))
