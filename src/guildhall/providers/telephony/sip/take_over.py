"""Carries calls on when the gateway that had them is gone: every caller is connected with a person, with no sound of ours in between.

For a process that watches over the gateway, on the same socket (`SharedSocket`). It needs no numbers, models or sound: third-party call
control (RFC 3725). Whoever was talking with a person goes on talking; for everybody else a person's phone rings.

    take_over = TakeOver(socket, bounds, ("sip:01632960200@192.0.2.5",))
    take_over.listen()           # when the gateway is dead, and only then: two listeners on one socket each hear half
    take_over.take(states)       # the last state of each call, as `report` told it
    take_over.deafen()           # before the next gateway starts; calls taken over stay here: hand what the gateway
    take_over.heard(data, peer)  # calls `elsewhere` with to this
"""

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from guildhall.channels.phone.caught import caught
from guildhall.channels.phone.ports import TransferOutcome
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.carried import Side
from guildhall.providers.telephony.sip.dialog import Dialog
from guildhall.providers.telephony.sip.dialog_state import DialogState, Stage
from guildhall.providers.telephony.sip.endpoint import SipEndpoint
from guildhall.providers.telephony.sip.inviting import Inviting
from guildhall.providers.telephony.sip.messages import SipRequest, SipResponse, parse
from guildhall.providers.telephony.sip.rescue import Rescue
from guildhall.providers.telephony.sip.sdp import SdpError
from guildhall.providers.telephony.sip.shared_socket import SharedSocket
from guildhall.providers.telephony.sip.transactions import Peer

log = structlog.get_logger("guildhall.sip")

RING_SECONDS: Final = 20.0
Ended = Callable[[str, TransferOutcome], None]


def _untold(call: str, outcome: TransferOutcome) -> None:
    """Nobody wants to know."""


class TakeOver:
    """Every call that was taken over. `to` are rung one after another, round and round; they must be among the targets of `bounds`.

    `connected` is told, by the call's id, when a person has answered, and when nobody could be had.
    """

    def __init__(
        self,
        own: socket.socket,
        bounds: Bounds,
        to: Sequence[str],
        ring_seconds: float = RING_SECONDS,
        connected: Ended = _untold,
    ) -> None:
        self._to, self._ring_seconds, self._connected = tuple(to), ring_seconds, connected
        self.endpoint = SipEndpoint(bounds, self._invited)
        self._wire = SharedSocket(own, self.endpoint)
        self._rescues: dict[asyncio.Task[None], Rescue] = {}

    @property
    def running(self) -> int:
        """How many calls are carried on here."""
        return len(self._rescues)

    def listen(self) -> None:
        """There is no gateway: messages are ours, and so are new calls."""
        self._wire.listen()

    def deafen(self) -> None:
        """A gateway listens again."""
        self._wire.deafen()

    def heard(self, data: bytes, peer: Peer) -> None:
        """A message that the gateway got and does not know."""
        self.endpoint.datagram_received(data, peer)

    async def look_up(self) -> None:
        """Look the names of peers up, ahead of need."""
        await self.endpoint.peers.resolve()
        await self.endpoint.media_peers.resolve()

    def take(self, states: Iterable[DialogState]) -> None:
        """Carry these calls on."""
        running = {state.id: state for state in states if state.stage != Stage.OVER}
        for state in running.values():
            if state.placed and state.stage == Stage.INVITED:
                self._stop_ringing(state)
        for state in running.values():
            partner = running.get(state.partner)
            if not state.placed:
                talking = partner if partner and partner.stage == Stage.TALKING else None
                self._rescue(state, talking)
            elif state.stage == Stage.TALKING and partner is None:
                self._side(state).hang_up()  # a person whose caller is gone

    def drain(self) -> None:
        """Take no more calls."""
        self.endpoint.draining = True

    def close(self) -> None:
        """End everything here at once, without a word to anybody."""
        for task in list(self._rescues):
            task.cancel()
        self.endpoint.transactions.close()
        self._wire.close()

    def _rescue(self, state: DialogState, partner: DialogState | None) -> None:
        caller = self._side(state)
        invite = _invite(state)
        if invite is not None:
            self.endpoint.transactions.begin(invite)
        if state.stage == Stage.TALKING:
            caller.confirmed.set()
            invite = None
        elif state.stage == Stage.ANSWERED and invite is not None:
            answered = parse(state.answer.encode())
            assert isinstance(answered, SipResponse)
            self.endpoint.transactions.respond(invite, answered, state.peer, caller.hang_up_both)
            invite = None
        self.endpoint.know(state.call_id, caller.tag, caller, invite)
        self._start(Rescue(self.endpoint, state.id, caller, invite, state.peer), self._side(partner) if partner else None)

    def _invited(self, invite: SipRequest, peer: Peer) -> None:
        """A new call while there is no gateway."""
        if not self.endpoint.answers(invite):
            return self.endpoint.answer(invite, peer, 404)
        try:
            if invite.body:
                self.endpoint.checked(invite.body, peer)
        except SdpError:
            return self.endpoint.answer(invite, peer, 488)
        rescue = Rescue.of_new(self.endpoint, invite, peer)
        self.endpoint.know(invite.call_id, rescue.caller.tag, rescue.caller, invite)
        self._start(rescue, None)
        return None

    def _start(self, rescue: Rescue, partner: Side | None) -> None:
        if partner is not None:
            self.endpoint.know(partner.dialog.call_id, partner.tag, partner)
        task = asyncio.get_running_loop().create_task(self._run(rescue, partner))
        self._rescues[task] = rescue
        task.add_done_callback(lambda done: self._rescues.pop(done, None) and None)

    async def _run(self, rescue: Rescue, partner: Side | None) -> None:
        failed = await caught(lambda: self._connect(rescue, partner))
        if failed is not None:
            log.error("take_over_failed", error=type(failed.error).__name__)
            rescue.end()
            self._connected(rescue.id, TransferOutcome.FAILED)

    async def _connect(self, rescue: Rescue, partner: Side | None) -> None:
        outcome = await rescue.connect(self._to, self._ring_seconds, partner)
        self._connected(rescue.id, outcome)
        await rescue.over.wait()

    def _side(self, state: DialogState) -> Side:
        dialog = Dialog(
            call_id=state.call_id,
            local=state.local,
            remote=state.remote,
            target=state.target,
            routes=state.routes,
            here=state.here,
            peer=state.peer,
            cseq=state.cseq,
            remote_cseq=state.remote_cseq,
        )
        return Side(self.endpoint, dialog, state.ours.encode(), state.theirs.encode())

    def _stop_ringing(self, state: DialogState) -> None:
        """The phone that the dead gateway rang need not ring on: it would be answered into nothing."""
        invite = _invite(state)
        if invite is not None:
            Inviting(self.endpoint.transactions, invite, state.peer, state.here).abandon()


def _invite(state: DialogState) -> SipRequest | None:
    if not state.invite:
        return None
    message = parse(state.invite.encode())
    return message if isinstance(message, SipRequest) else None
