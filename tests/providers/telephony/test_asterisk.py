"""What is Asterisk's own: who goes to people and when, what may be rung, and what never stands in an address."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from websockets.asyncio.client import connect

from guildhall.channels.phone.ports import FRAME_BYTES, CallLeg, HangUpCause, Held, HungUp, KeyPressed, TransferOutcome, TransferTarget
from guildhall.providers.telephony.asterisk.config import AsteriskConfig, AsteriskConfigError, read_targets
from guildhall.providers.telephony.asterisk.gateway import asterisk_gateway
from guildhall.providers.telephony.asterisk.wires import SOUND_FRAME, UUID_FRAME, frame_of
from guildhall.testing.media_gateway import NUMBER, Session, in_call, tone, until
from tests.providers.telephony.asterisk_driver import AsteriskCaller, AsteriskDriver, AudioSocketDriver


def with_asterisk(
    test: Callable[[Any, Session], Coroutine[Any, Any, None]],
    make: Callable[[], AsteriskDriver] = AsteriskDriver,
    on_call: Callable[[CallLeg], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Run a test beside the gateway and its double."""

    async def run() -> None:
        driver, session = make(), Session()
        await driver.open(on_call or session)
        try:
            await asyncio.wait_for(test(driver, session), 20)
        finally:
            await driver.close()

    asyncio.run(run())


def test_when_we_die_in_mid_call_the_caller_goes_to_people() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        caller = await in_call(driver, session)
        assert isinstance(caller, AsteriskCaller) and caller.channel is not None and not caller.channel.with_people
        driver._serving.cancel()
        await asyncio.gather(driver._serving, return_exceptions=True)
        await until(lambda: caller.channel is not None and caller.channel.with_people)
        assert "CALL_DONE" not in caller.channel.variables

    with_asterisk(test)


def test_when_we_are_not_there_the_caller_goes_to_people_at_once() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        driver._serving.cancel()
        await asyncio.gather(driver._serving, return_exceptions=True)
        await until(lambda: driver.double._events is None)
        caller = await driver.caller()
        await caller.ring()
        assert caller.channel is not None and caller.channel.with_people

    with_asterisk(test)


@pytest.mark.parametrize("refused", ["answer", "addChannel"])
def test_a_call_that_cannot_be_set_up_goes_to_people(refused: str) -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        driver.double.refuse.add(refused)
        if refused == "addChannel":
            driver.double.bridges = _NoBridges()
        caller = await driver.caller()
        await caller.ring()
        await caller.over()
        assert caller.channel is not None and caller.channel.with_people
        await until(lambda: driver.gateway.running == 0)
        assert session.events == [HungUp(HangUpCause.FAILED)]

    with_asterisk(test)


class _NoBridges(dict[str, list[str]]):
    """Bridges that nobody can join."""

    def __getitem__(self, name: str) -> list[str]:
        raise KeyError(name)


def test_a_session_that_fails_leaves_the_caller_to_people() -> None:
    async def fails(leg: CallLeg) -> None:
        await leg.answer()
        raise RuntimeError("a fault of ours")

    async def test(driver: AsteriskDriver, session: Session) -> None:
        caller = await driver.caller()
        await caller.ring()
        await caller.over()
        assert caller.channel is not None and caller.channel.with_people

    with_asterisk(test, on_call=fails)


def test_a_call_that_is_done_is_not_given_to_people() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        caller = await in_call(driver, session)
        await session.leg.hang_up()
        await caller.over()
        assert isinstance(caller, AsteriskCaller) and caller.channel is not None
        assert not caller.channel.alive and not caller.channel.with_people and caller.channel.variables["CALL_DONE"] == "1"

    with_asterisk(test)


def test_only_what_is_configured_is_rung() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        caller = await in_call(driver, session)
        for address in ("01632960999", "PJSIP/advisers", "sip:somebody@example.org", ""):
            assert await session.leg.transfer(TransferTarget(address), "bridge") == TransferOutcome.REFUSED
        assert driver.double.originated == []
        await caller.hang_up()

    with_asterisk(test)


def test_no_number_and_no_reference_stands_in_an_address() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        caller = await in_call(driver, session)
        await session.leg.transfer(driver.adviser(TransferOutcome.CONNECTED), "bridge")
        await caller.hang_up()
        await session.over.wait()
        text = " ".join(driver.double.requests)
        assert text and not any(secret in text for secret in (NUMBER, "ABCD-2345", "01632960200"))
        assert set(driver.double.originated[0]["variables"]) == {
            "GUILDHALL_CALLER",
            "CHANNEL(hangup_handler_push)",
            "PJSIP_HEADER(add,X-Case-Ref)",
            "PJSIP_HEADER(add,User-To-User)",
        }

    with_asterisk(test)


def test_the_caller_goes_when_the_adviser_hangs_up_and_keys_pressed_for_the_adviser_are_not_ours() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        caller = await in_call(driver, session)
        assert await session.leg.transfer(driver.adviser(TransferOutcome.CONNECTED), "bridge") == TransferOutcome.CONNECTED
        await caller.press("4")
        adviser = next(channel for channel in driver.double.channels.values() if channel.name.startswith("PJSIP/advisers"))
        await driver.double.gone(adviser)
        await session.over.wait()
        await caller.over()
        assert session.of(KeyPressed) == [] and session.of(HungUp) == [HungUp(HangUpCause.CALLER)]

    with_asterisk(test)


