"""A UDP socket that two processes have: one listens, both may send. For what answers calls, and for what watches over it."""

import asyncio
import socket
from typing import Any, Protocol

LONGEST = 65_535
AT_ONCE = 200


class Hears(Protocol):
    """Who takes what comes."""

    def connection_made(self, transport: Any) -> None:
        """This is what to send with."""
        ...

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """A datagram came."""
        ...


def bound(host: str, port: int) -> socket.socket:
    """A new UDP socket, bound and not blocking. Raises OSError."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)  # a burst of calls waits here while the tick is served
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    made.setblocking(False)
    return made


class SharedSocket:
    """One end of it. It can be deaf for a while and send all the same; what comes meanwhile is for the other process."""

    def __init__(self, own: socket.socket, hears: Hears) -> None:
        self._socket, self._hears = own, hears
        self._listening: asyncio.AbstractEventLoop | None = None
        own.setblocking(False)
        hears.connection_made(self)

    def listen(self) -> None:
        """Take what comes from now on."""
        if self._listening is None and not self.is_closing():
            self._listening = asyncio.get_running_loop()
            self._listening.add_reader(self._socket.fileno(), self._read)

    def deafen(self) -> None:
        """Take nothing more, until `listen`."""
        if self._listening is not None:
            self._listening.remove_reader(self._socket.fileno())
            self._listening = None

    def close(self) -> None:
        """Give our hold of the socket back; the other process keeps its own."""
        self.deafen()
        self._socket.close()

    def sendto(self, data: bytes, addr: tuple[str, int]) -> None:
        """Send. What cannot be sent is lost, as datagrams are; SIP sends again what matters."""
        try:
            self._socket.sendto(data, addr)
        except OSError:
            return

    def is_closing(self) -> bool:
        """Whether it is closed."""
        return self._socket.fileno() < 0

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """The address it is bound to, as asyncio's transports tell it."""
        return self._socket.getsockname() if name == "sockname" else default

    def _read(self) -> None:
        for _ in range(AT_ONCE):
            if self._listening is None:
                return
            try:
                data, addr = self._socket.recvfrom(LONGEST)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:  # such as an ICMP message about something we sent
                continue
            self._hears.datagram_received(data, addr)
