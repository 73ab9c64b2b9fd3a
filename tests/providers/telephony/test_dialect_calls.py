"""A call in each dialect that asks nothing over HTTP, over a real websocket: who is let in, sound both ways, a key, an interruption, the end."""

import asyncio
import base64
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from guildhall.channels.phone.ports import HangUpCause, HungUp, KeyPressed, TransferOutcome, TransferTarget
from guildhall.providers.telephony.streams.config import StreamsConfig
from guildhall.providers.telephony.streams.dialect import dialects
from guildhall.providers.telephony.streams.gateway import StreamsGateway, streams_gateway
from guildhall.testing.media_gateway import Session, loud_seconds, tone, until
from tests.providers.telephony.streams_driver import TARGETS, free_port
from tests.providers.telephony.test_dialects import SPOKEN, sent

TOKEN = "a token for tests only"
OTHERS = [name for name, dialect in dialects().items() if not dialect.webhook]
Test = Callable[[StreamsGateway, Session, str], Coroutine[Any, Any, None]]


def with_gateway(name: str, test: Test) -> None:
    async def run() -> None:
        port, session = free_port(), Session()
        config = StreamsConfig(f"http://127.0.0.1:{port}", name, port=port, token=TOKEN, targets=TARGETS, advisers="01632960210")
        gateway = streams_gateway(config)
        serving = asyncio.create_task(gateway.serve(session))
        await gateway.opened()
        try:
            await asyncio.wait_for(test(gateway, session, f"ws://127.0.0.1:{port}/streams/media"), 20)
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(run())


def as_supplier(address: str, name: str, authorization: str = f"Bearer {TOKEN}") -> Any:
    protocols = [dialects()[name].subprotocol] if dialects()[name].subprotocol else None
    return connect(address, subprotocols=protocols, additional_headers={"Authorization": authorization}, proxy=None)  # type: ignore[arg-type]


class Heard:
    """What is said to the supplier: sound, and all the rest."""

    def __init__(self, name: str) -> None:
        self.dialect = dialects()[name]
        self.sound = bytearray()
        self.said: list[dict[str, Any]] = []

    async def listen(self, supplier: ClientConnection) -> None:
        try:
            async for message in supplier:
                if isinstance(message, bytes):
                    self.sound += self.dialect.decoded(message)
                    continue
                found = json.loads(message)
                payload = found.get("audioChunk") or found.get("media", {}).get("payload")
                if payload:
                    self.sound += self.dialect.decoded(base64.b64decode(payload))
                else:
                    self.said.append(found)
        except ConnectionClosed:
            pass


@pytest.mark.parametrize("name", OTHERS)
def test_a_call_in_each_dialect(name: str) -> None:
    async def test(gateway: StreamsGateway, session: Session, address: str) -> None:
        spoken, heard = SPOKEN[name], Heard(name)
        async with as_supplier(address, name) as supplier:
            listening = asyncio.create_task(heard.listen(supplier))
            await supplier.send(sent(spoken.start))
            await until(lambda: session.picked_up == 1)
            assert session.leg.caller_number in ("01632960123", "441632960123")
            for _ in range(10):
                await supplier.send(sent(spoken.sound))
            await supplier.send(sent(spoken.key))
            session.leg.play(tone(2.0), "never")
            await until(lambda: loud_seconds(session.sound) >= 0.18 and loud_seconds(bytes(heard.sound)) >= 0.1)
            assert session.leg.flush() > 1.0
            await until(lambda: spoken.clear in heard.said)
            assert [event.key for event in session.of(KeyPressed)] == ["1"]
            if spoken.stop:
                await supplier.send(sent(spoken.stop))
            else:
                await supplier.close()
            await session.over.wait()
            await listening
        assert session.of(HungUp) == [HungUp(HangUpCause.CALLER)] and gateway.running == 0

    with_gateway(name, test)


@pytest.mark.parametrize("name", OTHERS)
def test_who_has_not_the_token_is_not_let_in(name: str) -> None:
    async def test(gateway: StreamsGateway, session: Session, address: str) -> None:
        basic = base64.b64encode(b"anybody:wrong").decode()
        for authorization in ("", "Bearer wrong", f"Basic {basic}", "Basic ***", TOKEN):
            with pytest.raises(InvalidStatus):
                await as_supplier(address, name, authorization)
        assert session.legs == [] and gateway.refused == 5
        right = base64.b64encode(f"anybody:{TOKEN}".encode()).decode()
        async with as_supplier(address, name, f"Basic {right}"):
            pass

    with_gateway(name, test)


def test_where_the_supplier_can_only_be_asked_to_transfer_it_is_asked_and_the_caller_is_gone() -> None:
    async def test(gateway: StreamsGateway, session: Session, address: str) -> None:
        heard = Heard("audiocodes")
        async with as_supplier(address, "audiocodes") as supplier:
            listening = asyncio.create_task(heard.listen(supplier))
            await supplier.send(sent(SPOKEN["audiocodes"].start))
            await until(lambda: session.picked_up == 1)
            target = TransferTarget("01632960201", 5.0, {"case-ref": "ABCD-2345"})
            assert await session.leg.transfer(target, "refer") == TransferOutcome.CONNECTED
            await session.over.wait()
            await listening
        asked = heard.said[-1]["activities"][0]["activityParams"]
        assert asked == {"transferTarget": "tel:+441632960201", "transferSipHeaders": [{"name": "X-Case-Ref", "value": "ABCD-2345"}]}

    with_gateway("audiocodes", test)


@pytest.mark.parametrize("name", [name for name in OTHERS if name != "audiocodes"])
def test_where_the_supplier_cannot_be_asked_nothing_is_said_to_be_connected(name: str) -> None:
    async def test(gateway: StreamsGateway, session: Session, address: str) -> None:
        async with as_supplier(address, name) as supplier:
            await supplier.send(sent(SPOKEN[name].start))
            await until(lambda: session.picked_up == 1)
            assert await session.leg.transfer(TransferTarget("01632960201"), "bridge") == TransferOutcome.FAILED
            assert session.of(HungUp) == []

    with_gateway(name, test)
