"""What an evaluation found, and how strong the evidence is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Evidence(StrEnum):
    """How good evidence is, from an estimate to an experiment."""

    E0 = "E0"
    """A supplier's or an expert's estimate."""
    E1 = "E1"
    """What people report of themselves."""
    E2 = "E2"
    """Before and after."""
    E3 = "E3"
    """An interrupted time series, or a matched comparison."""
    E4 = "E4"
    """Randomised, or rolled out in a drawn order."""


EVIDENCE_LABELS: Final = {
    Evidence.E0: ("Estimate", "Somebody expects it. Nothing was measured."),
    Evidence.E1: ("Self-report", "People report it about themselves. Nobody compared it with anything."),
    Evidence.E2: ("Before and after", "It was measured before and after. Anything else that changed in between is counted too."),
    Evidence.E3: ("Time series or comparison", "What was happening anyway was taken out, as far as earlier figures show it."),
    Evidence.E4: ("Experiment", "Chance decided who got the change, so nothing else explains the difference."),
}
LEVEL: Final = 0.02
"""A saving counts as found if the chance of a false alarm is below this. On short series of months, 0.05 gives false alarms nearly twice as often as it says."""


class EvaluationError(ValueError):
    """The figures cannot answer the question. The message says which figures, and what would be needed."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A change in a measure, in its own unit; below zero is less of it.

    `low` and `high` bound it with 98% confidence (`1 - LEVEL`), `p` is the two-sided chance of as much if nothing had changed, `before` the level
    it is a change of. `warnings` are sentences that belong beside the figure wherever it is shown.
    """

    method: str
    evidence: Evidence
    estimate: float
    low: float
    high: float
    p: float
    before: float
    observations: int
    warnings: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether chance alone is an unlikely explanation."""
        return self.p < LEVEL

    @property
    def share(self) -> float | None:
        """The change as a share of the level before; None where that is nothing."""
        return self.estimate / self.before if self.before else None
