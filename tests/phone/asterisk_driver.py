"""The Asterisk gateway with a real Asterisk, called by phones of ours, for the conformance suite."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from guildhall.channels.phone.ports import FRAME_BYTES, FRAME_SECONDS, CallLeg, TransferOutcome, TransferTarget
from guildhall.providers.telephony.asterisk.config import AsteriskConfig
from guildhall.providers.telephony.asterisk.gateway import AsteriskGateway, asterisk_gateway
from guildhall.providers.telephony.rtp import SAMPLES_A_FRAME, key_packets
from guildhall.providers.telephony.sip.messages import SipRequest
from guildhall.testing.media_gateway import NUMBER, REFERENCE, until
from tests.phone.real_asterisk import PASSWORD, RealAsterisk
from tests.providers.telephony.caller import Caller as SipPhone
from tests.providers.telephony.drivers import SipCaller
from tests.providers.telephony.person import Person

TARGETS = {"01632960200": "PJSIP/advisers", "01632960201": "PJSIP/busy", "01632960202": "PJSIP/nobody"}
TARGETS["01632960203"] = "PJSIP/sip:01632960203@127.0.0.1"
WHO = {
    TransferOutcome.CONNECTED: "01632960200",
    TransferOutcome.BUSY: "01632960201",
    TransferOutcome.NO_ANSWER: "01632960202",
}


def config_of(asterisk: RealAsterisk, media: Literal["websocket", "audiosocket"]) -> AsteriskConfig:
    """The configuration that leads to it."""
    return AsteriskConfig(url=asterisk.url, password=PASSWORD, media=media, media_port=asterisk.media, targets=TARGETS)


async def person_at(port: int, **more: Any) -> Person:
    """Somebody whose phone is at a port that Asterisk knows."""
    person = Person(**more)
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: person.sip, local_addr=("127.0.0.1", port))
    await loop.create_datagram_endpoint(lambda: person.rtp, local_addr=("127.0.0.1", 0))
    person._living = loop.create_task(person._live())  # type: ignore[attr-defined]
    return person


async def gone(person: Person) -> None:
    """Take somebody's phone away."""
    living = person._living  # type: ignore[attr-defined]
    living.cancel()
    await asyncio.gather(living, return_exceptions=True)
    person.sip.transport.close()
    person.rtp.transport.close()


class RealCaller(SipCaller):
    """A phone of ours that calls the council by way of Asterisk."""

    def __init__(self, phone: SipPhone, driver: "RealDriver") -> None:
        super().__init__(phone, driver)  # type: ignore[arg-type]
        self.real = driver
        request = phone.request

        def to_the_council(*given: Any, **more: Any) -> SipRequest:
            return dataclasses.replace(request(*given, **more), uri="sip:01632960100@127.0.0.1")

        phone.request = to_the_council  # type: ignore[method-assign]
        self._before = driver.rung

    async def ring(self) -> None:
        self._before = self.real.rung
        await super().ring()

    async def answered(self) -> bool:
        """By us: not by people, whose phone may ring instead."""
        await until(lambda: self.final.done() or self.real.rung > self._before)
        return self.final.done() and self.final.result() < 300

    async def press(self, key: str) -> None:
        """As a telephone sends it: a packet each 20 ms, the last three times, and some silence. Faster, Asterisk is at a loss."""
        media, phone = self.phone.media, self.phone
        assert media is not None and media.keys_type is not None
        phone.timestamp += SAMPLES_A_FRAME
        for packet in key_packets(key, phone.sequence + 1, phone.timestamp, 77, media.keys_type):
            phone.sequence = packet.sequence
            phone.rtp.transport.sendto(packet.encoded(), (media.host, media.port))
            await asyncio.sleep(FRAME_SECONDS)
        phone.timestamp += 8 * SAMPLES_A_FRAME
        for _ in range(6):
            self.say(bytes(FRAME_BYTES))
            await asyncio.sleep(FRAME_SECONDS)

    async def over(self) -> None:
        await until(lambda: self.ended.is_set() or self.real.rung > self._before)

    async def close(self) -> None:
        """Hang up however far the call has come, and give the ports back; a second time does nothing."""
        if self.phone.sip.transport.is_closing():
            return
        if not self.final.done() and self._invite is not None:
            self.phone.send(self.phone.request("CANCEL", branch=self._invite.branch, cseq=self._invite.cseq[0]))
        elif not self.ended.is_set():
            await self.hang_up()
        await asyncio.sleep(0.05)
        await super().close()


class RealDriver:
    """The gateway with sound over the websocket channel."""

    mode: Literal["bridge", "refer"] = "bridge"
    can_reject = True
    media: Literal["websocket", "audiosocket"] = "websocket"

    def __init__(self, asterisk: RealAsterisk) -> None:
        self.asterisk = asterisk
        self.outcome, self.told = TransferOutcome.CONNECTED, ""
        self.gateway: AsteriskGateway
        self.serving: asyncio.Task[None]
        self.people: dict[str, Person] = {}
        self.callers: list[RealCaller] = []

    @property
    def rung(self) -> int:
        """How often the advisers' phone was rung."""
        return sum(1 for request in self.people["advisers"].requests if request.method == "INVITE" and not request.to_tag)

    async def open(self, on_call: Callable[[CallLeg], Awaitable[None]]) -> None:
        self.people = {
            "advisers": await person_at(self.asterisk.advisers, answers=0),
            "busy": await person_at(self.asterisk.busy, answers=486),
            "nobody": await person_at(self.asterisk.nobody, answers=0),
        }
        self.gateway = asterisk_gateway(config_of(self.asterisk, self.media))
        self.serving = asyncio.create_task(self.gateway.serve(on_call))
        await self.gateway.opened()

    async def close(self) -> None:
        self.serving.cancel()
        await asyncio.gather(self.serving, return_exceptions=True)
        try:
            for caller in self.callers:
                await caller.close()
            await self.asterisk.quiet()
        finally:
            for person in self.people.values():
                await gone(person)

    async def caller(self) -> RealCaller:
        self.callers.append(RealCaller(await SipPhone.open(("127.0.0.1", self.asterisk.sip), number=NUMBER), self))
        return self.callers[-1]

    def adviser(self, outcome: TransferOutcome) -> TransferTarget:
        self.people["advisers"].answers = 200
        return TransferTarget(WHO[outcome], 2.0, {"case-ref": REFERENCE})

    def told_to_adviser(self) -> str:
        invite = self.people["advisers"].invite
        assert invite is not None
        return invite.encoded().decode()

    def flushed_remotely(self) -> bool | None:
        return None


class RealAudioSocketDriver(RealDriver):
    """The gateway with sound over AudioSocket."""

    media: Literal["websocket", "audiosocket"] = "audiosocket"
