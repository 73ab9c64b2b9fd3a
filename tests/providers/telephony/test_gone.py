"""A call that is over is gone at once, sound, words and all, without the collector of rings of objects: memory does not grow between its rounds."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from guildhall.channels.phone.dialogue.directed import DirectedDialogue
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import FRAME_BYTES, CallLeg, TransferOutcome, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.gateway import SipGateway
from guildhall.testing.media_gateway import loud_seconds, until
from tests.channels.phone.dialogue.calls import BASIC, WORDS
from tests.channels.phone.fakes import FakeEar, FakeHouse, FakeVoice
from tests.providers.telephony.asterisk_driver import AsteriskDriver, AudioSocketDriver
from tests.providers.telephony.caller import Caller, close_all
from tests.providers.telephony.person import Person
from tests.providers.telephony.streams_driver import StreamsDriver

Habit = Callable[[Caller, Person, FakeHouse], Awaitable[None]]
Parts = list["weakref.ref[object]"]


async def hangs_up(caller: Caller, person: Person, house: FakeHouse) -> None:
    """In the middle of the notice."""


async def talks_to_a_person(caller: Caller, person: Person, house: FakeHouse) -> None:
    caller.press("0")
    await person.got("ACK")
    await until(lambda: any(facts.get("after") == "bridged" for _, facts in house.notes))


async def finds_the_house_gone(caller: Caller, person: Person, house: FakeHouse) -> None:
    house.gone = True
    caller.press("0")
    await person.got("ACK")


@contextmanager
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def phone_of(house: FakeHouse, target: TransferTarget) -> Phone:
    """The real dialogue, with ears and a voice of fakes."""
    return Phone(
        house=house, hearing=FakeEar(["bins", "large items"]), voice=FakeVoice(), detector=lambda: lambda frame: loud_seconds(frame[:FRAME_BYTES]) > 0,
        dialogue=lambda leg: DirectedDialogue(BASIC, WORDS, leg.caller_number, False), notice=(Spoken("I am a computer.", interruptible=False),),
        failover=Failover(target, {"en": Spoken("You are put through.")}, {"en": Spoken("Please ring us.")}),
        transfer_to=lambda route: target, new_id=lambda kind: f"{kind}_1",
    )  # fmt: skip


def session(leg: CallLeg, phone: Phone, parts: Parts) -> CallSession:
    """A session, of whose parts is kept who they are, and nothing more."""
    made = CallSession(leg, phone)
    call = made._call
    parts += [weakref.ref(part) for part in (leg, made, call, call.mouth, call.inbox)]
    return made


def alive(parts: Parts) -> list[str]:
    return [type(part).__name__ for ref in parts if (part := ref()) is not None]


@pytest.mark.parametrize("habit", [hangs_up, talks_to_a_person, finds_the_house_gone])
def test_a_call_that_is_over_is_gone_without_the_collector(habit: Habit) -> None:
    async def test() -> None:
        person, house, parts = await Person.open(), FakeHouse(), Parts()
        target = TransferTarget(person.address, 5.0)
        phone = phone_of(house, target)
        gateway = SipGateway(port=0, bounds=Bounds(t1=0.02, targets=frozenset({target.address})))

        async def on_call(leg: CallLeg) -> None:
            await session(leg, phone, parts).run()

        serving = asyncio.create_task(gateway.serve(on_call))
        await gateway.opened()
        with no_collector():
            caller = await Caller.open(gateway.address)
            assert (await caller.call()).status == 200
            await asyncio.sleep(0.2)
            await habit(caller, person, house)
            await caller.hang_up()
            await until(lambda: gateway.endpoint.running == 0 and gateway.ticker.served == 0)
            await until(lambda: not alive(parts), within=64 * 0.02 + 2)  # the waits of SIP
            assert len(parts) >= 5
        close_all()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        person.close()

    asyncio.run(asyncio.wait_for(test(), 30))


@pytest.mark.parametrize("make", [AsteriskDriver, AudioSocketDriver, StreamsDriver])
def test_so_it_is_over_a_switch_or_a_supplier(make: Callable[[], AsteriskDriver | StreamsDriver]) -> None:
    async def test() -> None:
        house, parts, driver = FakeHouse(), Parts(), make()
        phone = phone_of(house, driver.adviser(TransferOutcome.CONNECTED))

        async def on_call(leg: CallLeg) -> None:
            await session(leg, phone, parts).run()

        await driver.open(on_call)
        with no_collector():
            caller = await driver.caller()
            await caller.ring()
            assert await caller.answered()
            await until(lambda: loud_seconds(caller.heard) > 0.5)
            await caller.hang_up()
            await until(lambda: any(facts.get("after") == "ended" for _, facts in house.notes))
            await until(lambda: not alive(parts))
        await driver.close()

    asyncio.run(asyncio.wait_for(test(), 30))
