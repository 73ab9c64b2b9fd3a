"""Simulated time: what is due when, done in order. Each thing that goes on is a generator that says how many seconds pass until it goes on."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

Going = Iterator[float]


class SimulatedClock:
    """Shows the time of whatever is being done; it never goes back."""

    def __init__(self, begins: datetime) -> None:
        self.now = begins

    def __call__(self) -> datetime:
        """The simulated time."""
        return self.now

    def move_to(self, at: datetime) -> None:
        """Forward to a time; an earlier one leaves it where it is."""
        self.now = max(self.now, at)


class Diary:
    """Everything that goes on, the earliest first; of two at one time, the one that was written down first."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock = clock
        self._due: list[tuple[datetime, int, Going]] = []
        self._written = 0

    def begin(self, going: Going, at: datetime | None = None) -> None:
        """Let something begin at a time, or now."""
        heapq.heappush(self._due, (at or self.clock.now, self._written, going))
        self._written += 1

    @property
    def next_at(self) -> datetime | None:
        """When something is due next."""
        return self._due[0][0] if self._due else None

    def run(self, until: datetime, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Do what is due before a time, while `goes_on`. What is under way is never left in the middle of a step."""
        while self._due and self._due[0][0] < until and goes_on():
            at, _, going = heapq.heappop(self._due)
            self.clock.move_to(at)
            wait = next(going, None)
            if wait is not None:
                self.begin(going, self.clock.now + timedelta(seconds=wait))
