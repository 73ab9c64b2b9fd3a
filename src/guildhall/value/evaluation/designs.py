"""The designs that an evaluation can use: what each one needs, and what its results cannot show."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from guildhall.value.evaluation.effects import Evidence


class Design(StrEnum):
    """How an effect is looked for."""

    BEFORE_AFTER = "before_after"
    INTERRUPTED = "interrupted"
    COMPARATOR = "comparator"
    STAGGERED = "staggered"


@dataclass(frozen=True, slots=True)
class Described:
    """A design in words."""

    label: str
    about: str
    evidence: Evidence
    cannot: tuple[str, ...]


DESIGNS: Final[dict[Design, Described]] = {
    Design.BEFORE_AFTER: Described(
        "Before and after", "Compares the mean of the months after with the mean of the months before. It needs only three months on each side, and it is often wrong.",
        Evidence.E2,
        ("It cannot separate the change from anything else that was happening, such as a trend, a season or another change in the same months.",),
    ),
    Design.INTERRUPTED: Described(
        "Interrupted time series", "Looks for a step at the launch, after taking out the trend before it. It needs 12 months before and 3 after.", Evidence.E3,
        (
            "It cannot separate the change from anything else that began in the same month.",
            "It assumes that the trend before the launch would have continued. If the trend was about to turn anyway, the turn is counted as the effect.",
        ),
    ),
    Design.COMPARATOR: Described(
        "Against a comparator", "Looks for a step in the difference from a queue or a council where nothing was changed. It needs 12 months before and 3 after.",
        Evidence.E3,
        (
            "It cannot separate the change from anything else that happened to this queue and not to the comparator.",
            "It holds only if nothing was changed in the comparator, and contacts did not move from one to the other.",
        ),
    ),
    Design.STAGGERED: Described(
        "Staggered rollout", "Teams begin in an order drawn by lot. Teams that have not begun yet are the comparison. It needs 4 teams or more.", Evidence.E4,
        ("It holds only if the order was drawn by lot and kept to, and if teams that had not begun were not affected by teams that had.",),
    ),
}  # fmt: skip
