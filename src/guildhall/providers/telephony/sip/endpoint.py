"""The SIP endpoint: a socket that hears only the peers it was told of, and hands each message to its call.

Whoever is not a peer is not answered at all. A peer that calls too often, or when too many calls run, is told 503 and when to try again.
What belongs to no call is answered without being remembered, so that no flood fills anything.
"""

import asyncio
import hashlib
import secrets
import socket
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

import structlog

from guildhall.providers.telephony.sip.bounds import Bounds, Counted
from guildhall.providers.telephony.sip.messages import SipError, SipRequest, parse, response_to
from guildhall.providers.telephony.sip.numbers import national, number_in
from guildhall.providers.telephony.sip.peers import LOOPBACK, Peers, is_this_machine
from guildhall.providers.telephony.sip.sdp import Media, SdpError, read_offer
from guildhall.providers.telephony.sip.targets import Targets
from guildhall.providers.telephony.sip.transactions import Peer, Transactions
from guildhall.providers.telephony.sip.vias import received

log = structlog.get_logger("guildhall.sip")

METHODS: Final = ("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "INFO", "NOTIFY")
ALLOW: Final = ("allow", ", ".join(METHODS))
UNDERSTOOD: Final = frozenset({"timer"})
"""Extensions that a caller may insist on."""
RETRY_AFTER: Final = (("retry-after", "5"),)
NOWHERE: Final = "0.0.0.0"
WILDCARD: Final = ("0.0.0.0", "::")

__all__ = ["Bounds", "Call", "Counted", "SipEndpoint"]


class Call(Protocol):
    """What the endpoint needs of a call."""

    def invited_again(self, request: SipRequest, peer: Peer) -> None:
        """A re-INVITE."""
        ...

    def acked(self, request: SipRequest) -> None:
        """The other side has our answer."""
        ...

    def cancelled(self) -> None:
        """The caller gave up before we answered."""
        ...

    def ended(self) -> None:
        """A BYE came."""
        ...

    def informed(self, request: SipRequest) -> None:
        """An INFO came."""
        ...

    def notified(self, request: SipRequest) -> None:
        """News of a transfer came."""
        ...


Elsewhere = Callable[[bytes, Peer], None]


@dataclass
class SipEndpoint(asyncio.DatagramProtocol):
    """One socket. `on_invite` makes a call of an INVITE, or answers it itself.

    `elsewhere` gets what belongs to no call of ours, where another process on the same socket may know it.
    """

    bounds: Bounds
    on_invite: Callable[[SipRequest, Peer], None]
    elsewhere: Elsewhere | None = None
    counted: Counted = field(default_factory=Counted)
    draining: bool = False

    def __post_init__(self) -> None:
        self._transport: asyncio.DatagramTransport | None = None
        self._calls: dict[tuple[str, str], Call] = {}
        self._ringing: dict[str, Call] = {}
        self._begun: set[tuple[str, str, int]] = set()
        self._invites: dict[str, deque[float]] = {}
        self._facing: dict[str, str] = {}
        self._said_at = 0.0
        self._numbers = {national(number) for number in self.bounds.numbers}
        self._salt = secrets.token_hex(8)
        self.peers = Peers(self.bounds.peers)
        self.media_peers = Peers(self.bounds.peers | self.bounds.media)
        self.targets = Targets(self.bounds.targets, self.peers, self.bounds.trunk)
        self.transactions = Transactions(self.send, self.bounds.t1)

    def connection_made(self, transport: Any) -> None:
        """The socket is open."""
        self._transport = transport

    @property
    def here(self) -> Peer:
        """Where we listen."""
        assert self._transport is not None
        name = self._transport.get_extra_info("sockname")
        return str(name[0]), int(name[1])

    def facing(self, peer: Peer) -> Peer:
        """Where a peer reaches us: what we advertise, or the address of ours from which it is reached."""
        host, port = self.here
        if self.bounds.advertised:
            return self.bounds.advertised, port
        if host not in WILDCARD:
            return host, port
        if peer[0] not in self._facing:
            with socket.socket(socket.AF_INET6 if ":" in peer[0] else socket.AF_INET, socket.SOCK_DGRAM) as asking:
                asking.connect((peer[0], peer[1] or 5060))  # sends nothing: the system only chooses the way
                self._facing[peer[0]] = str(asking.getsockname()[0])
        return self._facing[peer[0]], port

    @property
    def running(self) -> int:
        """How many calls there are, those that we placed included."""
        return len(self._calls)

    def send(self, data: bytes, peer: Peer) -> None:
        """Send a datagram, to a peer only."""
        if self._transport is not None and not self._transport.is_closing() and self.peers.knows(peer[0]):
            self._transport.sendto(data, peer)

    def know(self, call_id: str, our_tag: str, call: Call, invite: SipRequest | None = None) -> None:
        """Hand messages of this dialog to the call; until it is answered, a CANCEL of its INVITE too."""
        self._calls[call_id, our_tag] = call
        if invite is not None:
            self._ringing[invite.transaction] = call

    def forget(self, call_id: str, our_tag: str) -> None:
        """The call is over."""
        call = self._calls.pop((call_id, our_tag), None)
        self._ringing = {branch: ringing for branch, ringing in self._ringing.items() if ringing is not call}
        self._begun = {begun for begun in self._begun if begun[0] != call_id}

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """A message, or a keep-alive, or nothing for us."""
        source = (str(addr[0]), int(addr[1]))
        if not self.peers.knows(source[0]):
            self.counted.strangers += 1
            return
        if not data.strip(b"\r\n\0 "):
            return
        try:
            message = parse(data)
            if isinstance(message, SipRequest):
                request, peer = received(message, source)
                self._request(request, peer, data, source)
            elif not self.transactions.response(message) and self.elsewhere:
                self.elsewhere(data, source)
        except SipError as error:
            self._unreadable(error)
        except Exception as error:  # noqa: BLE001  # boundary: the call session; one broken call must not silence the others
            self.counted.failed += 1
            log.error("sip_failed", error=type(error).__name__, so_far=self.counted.failed)

    def _unreadable(self, error: SipError) -> None:
        """Said once a second at most: a log is no place for a flood either."""
        self.counted.unreadable += 1
        if time.monotonic() - self._said_at >= 1:
            self._said_at = time.monotonic()
            log.info("sip_unreadable", status=error.status, so_far=self.counted.unreadable)

    def _request(self, request: SipRequest, peer: Peer, data: bytes, source: Peer) -> None:
        call = self._of(request)
        if request.method == "ACK":
            known = self.transactions.acked(request)
            if call:
                call.acked(request)
            elif not known and self.elsewhere and request.to_tag:
                self.elsewhere(data, source)
            return None
        if self.transactions.seen_before(request):
            return None
        if refusal := self._refusal(request):
            return self.answer(request, peer, refusal[0], refusal[1])
        if request.method == "OPTIONS" and not request.to_tag:
            return self._options(request, peer)
        if request.method == "CANCEL":
            return self._cancel(request, peer, data, source)
        if not request.to_tag:
            return self._invite(request, peer) if request.method == "INVITE" else self.answer(request, peer, 481)
        if call is None:
            return self.elsewhere(data, source) if self.elsewhere else self.answer(request, peer, 481)
        self.transactions.begin(request)
        return self._within(call, request, peer)

    def _refusal(self, request: SipRequest) -> tuple[int, tuple[tuple[str, str], ...]] | None:
        if request.method not in METHODS:
            return 405, (ALLOW,)
        unknown = [option for option in request.headers.all("require") if option.lower() not in UNDERSTOOD]
        if unknown and request.method != "CANCEL":
            return 420, tuple(("unsupported", option) for option in unknown)
        if request.headers.get("max-forwards") == "0" and request.method != "OPTIONS":
            return 483, ()
        return None

    def _within(self, call: Call, request: SipRequest, peer: Peer) -> None:
        if request.method == "INVITE":
            return call.invited_again(request, peer)
        self.answer(request, peer, 200)
        if request.method == "BYE":
            call.ended()
        elif request.method == "INFO":
            call.informed(request)
        elif request.method == "NOTIFY":
            call.notified(request)
        return None

    def _options(self, request: SipRequest, peer: Peer) -> None:
        if self.draining:  # so that a trunk or a hunt group that asks sends calls to people
            return self.answer(request, peer, 503, RETRY_AFTER)
        return self.answer(request, peer, 200, (ALLOW, ("accept", "application/sdp"), ("supported", "timer")))

    def _cancel(self, request: SipRequest, peer: Peer, data: bytes, source: Peer) -> None:
        call = self._ringing.pop(request.transaction, None)
        if call is None and self.elsewhere:
            return self.elsewhere(data, source)
        self.answer(request, peer, 200 if call else 481)
        return call.cancelled() if call else None

    def _invite(self, request: SipRequest, peer: Peer) -> None:
        if self._too_often(peer[0]) or self.draining or self.running >= self.bounds.calls:
            self.counted.refused += 1
            return self.answer(request, peer, 503, RETRY_AFTER)
        again = (request.call_id, request.from_tag, request.cseq[0])
        if again in self._begun:
            return self.answer(request, peer, 482)  # the same call by another way (8.2.2.2)
        self.transactions.begin(request)
        self.counted.calls += 1
        self._begun.add(again)
        self.on_invite(request, peer)
        if not any(call_id == request.call_id for call_id, _ in self._calls):
            self._begun.discard(again)  # refused at once
        return None

    def _too_often(self, host: str) -> bool:
        now, recent = time.monotonic(), self._invites.setdefault(host, deque())
        while recent and now - recent[0] > 1:
            recent.popleft()
        if len(recent) >= self.bounds.invites_a_second:
            return True
        recent.append(now)
        return False

    def answer(self, request: SipRequest, peer: Peer, status: int, more: tuple[tuple[str, str], ...] = ()) -> None:
        """Answer outside a call. What was not begun is not remembered: the same question gets the same answer, tag included."""
        tag = hashlib.blake2s(f"{self._salt}{request.transaction}".encode(), digest_size=6).hexdigest()
        response = response_to(request, status, tag if status > 100 else "", more)
        if self.transactions.began(request):
            self.transactions.respond(request, response, peer)
        else:
            self.send(response.encoded(), peer)

    def answers(self, invite: SipRequest) -> bool:
        """Whether the number that was dialled is one of ours."""
        return not self.bounds.numbers or national(number_in(f"<{invite.uri}>")) in self._numbers

    def checked(self, body: bytes, peer: Peer) -> Media:
        """A description of sound that goes to a peer. Raises SdpError.

        A softphone on this machine that calls over loopback may describe the machine's address in the network: that is loopback too.
        """
        media = read_offer(body)
        if media.host == NOWHERE or self.media_peers.knows(media.host):
            return media
        if peer[0] in LOOPBACK and is_this_machine(media.host):
            return replace(media, host=peer[0])
        raise SdpError("the sound would go to somebody who is no peer")

    def _of(self, request: SipRequest) -> Call | None:
        return self._calls.get((request.call_id, request.to_tag))
