"""A placebo check: try the design at pretended launches before the real one. If it finds an effect where nothing was changed, do not trust it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from guildhall.value.evaluation.effects import Effect
from guildhall.value.evaluation.interrupted import FEWEST_AFTER, FEWEST_BEFORE, interrupted
from guildhall.value.evaluation.series import Series, month_number


@dataclass(frozen=True, slots=True)
class Placebo:
    """What was found at a launch that never was."""

    pretended: date
    effect: Effect


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def pretended_launches(series: Series) -> Iterator[date]:
    """Every month before the launch with enough months on both sides of it and before the real one."""
    start = month_number(series.first)
    for place in range(FEWEST_BEFORE, series.before - FEWEST_AFTER + 1):
        yield _month(start + place)


def placebos(series: Series) -> tuple[Placebo, ...]:
    """The interrupted time series at each pretended launch, on the months before the real one only; empty when there are too few."""
    return tuple(Placebo(day, interrupted(series.until_launch(day))) for day in pretended_launches(series))
