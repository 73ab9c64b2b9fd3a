"""A circuit breaker: a service that fails again and again is left alone for a while, then tried with one utterance."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """So many errors within so many seconds open the circuit; it rests, longer after each probe that failed."""

    errors: int = 3
    within_seconds: float = 30.0
    rest_seconds: float = 30.0
    longest_rest_seconds: float = 300.0


class Breaker:
    """One service's circuit. `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float], patience: Patience | None = None) -> None:
        self._clock, self._patience = clock, patience or Patience()
        self._errors: deque[float] = deque()
        self._opened: float | None = None
        self._rest = self._patience.rest_seconds
        self._probing = False

    @property
    def closed(self) -> bool:
        """Whether the service works, as far as is known."""
        return self._opened is None

    @property
    def may_try(self) -> bool:
        """Whether the service may be asked now: it works, or it has rested and nobody else tries it."""
        return self._opened is None or (not self._probing and self._clock() - self._opened >= self._rest)

    def began(self) -> None:
        """The service is asked."""
        self._probing = self._opened is not None

    def left(self) -> None:
        """It was asked and nobody waited for the answer: neither good nor bad."""
        self._probing = False

    def succeeded(self) -> None:
        """It answered."""
        self._probing, self._opened, self._rest = False, None, self._patience.rest_seconds
        self._errors.clear()

    def failed(self) -> None:
        """It did not."""
        now = self._clock()
        if self._opened is not None:
            if self._probing:  # others that began before the circuit opened say nothing new
                self._rest = min(2 * self._rest, self._patience.longest_rest_seconds)
                self._opened, self._probing = now, False
            return
        self._errors.append(now)
        while self._errors and now - self._errors[0] > self._patience.within_seconds:
            self._errors.popleft()
        if len(self._errors) >= self._patience.errors:
            self._opened, self._rest = now, self._patience.rest_seconds
            self._errors.clear()
