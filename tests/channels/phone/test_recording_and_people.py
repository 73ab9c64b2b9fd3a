"""Whether a person's part of a call is kept is the council's choice, however the person came to it."""

import asyncio
from dataclasses import dataclass, field

import pytest

from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Phone, Refusal
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


@dataclass
class KeepingTap(ToldTap):
    """Counts the frames that it may keep."""

    kept: int = 0
    may: bool = False

    def resume(self, why: str) -> None:
        super().resume(why)
        self.may = True

    def frame(self, frame: AudioFrame) -> None:
        self.kept += self.may


NINE = Refusal("9", Spoken("You are not recorded."))


def refusing(steps: list[CallerStep], refusal: Refusal | None = NINE) -> tuple[KeepingTap, FakeHouse, list[str]]:
    tap, house, voice = KeepingTap(), FakeHouse(), FakeVoice()
    phone = Phone(
        house=house, hearing=FakeEar(["hello"]), voice=voice, detector=lambda: lambda _: True, dialogue=lambda _: PlainDialogue(),
        notice=(Spoken("I am a computer. I record unless you press nine.", interruptible=False),), failover=FAILOVER,
        transfer_to=lambda route: TransferTarget("sip:a@127.0.0.1"), new_id=lambda kind: f"{kind}_1", tap=lambda _: tap, refusal=refusal,
    )  # fmt: skip

    async def on_call(leg: CallLeg) -> None:
        await CallSession(leg, phone).run()

    gateway = SimulatedGateway([Script(steps)])
    asyncio.run(asyncio.wait_for(gateway.serve(on_call), 20))
    return tap, house, voice.said


@pytest.mark.parametrize("when", [0.5, 3.0], ids=["in the notice", "a moment after it"])
def test_who_presses_nine_at_the_notice_is_not_recorded_and_hears_so_and_the_record_says_so(when: float) -> None:
    tap, house, said = refusing([Waits(when), Presses("9"), Waits(4.0), Says(hum(1.0)), Waits(4.0)])
    assert (tap.kept, tap.closed) == (0, 1)
    assert "You are not recorded." in said and "recording_refused" in [what for what, _ in house.notes]
    assert said.count("I am a computer.") == 1 and "What can I do for you?" in said and house.asked == ["hello"]


def test_nine_later_in_a_call_or_where_nobody_may_refuse_is_no_refusal() -> None:
    for refusal, when in ((NINE, 8.0), (None, 0.5)):
        tap, house, said = refusing([Waits(when), Presses("9"), Waits(2.0)], refusal)
        assert tap.kept > 0 and "You are not recorded." not in said
        assert "recording_refused" not in [what for what, _ in house.notes]
