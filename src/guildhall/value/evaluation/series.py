"""A measure month by month, before and after something was changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from guildhall.value.evaluation.effects import EvaluationError

Numbers = npt.NDArray[np.float64]


def month_number(day: date) -> int:
    """Months since the year 0, so that months can be counted."""
    return 12 * day.year + day.month - 1


@dataclass(frozen=True)
class Series:
    """One value a month, none left out, the oldest first; `launch` is the first month with the change.

    Raises EvaluationError for a gap, a value that is no number, or a launch outside.
    """

    first: date
    values: tuple[float, ...]
    launch: date

    def __post_init__(self) -> None:
        for place, value in enumerate(self.values):
            if not np.isfinite(value):
                raise EvaluationError(f"month {place + 1} of the series is {value}, which is no number")
        if not 0 < self.before < len(self.values):
            raise EvaluationError(
                f"the launch, {self.launch:%B %Y}, leaves {max(0, self.before)} months before and {max(0, len(self.values) - self.before)} after; "
                "there must be some of both"
            )

    @classmethod
    def of(cls, months: Sequence[tuple[date, float]], launch: date) -> "Series":
        """From pairs of a month (any day of it) and its value, in any order. Raises EvaluationError for a gap or a month given twice."""
        if not months:
            raise EvaluationError("there are no months")
        ordered = sorted(months)
        for (earlier, _), (later, _) in pairwise(ordered):
            apart = month_number(later) - month_number(earlier)
            if apart != 1:
                what = "is there twice" if apart == 0 else f"is followed by {later:%B %Y}: the months between are missing"
                raise EvaluationError(f"{earlier:%B %Y} {what}")
        return cls(ordered[0][0].replace(day=1), tuple(float(value) for _, value in ordered), launch.replace(day=1))

    @cached_property
    def y(self) -> Numbers:
        """The values."""
        return np.asarray(self.values, dtype=np.float64)

    @property
    def before(self) -> int:
        """How many months came before the launch."""
        return month_number(self.launch) - month_number(self.first)

    @property
    def after(self) -> int:
        """How many months came with it."""
        return len(self.values) - self.before

    def minus(self, other: "Series") -> "Series":
        """The difference from another series of the same months."""
        if (self.first, self.launch, len(self.values)) != (other.first, other.launch, len(other.values)):
            raise EvaluationError("the comparison must have the same months and the same launch")
        return Series(self.first, tuple(float(a - b) for a, b in zip(self.values, other.values, strict=True)), self.launch)

    def until_launch(self, pretended: date) -> "Series":
        """Only what came before the launch, as if there had been one in `pretended`: what is found then is a false alarm."""
        return Series(self.first, self.values[: self.before], pretended.replace(day=1))
