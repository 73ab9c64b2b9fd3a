"""The designs an evaluation can have, what each needs, and what none of its results can show."""

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
        "Before and after", "The mean of the months after, less that of the months before. Three months on each side are enough, and it is often wrong.",
        Evidence.E2,
        ("It cannot tell the change from anything else that was going on: a trend, a season, another change of the same months.",),
    ),
    Design.INTERRUPTED: Described(
        "Interrupted time series", "The step at the launch once the trend before it is taken out. It needs 12 months before and 3 after.", Evidence.E3,
        (
            "It cannot tell the change from anything else that began in the same month.",
            "It takes the trend before the launch to have gone on; where it had been about to turn, that is counted as the effect.",
        ),
    ),
    Design.COMPARATOR: Described(
        "Against a comparator", "The step in the difference from a queue or a council where nothing was changed. It needs 12 months before and 3 after.",
        Evidence.E3,
        (
            "It cannot tell the change from anything else that happened to this queue and not to the comparator.",
            "It holds only if the comparator was left alone, and contacts did not move from one to the other.",
        ),
    ),
    Design.STAGGERED: Described(
        "Staggered rollout", "Teams begin in an order drawn by lot; those that have not begun are the comparison. It needs 4 teams or more.", Evidence.E4,
        ("It holds only if the order was drawn and kept to, and a team that had not begun was not affected by those that had.",),
    ),
}  # fmt: skip
