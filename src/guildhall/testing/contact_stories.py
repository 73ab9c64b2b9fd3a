"""What made-up contacts are made of: how they go, when people get in touch, about what, and in which language.

The shares are invented to look like a council's front door. They measure nothing and say nothing about any council.
"""

from dataclasses import dataclass
from typing import Final

from guildhall.vocabulary.outcomes import Outcome, Person, Reason


@dataclass(frozen=True, slots=True)
class MadeTurn:
    """A turn of a story."""

    outcome: Outcome
    reason: Reason
    person: Person = Person.NONE
    asked: int = 1
    answered: int = 0
    distress: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """How a contact goes: its turns, how common it is on the web and on the phone, and whether a person is asked for at its end."""

    name: str
    web: float
    phone: float
    turns: tuple[MadeTurn, ...] = ()
    lane: str = ""
    goes_on: bool = False
    """More questions may follow, answered like the last."""


ANSWER: Final = MadeTurn(Outcome.ANSWERED, Reason.EVIDENCE_FOUND, answered=1)
LOOKED_UP: Final = MadeTurn(Outcome.ANSWERED, Reason.LOOKUP_FOUND, answered=1)
UNCLEAR: Final = MadeTurn(Outcome.ASKED_BACK, Reason.SERVICE_UNCLEAR, Person.OFFERED)
NO_EVIDENCE: Final = MadeTurn(Outcome.DECLINED, Reason.NO_EVIDENCE, Person.OFFERED)
WANTS_PERSON: Final = MadeTurn(Outcome.HANDED_OVER, Reason.PERSON_REQUESTED, Person.BROUGHT)

STORIES: Final[tuple[Story, ...]] = (
    Story("hung up", 0.03, 0.06),
    Story("a person at once", 0.05, 0.14, (WANTS_PERSON,), "ordinary"),
    Story("answered", 0.42, 0.30, (ANSWER,), goes_on=True),
    Story("looked up", 0.12, 0.10, (MadeTurn(Outcome.ASKED_BACK, Reason.PLACE_NEEDED), LOOKED_UP), goes_on=True),
    Story("answered after a question", 0.08, 0.08, (UNCLEAR, ANSWER), goes_on=True),
    Story("partly", 0.06, 0.05, (MadeTurn(Outcome.PARTLY_ANSWERED, Reason.PART_UNANSWERED, Person.OFFERED, asked=2, answered=1),)),
    Story("two parts", 0.05, 0.04, (MadeTurn(Outcome.ANSWERED, Reason.EVIDENCE_FOUND, asked=2, answered=2),), goes_on=True),
    Story("another body", 0.04, 0.04, (MadeTurn(Outcome.DECLINED, Reason.OUT_OF_SCOPE, Person.OFFERED),)),
    Story("nothing found", 0.05, 0.04, (NO_EVIDENCE,)),
    Story("two failed", 0.03, 0.05, (NO_EVIDENCE, MadeTurn(Outcome.HANDED_OVER, Reason.TWO_FAILED_TURNS, Person.BROUGHT)), "ordinary"),
    Story("answered, then a person", 0.04, 0.07, (ANSWER, WANTS_PERSON), "ordinary"),
    Story("distress", 0.01, 0.012, (MadeTurn(Outcome.HANDED_OVER, Reason.DISTRESS, Person.BROUGHT, distress=True),), "danger"),
    Story("worried", 0.01, 0.008, (MadeTurn(Outcome.HANDED_OVER, Reason.DISTRESS, Person.BROUGHT, distress=True),), "care"),
    Story("an attack", 0.004, 0.001, (MadeTurn(Outcome.DECLINED, Reason.ATTACK),)),
    Story("failed inside", 0.003, 0.004, (MadeTurn(Outcome.FAIL_SAFE, Reason.UNEXPECTED_FAILURE, Person.OFFERED),)),
    Story("failed at the edge", 0.003, 0.002),
)
FAILED_AT_THE_EDGE: Final = len(STORIES) - 1

HOURS_WEB: Final = (2, 1, 1, 1, 1, 2, 5, 10, 16, 20, 22, 21, 20, 18, 18, 18, 17, 16, 16, 18, 19, 16, 10, 5)
"""How many get in touch in each hour of a weekday, in parts."""
HOURS_PHONE: Final = (1, 0, 0, 0, 0, 1, 2, 6, 26, 34, 34, 31, 27, 26, 26, 25, 24, 18, 8, 5, 4, 3, 2, 1)
DAYS: Final = (1.32, 1.14, 1.06, 1.02, 0.96, 0.45, 0.34)
"""Monday to Sunday."""

LANGUAGES: Final = {
    "en": 0.9,
    "pl": 0.025,
    "ur": 0.02,
    "pa": 0.018,
    "ro": 0.012,
    "ar": 0.01,
    "so": 0.006,
    "sk": 0.004,
    "cs": 0.003,
    "ps": 0.002,
}
SERVICES: Final[dict[str, tuple[float, int, str]]] = {
    "bin-collection-day": (0.2, 524, "front-desk"),
    "missed-bin": (0.11, 524, "front-desk"),
    "council-tax-bill": (0.16, 57, "revenues"),
    "council-tax-support": (0.07, 58, "revenues"),
    "housing-repairs": (0.1, 1101, "repairs"),
    "homelessness": (0.03, 1113, "housing-duty"),
    "school-admissions": (0.05, 13, "front-desk"),
    "adult-social-care": (0.05, 313, "safeguarding-adults"),
    "parking-permits": (0.06, 575, "front-desk"),
    "planning-applications": (0.05, 487, "front-desk"),
    "potholes": (0.05, 547, "front-desk"),
    "register-a-death": (0.03, 421, "registrars"),
    "": (0.04, 0, "front-desk"),
}
"""Each service with its share, its number in the list of local government services, and the queue its people are in."""
WARDS: Final = ("Abbey", "Bridgegate", "Canalside", "Eastfield", "Gorse Hill", "Highfields", "Northgate", "Priory")
