"""The embedded gateway: answers SIP calls on this machine with nothing else installed. On loopback only, until peers are listed."""

import asyncio
from collections.abc import Callable

import structlog

from guildhall.channels.phone.ports import KeyPressed, OnCall
from guildhall.providers.telephony.sip.endpoint import Bounds, SipEndpoint
from guildhall.providers.telephony.sip.leg import SipLeg
from guildhall.providers.telephony.sip.media import Sound, Ticker
from guildhall.providers.telephony.sip.messages import SipRequest, response_to
from guildhall.providers.telephony.sip.sdp import SdpError, read_offer
from guildhall.providers.telephony.sip.transactions import Peer

log = structlog.get_logger("guildhall.sip")


class SipGateway:
    """A MediaGateway over SIP and RTP of our own."""

    def __init__(self, host: str = "127.0.0.1", port: int = 5060, bounds: Bounds | None = None) -> None:
        self._at = (host, port)
        self._bounds = bounds or Bounds()
        self._on_call: OnCall | None = None
        self._legs: dict[str, SipLeg] = {}
        self._sessions: set[asyncio.Task[None]] = set()
        self._opened = asyncio.Event()
        self._transport: asyncio.DatagramTransport | None = None
        self.ticker = Ticker()
        self.endpoint = SipEndpoint(self._bounds, self._invited)

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
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self.endpoint, local_addr=self._at)
        self._opened.set()
        try:
            await self.ticker.run()
        finally:
            for task in list(self._sessions):
                task.cancel()
            self.endpoint.transactions.close()
            self._transport.close()

    async def drain(self, deadline_seconds: float) -> None:
        """Take no more calls; end those that still run at the deadline."""
        self.endpoint.draining = True
        if self._sessions:
            await asyncio.wait(list(self._sessions), timeout=deadline_seconds)
        await asyncio.gather(*(leg.hang_up() for leg in list(self._legs.values())))

    def _invited(self, invite: SipRequest, peer: Peer) -> None:
        """A new call: checked, told that we are at it, and handed to the session once its sound has a port."""
        try:
            if invite.body and read_offer(invite.body).host not in (*self._bounds.peers, "0.0.0.0"):
                raise SdpError("the sound would go to somebody who is no peer")
        except SdpError:
            self.endpoint.answer(invite, peer, 488)
            return
        self.endpoint.transactions.respond(invite, response_to(invite, 100), peer)
        self._start(self._take(invite, peer))

    async def _take(self, invite: SipRequest, peer: Peer) -> None:
        assert self._on_call is not None
        held: list[SipLeg] = []
        sound = Sound(_to(held, SipLeg.pressed), _to(held, SipLeg.reached))
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: sound, local_addr=(self._at[0], 0))
        leg = SipLeg(invite, peer, self.endpoint, sound, self.ticker)
        held.append(leg)
        self._legs[leg.id] = leg
        try:
            await self._on_call(leg)
        except Exception as error:  # noqa: BLE001  # boundary: the call session
            log.error("call_failed", error=type(error).__name__)
        finally:
            await leg.hang_up()
            self._legs.pop(leg.id, None)

    def _start(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._sessions.add(task)
        task.add_done_callback(self._sessions.discard)


def _to(held: list[SipLeg], tell: Callable[..., None]) -> Callable[..., None]:
    """Tell the leg, which is there by the time there is something to tell."""

    def told(what: KeyPressed | str) -> None:
        for leg in held:
            tell(leg, what)

    return told
