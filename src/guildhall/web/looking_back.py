"""How far a page of counts looks back."""

from collections.abc import Mapping, Sequence
from typing import Final

PERIODS: Final = (7, 30, 90, 365)
USUAL: Final = 30


def days_back(query: Mapping[str, str], periods: Sequence[int] = PERIODS, usual: int = USUAL) -> int:
    """The days that `?days=` asks for, where that is one of the periods offered; else the usual ones."""
    asked = query.get("days", "")
    return int(asked) if asked in {str(days) for days in periods} else usual
