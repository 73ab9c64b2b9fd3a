"""Works out the smallest difference that a trial of the planned size could find. This is checked before the trial may start."""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist
from typing import Final

from guildhall.value.evaluation.effects import LEVEL
from guildhall.value.trials.plan import TrialPlan

WANTED: Final = 0.8
"""The share of trials that must find a difference for it to count as one that the trial can find."""
EXACT: Final = 1.04
"""Fisher's exact test is called found a little less often than it says, so it needs so many more contacts than the normal approximation."""


@dataclass(frozen=True, slots=True)
class TrialPower:
    """`smallest` is the difference of shares found in 80 of 100 trials of this size; `needed` how many contacts would see what is worth seeing."""

    contacts: int
    smallest: float
    worth_seeing: float
    needed: int

    @property
    def enough(self) -> bool:
        """Whether it can see what would matter."""
        return self.contacts >= self.needed

    @property
    def sentence(self) -> str:
        """For whoever approves."""
        seen = (
            f"With {self.contacts:,} contacts, {WANTED:.0%} of trials would find a difference of {points(self.smallest)} or more, at p < {LEVEL}. "
            f"The smallest difference that would matter is {points(self.worth_seeing)}"
        )
        return (
            f"{seen}. The trial is large enough." if self.enough else f"{seen}. The trial is too small: it needs {self.needed:,} contacts."
        )


def points(share: float, sign: str = "") -> str:
    """A difference of shares in words; `sign` is `+` where it has a direction."""
    return f"{100 * share:{sign}.1f} percentage points"


def power_of(plan: TrialPlan) -> TrialPower:
    """The power of a plan, by the normal approximation for two shares in the worse direction."""
    factor = (NormalDist().inv_cdf(1 - LEVEL / 2) + NormalDist().inv_cdf(WANTED)) ** 2 * EXACT
    smallest = 1.0
    low, high = 0.0, 1.0
    for _ in range(60):  # halved until it is known to the last digit that anybody reads
        smallest = (low + high) / 2
        low, high = (low, smallest) if _needed(plan, smallest, factor) <= plan.contacts else (smallest, high)
    return TrialPower(plan.contacts, smallest, plan.worth_seeing, ceil(_needed(plan, plan.worth_seeing, factor)))


def _needed(plan: TrialPlan, difference: float, factor: float) -> float:
    return max(_of(plan, plan.expected + difference, factor), _of(plan, plan.expected - difference, factor))


def _of(plan: TrialPlan, other: float, factor: float) -> float:
    """Contacts that show `other` in the new way. A share beyond 0 or 1 cannot be, so it asks for nothing."""
    if not 0 <= other <= 1 or other == plan.expected:
        return 0.0 if other != plan.expected else float("inf")
    spread = plan.expected * (1 - plan.expected) / (1 - plan.share) + other * (1 - other) / plan.share
    return factor * (sqrt(spread) / (other - plan.expected)) ** 2
