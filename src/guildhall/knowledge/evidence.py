"""How strong the evidence is that a passage answers a question: one number from 0 to 1 that means the same for every question.

A logistic of three things: the share of the question's words (by rarity) that the passage holds, the cosine of the two texts,
and how firmly the conversation so far points at the passage's page. The constants were set by hand on some forty questions that a
council's pages answer (nearly all above 0.5) and thirty that they do not (all at or below 0.5, most below 0.3). It is a scale to compare
questions by, not a measured probability: set thresholds on it with the council's own questions.
"""

import math
from dataclasses import dataclass
from typing import Final

from guildhall.knowledge.asking import Slot


@dataclass(frozen=True, slots=True)
class Logistic:
    """The constants of the evidence score."""

    constant: float = -3.4
    coverage: float = 3.0
    cosine: float = 4.5
    page: float = 1.0


FITTED: Final = Logistic()


def coverage(slots: tuple[Slot, ...], terms: frozenset[int]) -> float:
    """The share of the question's words, weighted by rarity, that a passage with these terms holds; 0 for a question without words."""
    asked = sum(slot.rarity for slot in slots)
    if not asked:
        return 0.0
    held = sum(slot.rarity * max((weight for term, weight in slot.satisfied_by if term in terms), default=0.0) for slot in slots)
    return held / asked


def evidence(covered: float, cosine: float, page: float, constants: Logistic = FITTED) -> float:
    """The evidence score. `page` is the probability that the conversation is about this passage's page; 0 when nothing was said before."""
    logit = constants.constant + constants.coverage * covered + constants.cosine * cosine + constants.page * page
    return 1 / (1 + math.exp(-logit))
