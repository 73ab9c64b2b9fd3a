"""Whole calls, with the call session itself, over each kind of switch: the greeting, a question, a key, a person, and a house that is gone."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import FRAME_BYTES, CallLeg, TransferOutcome
from guildhall.channels.phone.session import CallSession
from guildhall.testing.media_gateway import loud_seconds, until
from tests.channels.phone.fakes import FakeEar, FakeHouse, FakeVoice, PlainDialogue, hum
from tests.providers.telephony.asterisk_driver import AsteriskDriver, AudioSocketDriver
from tests.providers.telephony.streams_driver import StreamsDriver

Driven = AsteriskDriver | StreamsDriver
Test = Callable[[Driven, Any, FakeHouse], Coroutine[Any, Any, None]]
DRIVERS = pytest.mark.parametrize("make", [AsteriskDriver, AudioSocketDriver, StreamsDriver], ids=lambda driver: driver.__name__)


def with_call(make: Callable[[], Driven], test: Test, hears: list[str]) -> FakeHouse:
    """A caller whom the session has answered; what the house was told."""
    house = FakeHouse()

    async def run() -> None:
        driver = make()
        target = driver.adviser(TransferOutcome.CONNECTED)
        phone = Phone(
            house=house, hearing=FakeEar(hears), voice=FakeVoice(), detector=lambda: lambda frame: loud_seconds(frame[:FRAME_BYTES]) > 0,
            dialogue=lambda _: PlainDialogue(), notice=(Spoken("I am a computer.", interruptible=False),),
            failover=Failover(target, {"en": Spoken("You are put through.")}, {"en": Spoken("Please ring us.")}),
            transfer_to=lambda route: target, new_id=lambda kind: f"{kind}_1",
        )  # fmt: skip

        async def on_call(leg: CallLeg) -> None:
            await CallSession(leg, phone).run()

        await driver.open(on_call)
        try:
            caller = await driver.caller()
            await caller.ring()
            assert await caller.answered()
            await until(lambda: loud_seconds(caller.heard) > 1.0)  # the notice
            await asyncio.wait_for(test(driver, caller, house), 20)
        finally:
            await driver.close()

    asyncio.run(run())
    return house


def states(house: FakeHouse) -> list[Any]:
    return [facts["after"] for what, facts in house.notes if what == "state"]


@DRIVERS
def test_nought_brings_an_adviser(make: Callable[[], Driven]) -> None:
    async def test(driver: Driven, caller: Any, house: FakeHouse) -> None:
        await caller.press("0")
        await until(lambda: "bridged" in states(house))
        assert "ABCD-2345" in driver.told_to_adviser()
        await caller.hang_up()
        await until(lambda: states(house)[-1] == "ended")

    assert with_call(make, test, []).persons == ["0"]


@DRIVERS
def test_a_question_is_heard_and_answered(make: Callable[[], Driven]) -> None:
    async def test(driver: Driven, caller: Any, house: FakeHouse) -> None:
        await until(lambda: states(house)[-1:] == ["open"])
        asks = hum(1.0)
        for start in range(0, len(asks), FRAME_BYTES):
            caller.say(asks[start : start + FRAME_BYTES])
            await asyncio.sleep(0.02)
        await until(lambda: house.asked == ["when is my bin day"])
        before = loud_seconds(caller.heard)
        await until(lambda: loud_seconds(caller.heard) > before + 0.5)
        await caller.hang_up()
        await until(lambda: states(house)[-1] == "ended")

    with_call(make, test, ["when is my bin day"])


@DRIVERS
def test_a_house_that_is_gone_brings_an_adviser(make: Callable[[], Driven]) -> None:
    async def test(driver: Driven, caller: Any, house: FakeHouse) -> None:
        house.gone = True
        await until(lambda: states(house)[-1:] == ["open"])
        asks = hum(1.0)
        for start in range(0, len(asks), FRAME_BYTES):
            caller.say(asks[start : start + FRAME_BYTES])
            await asyncio.sleep(0.02)
        double: Any = driver.double
        await until(lambda: bool(double.dialled if isinstance(driver, StreamsDriver) else double.originated))
        await caller.hang_up()

    with_call(make, test, ["when is my bin day"])
