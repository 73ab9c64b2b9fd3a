"""A randomised trial of contacts: chance decides which way each goes, among residents who agreed to take part.

Assignment is by a keyed hash of the trial and the contact, so that anybody with the key can check it later and nobody can steer it. The
difference of two shares is given with Newcombe's hybrid score interval (Newcombe 1998, method 10), and tested by Fisher's exact test.
"""

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np

from guildhall.value.evaluation.effects import LEVEL, Effect, EvaluationError, Evidence

FEWEST = 20


@dataclass(frozen=True, slots=True)
class Arm:
    """One way, and what became of those who went it."""

    name: str
    contacts: int
    successes: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.contacts:
            raise EvaluationError(f"arm `{self.name}` has {self.successes} successes of {self.contacts} contacts")


def assigned(key: bytes, trial: str, contact_id: str, consented: bool, share: float = 0.5) -> bool | None:
    """Whether a contact gets the new way; None for whoever has not agreed to take part: they get the usual way and are not counted."""
    if not 0 < share < 1:
        raise EvaluationError(f"the share of a trial's new way must lie between 0 and 1, and is {share}")
    if not consented:
        return None
    return gets_new(hmac.digest(key, drawn_text(trial, contact_id).encode(), hashlib.sha256), share)


def drawn_text(trial: str, contact_id: str) -> str:
    """What is drawn for: one contact in one trial."""
    return f"{trial}\0{contact_id}"


def gets_new(drawn: bytes, share: float) -> bool:
    """Whether a keyed digest gives the new way."""
    return int.from_bytes(drawn[:8], "big") < share * 2**64


def trial(usual: Arm, new: Arm) -> Effect:
    """The share of successes in the new way less that in the usual one."""
    from scipy import stats  # most of a second to import: only who evaluates pays it

    for arm in (usual, new):
        if arm.contacts < FEWEST:
            raise EvaluationError(f"arm `{arm.name}` has {arm.contacts} contacts; {FEWEST} are the fewest that can be compared")
    before, after = usual.successes / usual.contacts, new.successes / new.contacts
    (low_u, high_u), (low_n, high_n) = _wilson(usual), _wilson(new)
    difference = after - before
    low = difference - ((after - low_n) ** 2 + (high_u - before) ** 2) ** 0.5
    high = difference + ((high_n - after) ** 2 + (before - low_u) ** 2) ** 0.5
    table = np.array([[new.successes, new.contacts - new.successes], [usual.successes, usual.contacts - usual.successes]])
    p = float(stats.fisher_exact(table).pvalue)
    return Effect("Randomised trial of contacts", Evidence.E4, difference, low, high, p, before, usual.contacts + new.contacts)


def _wilson(arm: Arm) -> tuple[float, float]:
    from scipy import stats

    interval = stats.binomtest(arm.successes, arm.contacts).proportion_ci(1 - LEVEL, method="wilson")
    return float(interval.low), float(interval.high)
