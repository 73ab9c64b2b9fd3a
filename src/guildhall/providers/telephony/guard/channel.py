"""What guard and gateway tell each other: JSON, one object a line, over a pair of sockets that ends when either of them dies."""

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any, Final

Message = dict[str, Any]
LONGEST_LINE: Final = 256 * 1024
MOST_UNREAD: Final = 4 * 1024 * 1024
"""The other end does not read any more: what is told to it now is dropped rather than kept for ever."""


class Channel(asyncio.Protocol):
    """One end. `told` gets each message, `gone` is called once when the other end has died or closed.

    Messages are taken straight from the event loop, not by a task: when a process has been held up, it first sees what came meanwhile, and only then how much time has passed.
    """

    def __init__(self, told: Callable[[Message], None], gone: Callable[[], None]) -> None:
        self._told, self._gone = told, gone
        self._transport: asyncio.Transport | None = None
        self._rest = b""

    @classmethod
    async def over(cls, end: socket.socket, told: Callable[[Message], None], gone: Callable[[], None]) -> "Channel":
        """A channel over a connected socket, which it owns from now on."""
        _, channel = await asyncio.get_running_loop().create_connection(lambda: cls(told, gone), sock=end)
        return channel

    def connection_made(self, transport: Any) -> None:
        """Both ends are there."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Some bytes of messages."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            self.close()
            return
        for line in lines:
            self._told(json.loads(line))

    def connection_lost(self, exc: Exception | None) -> None:
        """The other end is gone, or we closed."""
        transport, self._transport = self._transport, None
        if transport is not None:
            self._gone()

    def tell(self, **message: Any) -> None:
        """Tell the other end; nothing happens when it is gone."""
        if self._transport is not None and self._transport.get_write_buffer_size() < MOST_UNREAD:
            self._transport.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")

    def close(self) -> None:
        """Say nothing more and hear nothing more."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort() if transport.is_closing() else transport.close()
