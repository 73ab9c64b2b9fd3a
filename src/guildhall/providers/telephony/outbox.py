"""What is on its way to a websocket: bounded, in order, and never waited for by the tick of 20 ms."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import structlog

from guildhall.channels.phone.caught import caught

log = structlog.get_logger("guildhall.phone")

SOUND_QUEUED: Final = 50
"""A second of sound: the far end that reads no faster gets no more, so that it does not hear us late for the rest of the call."""
SAID_QUEUED: Final = 500
"""So many messages of any kind unread, and the connection is given up."""


class Outbox:
    """Messages to one connection. `broken` is called once, when it cannot be written to any more or does not read."""

    def __init__(self, send: Callable[[str | bytes], Awaitable[None]], broken: Callable[[], None]) -> None:
        self._send, self._broken = send, broken
        self._queue: deque[tuple[str | bytes, bool]] = deque()
        self._more = asyncio.Event()
        self._sounds = 0
        self.dropped = 0
        self._closed = False
        self._task = asyncio.get_running_loop().create_task(self._run())

    def sound(self, message: str | bytes) -> None:
        """Send sound, or drop it when too much waits already."""
        if self._sounds >= SOUND_QUEUED:
            self.dropped += 1
            if self.dropped >= SAID_QUEUED:
                self._give_up()
            return
        self._sounds += 1
        self._put(message, True)

    def say(self, message: str | bytes) -> None:
        """Send what must arrive."""
        if len(self._queue) >= SAID_QUEUED:
            self._give_up()
            return
        self._put(message, False)

    def clear(self) -> None:
        """Forget sound that is not sent yet."""
        self._queue = deque(item for item in self._queue if not item[1])
        self._sounds = 0

    def _put(self, message: str | bytes, sound: bool) -> None:
        if not self._closed:
            self._queue.append((message, sound))
            self._more.set()

    async def _run(self) -> None:
        while not (self._closed and not self._queue):
            while self._queue:
                message, sound = self._queue.popleft()
                self._sounds -= 1 if sound and self._sounds else 0
                failed = await caught(partial(self._send, message))
                if failed is not None:
                    log.info("wire_broke", error=type(failed.error).__name__)
                    self._give_up()
                    return
                self.dropped = 0
            self._more.clear()
            if not self._closed:
                await self._more.wait()

    def _give_up(self) -> None:
        if not self._closed:
            self._closed = True
            self._queue.clear()
            self._more.set()
            self._broken()

    async def close(self) -> None:
        """Send what is queued, for a moment at most, and stop."""
        self._closed = True
        self._more.set()
        await asyncio.wait([self._task], timeout=0.5)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
