"""The two ways in which Asterisk brings a call's sound: its websocket channel, and AudioSocket over TCP."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final, Protocol

from websockets.asyncio.server import ServerConnection

from guildhall.channels.phone.weakly import weakly
from guildhall.providers.telephony.outbox import Outbox

UUID_FRAME: Final = 0x01
KEY_FRAME: Final = 0x03
SOUND_FRAME: Final = 0x10
HANG_UP_FRAME: Final = 0x00
EARLY: Final = 50
"""Frames that are kept of a connection of which we do not know yet whose it is."""
UNSENT_BYTES: Final = 16_000


class Hears(Protocol):
    """What a wire tells."""

    def heard(self, sound: bytes) -> None:
        """Linear sound came."""
        ...

    def played(self, name: str) -> None:
        """A mark was played."""
        ...

    def gone(self) -> None:
        """The connection ended."""
        ...


class _Socket:
    """What both have in common: sound that came before anybody listened is kept."""

    def __init__(self) -> None:
        self._to: Hears | None = None
        self._early: list[bytes] = []
        self.closed = False

    def listen(self, to: Hears) -> None:
        """Tell everything to this call from now on, and what has come already."""
        self._to = to
        early, self._early = self._early, []
        for sound in early:
            to.heard(sound)
        if self.closed:
            to.gone()

    def _heard(self, sound: bytes) -> None:
        if self._to is not None:
            self._to.heard(sound)
        elif len(self._early) < EARLY:
            self._early.append(sound)

    def ended(self) -> None:
        """The other side is gone."""
        if not self.closed:
            self.closed = True
            to, self._to = self._to, None
            if to is not None:
                to.gone()


class WebsocketWire(_Socket):
    """Asterisk's websocket channel: sound in binary messages, control in JSON. It has a queue of its own, and gives marks back."""

    lead, steady, echoes = 4, True, True

    def __init__(self, connection: ServerConnection) -> None:
        super().__init__()
        self._connection = connection
        self._outbox = Outbox(connection.send, weakly(self.ended))
        self._closing: asyncio.Task[None] | None = None
        self._full = False
        self.channel = ""

    async def read(self, started: Callable[["WebsocketWire"], None]) -> None:
        """Read to the end. `started` is told once it is known which channel this is; sound may come before."""
        try:
            async for message in self._connection:
                if isinstance(message, bytes):
                    self._heard(message)
                elif (event := _json(message)).get("event") == "MEDIA_START":
                    self.channel = str(event.get("channel_id", ""))
                    started(self)
                else:
                    self._event(event)
        finally:
            self.ended()
            await self._outbox.close()

    def _event(self, event: dict[str, Any]) -> None:
        kind = event.get("event")
        if kind == "MEDIA_MARK_PROCESSED" and self._to is not None:
            self._to.played(str(event.get("correlation_id", "")))
        elif kind in ("MEDIA_XOFF", "MEDIA_XON"):
            self._full = kind == "MEDIA_XOFF"  # keys come over ARI, so DTMF_END is not looked at: each would come twice

    def send(self, frame: bytes) -> None:
        """Send 20 ms."""
        if not self._full:
            self._outbox.sound(frame)

    def mark(self, name: str) -> None:
        """Put a mark behind it."""
        self._outbox.say(json.dumps({"command": "MARK_MEDIA", "correlation_id": name}))

    def clear(self) -> None:
        """Drop what Asterisk has not played."""
        self._outbox.clear()
        self._outbox.say(json.dumps({"command": "FLUSH_MEDIA"}))

    def close(self) -> None:
        """End the connection, and with it the media channel."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._connection.close())


class AudioSocketWire(_Socket):
    """AudioSocket: frames of a type, a length and a payload. What is sent is played at once, so never more than one frame ahead."""

    lead, steady, echoes = 1, True, False

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__()
        self._reader, self._writer = reader, writer
        self.uuid = ""

    async def read(self, started: Callable[["AudioSocketWire"], None]) -> None:
        """Read to the end: a hang-up, an error, the end of the connection, or something that is no frame."""
        try:
            while True:
                kind, payload = await read_frame(self._reader)
                if kind == UUID_FRAME and len(payload) == 16:
                    self.uuid = payload.hex()
                    started(self)
                elif kind == SOUND_FRAME:
                    self._heard(payload)
                elif kind != KEY_FRAME:  # keys come over ARI; a hang-up, an error, or sound of a rate that was not agreed ends it
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.ended()
            self._writer.close()

    def send(self, frame: bytes) -> None:
        """Send 20 ms, unless half a second waits unread."""
        transport = self._writer.transport
        if not transport.is_closing() and transport.get_write_buffer_size() < UNSENT_BYTES:
            self._writer.write(frame_of(SOUND_FRAME, frame))

    def mark(self, name: str) -> None:
        """There are no marks on this wire: they are told when the sound before them was sent."""

    def clear(self) -> None:
        """There is nothing to call back: the frame that is on its way is being played."""

    def close(self) -> None:
        """Hang the media channel up."""
        if not self._writer.transport.is_closing():
            self._writer.write(frame_of(HANG_UP_FRAME, b""))
            self._writer.close()


Wired = WebsocketWire | AudioSocketWire


def frame_of(kind: int, payload: bytes) -> bytes:
    """An AudioSocket frame."""
    return bytes([kind]) + len(payload).to_bytes(2, "big") + payload


async def read_frame(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The next AudioSocket frame. Raises IncompleteReadError at the end."""
    head = await reader.readexactly(3)
    return head[0], await reader.readexactly(int.from_bytes(head[1:], "big"))


def _json(message: str) -> dict[str, Any]:
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
