"""Nobody likes a line that has gone quiet: what is said while a reply takes its time, and when the wait is over. Time comes in from outside."""

from enum import StrEnum
from typing import Final

FILLER_AFTER_SECONDS: Final = 1.2
SLOW_AFTER_SECONDS: Final = 6.0
GONE_AFTER_SECONDS: Final = 20.0
"""Whoever has not answered by then is taken for gone."""


class Due(StrEnum):
    """What is to be done about a line that is quiet."""

    FILLER = "filler"
    SLOW = "slow"
    GONE = "gone"


STEPS: Final = ((Due.GONE, GONE_AFTER_SECONDS), (Due.SLOW, SLOW_AFTER_SECONDS), (Due.FILLER, FILLER_AFTER_SECONDS))


class DeadAir:
    """One wait after another."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._did: set[Due] = set()

    def came(self) -> None:
        """Something of what is waited for came, or was said: what is still to come is waited for afresh, without another filler."""
        self._since = None

    def frame(self, now: float, waits: bool, sounding: bool) -> Due | None:
        """What is due by now. `waits`: something is being worked out; `sounding`: something can be heard, so that the line is not quiet."""
        if not waits:
            self._since, self._did = None, set()
            return None
        if self._since is None:
            self._since = now
        waited = now - self._since
        for due, after in STEPS:
            if waited >= after and due not in self._did and (due == Due.GONE or not sounding):
                self._did |= {due, Due.FILLER}
                return due
        return None
