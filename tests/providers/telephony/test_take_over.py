"""The gateway is gone in the middle of calls: another process on the same socket brings every caller to a person."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from guildhall.channels.phone.ports import TransferOutcome, TransferTarget
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.dialog_state import DialogState, DialogStateError, Stage
from guildhall.providers.telephony.sip.gateway import SipGateway
from guildhall.providers.telephony.sip.messages import SipRequest, SipResponse, response_to
from guildhall.providers.telephony.sip.sdp import offer, read_offer
from guildhall.providers.telephony.sip.shared_socket import bound
from guildhall.providers.telephony.sip.take_over import TakeOver
from tests.providers.telephony.caller import Caller
from tests.providers.telephony.person import SDP, Person
from tests.providers.telephony.test_sip_gateway import Answered
from tests.providers.telephony.test_transfer import run


@dataclass
class Watched:
    """A gateway on a socket of ours, what it reported last of each call, and what would take its place."""

    own: socket.socket
    gateway: SipGateway
    session: Answered
    serving: asyncio.Task[None]
    take_over: TakeOver
    states: dict[str, str]
    outcomes: dict[str, TransferOutcome]
    callers: list[Caller] = field(default_factory=list)

    async def caller(self) -> Caller:
        caller = await Caller.open(self.own.getsockname())
        self.callers.append(caller)
        return caller

    async def dies(self) -> None:
        """As if it were killed: nothing is said to anybody."""
        for ticking in list(self.gateway.ticker._ticking):
            self.gateway.ticker._ticking.pop(ticking)
        self.gateway.endpoint._transport.sendto = lambda data, addr: None  # type: ignore[union-attr,method-assign]
        self.serving.cancel()
        last = dict(self.states)
        await asyncio.gather(self.serving, return_exceptions=True)
        self.states.clear()
        self.states.update(last)
        self.take_over.listen()
        self.take_over.take(DialogState.from_json(state) for state in last.values())

    async def settled(self, outcome: TransferOutcome = TransferOutcome.CONNECTED) -> None:
        async with asyncio.timeout(5):
            while outcome not in self.outcomes.values():
                await asyncio.sleep(0.005)


@asynccontextmanager
async def watched(*people: Person, answer: bool = True) -> AsyncIterator[Watched]:
    own = bound("127.0.0.1", 0)
    bounds = Bounds(t1=0.05, targets=frozenset(person.address for person in people))
    states: dict[str, str] = {}
    outcomes: dict[str, TransferOutcome] = {}

    def report(state: DialogState) -> None:
        states[state.id] = state.to_json()

    async def unanswered(leg: object) -> None:
        await asyncio.sleep(60)

    session = Answered()
    gateway = SipGateway(bounds=bounds, inherited=own.dup(), report=report)
    serving = asyncio.create_task(gateway.serve(session if answer else unanswered))
    await gateway.opened()
    take_over = TakeOver(own, bounds, [person.address for person in people], 1.0, outcomes.__setitem__)
    made = Watched(own, gateway, session, serving, take_over, states, outcomes)
    try:
        yield made
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        take_over.close()
        for caller in made.callers:
            caller.close()
        for person in people:
            person.close()


async def reinvited(caller: Caller) -> SipRequest:
    """The caller's phone gets an INVITE within the call and answers it; what it said is kept."""
    while True:
        request = await caller.receive()
        if isinstance(request, SipRequest) and request.method == "INVITE":
            body = offer("127.0.0.1", caller.rtp.port, 1, version=1)
            caller.send(response_to(request, 200, "", (("contact", f"<sip:me@127.0.0.1:{caller.sip.port}>"), SDP), body))
            return request


def where(body: bytes) -> int:
    return read_offer(body).port


def test_a_caller_in_the_middle_of_a_call_is_brought_to_a_person() -> None:
    async def test() -> None:
        person = await Person.open()
        async with watched(person) as at:
            caller = await at.caller()
            await caller.call()
            await asyncio.sleep(0.05)
            await at.dies()
            request = await reinvited(caller)
            await at.settled()
            invite = await person.got("INVITE")
            assert where(invite.body) == caller.rtp.port, "the person's sound goes straight to the caller"
            assert where(request.body) == person.rtp.port, "and the caller's to the person"
            assert b"o=guildhall " in request.body, "for the caller it is the same session, described anew"
            ack = await caller.receive()
            assert isinstance(ack, SipRequest) and ack.method == "ACK"
            caller.send(caller.request("BYE"))
            assert (await caller.final()).status == 200
            await person.got("BYE")
            assert at.take_over.endpoint.running == 0

    run(test)


