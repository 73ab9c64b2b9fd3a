"""What is the same for everybody at the desk in one moment, such as who is there: read once, however many pages show it."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")


class Moment:
    """Keeps what was read until something happens or a second passes. What is done with it looks again, in its own transaction."""

    def __init__(self, last_change: Callable[[], int]) -> None:
        self._last_change = last_change
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[tuple[int, datetime], Any]] = {}

    def of(self, name: str, now: datetime, read: Callable[[], T]) -> T:
        """What `read` gives, from this moment. `name` says which of several things it is."""
        with self._lock:
            as_of = (self._last_change(), now.replace(microsecond=0))
            if name not in self._kept or self._kept[name][0] != as_of:
                self._kept[name] = (as_of, read())
            kept: T = self._kept[name][1]
            return kept
