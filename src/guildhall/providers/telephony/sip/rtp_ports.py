"""Ports for sound: even ones, as RFC 3550 has it, from the range that the firewall lets through, or any."""

import socket

from guildhall.providers.telephony.sip.shared_socket import bound

TRIES = 50


class NoPortError(OSError):
    """No port for sound is left."""


class RtpPorts:
    """Opens ports one after another, so that a port just given back rests before another call gets it."""

    def __init__(self, host: str, within: tuple[int, int] = (0, 0)) -> None:
        self._host = host
        first, last = within
        self._range = range(first + first % 2, last + 1, 2) if last else range(0)
        self._next = 0
        self.open = 0

    def take(self) -> socket.socket:
        """A socket of its own for one call's sound. Raises NoPortError."""
        for _ in range(len(self._range) or TRIES):
            try:
                taken = bound(self._host, self._port())
            except OSError:
                continue
            if taken.getsockname()[1] % 2 == 0:
                self.open += 1
                return taken
            taken.close()
        raise NoPortError("no port for sound is free; widen the range of RTP ports or allow fewer calls")

    def give_back(self, taken: socket.socket) -> None:
        """The call is over. Giving back again does nothing."""
        if taken.fileno() >= 0:
            taken.close()
            self.open -= 1

    def _port(self) -> int:
        if not self._range:
            return 0
        self._next = (self._next + 1) % len(self._range)
        return self._range[self._next]
