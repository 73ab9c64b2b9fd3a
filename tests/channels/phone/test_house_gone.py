"""A house that dies while its caller says nothing: they need not find out by asking."""

import asyncio

from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import CallLeg, TransferOutcome, TransferTarget
from guildhall.channels.phone.session import CallSession
from guildhall.providers.telephony.simulator import Script, SimulatedGateway, Waits
from tests.channels.phone.fakes import FakeEar, FakeHouse, FakeVoice, PlainDialogue

FAILOVER = Failover(
    TransferTarget("sip:duty@127.0.0.1"), {"en": Spoken("You are being put through.")}, {"en": Spoken("Please ring 01632 960100.")}
)


def test_a_silent_caller_gets_a_person_when_the_house_is_seen_to_be_gone() -> None:
    house, voice = FakeHouse(), FakeVoice()
    phone = Phone(
        house=house, hearing=FakeEar([]), voice=voice, detector=lambda: lambda _: True, dialogue=lambda _: PlainDialogue(),
        notice=(Spoken("I am a computer.", interruptible=False),), failover=FAILOVER,
        transfer_to=lambda route: TransferTarget(f"sip:{route.number}@127.0.0.1"), new_id=lambda kind: f"{kind}_1",
    )  # fmt: skip

    async def on_call(leg: CallLeg) -> None:
        session = CallSession(leg, phone)
        running = asyncio.create_task(session.run())
        while "What can I do for you?" not in voice.said:
            await asyncio.sleep(0)
        session.house_gone()
        await running

    gateway = SimulatedGateway([Script([Waits(20.0)], transfers=[TransferOutcome.CONNECTED])])
    asyncio.run(asyncio.wait_for(gateway.serve(on_call), 20))
    assert [target.address for target in gateway.calls[0].transfers] == ["sip:duty@127.0.0.1"]
    assert house.persons == []
    assert "You are being put through." in voice.said
