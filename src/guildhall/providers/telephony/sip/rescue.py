"""One caller who has to get to a person without a gateway: rings the person, joins the two, ends both when one hangs up."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import cycle, islice
from typing import Final, Self

from guildhall.channels.phone.ports import TransferOutcome
from guildhall.providers.telephony.sip.carried import SDP, NotDescribedError, Side
from guildhall.providers.telephony.sip.dialog import Dialog, calling
from guildhall.providers.telephony.sip.endpoint import SipEndpoint
from guildhall.providers.telephony.sip.inviting import Inviting
from guildhall.providers.telephony.sip.messages import SipRequest, SipResponse, response_to
from guildhall.providers.telephony.sip.outcomes import outcome_of
from guildhall.providers.telephony.sip.sdp import SdpError, read_offer, renewed
from guildhall.providers.telephony.sip.targets import NotATargetError
from guildhall.providers.telephony.sip.transactions import NoResponseError, Peer

ROUNDS: Final = 3
"""How often everybody is tried before a caller is let go."""
BREATH: Final = 2
"""Times T1 between two tries: a number that is busy is not rung all the time."""


class Rescue:
    """One caller. `invite` is theirs, where it was not answered yet."""

    def __init__(self, endpoint: SipEndpoint, call: str, caller: Side, invite: SipRequest | None, peer: Peer) -> None:
        self.id, self.caller = call, caller
        self.over = asyncio.Event()
        self._endpoint, self._invite, self._peer = endpoint, invite, peer
        self._person: Side | None = None
        self._inviting: Inviting | None = None
        caller.bye, caller.gave_up = self.end, self._gave_up

    @classmethod
    def of_new(cls, endpoint: SipEndpoint, invite: SipRequest, peer: Peer) -> Self:
        """Of a call that came in just now."""
        dialog = Dialog.called(invite, secrets.token_hex(6), endpoint.facing(peer), peer)
        endpoint.transactions.respond(invite, response_to(invite, 100), peer)
        return cls(endpoint, secrets.token_urlsafe(12), Side(endpoint, dialog, b"", invite.body), invite, peer)

    async def connect(self, to: Sequence[str], ring_seconds: float, partner: Side | None) -> TransferOutcome:
        """Join the caller with the partner they were talking with, else with whoever of `to` answers first."""
        if partner is not None:
            if await self._join_again(partner):
                return TransferOutcome.CONNECTED
            partner.hang_up()
        outcome = TransferOutcome.FAILED
        for number, address in enumerate(islice(cycle(to), ROUNDS * len(to))):
            if self.over.is_set():
                return TransferOutcome.FAILED
            if number >= len(to):
                await asyncio.sleep(BREATH * self._endpoint.transactions.t1)
            outcome = await self._ring(address, ring_seconds)
            if outcome == TransferOutcome.CONNECTED:
                return outcome
        self._let_go()
        return outcome

    def end(self) -> None:
        """One of them hung up."""
        self.over.set()
        if self._inviting is not None:
            self._inviting.cancel()
        for side in (self.caller, self._person):
            if side is not None:
                side.hang_up()

    def _gave_up(self) -> None:
        if self._invite is not None:
            self._refuse(487)
        self.end()

    def _let_go(self) -> None:
        if self._invite is not None:
            self._refuse(480)  # so that the trunk may try elsewhere
        self.end()

    def _refuse(self, status: int) -> None:
        assert self._invite is not None
        self._endpoint.transactions.respond(self._invite, response_to(self._invite, status, self.caller.tag), self._peer)
        self._invite = None
        self.caller.close()

    async def _ring(self, address: str, seconds: float) -> TransferOutcome:
        try:
            uri = self._endpoint.targets.uri(address)
            place = self._endpoint.targets.place(uri)
        except NotATargetError:
            return TransferOutcome.REFUSED
        dialog = calling(self._endpoint.bounds.calling_as, self._endpoint.facing(place), uri, place)
        offered = self.caller.theirs
        invite = dialog.request("INVITE", SDP if offered else (), offered)
        self._inviting = inviting = Inviting(self._endpoint.transactions, invite, place, dialog.here, self._ringing)
        try:
            response = await inviting.final(seconds)
        except NoResponseError:
            return TransferOutcome.NO_ANSWER
        if response.status >= 300:
            return outcome_of(response.status)
        person = Side(self._endpoint, Dialog.calling(invite, response, dialog.here, place), offered, response.body)
        self._endpoint.know(invite.call_id, invite.from_tag, person)

        def acknowledge(answer: bytes) -> None:
            person.ours = answer or person.ours
            inviting.acknowledge(person.dialog.request("ACK", SDP if answer else (), answer), person.dialog.next_hop(self._endpoint.peers))

        return await self._join(person, bool(offered), acknowledge)

    async def _join(self, person: Side, offered: bool, acknowledge: Callable[[bytes], None]) -> TransferOutcome:
        """The person has answered: tell the caller where their sound goes."""
        if offered:
            acknowledge(b"")
        try:
            if self.over.is_set():
                raise NotDescribedError("the caller is gone")
            answer = await self._describe_caller(person.theirs)
        except NotDescribedError:
            if not offered:
                acknowledge(b"")
            person.hang_up()
            self.end()
            return TransferOutcome.FAILED
        if not offered:
            acknowledge(answer)
        elif moved(answer, person.ours):
            with suppress(NotDescribedError):
                await person.describe(answer)
        self._joined(person)
        return TransferOutcome.CONNECTED

    async def _describe_caller(self, body: bytes) -> bytes:
        caller, invite = self.caller, self._invite
        if invite is None:
            await self._acknowledged()
            return await caller.describe(body)
        self._invite = None
        caller.ours = renewed(body, caller.ours)
        caller.accept(invite, self._peer)
        await self._acknowledged()
        return caller.acked_with or caller.theirs

    async def _acknowledged(self) -> None:
        try:
            await asyncio.wait_for(self.caller.confirmed.wait(), self.caller.wait_for_ack())
        except TimeoutError:
            raise NotDescribedError("no ACK") from None

    async def _join_again(self, person: Side) -> bool:
        """They talked with each other through the gateway: now directly."""
        try:
            await self._acknowledged()
            offered, acknowledge = await self.caller.offer()
        except NotDescribedError:
            return False
        try:
            acknowledge(renewed(await person.describe(offered), self.caller.ours))
        except NotDescribedError:
            acknowledge(self.caller.ours)  # an answer is owed, though nobody hears it any more
            return False
        self._joined(person)
        return True

    def _joined(self, person: Side) -> None:
        self._person, person.bye = person, self.end
        self.caller.other, person.other = person, self.caller
        if self.caller.over or person.over:
            self.end()

    def _ringing(self, response: SipResponse) -> None:
        if self._invite is not None and response.status in (180, 183):
            ringing = response_to(self._invite, 180, self.caller.tag, (("contact", self.caller.dialog.contact),))
            self._endpoint.transactions.respond(self._invite, ringing, self._peer)


def moved(answer: bytes, offered: bytes) -> bool:
    """Whether a side's sound is now elsewhere, or in another coding, than it offered before."""
    try:
        now, before = read_offer(answer), read_offer(offered)
    except SdpError:
        return bool(answer)
    return (now.host, now.port, now.law) != (before.host, before.port, before.law)
