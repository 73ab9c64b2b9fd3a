"""The SIP endpoint: a socket that hears only the peers it was told of, and hands each message to its call.

Whoever is not a peer is not answered at all. A peer that calls too often, or when too many calls run, is told 503 and when to try again.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import structlog

from guildhall.providers.telephony.sip.messages import SipError, SipRequest, SipResponse, parse, response_to
from guildhall.providers.telephony.sip.transactions import T1, Peer, Transactions

log = structlog.get_logger("guildhall.sip")

LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
METHODS: Final = "INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, NOTIFY"
INVITES_A_SECOND: Final = 10
RETRY_AFTER: Final = (("retry-after", "5"),)


class Call(Protocol):
    """What the endpoint needs of a call."""

    def invited_again(self, request: SipRequest, peer: Peer) -> None:
        """A re-INVITE."""
        ...

    def acked(self, request: SipRequest) -> None:
        """The caller has our answer."""
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


@dataclass(frozen=True, slots=True)
class Bounds:
    """What an endpoint allows."""

    peers: frozenset[str] = LOOPBACK
    calls: int = 150
    invites_a_second: int = INVITES_A_SECOND
    t1: float = T1


@dataclass
class Counted:
    """What an endpoint has seen, for its operators."""

    strangers: int = 0
    unreadable: int = 0
    refused: int = 0
    calls: int = 0


@dataclass
class SipEndpoint(asyncio.DatagramProtocol):
    """One socket. `on_invite` makes a call of an INVITE, or answers it itself."""

    bounds: Bounds
    on_invite: Callable[[SipRequest, Peer], None]
    counted: Counted = field(default_factory=Counted)
    draining: bool = False

    def __post_init__(self) -> None:
        self._transport: asyncio.DatagramTransport | None = None
        self._calls: dict[tuple[str, str], Call] = {}
        self._ringing: dict[str, Call] = {}
        self._invites: dict[str, deque[float]] = {}
        self._taken: set[str] = set()
        self._given_up: set[str] = set()
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

    @property
    def running(self) -> int:
        """How many calls there are."""
        return len(self._calls)

    def send(self, data: bytes, peer: Peer) -> None:
        """Send a datagram, to a peer only."""
        if self._transport is not None and not self._transport.is_closing() and peer[0] in self.bounds.peers:
            self._transport.sendto(data, peer)

    def know(self, call_id: str, our_tag: str, call: Call, branch: str = "") -> None:
        """Hand messages of this dialog to the call; until it is answered, a CANCEL of that branch too."""
        self._calls[call_id, our_tag] = call
        if branch:
            self._ringing[branch] = call
            self._taken.discard(branch)
        if branch in self._given_up:  # the CANCEL was quicker than our socket
            self._given_up.discard(branch)
            asyncio.get_running_loop().call_soon(call.cancelled)

    def forget(self, call_id: str, our_tag: str) -> None:
        """The call is over."""
        call = self._calls.pop((call_id, our_tag), None)
        self._ringing = {branch: ringing for branch, ringing in self._ringing.items() if ringing is not call}

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """A message, or a keep-alive, or nothing for us."""
        peer = (str(addr[0]), int(addr[1]))
        if peer[0] not in self.bounds.peers:
            self.counted.strangers += 1
            return
        if not data.strip():
            return
        try:
            message = parse(data)
            if isinstance(message, SipResponse):
                self.transactions.response(message)
            else:
                self._request(message, peer)  # answers go whence it came (RFC 3581), whatever its Via says
        except SipError as error:
            self.counted.unreadable += 1
            log.info("sip_unreadable", status=error.status)
        except Exception as error:  # noqa: BLE001  # boundary: the call session; one broken call must not silence the others
            log.error("sip_failed", error=type(error).__name__)

    def _request(self, request: SipRequest, peer: Peer) -> None:
        if request.method == "ACK":
            self.transactions.acked(request)
            if call := self._of(request):
                call.acked(request)
            return None
        if self.transactions.seen_before(request):
            return None
        if request.method not in METHODS:
            return self.answer(request, peer, 405, (("allow", METHODS),))
        if unknown := [option for option in request.headers.all("require") if option]:
            return self.answer(request, peer, 420, tuple(("unsupported", option) for option in unknown))
        if request.headers.get("max-forwards") == "0" and request.method != "OPTIONS":
            return self.answer(request, peer, 483)
        if request.method == "OPTIONS":
            return self._options(request, peer)
        if request.method == "CANCEL":
            return self._cancel(request, peer)
        if request.method == "INVITE" and not request.to_tag:
            return self._invite(request, peer)
        return self._within(request, peer)

    def _within(self, request: SipRequest, peer: Peer) -> None:
        call = self._of(request)
        if call is None:
            return self.answer(request, peer, 481)
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
        return self.answer(request, peer, 200, (("allow", METHODS), ("accept", "application/sdp")))

    def _cancel(self, request: SipRequest, peer: Peer) -> None:
        call = self._ringing.pop(request.branch, None)
        taken = request.branch in self._taken
        self.answer(request, peer, 200 if call or taken else 481)
        if call:
            call.cancelled()
        elif taken:
            self._given_up.add(request.branch)

    def _invite(self, request: SipRequest, peer: Peer) -> None:
        if self.draining or self.running >= self.bounds.calls or self._too_often(peer[0]):
            self.counted.refused += 1
            return self.answer(request, peer, 503, RETRY_AFTER)
        self.counted.calls += 1
        self._taken.add(request.branch)
        self.on_invite(request, peer)
        return None

    def _too_often(self, host: str) -> bool:
        now, recent = time.monotonic(), self._invites.setdefault(host, deque())
        while recent and now - recent[0] > 1:
            recent.popleft()
        recent.append(now)
        return len(recent) > self.bounds.invites_a_second

    def answer(self, request: SipRequest, peer: Peer, status: int, more: tuple[tuple[str, str], ...] = ()) -> None:
        """Answer outside a call."""
        self.transactions.respond(request, response_to(request, status, secrets.token_hex(4) if status > 100 else "", more), peer)

    def _of(self, request: SipRequest) -> Call | None:
        return self._calls.get((request.call_id, request.to_tag))
