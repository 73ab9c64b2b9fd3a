"""The outputs of the signal classifier: for every category one for `confirm` and one for `screen` or more, and two for any distress."""

from typing import Final

from guildhall.vocabulary.signals import DISTRESS, HAZARDS, Category, Grade

ANY: Final = "any"
GRADED: Final = tuple(c for c in Category if c in DISTRESS)
SINGLE: Final = (*(c for c in Category if c in HAZARDS), Category.PERSON_REQUEST, Category.ABUSE_OF_SERVICE, Category.ATTACK)
HEADS: Final = (
    f"{ANY}:confirm",
    f"{ANY}:screen",
    *(f"{c.value}:{g.value}" for c in GRADED for g in (Grade.CONFIRM, Grade.SCREEN)),
    *(f"{c.value}:confirm" for c in SINGLE),
)
