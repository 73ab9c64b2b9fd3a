"""One call's sound over RTP: what was heard is read once a tick, what is to be said is sent once a tick. No wake-up for each packet."""

import secrets
from collections.abc import Callable
from typing import Final

import numpy as np

from guildhall.channels.phone.ports import KeyPressed
from guildhall.providers.telephony.g711 import SILENCE, Law, decode, encode
from guildhall.providers.telephony.jitter import JitterBuffer
from guildhall.providers.telephony.playout import Playout
from guildhall.providers.telephony.rtp import SAMPLES_A_FRAME, Key, KeyReader, Packet, RtpError, parse
from guildhall.providers.telephony.sip.rtp_ports import RtpPorts
from guildhall.providers.telephony.sip.sdp import Media

SILENT: Final = bytes(2 * SAMPLES_A_FRAME)
CODED_SILENCE: Final = {law: bytes([SILENCE[law]]) * SAMPLES_A_FRAME for law in Law}
KEY_ENDS_AFTER: Final = 8
"""Ticks without another packet of a key after which it counts as let go, should its end be lost."""
LATCH_HOLDS: Final = 50
"""Ticks of silence from the port that sound came from, after which it may come from another of the same host."""
CONCEALED: Final = 3
FADES: Final = 0.7
"""Each frame that stands for a lost one is so much quieter than the one before; after three there is silence."""
AT_ONCE: Final = 100
LONGEST: Final = 2048


class Sound:
    """One call's sound: a port of its own, what was heard, what is to be said."""

    def __init__(self, ports: RtpPorts, key: Callable[[KeyPressed], None], mark: Callable[[str], None]) -> None:
        self.playout = Playout(mark)
        self.heard_packets = self.refused_packets = self.sent_packets = 0
        self.silent_ticks = 0
        self.relay_key: Callable[[Packet], None] | None = None
        self._ports, self._socket = ports, ports.take()
        self._key = key
        self._keys = KeyReader()
        self._key_ticks = 0
        self._jitter = JitterBuffer()
        self._rest = b""
        self._last = np.zeros(SAMPLES_A_FRAME, np.int16)
        self._media: Media | None = None
        self._latched: tuple[str, int] | None = None
        self._sequence = secrets.randbelow(65536)
        self._timestamp = secrets.randbelow(2**31)
        self._source = secrets.randbelow(2**32)
        self._relayed: tuple[int, int] = (-1, 0)

    @property
    def port(self) -> int:
        """Where we listen."""
        return int(self._socket.getsockname()[1])

    @property
    def lost(self) -> int:
        """How many frames never came, or too late."""
        return self._jitter.lost

    def agree(self, media: Media) -> None:
        """Both sides know where to send: the address that was described, until sound comes from another port of the same host."""
        if self._media is None or (media.host, media.port) != (self._media.host, self._media.port):
            self._latched = None
        self._media = media

    def hear(self) -> tuple[bytes, bool]:
        """The next frame of the other side, and whether it is made up. Once each tick."""
        self._read()
        self._key_ticks += 1
        if self._key_ticks == KEY_ENDS_AFTER:
            self._press(self._keys.waiting())
        media, frame = self._media, self._frame()
        if frame is None or media is None:
            self.silent_ticks += 1
            return self._concealed(), True
        self.silent_ticks = 0
        self._last = decode(frame, media.law)
        return self._last.tobytes(), False

    def _concealed(self) -> bytes:
        """What stands for a frame that never came: the last one, fading, so that a word with a hole in it is still heard as one."""
        if self.silent_ticks > CONCEALED:
            return SILENT
        return (self._last * FADES**self.silent_ticks).astype(np.int16).tobytes()

    def _frame(self) -> bytes | None:
        """20 ms of what came, whatever length the other side's packets have."""
        while len(self._rest) < SAMPLES_A_FRAME and (came := self._jitter.get()):
            self._rest += came
        if not self._rest or self._media is None:
            return None
        frame, self._rest = self._rest[:SAMPLES_A_FRAME], self._rest[SAMPLES_A_FRAME:]
        return frame.ljust(SAMPLES_A_FRAME, CODED_SILENCE[self._media.law][:1])

    def say(self, instead: bytes | None = None) -> bytes:
        """Send the next frame of what is queued, or `instead` where nothing is; gives what was sent. Once each tick."""
        self._sequence, self._timestamp = (self._sequence + 1) & 0xFFFF, (self._timestamp + SAMPLES_A_FRAME) & 0xFFFFFFFF
        media = self._media
        if media is None:
            return b""
        said = b"" if media.held else self.playout.frame() or instead or b""  # on hold nothing is said, and nothing lost
        if not media.receives:
            return said
        sound = encode(np.frombuffer(said, np.int16), media.law) if said else CODED_SILENCE[media.law]
        self._send(Packet(media.law_type, self._sequence, self._timestamp, self._source, sound), media)
        return said

    def send_key(self, heard: Packet) -> bool:
        """Pass a key's packet on that the other call heard; whether this side takes keys so."""
        media = self._media
        if media is None or media.keys_type is None:
            return False
        if heard.timestamp != self._relayed[0]:
            self._relayed = (heard.timestamp, self._timestamp)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._send(Packet(media.keys_type, self._sequence, self._relayed[1], self._source, heard.payload, heard.marker), media)
        return True

    def close(self) -> None:
        """Give the port back."""
        self._ports.give_back(self._socket)

    def _send(self, packet: Packet, media: Media) -> None:
        try:
            self._socket.sendto(packet.encoded(), self._latched or (media.host, media.port))
        except OSError:
            return
        self.sent_packets += 1

    def _read(self) -> None:
        for _ in range(AT_ONCE):
            try:
                data, addr = self._socket.recvfrom(LONGEST)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:  # such as an ICMP message: the other side has closed its port
                continue
            self._packet(data, (addr[0], addr[1]))

    def _packet(self, data: bytes, source: tuple[str, int]) -> None:
        """Sound or a key came. From any other host than the one that was agreed it is dropped, and from a second port of it while the first goes on."""
        media = self._media
        if media is None or source[0] != media.host or (source != self._latched and self._latched and self.silent_ticks < LATCH_HOLDS):
            self.refused_packets += 1
            return
        try:
            packet = parse(data)
        except RtpError:
            self.refused_packets += 1
            return
        if packet.payload_type == media.keys_type:
            self._latched = source
            self._key_packet(packet)
        elif packet.payload_type == media.law_type and packet.payload:
            self._latched = source
            self.heard_packets += 1
            self._jitter.put(packet)

    def _key_packet(self, packet: Packet) -> None:
        if self.relay_key is not None:
            self.relay_key(packet)
            return
        self._key_ticks = 0
        self._press(self._keys.read(packet))

    def _press(self, keys: list[Key]) -> None:
        for pressed in keys:
            self._key(KeyPressed(pressed.key, pressed.duration_seconds))