def test_a_person_who_hangs_up_ends_a_call_that_was_taken_over() -> None:
    async def test() -> None:
        person = await Person.open()
        async with watched(person) as at:
            caller = await at.caller()
            await caller.call()
            await asyncio.sleep(0.05)
            await at.dies()
            await reinvited(caller)
            await at.settled()
            await caller.receive()
            person.ask("BYE")
            bye = await caller.receive()
            assert isinstance(bye, SipRequest) and bye.method == "BYE"

    run(test)


def test_who_was_talking_with_a_person_goes_on_talking_with_them() -> None:
    async def test() -> None:
        person = await Person.open()
        async with watched(person) as at:
            caller = await at.caller()
            await caller.call()
            await at.session.legs[0].transfer(TransferTarget(person.address), "bridge")
            await person.got("ACK")
            await at.dies()
            request = await reinvited(caller)
            assert request.body == b"", "the caller is asked for an offer"
            again = await person.got("INVITE", 2)
            assert where(again.body) == caller.rtp.port
            await at.settled()
            ack = await caller.receive()
            assert isinstance(ack, SipRequest) and where(ack.body) == person.rtp.port
            assert "CANCEL" not in person.methods() and "BYE" not in person.methods()

    run(test)


def test_at_the_deadline_of_a_stop_who_talks_with_a_person_goes_on_talking_and_who_does_not_gets_one() -> None:
    async def test() -> None:
        person = await Person.open()
        async with watched(person) as at:
            with_person, alone = await at.caller(), await at.caller()
            await with_person.call()
            await asyncio.sleep(0.05)
            assert await at.session.legs[0].transfer(TransferTarget(person.address, 2, {}), "bridge") == TransferOutcome.CONNECTED
            await person.got("ACK")
            await alone.call()
            await at.gateway.drain(0.05)
            at.serving.cancel()
            await asyncio.gather(at.serving, return_exceptions=True)
            assert "BYE" not in person.methods()
            states = [DialogState.from_json(state) for state in at.states.values()]
            assert sorted(state.stage for state in states if state.stage != Stage.OVER) == [Stage.TALKING] * 3
            at.take_over.drain()
            at.take_over.listen()
            at.take_over.take(states)
            await reinvited(with_person)
            await reinvited(alone)
            rung = {where((await person.got("INVITE", number)).body) for number in (2, 3)}
            assert rung == {with_person.rtp.port, alone.rtp.port}, "and for who had only the assistant a phone rings"
            await at.settled()
            assert person.methods().count("BYE") == 0

    run(test)


def test_a_phone_that_rang_when_the_gateway_died_rings_for_the_caller_still() -> None:
    async def test() -> None:
        person = await Person.open(answers=0)
        async with watched(person) as at:
            caller = await at.caller()
            await caller.call()
            ringing = asyncio.create_task(at.session.legs[0].transfer(TransferTarget(person.address), "bridge"))
            await person.got("INVITE")
            await asyncio.sleep(0.02)
            ringing.cancel()
            await at.dies()
            await person.got("CANCEL")
            await person.got("INVITE", 2)
            person.pick_up()
            await reinvited(caller)
            await at.settled()

    run(test)


def test_a_call_that_was_not_answered_yet_is_answered_by_a_person() -> None:
    async def test() -> None:
        person = await Person.open()
        async with watched(person, answer=False) as at:
            caller = await at.caller()
            calling = asyncio.create_task(caller.call())
            await asyncio.sleep(0.05)
            await at.dies()
            answered = await calling
            await at.settled()
            assert (answered.status, where(answered.body)) == (200, person.rtp.port)
            assert (await caller.hang_up()).status == 200
            await person.got("BYE")

    run(test)


