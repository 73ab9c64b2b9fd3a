"""The embedded gateway, called by a phone of our own over loopback."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from guildhall.channels.phone.ports import CallLeg, HangUpCause, Held, HungUp, KeyPressed, LegEvent, MarkPlayed
from guildhall.providers.telephony.sip.endpoint import Bounds
from guildhall.providers.telephony.sip.gateway import SipGateway
from guildhall.providers.telephony.sip.messages import SipRequest
from guildhall.providers.telephony.sip.sdp import offer
from tests.providers.telephony.caller import Caller, close_all

TONE = (8000 * np.sin(np.arange(1600) * 2 * np.pi * 400 / 8000)).astype(np.int16)


@dataclass
class Answered:
    """What a call session saw."""

    legs: list[CallLeg] = field(default_factory=list)
    events: list[LegEvent] = field(default_factory=list)
    sound: bytearray = field(default_factory=bytearray)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, leg: CallLeg) -> None:
        self.legs.append(leg)
        await leg.answer()
        leg.play(TONE.tobytes(), "said")
        hearing = asyncio.create_task(self._hear(leg))
        async for event in leg.events():
            self.events.append(event)
        await hearing
        self.over.set()

    async def _hear(self, leg: CallLeg) -> None:
        async for frame in leg.frames():
            self.sound += frame.sound


def with_gateway(test: Callable[[SipGateway, Answered], Coroutine[Any, Any, None]], bounds: Bounds | None = None) -> None:
    """Run a test beside a gateway."""

    async def run() -> None:
        gateway, session = SipGateway(port=0, bounds=bounds), Answered()
        serving = asyncio.create_task(gateway.serve(session))
        await gateway.opened()
        try:
            await asyncio.wait_for(test(gateway, session), 20)
        finally:
            close_all()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(run())


def test_a_call_is_answered_and_both_hear_each_other_and_the_keys() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        assert (await caller.call()).status == 200
        for start in range(0, 1600, 160):
            caller.say(TONE[start : start + 160])
        caller.press("5")
        heard = await caller.listen(14)
        assert np.abs(heard).max() > 7000
        assert (await caller.hang_up()).status == 200
        await session.over.wait()
        assert np.abs(np.frombuffer(bytes(session.sound), np.int16)).max() > 7000
        told = [event for event in session.events if not isinstance(event, KeyPressed)]
        assert told == [MarkPlayed("said"), HungUp(HangUpCause.CALLER)]
        assert [event.key for event in session.events if isinstance(event, KeyPressed)] == ["5"]
        assert session.legs[0].caller_number == "01632960123"
        assert gateway.endpoint.running == 0
        caller.close()

    with_gateway(test)


def test_we_hang_up_and_the_caller_is_told() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        await caller.call()
        await session.legs[0].hang_up()
        bye = await caller.receive()
        assert isinstance(bye, SipRequest) and bye.method == "BYE"
        caller.close()

    with_gateway(test, Bounds(t1=0.05))


def test_on_hold_nothing_is_sent_and_nothing_is_lost() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        await caller.call()
        body = offer("127.0.0.1", caller.rtp.port, 2).replace(b"a=sendrecv", b"a=sendonly")
        assert b"a=recvonly" in (await caller.call(body)).body
        assert (await caller.call()).status == 200
        await caller.hang_up()
        await session.over.wait()
        assert [event for event in session.events if isinstance(event, Held)] == [Held(True), Held(False)]
        caller.close()

    with_gateway(test)


@pytest.mark.parametrize(
    ("change", "status"),
    [((b"RTP/AVP 8 101", b"RTP/AVP 111"), 488), ((b"IN IP4 127.0.0.1", b"IN IP4 203.0.113.9"), 488), ((b"m=audio", b"m=video"), 488)],
)
def test_sound_that_we_cannot_or_must_not_send_is_refused(change: tuple[bytes, bytes], status: int) -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        assert (await caller.call(offer("127.0.0.1", caller.rtp.port, 1).replace(*change))).status == status
        assert session.legs == []
        caller.close()

    with_gateway(test)


def test_whoever_is_no_peer_is_not_answered() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        caller = await Caller.open(gateway.address)
        caller.send(caller.request("OPTIONS"))
        with pytest.raises(TimeoutError):
            await caller.receive(0.2)
        assert gateway.endpoint.counted.strangers == 1
        caller.close()

    with_gateway(test, Bounds(peers=frozenset({"192.0.2.1"})))


def test_calls_beyond_the_cap_are_told_when_to_try_again() -> None:
    async def test(gateway: SipGateway, session: Answered) -> None:
        first, second = await Caller.open(gateway.address), await Caller.open(gateway.address)
        assert (await first.call()).status == 200
        refused = await second.call()
        assert (refused.status, refused.headers.get("retry-after")) == (503, "5")
        await first.hang_up()
        first.close()
        second.close()

    with_gateway(test, Bounds(calls=1))
