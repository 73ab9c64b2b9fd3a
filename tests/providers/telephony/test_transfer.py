"""Calls put through to a person: bridged through us or by REFER, and back to the caller whenever that fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest

from guildhall.channels.phone.ports import CallLeg, HangUpCause, HungUp, KeyPressed, TransferOutcome, TransferTarget
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.gateway import SipGateway
from guildhall.providers.telephony.sip.messages import SipRequest
from guildhall.providers.telephony.sip.sdp import offer
from guildhall.providers.telephony.sip.shared_socket import bound
from tests.providers.telephony.caller import Caller, close_all
from tests.providers.telephony.person import Person
from tests.providers.telephony.test_sip_gateway import TONE, Answered

REFERENCE = {"case-ref": "c0ffee-17"}
REFUSED_AT_ONCE = {486: TransferOutcome.BUSY, 600: TransferOutcome.BUSY, 480: TransferOutcome.NO_ANSWER}


@asynccontextmanager
async def talking(person: Person, t1: float = 0.05, **more: Any) -> AsyncIterator[tuple[SipGateway, Answered, Caller]]:
    """A caller whose call was answered, beside a person who may be rung."""
    gateway = SipGateway(port=0, bounds=Bounds(t1=t1, targets=frozenset({person.address}), **more))
    session = Answered()
    serving = asyncio.create_task(gateway.serve(session))
    await gateway.opened()
    caller = await Caller.open(gateway.address)
    try:
        assert (await caller.call()).status == 200
        yield gateway, session, caller
    finally:
        close_all()
        person.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


def target(person: Person, ring_seconds: float = 2.0) -> TransferTarget:
    return TransferTarget(person.address, ring_seconds, REFERENCE)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def within() -> None:
        async with asyncio.timeout(20):
            await test()

    asyncio.run(within())


async def loud(listen: Callable[[int], Awaitable["np.ndarray[Any, Any]"]], say: Callable[["np.ndarray[Any, Any]"], None]) -> bool:
    """Whether a tone that one side sends is heard by the other."""
    for _ in range(40):
        say(TONE[:160])
        if np.abs(await listen(1)).max() > 7000:
            return True
    return False


def test_a_person_answers_and_both_hear_each_other_through_us() -> None:
    async def test() -> None:
        person = await Person.open()
        async with talking(person) as (gateway, session, caller):
            await caller.listen(12)  # the greeting is over
            assert await session.legs[0].transfer(target(person), "bridge") == TransferOutcome.CONNECTED
            invite = await person.got("INVITE")
            assert invite.headers.get("x-case-ref") == "c0ffee-17"
            assert invite.headers.get("user-to-user") == b"c0ffee-17".hex() + ";encoding=hex"
            assert caller.number.encode() not in invite.encoded(), "a person's phone is told no caller's number"
            assert await loud(person.listen, caller.say)
            assert await loud(caller.listen, person.say)
            frames = len(session.sound)
            await caller.listen(5)
            assert len(session.sound) > frames, "what the caller says can still be recorded"
            assert (await caller.hang_up()).status == 200
            await person.got("BYE")
            await session.over.wait()
            assert session.events[-1] == HungUp(HangUpCause.CALLER)
            assert (gateway.endpoint.running, gateway.line.ports.open) == (0, 0)

    run(test)


def test_a_person_who_hangs_up_ends_the_call() -> None:
    async def test() -> None:
        person = await Person.open()
        async with talking(person) as (gateway, session, caller):
            assert await session.legs[0].transfer(target(person), "bridge") == TransferOutcome.CONNECTED
            person.ask("BYE")
            assert (await person.answered("BYE")).status == 200
            bye = await caller.receive()
            assert isinstance(bye, SipRequest) and bye.method == "BYE"
            await session.over.wait()
            assert session.events[-1] == HungUp(HangUpCause.PERSON)
            assert (gateway.endpoint.running, gateway.line.ports.open) == (0, 0)

    run(test)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (486, TransferOutcome.BUSY),
        (600, TransferOutcome.BUSY),
        (480, TransferOutcome.NO_ANSWER),
        (403, TransferOutcome.REFUSED),
        (603, TransferOutcome.REFUSED),
        (503, TransferOutcome.FAILED),
    ],
)
def test_whoever_does_not_take_the_call_leaves_the_caller_with_us(status: int, outcome: TransferOutcome) -> None:
    async def test() -> None:
        person = await Person.open(answers=status)
        async with talking(person) as (gateway, session, caller):
            assert await session.legs[0].transfer(target(person), "bridge") == outcome
            await person.got("ACK")
            session.legs[0].play(TONE.tobytes())
            assert np.abs(await caller.listen(30)).max() > 7000, "the caller is still here and hears us"
            assert gateway.endpoint.running == 1
            assert session.events and not any(isinstance(event, HungUp) for event in session.events)

    run(test)


def test_nobody_answers_and_it_stops_ringing() -> None:
    async def test() -> None:
        person = await Person.open(answers=0)
        async with talking(person) as (gateway, session, _caller):
            assert await session.legs[0].transfer(target(person, 0.3), "bridge") == TransferOutcome.NO_ANSWER
            cancelled = await person.got("CANCEL")
            assert person.invite is not None
            assert (cancelled.branch, cancelled.cseq) == (person.invite.branch, (person.invite.cseq[0], "CANCEL"))
            assert (await person.got("ACK")).branch == person.invite.branch
            assert gateway.endpoint.running == 1

    run(test)


def test_a_phone_that_says_nothing_at_all_is_given_up_and_told_so_should_it_wake() -> None:
    async def test() -> None:
        person = await Person.open(silent=True)
        async with talking(person) as (_gateway, session, _caller):
            assert await session.legs[0].transfer(target(person, 0.3), "bridge") == TransferOutcome.NO_ANSWER
            assert person.methods().count("INVITE") >= 2, "it was sent again"
            person.silent, person.invite, person.rings = False, person.requests[0], ()
            person.pick_up()
            await person.got("ACK")
            await person.got("BYE")

    run(test)


def test_a_caller_who_hangs_up_while_it_rings_stops_the_ringing() -> None:
    async def test() -> None:
        person = await Person.open(answers=0)
        async with talking(person) as (gateway, session, caller):
            ringing = asyncio.create_task(session.legs[0].transfer(target(person, 10), "bridge"))
            await person.got("INVITE")
            await caller.hang_up()
            await person.got("CANCEL")
            assert await ringing != TransferOutcome.CONNECTED
            assert (gateway.endpoint.running, gateway.line.ports.open) == (0, 0)

    run(test)


def test_an_answer_in_the_moment_of_giving_up_is_hung_up() -> None:
    async def test() -> None:
        person = await Person.open(answers=0)
        async with talking(person) as (_gateway, session, caller):
            ringing = asyncio.create_task(session.legs[0].transfer(target(person, 10), "bridge"))
            await person.got("INVITE")
            person.answers = 1  # no 487 when cancelled: it was picked up just before
            await caller.hang_up()
            await person.got("CANCEL")
            person.pick_up()
            await person.got("ACK")
            await person.got("BYE")
            assert await ringing != TransferOutcome.CONNECTED

    run(test)


def test_the_caller_hears_it_ring_or_what_is_played() -> None:
    async def test() -> None:
        person = await Person.open(answers=0)
        async with talking(person) as (_gateway, session, caller):
            await caller.listen(12)
            ringing = asyncio.create_task(session.legs[0].transfer(target(person, 5), "bridge"))
            heard = await caller.listen(40)
            assert 1000 < np.abs(heard).max() < 6000, "a ringing tone, not too loud"
            session.legs[0].play(TONE.tobytes())
            assert np.abs(await caller.listen(12)).max() > 7000
            person.pick_up()
            assert await ringing == TransferOutcome.CONNECTED

    run(test)


def test_what_a_switchboard_plays_before_it_answers_is_heard() -> None:
    async def test() -> None:
        person = await Person.open(answers=0, rings=(183,), early=True)
        async with talking(person) as (_gateway, session, caller):
            await caller.listen(12)
            ringing = asyncio.create_task(session.legs[0].transfer(target(person, 5), "bridge"))
            await person.got("INVITE")
            assert await loud(caller.listen, person.say)
            person.pick_up()
            assert await ringing == TransferOutcome.CONNECTED

    run(test)


def test_keys_go_to_the_person_and_to_nobody_else() -> None:
    async def test() -> None:
        person = await Person.open()
        async with talking(person) as (_gateway, session, caller):
            assert await session.legs[0].transfer(target(person), "bridge") == TransferOutcome.CONNECTED
            caller.press("4")
            seen: list[int] = []
            while len(seen) < 8:
                data, _ = await asyncio.wait_for(person.rtp.came.get(), 2)
                if data[1] & 0x7F == 101:
                    seen.append(data[12])
            assert set(seen) == {4}
            caller.send(caller.request("INFO", ("content-type", "application/dtmf-relay"), body=b"Signal=7\r\nDuration=160\r\n"))
            await caller.final()
            assert b"Signal=7" in (await person.got("INFO")).body
            assert not any(isinstance(event, KeyPressed) for event in session.events)

    run(test)


def test_a_person_may_hold_and_go_on() -> None:
    async def test() -> None:
        person = await Person.open()
        async with talking(person) as (gateway, session, _caller):
            assert await session.legs[0].transfer(target(person), "bridge") == TransferOutcome.CONNECTED
            held = offer("127.0.0.1", person.rtp.port, 9, version=1).replace(b"sendrecv", b"inactive")
            person.ask("INVITE", ("content-type", "application/sdp"), body=held)
            assert b"a=inactive" in (await person.answered("INVITE")).body
            assert gateway.endpoint.running == 2

    run(test)


@pytest.mark.parametrize("address", ["sip:0900900900@127.0.0.1:5070", "sip:01632960200@203.0.113.7", "01632960200", "not an address"])
def test_nobody_else_is_ever_called(address: str) -> None:
    async def test() -> None:
        person = await Person.open()
        async with talking(person) as (gateway, session, _caller):
            assert await session.legs[0].transfer(TransferTarget(address), "bridge") == TransferOutcome.REFUSED
            assert await session.legs[0].transfer(TransferTarget(address), "refer") == TransferOutcome.REFUSED
            assert (person.requests, gateway.endpoint.counted.placed) == ([], 0)

    run(test)


async def referred(caller: Caller) -> SipRequest:
    request = await caller.receive()
    assert isinstance(request, SipRequest) and request.method == "REFER"
    return request


def answer_refer(caller: Caller, refer: SipRequest, status: int) -> None:
    from guildhall.providers.telephony.sip.messages import response_to

    caller.send(response_to(refer, status))


async def notify(caller: Caller, line: bytes, state: str = "active") -> None:
    caller.send(caller.request("NOTIFY", ("event", "refer"), ("subscription-state", state), ("content-type", "message/sipfrag"), body=line))
    await caller.final()


def test_a_refer_that_succeeds_ends_our_call() -> None:
    async def test() -> None:
        person = await Person.open()
        async with talking(person) as (_gateway, session, caller):
            going: asyncio.Task[TransferOutcome] = asyncio.create_task(session.legs[0].transfer(target(person), "refer"))
            refer = await referred(caller)
            assert refer.headers.get("refer-to") == f"<{person.address}>"
            assert refer.headers.get("x-case-ref") == "c0ffee-17"
            answer_refer(caller, refer, 202)
            await notify(caller, b"SIP/2.0 100 Trying")
            await notify(caller, b"SIP/2.0 200 OK", "terminated;reason=noresource")
            bye = await caller.receive()
            assert isinstance(bye, SipRequest) and bye.method == "BYE"
            from guildhall.providers.telephony.sip.messages import response_to

            caller.send(response_to(bye, 200))
            assert await going == TransferOutcome.CONNECTED

    run(test)


@pytest.mark.parametrize(
    ("status", "news", "outcome"),
    [
        (603, b"", TransferOutcome.REFUSED),
        (202, b"SIP/2.0 486 Busy Here", TransferOutcome.BUSY),
        (202, b"SIP/2.0 503 Service Unavailable", TransferOutcome.FAILED),
        (202, b"nothing that could be read", TransferOutcome.FAILED),
    ],
)
def test_a_refer_that_fails_leaves_the_caller_with_us(status: int, news: bytes, outcome: TransferOutcome) -> None:
    async def test() -> None:
        person = await Person.open()
        async with talking(person) as (gateway, session, caller):
            going: asyncio.Task[TransferOutcome] = asyncio.create_task(session.legs[0].transfer(target(person), "refer"))
            answer_refer(caller, await referred(caller), status)
            if news:
                await notify(caller, news, "terminated")
            assert await going == outcome
            assert gateway.endpoint.running == 1

    run(test)


def test_a_refer_without_news_ends_and_the_caller_is_with_us() -> None:
    async def test() -> None:
        person = await Person.open()
        async with talking(person, t1=0.001) as (gateway, session, caller):
            leg: CallLeg = session.legs[0]
            going: asyncio.Task[TransferOutcome] = asyncio.create_task(leg.transfer(target(person, 0.1), "refer"))
            answer_refer(caller, await referred(caller), 202)
            assert await going == TransferOutcome.NO_ANSWER
            assert gateway.endpoint.running == 1

    run(test)


@pytest.mark.parametrize("answers_first", [True, False])
def test_a_caller_whose_session_breaks_is_put_through(answers_first: bool) -> None:
    async def test() -> None:
        async def breaks(leg: CallLeg) -> None:
            if answers_first:
                await leg.answer()
            raise RuntimeError

        person = await Person.open()
        bounds = Bounds(t1=0.05, targets=frozenset({person.address}))
        gateway = SipGateway(port=0, bounds=bounds, failover=target(person))
        serving = asyncio.create_task(gateway.serve(breaks))
        await gateway.opened()
        caller = await Caller.open(gateway.address)
        assert (await caller.call()).status == 200
        await person.got("ACK")
        assert await loud(person.listen, caller.say)
        assert await loud(caller.listen, person.say)
        assert (await caller.hang_up()).status == 200
        await person.got("BYE")
        close_all()
        person.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    run(test)


def test_a_transfer_that_is_called_off_stops_ringing_and_another_may_follow() -> None:
    async def test() -> None:
        person = await Person.open(answers=0)
        async with talking(person) as (gateway, session, caller):
            ringing = asyncio.create_task(session.legs[0].transfer(target(person, 10), "bridge"))
            await person.got("INVITE")
            await asyncio.sleep(0.02)
            ringing.cancel()
            await person.got("CANCEL")
            await caller.listen(3)
            person.answers = 200
            assert await session.legs[0].transfer(target(person), "bridge") == TransferOutcome.CONNECTED
            assert gateway.line.ports.open == 2

    run(test)


def test_a_number_that_leads_back_to_us_is_no_endless_call() -> None:
    async def test() -> None:
        ours: list[CallLeg] = []

        async def session(leg: CallLeg) -> None:
            ours.append(leg)
            await leg.answer()
            async for _ in leg.events():
                continue

        own = bound("127.0.0.1", 0)
        here = f"sip:01632960200@127.0.0.1:{own.getsockname()[1]}"
        gateway = SipGateway(inherited=own, bounds=Bounds(t1=0.05, targets=frozenset({here})))
        serving = asyncio.create_task(gateway.serve(session))
        await gateway.opened()
        caller = await Caller.open(gateway.address)
        await caller.call()
        assert await ours[0].transfer(TransferTarget(here, 2, REFERENCE), "bridge") == TransferOutcome.REFUSED
        assert len(ours) == 1
        close_all()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    run(test)
