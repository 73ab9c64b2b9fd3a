"""What every kind of leg tells its call session, and how a session is run: frames of 20 ms, events, the end, and a person when it fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog

from guildhall.channels.phone.caught import caught
from guildhall.channels.phone.ports import (
    FRAME_SECONDS,
    AudioFrame,
    CallLeg,
    HangUpCause,
    HungUp,
    LegEvent,
    MarkPlayed,
    MediaStalled,
    OnCall,
)

log = structlog.get_logger("guildhall.phone")

STALLED_SECONDS: Final = 5.0
FRAMES_HELD: Final = 500


class TellsSession:
    """The half of a leg that the session hears. `held` frames wait for a session that is slow; more are dropped, so that nothing becomes
    lasting delay."""

    def __init__(self, held: int = FRAMES_HELD) -> None:
        self._frames: asyncio.Queue[AudioFrame | None] = asyncio.Queue(held)
        self._events: asyncio.Queue[LegEvent] = asyncio.Queue()
        self._stalled = False

    async def frames(self) -> AsyncIterator[AudioFrame]:
        """What the caller says."""
        while (frame := await self._frames.get()) is not None:
            yield frame

    async def events(self) -> AsyncIterator[LegEvent]:
        """What happens."""
        while True:
            event = await self._events.get()
            yield event
            if isinstance(event, HungUp):
                return

    def _give(self, frame: AudioFrame) -> None:
        """20 ms more."""
        if not self._frames.full():
            self._frames.put_nowait(frame)

    def _tell(self, event: LegEvent) -> None:
        """Something happened."""
        self._events.put_nowait(event)

    def _reached(self, mark: str) -> None:
        """Everything up to a mark was sent."""
        self._tell(MarkPlayed(mark))

    def _watch_silence(self, ticks: int, expected: bool = False) -> None:
        """Nothing has come for so many ticks: told once, unless it is `expected`, as on hold."""
        silent = ticks * FRAME_SECONDS
        if silent < STALLED_SECONDS:
            self._stalled = False
        elif not self._stalled and not expected:
            self._stalled = True
            self._tell(MediaStalled(silent))

    def _tell_over(self, cause: HangUpCause) -> None:
        """The call is over: the last event, and no frame after it."""
        self._tell(HungUp(cause))
        if self._frames.full():
            self._frames.get_nowait()
        self._frames.put_nowait(None)


async def run_session(on_call: OnCall, leg: CallLeg, to_people: Callable[[], Awaitable[None]]) -> None:
    """One call to its end. A session that fails must leave nobody alone: the caller goes to people."""
    try:
        failed = await caught(lambda: on_call(leg))
        if failed is not None:
            log.error("call_failed", error=type(failed.error).__name__)
            await to_people()
    finally:
        with suppress(asyncio.CancelledError):
            await leg.hang_up()
