"""Scales and ticks: where a value stands in a stretch of the drawing, and which round values an axis shows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.web.charts.numbers import Unit

ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
TIMES = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 21600.0, 43200.0, 86400.0)


STRETCHED_TIMES = (0.0, 10.0, 60.0, 600.0, 3600.0, 21600.0, 86400.0, 604800.0, 2419200.0)
_EVEN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` laid on the stretch from `start` to `end`; what is outside is held at its ends."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value stands."""
        if self.high <= self.low:
            return self.start
        share = min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Stretched(Scale):
    """A scale of seconds on which minutes have room beside hours: beyond the first ten seconds each time ten times as long is as far again."""

    def __call__(self, value: float) -> float:
        """Where a time stands."""
        if self.high - self.low < 1e-9:
            return self.start
        held = min(max(value, self.low), self.high)
        share = math.log1p((held - self.low) / _EVEN_SECONDS) / math.log1p((self.high - self.low) / _EVEN_SECONDS)
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float, unit: Unit = Unit.COUNT, most: int = 5) -> tuple[float, ...]:
    """At most `most` + 2 round values, evenly apart, of which the first is at or under `low` and the last at or over `high`."""
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("an axis needs finite ends")
    low, high = min(low, high), max(low, high)
    if high - low <= max(abs(low), abs(high), 1.0) * 1e-9:  # as good as one value; steps so small would be rounded to nothing
        high = low + (abs(low) if abs(low) > 1e-6 else 1.0)
    step = _step((high - low) / most, unit)
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    return tuple(round(number * step, 12) for number in range(first, last + 1))


def _step(wanted: float, unit: Unit) -> float:
    """The smallest round step that is not under `wanted`."""
    if unit == Unit.SECONDS and wanted <= TIMES[-1]:
        return next(step for step in TIMES if step >= wanted)
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next((size * power for size in ROUND if size * power >= wanted * (1 - 1e-9)), 10 * power)
    return max(step, 1.0) if unit == Unit.COUNT else step


def ends(values: Sequence[float], unit: Unit, *, from_zero: bool = True) -> tuple[float, float]:
    """The ends of an axis for these values: from zero unless asked otherwise, a share never past all."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    marks = ticks(low, high, unit)
    return marks[0], (1.0 if unit == Unit.SHARE and 0 <= high <= 1 < marks[-1] else marks[-1])


def thinned(count: int, most: int) -> tuple[int, ...]:
    """Which of so many places get a label, at most `most` of them, the first always."""
    if count <= 0:
        return ()
    every = -(-count // max(1, most))
    return tuple(range(0, count, every))
