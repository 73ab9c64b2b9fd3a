"""The one tick of 20 ms that serves all calls."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

import structlog

from guildhall.channels.phone.ports import FRAME_SECONDS

log = structlog.get_logger("guildhall.sip")

LATENESS_KEPT: Final = 5000
FAILURES_AT_MOST: Final = 50
"""Ticks of one call that may fail one after another: a second, in which it is only not heard. A call is not ended for one bad packet."""


class Ticker:
    """Calls everybody each 20 ms, and knows how late it was."""

    def __init__(self) -> None:
        self.lateness: deque[float] = deque(maxlen=LATENESS_KEPT)
        self._ticking: dict[int, tuple[Callable[[], None], Callable[[], None]]] = {}
        self._number = 0
        self._failed: dict[int, int] = {}

    @property
    def served(self) -> int:
        """How many there are to call."""
        return len(self._ticking)

    def add(self, tick: Callable[[], None], failed: Callable[[], None]) -> Callable[[], None]:
        """Call this each tick, and `failed` should it fail; gives back how to stop."""
        self._number += 1
        number = self._number
        self._ticking[number] = (tick, failed)
        return lambda: self._stop(number)

    async def run(self) -> None:
        """Until cancelled. What was missed is made up for by ticking at once, a second at most."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += FRAME_SECONDS
            wait = due - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            elif wait < -1:
                due = loop.time()
            else:
                await asyncio.sleep(0)
            self.lateness.append(max(0.0, loop.time() - due))
            self.tick()

    def tick(self) -> None:
        """Once. What fails for one call is that call's; the others hear on, and so does it unless it goes on failing."""
        for number, (tick, failed) in list(self._ticking.items()):
            try:
                tick()
                self._failed.pop(number, None)
            except Exception as error:  # noqa: BLE001  # boundary: the call session; one broken call must not silence the others
                self._count(number, error, failed)

    def _count(self, number: int, error: Exception, failed: Callable[[], None]) -> None:
        times = self._failed[number] = self._failed.get(number, 0) + 1
        if times == 1:
            log.error("tick_failed", error=type(error).__name__)
        if times >= FAILURES_AT_MOST:
            self._stop(number)
            log.error("call_without_ticks", error=type(error).__name__)
            failed()

    def _stop(self, number: int) -> None:
        self._ticking.pop(number, None)
        self._failed.pop(number, None)
