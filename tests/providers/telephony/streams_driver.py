"""The gateway of media streams over its double, for the conformance suite."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Literal

from guildhall.channels.phone.ports import CallLeg, TransferOutcome, TransferTarget
from guildhall.providers.telephony.streams.config import StreamsConfig
from guildhall.providers.telephony.streams.gateway import StreamsGateway, streams_gateway
from guildhall.testing.media_gateway import NUMBER, REFERENCE
from tests.providers.telephony.supplier_double import SupplierCall, SupplierDouble

DIALLED = {
    TransferOutcome.CONNECTED: "sip:advisers@pbx.example",
    TransferOutcome.BUSY: "+441632960201",
    TransferOutcome.NO_ANSWER: "+441632960202",
}
NUMBERS = {outcome: f"0163296020{n}" for n, outcome in enumerate(DIALLED)}
TARGETS = {NUMBERS[outcome]: dialled for outcome, dialled in DIALLED.items()} | {"01632960210": "+441632960210"}


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class StreamCaller:
    """Somebody who calls by way of the double."""

    def __init__(self, double: SupplierDouble) -> None:
        self.double = double
        self.call: SupplierCall | None = None
        self._saying: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    @property
    def mine(self) -> SupplierCall:
        assert self.call is not None
        return self.call

    async def ring(self) -> None:
        self.call = self.double.ring("+44" + NUMBER[1:])

    async def answered(self) -> bool:
        await self.mine.settled.wait()
        return self.mine.up

    def say(self, frame: bytes) -> None:
        async def say() -> None:
            async with self._turn:
                await self.mine.say(frame)

        task = asyncio.create_task(say())
        self._saying.add(task)
        task.add_done_callback(self._saying.discard)

    async def press(self, key: str) -> None:
        await self.mine.press(key)

    @property
    def heard(self) -> bytes:
        return bytes(self.mine.heard)

    async def hang_up(self) -> None:
        self.mine.hang_up()

    async def over(self) -> None:
        await self.mine.ended.wait()

    async def close(self) -> None:
        self.mine.hang_up()
        await self.mine.ended.wait()


class StreamsDriver:
    """The gateway with the dialect that came first."""

    mode: Literal["bridge", "refer"] = "bridge"
    can_reject = True
    decide_seconds = 8.0

    def __init__(self) -> None:
        self.double = SupplierDouble()
        self._stack = AsyncExitStack()
        self.gateway: StreamsGateway
        self.serving: asyncio.Task[None]

    async def open(self, on_call: Callable[[CallLeg], Awaitable[None]]) -> None:
        await self._stack.enter_async_context(self.double.running())
        port = free_port()
        self.double.gateway = f"http://127.0.0.1:{port}"
        config = StreamsConfig(
            public_url=self.double.gateway,
            port=port,
            account=self.double.account,
            token=self.double.token,
            api_url=self.double.url,
            targets=TARGETS,
            advisers="01632960210",
            decide_seconds=self.decide_seconds,
        )
        self.gateway = streams_gateway(config)
        self.serving = asyncio.create_task(self.gateway.serve(on_call))
        await self.gateway.opened()

    async def close(self) -> None:
        self.serving.cancel()
        await asyncio.gather(self.serving, return_exceptions=True)
        await self._stack.aclose()

    async def caller(self) -> StreamCaller:
        return StreamCaller(self.double)

    def adviser(self, outcome: TransferOutcome) -> TransferTarget:
        self.double.outcomes = {
            f"{DIALLED[TransferOutcome.CONNECTED]}?X-Case-Ref={REFERENCE}": "answered",
            DIALLED[TransferOutcome.BUSY]: "busy",
            DIALLED[TransferOutcome.NO_ANSWER]: "no-answer",
        }
        return TransferTarget(NUMBERS[outcome], 5.0, {"case-ref": REFERENCE})

    def told_to_adviser(self) -> str:
        return str(self.double.dialled[-1])

    def flushed_remotely(self) -> bool | None:
        return self.double.cleared > 0