@pytest.mark.parametrize("body", [None, b""])
def test_a_new_call_goes_to_a_person_while_there_is_no_gateway(body: bytes | None) -> None:
    async def test() -> None:
        person = await Person.open()
        async with watched(person) as at:
            await at.dies()
            caller = await at.caller()
            if body is None:
                answered = await caller.call()
            else:
                invite = caller.request("INVITE")
                caller.send(invite)
                answered = await caller.final()
                ack = caller.request("ACK", SDP, body=offer("127.0.0.1", caller.rtp.port, 1), cseq=invite.cseq[0])
                caller.send(ack)
            assert where(answered.body) == person.rtp.port
            await at.settled()
            assert person.media is not None and person.media.port == caller.rtp.port

    run(test)


def test_a_caller_may_still_give_up() -> None:
    async def test() -> None:
        person = await Person.open(answers=0)
        async with watched(person) as at:
            await at.dies()
            caller = await at.caller()
            invite = caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1))
            caller.send(invite)
            await person.got("INVITE")
            caller.send(caller.request("CANCEL", branch=invite.branch, cseq=1))
            statuses = {(await caller.final()).status, (await caller.final()).status}
            assert statuses == {200, 487}
            await person.got("CANCEL")
            assert at.take_over.endpoint.running == 0

    run(test)


def test_the_next_is_rung_when_the_first_is_busy_and_everybody_more_than_once() -> None:
    async def test() -> None:
        busy, absent = await Person.open(answers=486), await Person.open(answers=486)
        async with watched(busy, absent) as at:
            caller = await at.caller()
            await caller.call()
            await asyncio.sleep(0.05)
            await at.dies()
            await absent.got("INVITE")
            absent.answers = 200
            await reinvited(caller)
            await at.settled()
            assert busy.methods().count("INVITE") == 2

    run(test)


def test_when_really_nobody_can_be_had_the_call_ends() -> None:
    async def test() -> None:
        busy = await Person.open(answers=486)
        async with watched(busy) as at:
            caller = await at.caller()
            await caller.call()
            await asyncio.sleep(0.05)
            await at.dies()
            await at.settled(TransferOutcome.BUSY)
            message = await caller.receive()
            while isinstance(message, SipResponse):
                message = await caller.receive()
            assert message.method == "BYE"
            assert busy.methods().count("INVITE") == 3

    run(test)


def test_an_answer_that_was_lost_with_the_gateway_is_sent_again() -> None:
    async def test() -> None:
        person = await Person.open()
        async with watched(person) as at:
            caller = await at.caller()
            invite = caller.request("INVITE", SDP, body=offer("127.0.0.1", caller.rtp.port, 1))
            caller.send(invite)
            first = await caller.final()
            await at.dies()
            again = await caller.final()
            assert again.encoded() == first.encoded()
            caller.send(caller.request("ACK", cseq=1))
            await reinvited(caller)
            await at.settled()

    run(test)


def test_the_next_gateway_hands_over_what_belongs_to_calls_that_were_taken_over() -> None:
    async def test() -> None:
        person = await Person.open()
        async with watched(person) as at:
            caller = await at.caller()
            await caller.call()
            await asyncio.sleep(0.05)
            await at.dies()
            await reinvited(caller)
            await at.settled()
            await caller.receive()
            at.take_over.deafen()
            next_gateway = SipGateway(inherited=at.own.dup(), elsewhere=at.take_over.heard, bounds=Bounds(t1=0.05))
            serving = asyncio.create_task(next_gateway.serve(Answered()))
            await next_gateway.opened()
            new = await at.caller()
            assert (await new.call()).status == 200, "new calls are the new gateway's"
            assert (await caller.hang_up()).status == 200
            await person.got("BYE")
            stranger = await at.caller()
            stranger.their_tag = "nobody"
            assert (await stranger.hang_up()).status == 481
            await new.hang_up()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    run(test)


def test_a_state_is_read_as_it_was_written_and_nothing_else_is() -> None:
    state = DialogState(
        "1", Stage.TALKING, "c", "<l>;tag=1", "<r>;tag=2", "sip:x@y", ("<z>",), ("h", 1), ("p", 2), 3, 4, True, "9", "o", "t"
    )
    assert DialogState.from_json(state.to_json()) == state
    for broken in ("", "[]", "{}", state.to_json().replace("talking", "singing"), state.to_json().replace('["p",2]', '"p"')):
        with pytest.raises(DialogStateError):
            DialogState.from_json(broken)
