"""A caller for tests: a SIP phone of a few lines, in this process, that can also do what phones should not."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from guildhall.providers.telephony.g711 import Law, decode, encode
from guildhall.providers.telephony.rtp import Packet, key_packets, parse
from guildhall.providers.telephony.sip.messages import Headers, SipRequest, SipResponse
from guildhall.providers.telephony.sip.messages import parse as parse_sip
from guildhall.providers.telephony.sip.sdp import Media, offer, read_offer

ENDED = 5.0
OPENED: "list[Caller]" = []
"""Every caller of the test that runs, so that none is left open when it fails."""


def close_all() -> None:
    """Close what a test opened."""
    while OPENED:
        OPENED.pop().close()


class _Socket(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.came: asyncio.Queue[tuple[bytes, Any]] = asyncio.Queue()
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.came.put_nowait((data, addr))

    @property
    def port(self) -> int:
        return int(self.transport.get_extra_info("sockname")[1])


@dataclass
class Caller:
    """One phone. `heard` is everything that was said to it, as linear sound."""

    to: tuple[str, int]
    sip: _Socket = field(default_factory=_Socket)
    rtp: _Socket = field(default_factory=_Socket)
    call_id: str = field(default_factory=lambda: secrets.token_hex(8))
    tag: str = field(default_factory=lambda: secrets.token_hex(4))
    their_tag: str = ""
    cseq: int = 0
    number: str = "01632960123"
    media: Media | None = None
    heard: list[bytes] = field(default_factory=list)
    sequence: int = 0
    timestamp: int = 0

    @classmethod
    async def open(cls, to: tuple[str, int], **more: Any) -> Self:
        caller = cls(to, **more)
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: caller.sip, local_addr=("127.0.0.1", 0))
        await loop.create_datagram_endpoint(lambda: caller.rtp, local_addr=("127.0.0.1", 0))
        OPENED.append(caller)
        return caller

    def request(self, method: str, *more: tuple[str, str], body: bytes = b"", branch: str = "", cseq: int = 0) -> SipRequest:
        if not cseq and method not in ("ACK", "CANCEL"):
            self.cseq += 1
        to = f"<sip:council@127.0.0.1>{f';tag={self.their_tag}' if self.their_tag else ''}"
        fields = (
            ("via", f"SIP/2.0/UDP 127.0.0.1:{self.sip.port};branch={branch or 'z9hG4bK' + secrets.token_hex(6)}"),
            ("max-forwards", "70"),
            ("from", f"<sip:{self.number}@127.0.0.1>;tag={self.tag}"),
            ("to", to),
            ("call-id", self.call_id),
            ("cseq", f"{cseq or self.cseq} {method}"),
            ("contact", f"<sip:{self.number}@127.0.0.1:{self.sip.port}>"),
            *more,
        )
        return SipRequest(Headers(fields), body, method, "sip:council@127.0.0.1")

    def send(self, message: SipRequest | SipResponse | bytes) -> None:
        self.sip.transport.sendto(message if isinstance(message, bytes) else message.encoded(), self.to)

    async def receive(self, within: float = ENDED) -> SipRequest | SipResponse:
        data, _ = await asyncio.wait_for(self.sip.came.get(), within)
        return parse_sip(data)

    async def final(self, within: float = ENDED) -> SipResponse:
        """The next final response."""
        while True:
            message = await self.receive(within)
            if isinstance(message, SipResponse) and message.status >= 200:
                self.their_tag = self.their_tag or message.to_tag
                return message

    async def call(self, body: bytes | None = None, **more: Any) -> SipResponse:
        """Call, and acknowledge whatever the answer is."""
        body = offer("127.0.0.1", self.rtp.port, 1) if body is None else body
        invite = self.request("INVITE", ("content-type", "application/sdp"), body=body, **more)
        self.send(invite)
        answered = await self.final()
        branch = "" if answered.status < 300 else invite.branch
        self.send(self.request("ACK", branch=branch, cseq=invite.cseq[0]))
        if answered.status < 300 and answered.body:
            self.media = read_offer(answered.body)
        return answered

    def say(self, frame: np.ndarray[Any, Any]) -> None:
        """Send 20 ms."""
        assert self.media is not None
        self.sequence, self.timestamp = self.sequence + 1, self.timestamp + 160
        sound = encode(frame.astype(np.int16), self.media.law)
        packet = Packet(self.media.law_type, self.sequence, self.timestamp, 77, sound)
        self.rtp.transport.sendto(packet.encoded(), (self.media.host, self.media.port))

    def press(self, key: str) -> None:
        """Press a key, as RFC 4733 has it."""
        assert self.media is not None and self.media.keys_type is not None
        self.timestamp += 1600
        for packet in key_packets(key, self.sequence + 1, self.timestamp, 77, self.media.keys_type):
            self.sequence = packet.sequence
            self.rtp.transport.sendto(packet.encoded(), (self.media.host, self.media.port))

    async def listen(self, frames: int) -> "np.ndarray[Any, Any]":
        """What is said to us in so many frames, as linear sound."""
        heard = []
        for _ in range(frames):
            data, _ = await asyncio.wait_for(self.rtp.came.get(), ENDED)
            heard.append(decode(parse(data).payload, self.media.law if self.media else Law.A))
        return np.concatenate(heard)

    async def hang_up(self) -> SipResponse:
        self.send(self.request("BYE"))
        return await self.final()

    def close(self) -> None:
        self.sip.transport.close()
        self.rtp.transport.close()
