"""The telephones of advisers in a soak: one socket each for those who answer, are busy, let it ring, or answer and soon hang up."""

import asyncio
import secrets
from typing import Any, Self

from guildhall.providers.telephony.sip.messages import Headers, SipRequest, SipResponse, parse, response_to
from guildhall.providers.telephony.sip.sdp import offer

HANGS_UP_AFTER = 0.3


class Phones(asyncio.DatagramProtocol):
    """Any number of calls at one address. `how` is what all of them do: answer, busy, ring, or leave."""

    def __init__(self, how: str) -> None:
        self.how, self.calls = how, 0
        self._invites: dict[str, SipRequest] = {}
        self.transport: Any = None

    @classmethod
    async def open(cls, how: str) -> Self:
        """Open them."""
        phones = cls(how)
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: phones, local_addr=("127.0.0.1", 0))
        return phones

    def connection_made(self, transport: Any) -> None:
        """The socket is open."""
        self.transport = transport

    @property
    def address(self) -> str:
        """Where to ring."""
        return f"sip:0163296020{len(self.how)}@127.0.0.1:{self.transport.get_extra_info('sockname')[1]}"

    @property
    def open_calls(self) -> int:
        """How many were not ended."""
        return len(self._invites)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """A message of the gateway's."""
        message = parse(data)
        if isinstance(message, SipResponse):
            return
        if message.method == "INVITE":
            self._rung(message, addr)
        elif message.method == "CANCEL":
            self._say(message, 200, addr)
            if invite := self._invites.pop(message.call_id, None):
                self._say(invite, 487, addr)
        elif message.method != "ACK":
            if message.method == "BYE":
                self._invites.pop(message.call_id, None)
            self._say(message, 200, addr)

    def _rung(self, invite: SipRequest, addr: Any) -> None:
        if invite.call_id not in self._invites:
            self.calls += 1
        self._say(invite, 180, addr)
        if self.how == "busy":
            return self._say(invite, 486, addr)
        self._invites[invite.call_id] = invite
        if self.how in ("answer", "leave"):
            self._say(invite, 200, addr, offer("127.0.0.1", 9, 1))
        if self.how == "leave":
            asyncio.get_running_loop().call_later(HANGS_UP_AFTER, self._leave, invite, addr)
        return None

    def _leave(self, invite: SipRequest, addr: Any) -> None:
        if self._invites.pop(invite.call_id, None) is None or self.transport.is_closing():
            return
        fields = (
            ("via", f"SIP/2.0/UDP 127.0.0.1:{self.transport.get_extra_info('sockname')[1]};branch=z9hG4bK{secrets.token_hex(6)}"),
            ("max-forwards", "70"),
            ("from", f"{invite.headers.get('to')};tag=person"),
            ("to", invite.headers.get("from")),
            ("call-id", invite.call_id),
            ("cseq", "1 BYE"),
        )
        self.transport.sendto(SipRequest(Headers(fields), b"", "BYE", "sip:guildhall@127.0.0.1").encoded(), addr)

    def _say(self, request: SipRequest, status: int, addr: Any, body: bytes = b"") -> None:
        more = (("contact", f"<{self.address}>"), *((("content-type", "application/sdp"),) if body else ()))
        self.transport.sendto(response_to(request, status, "person", more, body).encoded(), addr)