def test_on_hold_and_off_it_is_told() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        caller = await in_call(driver, session)
        assert isinstance(caller, AsteriskCaller) and caller.channel is not None
        await driver.double.tell("ChannelHold", caller.channel)
        await driver.double.tell("ChannelUnhold", caller.channel)
        await until(lambda: session.of(Held) == [Held(True), Held(False)])
        await caller.hang_up()

    with_asterisk(test)


def test_a_caller_who_gives_up_while_the_adviser_is_rung_takes_the_ringing_away() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        caller = await in_call(driver, session)
        target = driver.adviser(TransferOutcome.NO_ANSWER)
        driver.double.outcomes["PJSIP/nobody"] = "rings on"
        driver.double._rung = _rings_on  # type: ignore[method-assign]
        ringing = asyncio.create_task(session.leg.transfer(target, "bridge"))
        await until(lambda: bool(driver.double.originated))
        await caller.hang_up()
        assert await ringing == TransferOutcome.FAILED
        await until(lambda: not driver.double.channels)
        await session.over.wait()

    with_asterisk(test)


async def _rings_on(channel: Any, outcome: str) -> None:
    pass


def test_a_redirected_caller_is_gone_and_it_is_said_that_nobody_knows_how_it_ended() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        caller = await in_call(driver, session)
        assert await session.leg.transfer(driver.adviser(TransferOutcome.CONNECTED), "refer") == TransferOutcome.CONNECTED
        await session.over.wait()
        assert driver.double.redirected == ["PJSIP/advisers"] and len(session.of(HungUp)) == 1
        assert isinstance(caller, AsteriskCaller) and caller.channel is not None and not caller.channel.with_people

    with_asterisk(test)


def test_callers_whom_a_process_before_us_has_left_go_to_people_but_not_those_with_an_adviser() -> None:
    async def run() -> None:
        driver, session = AsteriskDriver(), Session()
        await driver.open(session)
        try:
            driver._serving.cancel()
            await asyncio.gather(driver._serving, return_exceptions=True)
            left, talks = await driver.double.ring(NUMBER), await driver.double.ring(NUMBER)
            left.with_people = talks.with_people = False
            talks.variables["GUILDHALL_ADVISER"] = "PJSIP/advisers-1"
            driver.gateway = asterisk_gateway(driver.gateway._config)
            driver._serving = asyncio.create_task(driver.gateway.serve(session))
            await driver.gateway.opened()
            assert (left.with_people, talks.with_people) == (True, False)
        finally:
            await driver.close()

    asyncio.run(run())


def test_who_brings_the_sound_of_no_call_of_ours_is_shown_out() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        async with connect(driver.double.media_address, subprotocols=["media"], proxy=None) as stranger:  # type: ignore[list-item]
            await stranger.send('{"event": "MEDIA_START", "channel_id": "guessed"}')
            await asyncio.wait_for(stranger.wait_closed(), 5)
        assert session.legs == []

    with_asterisk(test)


def test_an_audiosocket_that_speaks_nonsense_is_closed() -> None:
    async def test(driver: AsteriskDriver, session: Session) -> None:
        for sent in (b"GET / HTTP/1.1\r\n\r\n", frame_of(UUID_FRAME, bytes(16)), frame_of(SOUND_FRAME, bytes(320)) * 80 + b"\x7f\0\0"):
            reader, writer = await asyncio.open_connection("127.0.0.1", driver.gateway.media_port)
            writer.write(sent)
            writer.write_eof()
            assert await asyncio.wait_for(reader.read(), 5) in (b"", frame_of(0, b""))
            writer.close()

    with_asterisk(test, AudioSocketDriver)


def test_what_the_caller_says_before_the_socket_says_whose_it_is_is_not_lost() -> None:
    from guildhall.providers.telephony.asterisk.wires import WebsocketWire

    class Hears:
        sound = b""

        def heard(self, sound: bytes) -> None:
            self.sound += sound

        def played(self, name: str) -> None: ...

        def gone(self) -> None: ...

    class Connection:
        def __init__(self) -> None:
            self.messages: list[str | bytes] = [tone(0.02), '{"event": "MEDIA_START", "channel_id": "c"}', "no json", tone(0.02)]

        def __aiter__(self) -> "Connection":
            return self

        async def __anext__(self) -> str | bytes:
            if not self.messages:
                raise StopAsyncIteration
            return self.messages.pop(0)

        async def send(self, message: str | bytes) -> None: ...

    async def run() -> None:
        wire, hears = WebsocketWire(Connection()), Hears()  # type: ignore[arg-type]
        await wire.read(lambda it: it.listen(hears))
        assert len(hears.sound) == 2 * FRAME_BYTES

    asyncio.run(run())


def test_targets_are_pairs() -> None:
    assert read_targets(" 01632960200=PJSIP/advisers, 01632960201=PJSIP/1@trunk,") == {
        "01632960200": "PJSIP/advisers",
        "01632960201": "PJSIP/1@trunk",
    }
    with pytest.raises(AsteriskConfigError, match="'advisers' is no target; write a number"):
        read_targets("advisers")


def test_the_password_is_not_shown() -> None:
    assert "for a test" not in repr(AsteriskConfig(password="for a test"))
