"""The outputs of the signal classifier: for every category one for `confirm` and one for `screen` or more, and two for any distress."""

from typing import Final

import numpy as np

from guildhall.understanding.linear import Floats
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
PLACE: Final = {head: place for place, head in enumerate(HEADS)}
GRAVE: Final = PLACE[f"{ANY}:confirm"]
_OWN: Final = [PLACE[f"{c.value}:confirm"] for c in GRADED]


def joined(scores: Floats) -> Floats:
    """Scores (n, K) as they are judged: whether a person must come at all is the general head's score and the strongest category's together.

    Each alone errs more: fourteen thresholds, each set on a handful of lines, add their false alarms up.
    """
    judged = scores.copy()
    judged[:, GRAVE] += scores[:, _OWN].max(axis=1)
    return np.asarray(judged)
