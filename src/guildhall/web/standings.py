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
        self._found: Mapping[str, Standing] = {}
        self._at: float | None = None

    def of(self, reference: str, since: float | None = None) -> Standing | None:
        """The place of a request, if it waits, as of a second ago or, by the stopwatch, `since` then. One not known yet is looked up at once."""
        with self._lock:
            now = self._stopwatch()
            wanted = now - FRESH_SECONDS if since is None else since
            if self._at is None or self._at < wanted or reference not in self._found:
                self._found, self._at = self._desk.standings(self._clock()), now
            return self._found.get(reference)
