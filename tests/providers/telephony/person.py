"""The phone of a person whom calls are put through to: rings, answers or does not, as a test has it."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from guildhall.providers.telephony.g711 import decode, encode
from guildhall.providers.telephony.rtp import Packet, parse
from guildhall.providers.telephony.sip.messages import Headers, SipRequest, SipResponse, response_to
from guildhall.providers.telephony.sip.messages import parse as parse_sip
from guildhall.providers.telephony.sip.sdp import Media, answer, offer, read_offer
from tests.providers.telephony.caller import ENDED, _Socket

SDP = ("content-type", "application/sdp")


@dataclass
class Person:
    """`answers` is the final status; 0 lets it ring. `rings` are the statuses before it. What came is in `requests`."""

    answers: int = 200
    rings: tuple[int, ...] = (100, 180)
    early: bool = False
    silent: bool = False
    acks_200_repeats: bool = True
    sip: _Socket = field(default_factory=_Socket)
    rtp: _Socket = field(default_factory=_Socket)
    requests: list[SipRequest] = field(default_factory=list)
    responses: list[SipResponse] = field(default_factory=list)
    media: Media | None = None
    invite: SipRequest | None = None
    tag: str = field(default_factory=lambda: secrets.token_hex(4))
    sequence: int = 100
    cseq: int = 0
    peer: Any = None

    @classmethod
    async def open(cls, **more: Any) -> Self:
        person = cls(**more)
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: person.sip, local_addr=("127.0.0.1", 0))
        await loop.create_datagram_endpoint(lambda: person.rtp, local_addr=("127.0.0.1", 0))
        person._living = loop.create_task(person._live())  # type: ignore[attr-defined]
        return person

    @property
    def address(self) -> str:
        return f"sip:01632960200@127.0.0.1:{self.sip.port}"

    def methods(self) -> list[str]:
        return [request.method for request in self.requests]

    async def got(self, method: str, times: int = 1, within: float = ENDED) -> SipRequest:
        """Wait for a request."""
        async with asyncio.timeout(within):
            while self.methods().count(method) < times:
                await asyncio.sleep(0.005)
        return [request for request in self.requests if request.method == method][-1]

    async def answered(self, method: str, within: float = ENDED) -> SipResponse:
        """Wait for the final response to a request of ours."""
        async with asyncio.timeout(within):
            while not (found := [r for r in self.responses if r.cseq[1] == method and r.status >= 200]):
                await asyncio.sleep(0.005)
        return found[-1]

    async def _live(self) -> None:
        while True:
            data, self.peer = await self.sip.came.get()
            message = parse_sip(data)
            if isinstance(message, SipResponse):
                self.responses.append(message)
                continue
            self.requests.append(message)
            if not self.silent:
                self._react(message)

    def _react(self, request: SipRequest) -> None:
        if request.method == "INVITE" and not request.to_tag:
            self.invite = request
            for status in self.rings:
                self._send(request, status, self._sdp(request) if self.early and status == 183 else b"")
            if self.answers:
                self.pick_up(self.answers)
        elif request.method == "INVITE":
            self._send(request, 200, self._sdp(request))
        elif request.method == "CANCEL":
            self._send(request, 200)
            assert self.invite is not None
            if self.answers == 0:
                self._send(self.invite, 487)
        elif request.method == "ACK":
            if request.body:
                self.media = read_offer(request.body)
        else:
            self._send(request, 200)

    def pick_up(self, status: int = 200) -> None:
        assert self.invite is not None
        self._send(self.invite, status, self._sdp(self.invite) if status == 200 else b"")

    def _sdp(self, request: SipRequest) -> bytes:
        if not request.body:
            return offer("127.0.0.1", self.rtp.port, 9)
        self.media = read_offer(request.body)
        return answer(self.media, "127.0.0.1", self.rtp.port, 9)

    def _send(self, request: SipRequest, status: int, body: bytes = b"") -> None:
        more = (("contact", f"<sip:person@127.0.0.1:{self.sip.port}>"), *((SDP,) if body else ()))
        self.sip.transport.sendto(response_to(request, status, self.tag if status > 100 else "", more, body).encoded(), self.peer)

    def ask(self, method: str, *more: tuple[str, str], body: bytes = b"") -> None:
        """A request of ours within the call."""
        assert self.invite is not None
        self.cseq += 1
        fields = (
            ("via", f"SIP/2.0/UDP 127.0.0.1:{self.sip.port};branch=z9hG4bK{secrets.token_hex(6)}"),
            ("max-forwards", "70"),
            ("from", f"{self.invite.headers.get('to')};tag={self.tag}"),
            ("to", self.invite.headers.get("from")),
            ("call-id", self.invite.call_id),
            ("cseq", f"{self.cseq} {method}"),
            ("contact", f"<sip:person@127.0.0.1:{self.sip.port}>"),
            *more,
        )
        self.sip.transport.sendto(SipRequest(Headers(fields), body, method, "sip:guildhall@127.0.0.1").encoded(), self.peer)

    def say(self, frame: "np.ndarray[Any, Any]") -> None:
        """Send 20 ms."""
        assert self.media is not None
        self.sequence += 1
        packet = Packet(self.media.law_type, self.sequence, 160 * self.sequence, 99, encode(frame.astype(np.int16), self.media.law))
        self.rtp.transport.sendto(packet.encoded(), (self.media.host, self.media.port))

    async def listen(self, frames: int) -> "np.ndarray[Any, Any]":
        """What is said to us."""
        heard: list[Any] = []
        while len(heard) < frames:
            data, _ = await asyncio.wait_for(self.rtp.came.get(), ENDED)
            packet = parse(data)
            if self.media is not None and packet.payload_type == self.media.law_type:
                heard.append(decode(packet.payload, self.media.law))
        return np.concatenate(heard)

    def close(self) -> None:
        self._living.cancel()  # type: ignore[attr-defined]
        self.sip.transport.close()
        self.rtp.transport.close()
