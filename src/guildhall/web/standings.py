"""Who stands where in the queues, looked up once for all who wait: a thousand open pages ask, the database is asked once a second."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from guildhall.bootstrap.desk import Desk
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import Standing

FRESH_SECONDS: Final = 1.0
MOVES: Final = (
    EventKind.HANDOFF_REQUESTED, EventKind.HANDOFF_OFFERED, EventKind.HANDOFF_ACCEPTED, EventKind.HANDOFF_PASSED_BACK,
    EventKind.HANDOFF_RAISED, EventKind.HANDOFF_TRANSFERRED, EventKind.HANDOFF_CLOSED, EventKind.HANDOFF_WITHDRAWN,
    EventKind.CALLBACK_BOOKED, EventKind.ADVISER_STATUS_CHANGED,
)  # fmt: skip
"""Events after which somebody may stand elsewhere, or wait longer or shorter."""
KINDS: Final = tuple(kind.value for kind in MOVES)


class Standings:
    """The queues as they stood at most a second ago."""

    def __init__(self, desk: Desk, clock: Callable[[], datetime], stopwatch: Callable[[], float]) -> None:
        self._desk = desk
        self._clock = clock
        self._stopwatch = stopwatch
        self._lock = threading.Lock()
        self._kept: tuple[float, Mapping[str, Standing]] = (float("-inf"), {})

    def of(self, reference: str, since: float | None = None) -> Standing | None:
        """The place of a request, if it waits, as of a second ago or, by the stopwatch, `since` then. One not known yet is looked up at once."""
        wanted = self._stopwatch() - FRESH_SECONDS if since is None else since
        at, found = self._kept
        if at < wanted or reference not in found:
            with self._lock:
                at, found = self._kept  # somebody may have looked while this one waited
                if at < wanted or reference not in found:
                    at, found = self._kept = self._stopwatch(), self._desk.standings(self._clock())
        return found.get(reference)
