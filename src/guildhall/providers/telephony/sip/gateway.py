"""The embedded gateway: answers SIP calls on this machine with nothing else installed. On loopback only, until peers are listed."""

import asyncio
import ipaddress
import socket
from collections.abc import Coroutine, Iterable
from typing import Any, Final

import structlog

from guildhall.channels.phone.ports import OnCall, TransferOutcome, TransferTarget
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.dialog_state import Report, unreported
from guildhall.providers.telephony.sip.endpoint import Elsewhere, SipEndpoint
from guildhall.providers.telephony.sip.leg import SipLeg
from guildhall.providers.telephony.sip.messages import SipRequest, response_to
from guildhall.providers.telephony.sip.rtp_ports import NoPortError, RtpPorts
from guildhall.providers.telephony.sip.sdp import SdpError
from guildhall.providers.telephony.sip.shared_socket import SharedSocket, bound
from guildhall.providers.telephony.sip.talk import Line
from guildhall.providers.telephony.sip.ticker import Ticker
from guildhall.providers.telephony.sip.transactions import Peer
from guildhall.providers.telephony.tells_session import run_session

log = structlog.get_logger("guildhall.sip")

LOOK_UP_SECONDS: Final = 60.0
GOODBYE_SECONDS: Final = 2.0
"""How long the other sides may take to hear that calls end at the deadline."""


class OpenToAllError(ValueError):
    """The gateway would listen beyond this machine with nobody listed who may call."""


class SipGateway:
    """A MediaGateway over SIP and RTP of our own.

    `inherited` is a bound UDP socket of another process, to listen on instead of one of our own. `report` is told the state of each
    dialog whenever it changes, and `elsewhere` gets messages that belong to no call of ours: both for the process that watches over us.
    `failover` is rung for a caller whose session fails: the last net under them.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 5060,
        bounds: Bounds | None = None,
        inherited: socket.socket | None = None,
        report: Report = unreported,
        elsewhere: Elsewhere | None = None,
        failover: TransferTarget | None = None,
    ) -> None:
        self._bounds = bounds or Bounds()
        self._inherited, self._failover = inherited, failover
        self._at = (host, port) if inherited is None else inherited.getsockname()[:2]
        self._on_call: OnCall | None = None
        self._legs: dict[str, SipLeg] = {}
        self._sessions: set[asyncio.Task[None]] = set()
        self._opened = asyncio.Event()
        self._handing_on = False
        self.ticker = Ticker()
        self.endpoint = SipEndpoint(self._bounds, self._invited, elsewhere)
        refuse_strangers(str(self._at[0]), self.endpoint.peers.loopback_only)
        self.line = Line(self.endpoint, self.ticker, RtpPorts(self._at[0], self._bounds.rtp_ports), report)

    @property
    def address(self) -> Peer:
        """Where calls come in."""
        return self.endpoint.here

    async def opened(self) -> None:
        """Wait until the socket is open."""
        await self._opened.wait()

    async def serve(self, on_call: OnCall) -> None:
        """Take calls until cancelled."""
        self._on_call = on_call
        wire = SharedSocket(self._inherited or bound(*self._at), self.endpoint)
        looking_up = asyncio.create_task(self._look_up())
        wire.listen()
        self._opened.set()
        try:
            await self.ticker.run()
        finally:
            if self._handing_on:  # neither those who talk nor the process that carries them on may hear of an end
                self.line.report = unreported
                wire.close()
            await _stop({looking_up, *self._sessions})
            await asyncio.sleep(0)  # what these still had to say, such as BYE, is said once
            await _stop(self.line.tasks)
            self.endpoint.transactions.close()
            wire.close()

    async def drain(self, deadline_seconds: float) -> None:
        """Take no more calls. Those that still run at the deadline are left as they are to the process that watches over us: who talks with a
        person goes on talking, and for everybody else a person's phone rings. With nobody to leave them to, they end."""
        self.endpoint.draining = True
        if self._sessions:
            await asyncio.wait(list(self._sessions), timeout=deadline_seconds)
        watched = self.line.report is not unreported
        if not watched:
            await asyncio.gather(*(leg.hang_up() for leg in list(self._legs.values())))
        if self.line.tasks:
            await asyncio.wait(list(self.line.tasks), timeout=GOODBYE_SECONDS)
        self._handing_on = watched and bool(self._legs)

    def _invited(self, invite: SipRequest, peer: Peer) -> None:
        """A new call: checked, told that we are at it, and handed to the session."""
        if not self.endpoint.answers(invite):
            return self.endpoint.answer(invite, peer, 404)  # nobody gets through us to another number
        if self.line.ours.intersection(invite.headers.fields):
            log.error("call_loop")  # a number to ring leads back to us: the trunk or phone.yaml is wrong
            return self.endpoint.answer(invite, peer, 482)
        if invite.body and invite.headers.get("content-type").partition(";")[0].strip().lower() != "application/sdp":
            return self.endpoint.answer(invite, peer, 415, (("accept", "application/sdp"),))
        try:
            if invite.body:
                self.endpoint.checked(invite.body, peer)
            leg = SipLeg(invite, peer, self.line)
        except SdpError:
            return self.endpoint.answer(invite, peer, 488)
        except NoPortError:
            log.error("no_rtp_port")
            return self.endpoint.answer(invite, peer, 503, (("retry-after", "5"),))
        self.endpoint.transactions.respond(invite, response_to(invite, 100), peer)
        self._start(self._take(leg))
        return None

    async def _take(self, leg: SipLeg) -> None:
        assert self._on_call is not None
        self._legs[leg.id] = leg
        try:
            await run_session(self._on_call, leg, lambda: self._fail_over(leg))
        finally:
            self._legs.pop(leg.id, None)

    async def _fail_over(self, leg: SipLeg) -> None:
        """Nobody talks with this caller any more: ring a person, and stay until the call is over."""
        if self._failover is None:
            return
        leg.flush()
        await leg.answer()
        if await leg.transfer(self._failover, "bridge") == TransferOutcome.CONNECTED:
            await leg.gone.wait()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._sessions.add(task)
        task.add_done_callback(self._sessions.discard)

    async def _look_up(self) -> None:
        """The names of peers, now and again: a trunk may move."""
        while self.endpoint.peers.names or self.endpoint.media_peers.names:
            failed = [*await self.endpoint.peers.resolve(), *await self.endpoint.media_peers.resolve()]
            if failed:
                log.warning("peers_unknown", names=sorted(set(failed)))
            await asyncio.sleep(LOOK_UP_SECONDS)


async def _stop(tasks: Iterable[asyncio.Task[Any]]) -> None:
    stopped = list(tasks)
    for task in stopped:
        task.cancel()
    await asyncio.gather(*stopped, return_exceptions=True)


def refuse_strangers(host: str, loopback_only: bool) -> None:
    """Raises OpenToAllError where we would listen to the world but nobody of it is listed."""
    if loopback_only and not ipaddress.ip_address(host).is_loopback:
        raise OpenToAllError(
            f"the phone would listen on {host}, but no peer outside this machine is listed who may call: "
            "list the addresses of your SIP trunk as peers, or listen on 127.0.0.1"
        )
