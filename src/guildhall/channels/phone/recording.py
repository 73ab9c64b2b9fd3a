"""Takes in a call's sound for its recording: both sides, a second at a time, nothing while a payment or secret keys are on the line.

It never holds up a call. What cannot be kept, because the house gave no key or the disk is full, is not kept, and the log says so.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final, Protocol

import structlog

from guildhall.channels.phone.house import HouseGoneError
from guildhall.channels.phone.ports import FRAME_BYTES, AudioFrame
from guildhall.records.recordings import Head, Piece

log = structlog.get_logger("guildhall.phone")

FRAMES_A_PIECE: Final = 50
"""A second: a crash costs no more than this, and what is being written."""
MOST_WAITING: Final = 30
"""Pieces that wait for the key or the disk; a recording that is further behind is given up."""
QUIET: Final = bytes(FRAME_BYTES)
NOTICE: Final = "notice"
"""Nobody is recorded before they were told: the session says when the notice is over."""


class OpensRecordings(Protocol):
    """The house, as a recording needs it."""

    async def open_recording(self, conversation_id: str) -> tuple[Head, bytes]:
        """Head and key of a new recording. Raises HouseGoneError, also when there is to be none."""
        ...


class Writes(Protocol):
    """A recording's file."""

    def add(self, piece: Piece) -> None:
        """On disk when this returns. Raises OSError."""
        ...

    def close(self) -> None:
        """No more pieces."""
        ...


class RecordingTap:
    """A `CallTap`. `write` opens the file; it and what is added to it run in the executor, never beside the call's sound.

    `to_a_law` codes linear 16-bit sound at 8 kHz as a recording keeps it, a byte a sample.
    """

    def __init__(
        self, opens: OpensRecordings, write: Callable[[Head, bytes], Writes], executor: Executor, to_a_law: Callable[[bytes], bytes]
    ) -> None:
        self._opens, self._write, self._executor, self._to_a_law = opens, write, executor, to_a_law
        self._paused = {NOTICE}
        self._caller, self._said = bytearray(), bytearray()
        self._began = 0.0
        self._waiting: asyncio.Queue[Piece | None] = asyncio.Queue()
        self._writing: asyncio.Task[None] | None = None
        self._given_up = False

    def begin(self, conversation_id: str) -> None:
        """The conversation that the call became; its key is asked for while the call goes on."""
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._keep(conversation_id))

    def frame(self, frame: AudioFrame) -> None:
        """20 ms of both sides."""
        if self._paused or self._given_up:
            return
        if not self._caller:
            self._began = frame.at
        self._caller += self._to_a_law(_whole(frame.sound))
        self._said += self._to_a_law(_whole(frame.said))
        if len(self._caller) >= FRAMES_A_PIECE * FRAME_BYTES // 2:
            self._cut()

    def pause(self, why: str) -> None:
        """Keep nothing from now on."""
        self._cut()
        self._paused.add(why)

    def resume(self, why: str) -> None:
        """This is no reason any more; another may be."""
        self._paused.discard(why)

    async def close(self) -> None:
        """Write what is left. Waits for the disk, not for the house."""
        self._cut()
        self._waiting.put_nowait(None)
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)

    def _cut(self) -> None:
        """End the piece."""
        if self._caller:
            self._waiting.put_nowait(Piece(self._began, bytes(self._caller), bytes(self._said)))
        self._caller, self._said = bytearray(), bytearray()
        if self._waiting.qsize() > MOST_WAITING:
            self._give_up("behind")

    def _give_up(self, why: str) -> None:
        if not self._given_up:
            log.error("call_recording_given_up", why=why)
        self._given_up = True
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(None)

    async def _keep(self, conversation_id: str) -> None:
        loop = asyncio.get_running_loop()
        try:
            head, key = await self._opens.open_recording(conversation_id)
            file = await loop.run_in_executor(self._executor, self._write, head, key)
        except (HouseGoneError, OSError) as error:
            self._give_up(type(error).__name__)
            return
        try:
            while (piece := await self._waiting.get()) is not None:
                await loop.run_in_executor(self._executor, file.add, piece)
        except OSError as error:
            self._give_up(type(error).__name__)
        finally:
            await loop.run_in_executor(self._executor, file.close)


def _whole(sound: bytes) -> bytes:
    """Exactly one frame: what is missing is silence, what is more is left out."""
    return sound[:FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
