"""A gateway process for the chaos tests: real SIP, real sound, real sessions and guard; only house, ears and voice are fakes."""

import argparse
import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass

from guildhall.bootstrap.phone_exchange import Exchange
from guildhall.bootstrap.phone_watch import HouseWatch
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Failover, Phone
from guildhall.channels.phone.ports import MediaGateway, OnCall, TransferTarget
from guildhall.channels.phone.speech import Grammar, Listening, SpeechError
from guildhall.providers.speech.espeak import EspeakVoice
from guildhall.providers.telephony.guard.config import GuardConfig
from guildhall.providers.telephony.guard.guarded import inherited, run_guarded
from guildhall.providers.telephony.guard.link import GuardLink
from guildhall.providers.telephony.guard.sip_rescue import bounds_from
from guildhall.providers.telephony.sip.gateway import SipGateway
from tests.channels.phone.fakes import FakeEar, FakeHouse, FakeVoice, PlainDialogue


@dataclass
class DeadEar(FakeEar):
    """An ear whose worker was killed, with nobody to take its place."""

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        raise SpeechError("the worker is gone")


def phone(person: str, voice: str, deaf: bool) -> Phone:
    """A phone whose house says one thing. `voice` is a program that speaks, for a voice that can be killed."""
    return Phone(
        house=FakeHouse(),
        hearing=(DeadEar if deaf else FakeEar)(["when is my bin day"] * 100),
        voice=EspeakVoice(voice) if voice else FakeVoice(),
        detector=lambda: lambda _: True,
        dialogue=lambda _: PlainDialogue(),
        notice=(Spoken("I am a computer.", interruptible=False),),
        failover=Failover(TransferTarget(person), {"en": Spoken("You are being put through.")}, {"en": Spoken("Please ring again.")}),
        transfer_to=lambda _: TransferTarget(person),
        new_id=lambda kind: f"{kind}_1",
    )


async def main(given: argparse.Namespace) -> None:
    if given.broken:
        os._exit(3)
    config = GuardConfig.decoded(given.config)
    watching = set()

    async def make(link: GuardLink) -> tuple[MediaGateway, OnCall]:
        exchange = Exchange(phone(config.failover[0], given.voice, given.deaf))
        if given.house:
            watching.add(asyncio.create_task(HouseWatch(given.house, exchange.house_gone).run()))
        gateway = SipGateway(bounds=bounds_from(config), inherited=link.sip, report=link.report, elsewhere=link.elsewhere)
        return gateway, exchange.take

    await run_guarded(given, make)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--broken", action="store_true")
    parser.add_argument("--deaf", action="store_true")
    parser.add_argument("--voice", default="")
    parser.add_argument("--house", default="")
    parser.add_argument("config")
    inherited(parser)
    asyncio.run(main(parser.parse_args()))
