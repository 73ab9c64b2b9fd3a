"""The simulator and the embedded gateway, for the conformance suite."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from guildhall.channels.phone.ports import CallLeg, HungUp, TransferOutcome, TransferTarget
from guildhall.providers.telephony.g711 import Law, decode
from guildhall.providers.telephony.rtp import parse
from guildhall.providers.telephony.simulator import Call, CallerStep, HangsUp, Presses, Says, Script, SimulatedGateway, Waits
from guildhall.providers.telephony.sip.endpoint import Bounds
from guildhall.providers.telephony.sip.gateway import SipGateway
from guildhall.providers.telephony.sip.messages import SipRequest, SipResponse, response_to
from guildhall.providers.telephony.sip.messages import parse as parse_sip
from guildhall.providers.telephony.sip.sdp import offer, read_offer
from guildhall.testing.media_gateway import NUMBER, REFERENCE, until
from tests.providers.telephony.caller import Caller as SipPhone
from tests.providers.telephony.person import Person

OnCall = Callable[[CallLeg], Awaitable[None]]


class Live:
    """Steps of a script that are only known when they are done."""

    def __init__(self) -> None:
        self.next: list[CallerStep] = []

    def __iter__(self) -> Iterator[CallerStep]:
        while True:
            yield self.next.pop(0) if self.next else Waits(0.02)

    def __len__(self) -> int:
        return len(self.next)

    def __getitem__(self, index: Any) -> Any:
        return self.next[index]


@dataclass
class SimulatedCaller:
    """Somebody in the simulator."""

    driver: "SimulatorDriver"
    steps: Live = field(default_factory=Live)
    number: int = -1

    async def ring(self) -> None:
        self.number = len(self.driver.scripts)
        self.driver.scripts.append(Script(self.steps, number=NUMBER, transfers=self.driver.outcomes))  # type: ignore[arg-type]
        self.driver.rang.set()

    async def answered(self) -> bool:
        await until(lambda: bool(self.driver.gateway.calls))
        if self.number >= len(self.driver.gateway.calls):
            return False
        return not self._call.rejected

    @property
    def _call(self) -> Call:
        return self.driver.gateway.calls[self.number]

    def say(self, frame: bytes) -> None:
        self.steps.next.append(Says(frame))

    async def press(self, key: str) -> None:
        self.steps.next.append(Presses(key))

    @property
    def heard(self) -> bytes:
        return bytes(self._call.heard_by_caller)

    async def hang_up(self) -> None:
        self.steps.next.append(HangsUp())

    async def over(self) -> None:
        await until(lambda: any(isinstance(event, HungUp) for _, event in self._call.events))

    async def close(self) -> None:
        pass


class SimulatorDriver:
    """A simulator whose callers come as they ring, at the pace of a real call."""

    mode: Literal["bridge", "refer"] = "bridge"
    can_reject = True

    def __init__(self) -> None:
        self.scripts: list[Script] = []
        self.outcomes: list[TransferOutcome] = []
        self.rang = asyncio.Event()
        self.gateway = SimulatedGateway(self.scripts, pace=1.0)
        self._serving: asyncio.Task[None] | None = None

    async def open(self, on_call: OnCall) -> None:
        async def serve() -> None:
            await self.rang.wait()
            await self.gateway.serve(on_call)

        self._serving = asyncio.create_task(serve())

    async def close(self) -> None:
        assert self._serving is not None
        self._serving.cancel()
        await asyncio.gather(self._serving, return_exceptions=True)

    async def caller(self) -> SimulatedCaller:
        return SimulatedCaller(self)

    def adviser(self, outcome: TransferOutcome) -> TransferTarget:
        self.outcomes.append(outcome)
        return TransferTarget("01632960200", context={"case-ref": REFERENCE})

    def told_to_adviser(self) -> str:
        return str(self.gateway.calls[-1].transfers[-1].context)

    def flushed_remotely(self) -> bool | None:
        return None


class SipCaller:
    """A SIP phone of ours, with somebody who listens to it all the time."""

    def __init__(self, phone: SipPhone, driver: "SipDriver") -> None:
        self.phone, self.driver = phone, driver
        self.final: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.ended = asyncio.Event()
        self._heard = bytearray()
        self._tasks = [asyncio.create_task(self._signals()), asyncio.create_task(self._sounds())]
        self._invite: SipRequest | None = None

    async def ring(self) -> None:
        body = offer("127.0.0.1", self.phone.rtp.port, 1)
        self._invite = self.phone.request("INVITE", ("content-type", "application/sdp"), body=body)
        self.phone.send(self._invite)

    async def answered(self) -> bool:
        return await asyncio.shield(self.final) < 300

    def say(self, frame: bytes) -> None:
        self.phone.say(np.frombuffer(frame, np.int16))

    async def press(self, key: str) -> None:
        self.phone.press(key)

    @property
    def heard(self) -> bytes:
        return bytes(self._heard)

    async def hang_up(self) -> None:
        self.phone.send(self.phone.request("BYE"))

    async def over(self) -> None:
        await self.ended.wait()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.phone.close()

    async def _sounds(self) -> None:
        while True:
            data, _ = await self.phone.rtp.came.get()
            self._heard += decode(parse(data).payload, Law.A).tobytes()

    async def _signals(self) -> None:
        while True:
            data, _ = await self.phone.sip.came.get()
            message = parse_sip(data)
            if isinstance(message, SipResponse):
                self._response(message)
            elif message.method == "BYE":
                self.phone.send(response_to(message, 200))
                self.ended.set()
            elif message.method == "REFER":
                self._referred(message)

    def _response(self, message: SipResponse) -> None:
        if message.status < 200 or not message.headers.get("cseq").endswith("INVITE") or self._invite is None:
            return
        self.phone.their_tag = self.phone.their_tag or message.to_tag
        branch = "" if message.status < 300 else self._invite.branch
        self.phone.send(self.phone.request("ACK", branch=branch, cseq=self._invite.cseq[0]))
        if message.status < 300 and message.body:
            self.phone.media = read_offer(message.body)
        if not self.final.done():
            self.final.set_result(message.status)

    def _referred(self, refer: SipRequest) -> None:
        self.driver.told = data = refer.encoded().decode()
        assert data
        self.phone.send(response_to(refer, 202))
        status = {TransferOutcome.CONNECTED: b"200 OK", TransferOutcome.BUSY: b"486 Busy", TransferOutcome.NO_ANSWER: b"480 Gone"}
        for line in (b"100 Trying", status[self.driver.outcome]):
            state = ("subscription-state", "active;expires=60" if line.startswith(b"1") else "terminated;reason=noresource")
            kind = ("content-type", "message/sipfrag;version=2.0")
            self.phone.send(self.phone.request("NOTIFY", ("event", "refer"), state, kind, body=b"SIP/2.0 " + line + b"\r\n"))


class SipDriver:
    """The embedded gateway, with SIP phones on loopback, which transfers by REFER."""

    mode: Literal["bridge", "refer"] = "refer"
    can_reject = True

    def __init__(self) -> None:
        self.gateway = SipGateway(port=0, bounds=Bounds(t1=0.05, targets=frozenset({"sip:01632960200@127.0.0.1"})))
        self.outcome = TransferOutcome.CONNECTED
        self.told = ""
        self._serving: asyncio.Task[None] | None = None

    async def open(self, on_call: OnCall) -> None:
        self._serving = asyncio.create_task(self.gateway.serve(on_call))
        await self.gateway.opened()

    async def close(self) -> None:
        assert self._serving is not None
        self._serving.cancel()
        await asyncio.gather(self._serving, return_exceptions=True)

    async def caller(self) -> SipCaller:
        return SipCaller(await SipPhone.open(self.gateway.address, number=NUMBER), self)

    def adviser(self, outcome: TransferOutcome) -> TransferTarget:
        self.outcome = outcome
        return TransferTarget("sip:01632960200@127.0.0.1", context={"case-ref": REFERENCE})

    def told_to_adviser(self) -> str:
        return self.told

    def flushed_remotely(self) -> bool | None:
        return None


class SipBridgeDriver(SipDriver):
    """The embedded gateway, which rings an adviser's phone itself and relays the sound."""

    mode: Literal["bridge", "refer"] = "bridge"

    async def open(self, on_call: OnCall) -> None:
        answers = {TransferOutcome.CONNECTED: 200, TransferOutcome.BUSY: 486, TransferOutcome.NO_ANSWER: 480}
        self.people = {outcome: await Person.open(answers=status) for outcome, status in answers.items()}
        targets = frozenset(person.address for person in self.people.values())
        self.gateway = SipGateway(port=0, bounds=Bounds(t1=0.05, targets=targets))
        await super().open(on_call)

    async def close(self) -> None:
        await super().close()
        for person in self.people.values():
            person.close()

    def adviser(self, outcome: TransferOutcome) -> TransferTarget:
        return TransferTarget(self.people[outcome].address, context={"case-ref": REFERENCE})

    def told_to_adviser(self) -> str:
        return "".join(request.encoded().decode() for person in self.people.values() for request in person.requests)
