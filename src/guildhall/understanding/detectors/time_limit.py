"""A limit of time on a detector's run: one that hangs counts as failed, and those that hang are never more than so many."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

MOST_AT_ONCE = 32


class TimeLimit:
    """Runs calls in threads of its own and waits no longer than `seconds` for each.

    A thread that hangs cannot be stopped, so it is left behind. There are `most` threads and never more: when all of them hang, a
    run fails at once, until one comes back.
    """

    def __init__(self, seconds: float, most: int = MOST_AT_ONCE) -> None:
        self._seconds = seconds
        self._most = most
        self._threads = ThreadPoolExecutor(most, "detector")
        self._hanging = 0
        self._lock = threading.Lock()

    @property
    def hanging(self) -> int:
        """How many runs were left behind and have not come back."""
        return self._hanging

    def run(self, call: Callable[[], T]) -> T | BaseException:
        """What the call gives, or what it raised; a TimeoutError when it takes too long, or when too many hang already."""
        if self._hanging >= self._most:
            return TimeoutError("every thread for detectors hangs")
        running = self._threads.submit(call)
        try:
            return running.exception(self._seconds) or running.result()
        except TimeoutError as late:
            if not running.cancel():
                self._leave_behind(running)
            return late

    def _leave_behind(self, running: "Future[T]") -> None:
        with self._lock:
            self._hanging += 1
        running.add_done_callback(self._came_back)

    def _came_back(self, _running: "Future[T]") -> None:
        with self._lock:
            self._hanging -= 1
