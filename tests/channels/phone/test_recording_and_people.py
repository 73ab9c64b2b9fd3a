"""Whether a person's part of a call is kept is the council's choice, however the person came to it."""

import asyncio
from dataclasses import dataclass, field

import pytest

from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.ports import AudioFrame, CallLeg, TransferOutcome, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.providers.telephony.simulator import CallerStep, Presses, Says, Script, SimulatedGateway, Waits
from tests.channels.phone.fakes import FakeEar, FakeHouse, FakeVoice, PlainDialogue, hum
from tests.channels.phone.test_session import FAILOVER, REPLY


@dataclass
class ToldTap:
    """Notes what it was told, and whether anything may be kept."""

    told: list[str] = field(default_factory=list)
    closed: int = 0

    def begin(self, conversation_id: str) -> None:
        pass

    def frame(self, frame: AudioFrame) -> None:
        pass

    def pause(self, why: str) -> None:
        self.told.append(f"pause {why}")

    def resume(self, why: str) -> None:
        self.told.append(f"resume {why}")

    async def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("gone", [False, True])
def test_a_person_is_recorded_only_where_the_council_wants_it(gone: bool, keeps: bool) -> None:
    tap = ToldTap()
    phone = Phone(
        house=FakeHouse(gone=gone), hearing=FakeEar(["hello"]), voice=FakeVoice(), detector=lambda: lambda _: True,
        dialogue=lambda _: PlainDialogue(), notice=(Spoken("I am a computer.", interruptible=False),), failover=FAILOVER,
        transfer_to=lambda route: TransferTarget("sip:a@127.0.0.1"), new_id=lambda kind: f"{kind}_1", tap=lambda _: tap, records_people=keeps,
    )  # fmt: skip

    async def on_call(leg: CallLeg) -> None:
        await CallSession(leg, phone).run()

    steps: list[CallerStep] = [REPLY, Says(hum(1.0)), Waits(1.0), Presses("0"), Waits(3.0)]
    gateway = SimulatedGateway([Script(steps, transfers=[TransferOutcome.CONNECTED])])
    asyncio.run(asyncio.wait_for(gateway.serve(on_call), 20))
    assert gateway.calls[0].transfers
    assert tap.told == ["resume notice", *([] if keeps else ["pause person"])]
    assert tap.closed == 1
