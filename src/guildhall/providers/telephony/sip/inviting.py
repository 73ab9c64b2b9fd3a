"""An INVITE that we send (RFC 3261, section 17.1.1): repeated until something comes back, rung as long as is allowed, cancelled, acknowledged."""

import asyncio
from collections.abc import Callable

from guildhall.providers.telephony.sip.dialog import Dialog
from guildhall.providers.telephony.sip.messages import Headers, SipRequest, SipResponse
from guildhall.providers.telephony.sip.transactions import LIVES, NoResponseError, Peer, Transactions


class Inviting:
    """One INVITE on its way. Whatever becomes of it, nobody's phone rings or is off the hook for nothing afterwards."""

    def __init__(
        self, transactions: Transactions, invite: SipRequest, peer: Peer, here: Peer, ringing: Callable[[SipResponse], None] | None = None
    ) -> None:
        self._transactions, self._invite, self._peer, self._here = transactions, invite, peer, here
        self._ringing = ringing
        self._came: asyncio.Queue[SipResponse | None] = asyncio.Queue()
        self._reached = self.cancelled = self._cancel_sent = self._gave_up = False
        self._final: SipResponse | None = None
        self._ack: bytes = b""
        self._background: set[asyncio.Task[None]] = set()

    async def final(self, seconds: float) -> SipResponse:
        """The final response; after `seconds` of ringing it is cancelled, and usually 487. Raises NoResponseError."""
        loop = asyncio.get_running_loop()
        self._transactions.expect(self._invite, self._heard)
        repeating = loop.create_task(self._repeat())
        begun = loop.time()
        ends = begun + seconds
        try:
            while True:
                try:
                    response = await asyncio.wait_for(self._came.get(), max(0.0, ends - loop.time()))
                except TimeoutError:
                    if self.cancelled or not self._reached:
                        raise NoResponseError("no answer to INVITE") from None
                    self.cancel()
                    ends = loop.time() + LIVES * self._transactions.t1
                    continue
                if response is not None:
                    return response
                # cancelled from outside: the other side still has to say so, but that nobody is there needs no waiting for
                ends = loop.time() + (LIVES * self._transactions.t1 if self._reached else self._transactions.t1)
        finally:
            repeating.cancel()
            self._gave_up = self._final is None
            if self._gave_up and self._reached:
                self._send_cancel()
            loop.call_later(LIVES * self._transactions.t1, self._transactions.forget, self._invite)

    def cancel(self) -> None:
        """Let it ring no longer. Before anything came back nothing may be cancelled (9.1); then it is as soon as something does."""
        if self.cancelled or self._final is not None:
            return
        self.cancelled = True
        self._came.put_nowait(None)
        if self._reached:
            self._send_cancel()

    def abandon(self) -> None:
        """Let something ring no longer that another process began to ring."""
        self._transactions.expect(self._invite, self._heard)
        self._reached = self._gave_up = True
        self._send_cancel()
        asyncio.get_running_loop().call_later(LIVES * self._transactions.t1, self._transactions.forget, self._invite)

    def acknowledge(self, ack: SipRequest, peer: Peer) -> None:
        """The ACK of a 200; sent again whenever the 200 comes again."""
        self._ack, self._peer = ack.encoded(), peer
        self._transactions.send(self._ack, peer)

    async def _repeat(self) -> None:
        data, interval = self._invite.encoded(), self._transactions.t1
        while not self._reached:
            self._transactions.send(data, self._peer)
            await asyncio.sleep(interval)
            interval *= 2

    def _heard(self, response: SipResponse) -> None:
        self._reached = True
        if response.status < 200:
            if self._final is None and (self.cancelled or self._gave_up):
                self._send_cancel()
            elif self._final is None and self._ringing is not None:
                self._ringing(response)
            return
        if response.status >= 300:
            self._transactions.send(acknowledgement(self._invite, response).encoded(), self._peer)
        elif self._gave_up or (self._final is not None and self._final.to_tag != response.to_tag):
            self._decline(response)  # too late, or a second phone behind the same number
            return
        elif self._ack:
            self._transactions.send(self._ack, self._peer)
        if self._final is None:
            self._final = response
            self._came.put_nowait(response)

    def _decline(self, answered: SipResponse) -> None:
        dialog = Dialog.calling(self._invite, answered, self._here, self._peer)
        self._transactions.send(dialog.request("ACK").encoded(), self._peer)
        self._spawn(dialog.request("BYE"))

    def _send_cancel(self) -> None:
        if not self._cancel_sent:
            self._cancel_sent = True
            self._spawn(cancellation(self._invite))

    def _spawn(self, request: SipRequest) -> None:
        async def ask() -> None:
            try:
                await self._transactions.ask(request, self._peer)
            except NoResponseError:
                return

        task = asyncio.get_running_loop().create_task(ask())
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def cancellation(invite: SipRequest) -> SipRequest:
    """The CANCEL of an INVITE (9.1): the same transaction, the same To without a tag."""
    return _like(invite, "CANCEL", invite.headers.get("to"))


def acknowledgement(invite: SipRequest, response: SipResponse) -> SipRequest:
    """The ACK of a refusal (17.1.1.3)."""
    return _like(invite, "ACK", response.headers.get("to"))


def _like(invite: SipRequest, method: str, to: str) -> SipRequest:
    kept = {"via", "max-forwards", "route", "from", "call-id"}
    fields = tuple((name, value) for name, value in invite.headers.fields if name in kept)
    more = (("to", to), ("cseq", f"{invite.cseq[0]} {method}"))
    return SipRequest(Headers((*fields, *more)), b"", method, invite.uri)
