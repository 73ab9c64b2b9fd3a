"""One stream of a supplier's, as a wire: messages of its dialect, out through a bounded box."""

import asyncio
from typing import Final

from starlette.websockets import WebSocket

from guildhall.providers.telephony.outbox import Outbox
from guildhall.providers.telephony.streams.dialect import Dialect

AHEAD_FRAMES: Final = 10
"""200 ms: the sound crosses the internet, and a late packet must not be heard."""


class StreamWire:
    """Where one stream's sound goes."""

    lead, steady = AHEAD_FRAMES, False

    def __init__(self, websocket: WebSocket, dialect: Dialect, stream: str) -> None:
        self.echoes = dialect.gives_marks_back
        self._websocket, self._dialect, self._stream = websocket, dialect, stream
        self.broken = asyncio.Event()
        self._outbox = Outbox(self._send, self.broken.set)
        self._begun, self._count = False, 0

    async def _send(self, message: str | bytes) -> None:
        await (self._websocket.send_bytes(message) if isinstance(message, bytes) else self._websocket.send_text(message))

    def say(self, message: str) -> None:
        """Send something that is no sound, if it is anything."""
        if message:
            self._outbox.say(message)

    def send(self, frame: bytes) -> None:
        """Send 20 ms."""
        if not self._begun:
            self._begun, self._count = True, self._count + 1
            self.say(self._dialect.said("begin", stream=self._stream, count=str(self._count)))
        self._outbox.sound(self._dialect.sound(frame, self._stream, self._count))

    def mark(self, name: str) -> None:
        """Put a mark behind it."""
        if self.echoes:
            self.say(self._dialect.said("mark", stream=self._stream, mark=name))

    def clear(self) -> None:
        """Drop what the supplier has not played."""
        self._outbox.clear()
        self.say(self._dialect.said("clear", stream=self._stream, count=str(self._count)))
        self._begun = False

    @property
    def hang_up(self) -> str:
        """What ends the caller's call, where the stream can say so."""
        return self._dialect.said("hang_up", stream=self._stream)

    def transfer_wish(self, dialled: str, reference: str) -> str:
        """What asks for another phone, where the stream can say so."""
        target = dialled if dialled.startswith("sip:") else f"tel:{dialled}"
        return self._dialect.said("transfer", stream=self._stream, target=target, reference=reference)

    def close(self) -> None:
        """End the stream, once what was said has been sent."""
        self.broken.set()

    async def end(self) -> None:
        """Send what is left, for a moment, and stop."""
        await self._outbox.close()
