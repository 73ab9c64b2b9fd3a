"""RTP (RFC 3550) packets, and keys as telephone events in them (RFC 4733). Their order in time: `jitter.py`."""

import struct
from dataclasses import dataclass, field
from typing import Final

HEADER: Final = struct.Struct("!BBHII")
EVENT: Final = struct.Struct("!BBH")
KEYS: Final = "0123456789*#ABCD"
SAMPLES_A_FRAME: Final = 160
"""20 ms at 8 kHz."""


class RtpError(ValueError):
    """The bytes are no RTP packet that we can read."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet. `timestamp` counts samples, `sequence` packets; both wrap around."""

    payload_type: int
    sequence: int
    timestamp: int
    source: int
    payload: bytes
    marker: bool = False

    def encoded(self) -> bytes:
        """The bytes on the wire."""
        second = self.payload_type | (0x80 if self.marker else 0)
        return HEADER.pack(0x80, second, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF, self.source) + self.payload


def parse(data: bytes) -> Packet:
    """A packet from bytes: contributors, header extension and padding are taken off. Raises RtpError."""
    if len(data) < HEADER.size:
        raise RtpError("shorter than an RTP header")
    first, second, sequence, timestamp, source = HEADER.unpack_from(data)
    if first >> 6 != 2:
        raise RtpError("not version 2")
    start = HEADER.size + 4 * (first & 0x0F)
    if first & 0x10:
        if len(data) < start + 4:
            raise RtpError("the header extension is cut off")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = len(data)
    if first & 0x20:
        end -= data[-1]
    if start > end:
        raise RtpError("nothing is left for the payload")
    return Packet(second & 0x7F, sequence, timestamp, source, data[start:end], bool(second & 0x80))


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was pressed, and for how long."""

    key: str
    duration_seconds: float


@dataclass(slots=True)
class KeyReader:
    """Reads keys out of telephone events. A key is told once, when it ends or when the next begins, however many packets were lost or doubled."""

    _open: tuple[int, str, int] | None = None
    _told: int | None = field(default=None)

    def read(self, packet: Packet) -> list[Key]:
        """The keys that this packet completes."""
        if len(packet.payload) < EVENT.size:
            return []
        event, flags, duration = EVENT.unpack_from(packet.payload)
        if event >= len(KEYS) or packet.timestamp == self._told:
            return []
        found = self._ended(but=packet.timestamp)
        self._open = (packet.timestamp, KEYS[event], duration)
        return [*found, *(self._ended() if flags & 0x80 else [])]

    def waiting(self) -> list[Key]:
        """The key whose end was lost, once nothing more comes of it."""
        return self._ended()

    def _ended(self, but: int | None = None) -> list[Key]:
        if self._open is None or self._open[0] == but:
            return []
        timestamp, key, duration = self._open
        self._open, self._told = None, timestamp
        return [Key(key, duration / 8000)]


def key_packets(key: str, sequence: int, timestamp: int, source: int, payload_type: int, frames: int = 5) -> list[Packet]:
    """A key press as packets, the last one three times, as RFC 4733 asks."""
    event = KEYS.index(key)
    durations = [SAMPLES_A_FRAME * n for n in range(1, frames + 1)]
    sent = [(d, 0) for d in durations] + [(durations[-1], 0x80)] * 3
    return [
        Packet(payload_type, sequence + n, timestamp, source, EVENT.pack(event, flags | 10, duration), n == 0)
        for n, (duration, flags) in enumerate(sent)
    ]
