"""Packets of sound come late, in the wrong order, twice or never: one frame a tick comes out, in order, as little late as the line allows."""

from typing import Final

from guildhall.providers.telephony.rtp import Packet

RESTART: Final = 100
"""A packet so far from the one that is expected, two seconds, begins the count anew: the sender does."""
WATCHED: Final = 50
"""Each second is looked at whether more is held than has to be."""
DEEPEST: Final = 8
FORGETS: Final = 10
"""After so many seconds without a late packet the line is taken to be better than it was."""


class JitterBuffer:
    """Waits for late packets as long as `depth` frames are held; what is missing is None.

    Where packets come too late again and again it waits longer, and where more is held than is ever needed it lets a frame go: what a
    burst has piled up, or a sender whose clock is fast, must not delay the caller for the rest of the call.
    """

    def __init__(self, depth: int = 3, most: int = 25) -> None:
        self._depth, self._least, self._most = depth, depth, most
        self._held: dict[int, bytes] = {}
        self._next: int | None = None
        self._source: int | None = None
        self._running = False
        self._lowest, self._watched, self._late_now, self._quiet = most, 0, 0, 0
        self.lost = self.late = self.dropped = 0

    def put(self, packet: Packet) -> None:
        """A packet arrived."""
        if packet.source != self._source or self._restarts(packet.sequence):
            self._held.clear()
            self._source, self._next, self._running = packet.source, None, False
        if self._next is not None and behind(packet.sequence, self._next):
            self.late += 1
            self._late_now += 1
            return
        self._held[packet.sequence] = packet.payload
        while len(self._held) > self._most:  # it burst: let the oldest go
            self._drop()

    def get(self) -> bytes | None:
        """The next frame, or None while there is nothing to play or one was lost."""
        self._watch()
        if not self._held:
            self._running = False
            return None
        if not self._running:
            if len(self._held) < self._depth:
                return None
            self._running = True
            self._next = self._first()
        assert self._next is not None
        frame = self._held.pop(self._next, None)
        if frame is None:
            self.lost += 1
        self._next = (self._next + 1) & 0xFFFF
        return frame

    def _watch(self) -> None:
        self._lowest = min(self._lowest, len(self._held)) if self._running else self._most
        self._watched += 1
        if self._watched < WATCHED:
            return
        self._quiet = 0 if self._late_now else self._quiet + 1
        if self._late_now > 1:
            self._depth, self._running = min(self._depth + 1, DEEPEST), False
        elif self._running and self._lowest > self._depth:
            self._drop()
        elif self._quiet >= FORGETS and self._depth > self._least:
            self._depth, self._quiet = self._depth - 1, 0
        self._lowest, self._watched, self._late_now = self._most, 0, 0

    def _restarts(self, sequence: int) -> bool:
        if self._next is None:
            return False
        ahead = (sequence - self._next) & 0xFFFF
        return RESTART < ahead < 0x10000 - RESTART

    def _first(self) -> int:
        base = next(iter(self._held))
        return min(self._held, key=lambda sequence: (sequence - base + 0x8000) & 0xFFFF)

    def _drop(self) -> None:
        first = self._first()
        del self._held[first]
        self._next = (first + 1) & 0xFFFF
        self.dropped += 1


def behind(sequence: int, expected: int) -> bool:
    """Whether a packet comes before the one that is expected, over the wrap too."""
    return (sequence - expected) & 0xFFFF > 0x8000
