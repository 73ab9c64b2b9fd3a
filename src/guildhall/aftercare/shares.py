"""A share with how sure it is, so that few answers cannot look like many."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

Z: Final = 1.959963984540054
"""Of the normal distribution, for 95 in 100."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with the 95% interval of Wilson (1927). `value` is None when nothing was counted."""

    hits: int
    of: int
    value: float | None
    low: float
    high: float


def share(hits: int, of: int) -> Share:
    """A share and its interval."""
    if not of:
        return Share(0, 0, None, 0.0, 1.0)
    part, spread = hits / of, Z * Z / of
    middle = (part + spread / 2) / (1 + spread)
    half = Z * sqrt(part * (1 - part) / of + spread / (4 * of)) / (1 + spread)
    return Share(hits, of, part, max(0.0, middle - half), min(1.0, middle + half))
