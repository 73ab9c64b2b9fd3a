"""Whether a message is dealt with now. A limit never stops somebody in distress: their words are looked at before it counts."""

from dataclasses import dataclass

from guildhall.conversations.house import House
from guildhall.vocabulary.signals import DISTRESS, HAZARDS, Category

LONGEST = 20_000

ALWAYS_ADMITTED = DISTRESS | HAZARDS | {Category.PERSON_REQUEST}


@dataclass(frozen=True, slots=True)
class Admission:
    """`care`: let through although over a limit. `wait`: seconds to wait. `too_long`: longer than we read."""

    wait: int = 0
    too_long: bool = False
    care: bool = False

    @property
    def refused(self) -> bool:
        """Whether the message has to be sent again."""
        return not self.care and (self.wait > 0 or self.too_long)


def admit(text: str, wait: int, language: str, house: House) -> Admission:
    """Judge a message against the limits; over them, only words that need a person are let through."""
    too_long = len(text) > LONGEST
    if not wait and not too_long:
        return Admission()
    return Admission(wait, too_long, needs_person(text, language, house))


def needs_person(text: str, language: str, house: House) -> bool:
    """Whether words may tell of distress or danger, or ask for a person. Where a detector fails they may."""
    guess = house.understanding.language(text, language, ())
    detection = house.understanding.detect(text, guess.language.value, ())
    return bool(detection.failed) or any(signal.category in ALWAYS_ADMITTED for signal in detection.signals)
