"""The Asterisk gateway over its double, for the conformance suite."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Literal

from guildhall.channels.phone.ports import CallLeg, TransferOutcome, TransferTarget
from guildhall.providers.telephony.asterisk.config import AsteriskConfig
from guildhall.providers.telephony.asterisk.gateway import AsteriskGateway, asterisk_gateway
from guildhall.testing.media_gateway import NUMBER, REFERENCE
from tests.providers.telephony.asterisk_double import AsteriskDouble, Channel

ENDPOINTS = {TransferOutcome.CONNECTED: "PJSIP/advisers", TransferOutcome.BUSY: "PJSIP/busy", TransferOutcome.NO_ANSWER: "PJSIP/nobody"}
NUMBERS = {outcome: f"0163296020{n}" for n, outcome in enumerate(ENDPOINTS)}


class AsteriskCaller:
    """Somebody who calls by way of the double."""

    def __init__(self, double: AsteriskDouble) -> None:
        self.double = double
        self.channel: Channel | None = None

    @property
    def _mine(self) -> Channel:
        assert self.channel is not None
        return self.channel

    async def ring(self) -> None:
        self.channel = await self.double.ring(NUMBER)

    async def answered(self) -> bool:
        await self._mine.settled.wait()
        return self._mine.up

    def say(self, frame: bytes) -> None:
        self.double.say(self._mine, frame)

    async def press(self, key: str) -> None:
        await self.double.press(self._mine, key)

    @property
    def heard(self) -> bytes:
        return bytes(self._mine.heard)

    async def hang_up(self) -> None:
        await self.double.gone(self._mine)

    async def over(self) -> None:
        await self._mine.ended.wait()

    async def close(self) -> None:
        await self.double.gone(self._mine)


class AsteriskDriver:
    """The gateway with sound over the websocket channel."""

    mode: Literal["bridge", "refer"] = "bridge"
    can_reject = True
    media: Literal["websocket", "audiosocket"] = "websocket"

    def __init__(self) -> None:
        self.double = AsteriskDouble()
        self._stack = AsyncExitStack()
        self.gateway: AsteriskGateway
        self._serving: asyncio.Task[None]

    async def open(self, on_call: Callable[[CallLeg], Awaitable[None]]) -> None:
        await self._stack.enter_async_context(self.double.running())
        targets = {NUMBERS[outcome]: endpoint for outcome, endpoint in ENDPOINTS.items()}
        config = AsteriskConfig(url=self.double.url, password="for a test", media=self.media, media_port=0, targets=targets)
        self.gateway = asterisk_gateway(config)
        self._serving = asyncio.create_task(self.gateway.serve(on_call))
        await self.gateway.opened()
        self.double.media_address = f"ws://127.0.0.1:{self.gateway.media_port}/media"

    async def close(self) -> None:
        self._serving.cancel()
        await asyncio.gather(self._serving, return_exceptions=True)
        await self._stack.aclose()

    async def caller(self) -> AsteriskCaller:
        return AsteriskCaller(self.double)

    def adviser(self, outcome: TransferOutcome) -> TransferTarget:
        self.double.outcomes = {"PJSIP/advisers": "answer", "PJSIP/busy": "17", "PJSIP/nobody": "19"}
        return TransferTarget(NUMBERS[outcome], 2.0, {"case-ref": REFERENCE})

    def told_to_adviser(self) -> str:
        return str(self.double.originated[-1]["variables"])

    def flushed_remotely(self) -> bool | None:
        return self.double.flushed > 0


class AudioSocketDriver(AsteriskDriver):
    """The gateway with sound over AudioSocket."""

    media: Literal["websocket", "audiosocket"] = "audiosocket"

    def flushed_remotely(self) -> bool | None:
        return None
