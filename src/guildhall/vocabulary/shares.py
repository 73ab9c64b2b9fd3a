"""A share with how sure it is, so that few cases cannot look like many."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

Z: Final = 1.959963984540054
"""Of the normal distribution, for 95 in 100."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with the 95% interval of Wilson (1927). There is no share of nothing, and then anything may be true."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, if there is one."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between what the true share lies, if there is one."""
        if not self.of:
            return None
        part, spread = self.hits / self.of, Z * Z / self.of
        middle = (part + spread / 2) / (1 + spread)
        half = Z * sqrt(part * (1 - part) / self.of + spread / (4 * self.of)) / (1 + spread)
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def low(self) -> float:
        """The lower end; 0 where nothing was counted."""
        return self.interval[0] if self.interval else 0.0

    @property
    def high(self) -> float:
        """The upper end; 1 where nothing was counted."""
        return self.interval[1] if self.interval else 1.0
