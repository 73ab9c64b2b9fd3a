"""The sound of each call over RTP, and the one tick of 20 ms that serves all of them."""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from guildhall.channels.phone.ports import FRAME_SECONDS, KeyPressed
from guildhall.providers.telephony.g711 import decode, encode
from guildhall.providers.telephony.playout import Playout
from guildhall.providers.telephony.rtp import SAMPLES_A_FRAME, JitterBuffer, KeyReader, Packet, RtpError, parse
from guildhall.providers.telephony.sip.sdp import Media

SILENT: Final = bytes(2 * SAMPLES_A_FRAME)
KEY_ENDS_AFTER: Final = 8
"""Ticks without another packet of a key after which it counts as let go, should its end be lost."""
LATENESS_KEPT: Final = 5000


class Sound(asyncio.DatagramProtocol):
    """One call's sound: a socket of its own, what was heard, what is to be said."""

    def __init__(self, key: Callable[[KeyPressed], None], mark: Callable[[str], None]) -> None:
        self.playout = Playout(mark)
        self.heard_packets = self.refused_packets = 0
        self.silent_ticks = 0
        self._key = key
        self._keys = KeyReader()
        self._key_ticks = 0
        self._jitter = JitterBuffer()
        self._media: Media | None = None
        self._latched: tuple[str, int] | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._sequence = secrets.randbelow(65536)
        self._timestamp = secrets.randbelow(2**31)
        self._source = secrets.randbelow(2**32)

    def connection_made(self, transport: Any) -> None:
        """The socket is open."""
        self._transport = transport

    @property
    def port(self) -> int:
        """Where we listen."""
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    def agree(self, media: Media) -> None:
        """Both sides know where to send: the address that was described, until sound comes from another port of the same host."""
        self._media = media
        self._latched = None

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Sound or a key came. From any other host than the one that was agreed it is dropped."""
        media = self._media
        if media is None or addr[0] != media.host:
            self.refused_packets += 1
            return
        try:
            packet = parse(data)
        except RtpError:
            self.refused_packets += 1
            return
        self._latched = (addr[0], addr[1])
        self.heard_packets += 1
        if packet.payload_type == media.keys_type:
            self._key_ticks = 0
            self._press(self._keys.read(packet))
        elif packet.payload_type == media.law_type and len(packet.payload) % SAMPLES_A_FRAME == 0:
            self._put(packet)

    def _put(self, packet: Packet) -> None:
        """Longer packets, of 40 or 60 ms, are cut into frames; their sequence then counts frames."""
        frames = len(packet.payload) // SAMPLES_A_FRAME
        if frames == 1:
            self._jitter.put(packet)
            return
        for n in range(frames):
            piece = packet.payload[n * SAMPLES_A_FRAME : (n + 1) * SAMPLES_A_FRAME]
            self._jitter.put(Packet(packet.payload_type, (packet.sequence * frames + n) & 0xFFFF, 0, packet.source, piece))

    def _press(self, keys: Any) -> None:
        for pressed in keys:
            self._key(KeyPressed(pressed.key, pressed.duration_seconds))

    def tick(self) -> tuple[bytes, bool, bytes]:
        """Send one frame; what the caller said in one, whether it is made up, and what was sent."""
        self._key_ticks += 1
        if self._key_ticks == KEY_ENDS_AFTER:
            self._press(self._keys.waiting())
        media = self._media
        if media is None:
            return SILENT, True, b""
        said = self._send(media)
        frame = self._jitter.get()
        if frame is None:
            self.silent_ticks += 1
            return SILENT, True, said
        self.silent_ticks = 0
        return decode(frame, media.law).tobytes(), False, said

    def _send(self, media: Media) -> bytes:
        self._sequence, self._timestamp = (self._sequence + 1) & 0xFFFF, (self._timestamp + SAMPLES_A_FRAME) & 0xFFFFFFFF
        said = b"" if media.held else self.playout.frame() or b""  # on hold nothing is said, and nothing lost
        if self._transport is None or not media.receives:
            return said
        sound = encode(np.frombuffer(said or SILENT, np.int16), media.law)
        packet = Packet(media.law_type, self._sequence, self._timestamp, self._source, sound)
        self._transport.sendto(packet.encoded(), self._latched or (media.host, media.port))
        return said

    def close(self) -> None:
        """Give the port back."""
        if self._transport is not None:
            self._transport.close()


class Ticker:
    """Calls everybody each 20 ms, and knows how late it was."""

    def __init__(self) -> None:
        self.lateness: deque[float] = deque(maxlen=LATENESS_KEPT)
        self._ticking: dict[int, Callable[[], None]] = {}

    def add(self, tick: Callable[[], None]) -> Callable[[], None]:
        """Call this each tick; gives back how to stop."""
        self._ticking[id(tick)] = tick
        return lambda: self._ticking.pop(id(tick), None) and None

    async def run(self) -> None:
        """Until cancelled. What was missed is made up for by ticking at once, a second at most."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += FRAME_SECONDS
            wait = due - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            elif wait < -1:
                due = loop.time()
            else:
                await asyncio.sleep(0)
            self.lateness.append(max(0.0, loop.time() - due))
            for tick in list(self._ticking.values()):
                tick()
