"""What is the media streams' own: who may ask, who goes to people and when, what may be dialled, and that one broken stream is one."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from guildhall.channels.phone.ports import CallLeg, HangUpCause, HungUp, TransferOutcome, TransferTarget
from guildhall.providers.telephony.streams.config import StreamsConfig, StreamsConfigError, read_dialled
from guildhall.providers.telephony.streams.gateway import streams_gateway
from guildhall.providers.telephony.streams.signature import HEADER, is_signed, signature_of
from guildhall.testing.media_gateway import NUMBER, Session, in_call, tone, until
from tests.providers.telephony.streams_driver import StreamCaller, StreamsDriver

Test = Callable[[StreamsDriver, Session], Coroutine[Any, Any, None]]


def with_supplier(test: Test, on_call: Callable[[CallLeg], Coroutine[Any, Any, None]] | None = None) -> None:
    """Run a test beside the gateway and its double."""

    async def run() -> None:
        driver, session = StreamsDriver(), Session()
        await driver.open(on_call or session)
        try:
            await asyncio.wait_for(test(driver, session), 20)
        finally:
            await driver.close()

    asyncio.run(run())


async def caller_in_call(driver: StreamsDriver, session: Session) -> StreamCaller:
    caller = await in_call(driver, session)
    assert isinstance(caller, StreamCaller)
    return caller


def test_the_signature_is_that_of_the_suppliers_own_example() -> None:
    fields = {  # as the supplier publishes it, its numbers too: the signature is over them
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature_of("12345", url, fields.items()) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert is_signed("RSOYDt4T1cUTdK1PDd93/VVr8B8=", "12345", ["https://other.example", url], fields.items())
    assert not is_signed("RSOYDt4T1cUTdK1PDd93/VVr8B8=", "12346", [url], fields.items())
    assert not is_signed("", "12345", [url], fields.items())


@pytest.mark.parametrize("path", ["/streams/voice", "/streams/after", "/streams/answered", "/streams/ended"])
def test_whoever_has_not_signed_is_not_answered(path: str) -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        fields = {"CallSid": "CA1", "From": "+441632960123", "DialCallStatus": "busy"}
        wrong = signature_of("another token altogether", driver.double.gateway + path, fields.items())
        assert await driver.double.ask(path, fields, signature=wrong) == ""
        altered = signature_of(driver.double.token, driver.double.gateway + path, (fields | {"CallSid": "CA2"}).items())
        assert await driver.double.ask(path, fields, signature=altered) == ""
        async with httpx2.AsyncClient(trust_env=False) as http:
            assert (await http.post(driver.double.gateway + path, data=fields)).status_code == 403
        assert session.legs == [] and driver.gateway.refused == 3

    with_supplier(test)


def test_a_stream_needs_the_signature_and_a_token_that_was_given_out_once() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        address = driver.double.gateway.replace("http", "ws") + "/streams/media"
        with pytest.raises(InvalidStatus):
            await connect(address, proxy=None)
        with pytest.raises(InvalidStatus):
            await connect(address, additional_headers={HEADER: signature_of("wrong", address)}, proxy=None)
        caller = await caller_in_call(driver, session)
        signed = {HEADER: signature_of(driver.double.token, address)}
        for token in ("", "guessed"):
            async with connect(address, additional_headers=signed, proxy=None) as stranger:
                start = {"callSid": caller.mine.id, "streamSid": "MZ2", "customParameters": {"token": token}}
                await stranger.send(json.dumps({"event": "start", "start": start}))
                await asyncio.wait_for(stranger.wait_closed(), 5)
        session.leg.play(tone(0.1), "still here")
        await until(lambda: len(session.events) == 1)
        await caller.hang_up()

    with_supplier(test)


def test_one_garbled_stream_ends_and_its_caller_goes_to_people_while_another_goes_on() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        first = await caller_in_call(driver, session)
        second = await caller_in_call(driver, session)
        await until(lambda: session.picked_up == 2)
        assert first.mine.stream is not None
        await first.mine.stream.send('{"event": "media", "media": {"payload": ')
        await first.over()
        assert first.mine.with_people and first.mine.done == ["Connect", "Dial"]
        session.legs[1].play(tone(0.1))
        await until(lambda: len(second.heard) > 0)
        await second.hang_up()

    with_supplier(test)


@pytest.mark.parametrize(
    "garbled",
    [
        "nonsense",
        "[1]",
        '{"event": "media", "media": {"track": "inbound", "payload": "*"}}',
        '{"event": "dtmf", "dtmf": 5}',
        b"\0\1",
        "[" * 20_000,
    ],
)
def test_what_is_no_message_of_the_dialect_ends_the_stream(garbled: str | bytes) -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        caller = await caller_in_call(driver, session)
        assert caller.mine.stream is not None
        await caller.mine.stream.send(garbled)
        await caller.over()
        await session.over.wait()
        assert caller.mine.with_people and session.of(HungUp) == [HungUp(HangUpCause.MEDIA_GONE)]

    with_supplier(test)


def test_when_we_die_in_mid_call_the_advisers_ring() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        caller = await caller_in_call(driver, session)
        driver.serving.cancel()
        await asyncio.gather(driver.serving, return_exceptions=True)
        await caller.over()
        assert caller.mine.with_people and driver.double.dialled == [("Number", "+441632960210")]

    with_supplier(test)


def test_a_session_that_fails_leaves_the_caller_to_people() -> None:
    async def fails(leg: CallLeg) -> None:
        await leg.answer()
        raise RuntimeError("a fault of ours")

    async def test(driver: StreamsDriver, session: Session) -> None:
        caller = await driver.caller()
        await caller.ring()
        await caller.over()
        assert caller.mine.with_people

    with_supplier(test, fails)


def test_a_call_that_no_session_decides_on_goes_to_people() -> None:
    async def never(leg: CallLeg) -> None:
        async for _ in leg.events():
            pass

    async def run() -> None:
        driver = StreamsDriver()
        driver.decide_seconds = 0.1
        await driver.open(never)
        try:
            caller = await driver.caller()
            await caller.ring()
            await asyncio.wait_for(caller.over(), 5)
            assert caller.mine.with_people and not caller.mine.up
        finally:
            await driver.close()

    asyncio.run(run())


def test_a_call_that_is_done_is_not_given_to_people() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        caller = await caller_in_call(driver, session)
        await session.leg.hang_up()
        await caller.over()
        assert not caller.mine.with_people and driver.double.dialled == []

    with_supplier(test)


def test_where_the_supplier_cannot_be_told_that_it_is_done_the_advisers_ring() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        caller = await caller_in_call(driver, session)
        driver.double.refuses = True
        assert await session.leg.transfer(driver.adviser(TransferOutcome.CONNECTED), "bridge") == TransferOutcome.FAILED
        session.leg.play(tone(0.1), "still here")
        await until(lambda: len(caller.heard) > 0)
        await session.leg.hang_up()
        await caller.over()
        assert caller.mine.with_people

    with_supplier(test)


def test_only_what_is_configured_is_dialled_and_a_reference_is_only_a_reference() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        caller = await caller_in_call(driver, session)
        for address in ("01632960999", "+441632960201", "sip:somebody@example.org"):
            assert await session.leg.transfer(TransferTarget(address), "bridge") == TransferOutcome.REFUSED
        driver.double.outcomes = {"sip:advisers@pbx.example": "busy"}
        target = TransferTarget("01632960200", 5.0, {"case-ref": "A&Route=<sip:elsewhere>"})
        assert await session.leg.transfer(target, "bridge") == TransferOutcome.BUSY
        assert driver.double.dialled == [("Sip", "sip:advisers@pbx.example")]
        await caller.hang_up()

    with_supplier(test)


def test_a_caller_who_hangs_up_while_the_other_phone_rings_is_gone() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        caller = await caller_in_call(driver, session)
        target = driver.adviser(TransferOutcome.CONNECTED)
        ringing = asyncio.create_task(session.leg.transfer(target, "bridge"))
        await until(lambda: bool(driver.double.dialled))
        await ringing
        caller.mine.hang_up()
        await session.over.wait()
        assert session.of(HungUp) == [HungUp(HangUpCause.CALLER)]

    with_supplier(test)


def test_after_a_restart_whoever_comes_back_from_a_dial_that_nobody_answered_goes_to_the_advisers() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        answer = await driver.double.ask("/streams/after", {"CallSid": "CA9", "CallStatus": "in-progress", "DialCallStatus": "no-answer"})
        assert "<Dial" in answer and "+441632960210" in answer
        answer = await driver.double.ask("/streams/after", {"CallSid": "CA9", "CallStatus": "in-progress", "DialCallStatus": "completed"})
        assert "<Hangup/>" in answer

    with_supplier(test)


def test_no_number_stands_in_an_address_that_we_give_out() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        caller = await caller_in_call(driver, session)
        await session.leg.transfer(driver.adviser(TransferOutcome.BUSY), "bridge")
        await caller.hang_up()
        assert len(driver.double.asked) == 2 and not any(NUMBER[1:] in address or "?" in address for address in driver.double.asked)

    with_supplier(test)


def test_a_withheld_number_is_none() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        call = driver.double.ring("+266696687")
        await until(lambda: session.picked_up == 1)
        assert session.leg.caller_number == ""
        call.hang_up()

    with_supplier(test)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"public_url": "http://phone.example.gov.uk"}, "must be the https address"),
        ({"token": "short"}, "missing or short"),
        ({"advisers": "01632960299"}, "none of the lines that may be dialled"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_at_the_start(change: dict[str, Any], message: str) -> None:
    good: dict[str, Any] = {"public_url": "https://phone.example.gov.uk", "token": "0123456789abcdef"}
    good |= {"targets": {"01632960200": "+441632960200"}, "advisers": "01632960200"}
    assert "0123456789abcdef" not in repr(StreamsConfig(**good))
    with pytest.raises(StreamsConfigError, match=message):
        StreamsConfig(**good | change)


def test_a_dialect_that_we_do_not_have_is_told_at_the_start() -> None:
    targets = {"01632960200": "+441632960200"}
    config = StreamsConfig("https://phone.example.gov.uk", "smoke", token="0123456789abcdef", targets=targets, advisers="01632960200")
    with pytest.raises(StreamsConfigError, match="'smoke'; the dialects are audiocodes, jambonz"):
        streams_gateway(config)


def test_targets_are_numbers_and_what_is_dialled_for_them() -> None:
    assert read_dialled("01632960200, 01632960201=+441632960201,01632960202=sip:a@pbx.example") == {
        "01632960200": "01632960200",
        "01632960201": "+441632960201",
        "01632960202": "sip:a@pbx.example",
    }
    with pytest.raises(StreamsConfigError, match="'advisers' is no target"):
        read_dialled("advisers")


def test_a_stream_that_ends_in_the_middle_of_nothing_is_closed() -> None:
    async def test(driver: StreamsDriver, session: Session) -> None:
        address = driver.double.gateway.replace("http", "ws") + "/streams/media"
        async with connect(address, additional_headers={HEADER: signature_of(driver.double.token, address)}, proxy=None) as stranger:
            await stranger.send("{")
            with pytest.raises(ConnectionClosed):
                await asyncio.wait_for(stranger.recv(), 5)

    with_supplier(test)
