"""One side of a call that is carried on without sound of ours: only its signalling goes through here, sound goes directly between both sides."""

import asyncio
from collections.abc import Callable
from typing import Final

from guildhall.providers.telephony.sip.dialog import Dialog
from guildhall.providers.telephony.sip.endpoint import SipEndpoint
from guildhall.providers.telephony.sip.inviting import Inviting
from guildhall.providers.telephony.sip.messages import SipRequest, address, response_to
from guildhall.providers.telephony.sip.sdp import renewed
from guildhall.providers.telephony.sip.transactions import LIVES, NoResponseError, Peer

SDP: Final = (("content-type", "application/sdp"),)
DESCRIBING_SECONDS: Final = 10.0
TRIES: Final = 3
GONE: Final = frozenset({408, 481})


class NotDescribedError(Exception):
    """The other side did not take a new description of sound."""


class Side:
    """One dialog. `theirs` is its last description of sound, `ours` the last that we sent; `bye` is told when it hangs up."""

    def __init__(self, endpoint: SipEndpoint, dialog: Dialog, ours: bytes = b"", theirs: bytes = b"") -> None:
        self.endpoint, self.dialog, self.ours, self.theirs = endpoint, dialog, ours, theirs
        self.confirmed = asyncio.Event()
        self.acked_with = b""
        self.over = False
        self.other: Side | None = None
        self.bye: Callable[[], None] = lambda: None
        self.gave_up: Callable[[], None] = lambda: None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def tag(self) -> str:
        """Our half of the dialog's name."""
        return self.dialog.local.rpartition("tag=")[2]

    async def describe(self, body: bytes) -> bytes:
        """Tell this side where sound now goes; its own description is given back. Raises NotDescribedError."""
        described, _ = await self._reinvite(renewed(body, self.ours) if body else b"")
        return described

    async def offer(self) -> tuple[bytes, Callable[[bytes], None]]:
        """Ask this side for an offer; what is given with it acknowledges with an answer. Raises NotDescribedError."""
        return await self._reinvite(b"")

    async def _reinvite(self, body: bytes) -> tuple[bytes, Callable[[bytes], None]]:
        for again in range(TRIES):
            invite = self.dialog.request("INVITE", SDP if body else (), body)
            hop = self.dialog.next_hop(self.endpoint.peers)
            inviting = Inviting(self.endpoint.transactions, invite, hop, self.dialog.here)
            try:
                response = await inviting.final(DESCRIBING_SECONDS * 2 * self.endpoint.transactions.t1)
            except NoResponseError:
                raise NotDescribedError("no answer") from None
            if response.status == 491 and again + 1 < TRIES:  # both sides began at once: the caller of the two waits longer (14.1)
                await asyncio.sleep(self.endpoint.transactions.t1 * 5)
                continue
            if response.status >= 300:
                raise NotDescribedError(f"answered {response.status}")
            if contact := response.headers.get("contact"):
                self.dialog.target = address(contact)

            def acknowledge(answer: bytes = b"", inviting: Inviting = inviting) -> None:
                self.ours = answer or self.ours
                ack = self.dialog.request("ACK", SDP if answer else (), answer)
                inviting.acknowledge(ack, self.dialog.next_hop(self.endpoint.peers))

            if body:
                self.ours = body
                acknowledge()
            self.theirs = response.body or self.theirs
            return response.body, acknowledge
        raise NotDescribedError("both sides kept asking at once")

    def hang_up(self) -> None:
        """Say BYE."""
        if not self.over:
            self.close()
            self._spawn_bye()

    def close(self) -> None:
        """The dialog is over."""
        self.over = True
        self.endpoint.forget(self.dialog.call_id, self.tag)

    def _spawn_bye(self) -> None:
        async def say() -> None:
            try:
                await self.endpoint.transactions.ask(self.dialog.request("BYE"), self.dialog.next_hop(self.endpoint.peers))
            except NoResponseError:
                return

        self._spawn(say())

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # what the endpoint tells

    def acked(self, request: SipRequest) -> None:
        """Our 200 came through."""
        self.acked_with = request.body
        self.theirs = request.body or self.theirs
        self.confirmed.set()

    def invited_again(self, request: SipRequest, peer: Peer) -> None:
        """A new description: the other side is asked what it makes of it."""
        if request.cseq[0] <= self.dialog.remote_cseq:
            return self.endpoint.answer(request, peer, 500)
        self.dialog.remote_cseq = request.cseq[0]
        if self.other is None or self.other.over:
            return self.endpoint.answer(request, peer, 491)
        self._spawn(self._pass_on(self.other, request, peer))
        return None

    async def _pass_on(self, other: "Side", request: SipRequest, peer: Peer) -> None:
        try:
            described = await other.describe(request.body) if request.body else self.ours
        except NotDescribedError:
            return self.endpoint.answer(request, peer, 488)
        self.theirs = request.body or self.theirs
        self.ours = renewed(described, self.ours) if request.body else self.ours
        if contact := request.headers.get("contact"):
            self.dialog.target = address(contact)
        self.accept(request, peer)
        return None

    def accept(self, request: SipRequest, peer: Peer) -> None:
        """Answer an INVITE with `ours`."""
        accepted = response_to(request, 200, self.tag, (("contact", self.dialog.contact), *SDP), self.ours)
        self.endpoint.transactions.respond(request, accepted, peer, self.hang_up_both)

    def hang_up_both(self) -> None:
        """Nobody acknowledges us: both sides are let go."""
        self.hang_up()
        self.bye()

    def cancelled(self) -> None:
        """The caller gave up before anybody answered."""
        self.gave_up()

    def ended(self) -> None:
        """They hung up."""
        self.close()
        self.bye()

    def informed(self, request: SipRequest) -> None:
        """Keys go with the sound; there is nobody here to hear them."""

    def notified(self, request: SipRequest) -> None:
        """News that we did not ask for."""

    def wait_for_ack(self) -> float:
        """For how long an ACK may still come."""
        return LIVES * self.endpoint.transactions.t1
