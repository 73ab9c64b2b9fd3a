"""The gateway process: `python -m guildhall.bootstrap.phone_gateway`, started by the guard. It loads the council's files and no models."""

import argparse
import asyncio
import sys

from guildhall.bootstrap.phone_exchange import Exchange
from guildhall.bootstrap.phone_lines import bounds_of, failover_of
from guildhall.bootstrap.phone_speech import open_phone_speech
from guildhall.bootstrap.phone_switches import gateway_behind
from guildhall.bootstrap.phone_warming import warm_ears, warm_voices
from guildhall.bootstrap.phone_watch import HouseWatch
from guildhall.bootstrap.phone_wiring import embedded_of, heard_council, open_phone
from guildhall.bootstrap.speech import Embedded, Speech
from guildhall.channels.phone.phone import Phone
from guildhall.channels.phone.ports import MediaGateway, OnCall
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.providers.telephony.guard.guarded import inherited, run_guarded
from guildhall.providers.telephony.guard.link import GuardLink
from guildhall.providers.telephony.sip.gateway import SipGateway
from guildhall.settings import Settings


def main(words: list[str]) -> None:
    """Answer calls until the guard says that it is enough."""
    parser = argparse.ArgumentParser(prog="guildhall-gateway", description="Answers calls. The guard starts it.")
    parser.add_argument("--council", required=True, help="The council whose phone it is.")
    parser.add_argument("--house", required=True, help="Address of the web server.")
    inherited(parser)
    given = parser.parse_args(words)
    asyncio.run(_run(given))


async def _run(given: argparse.Namespace) -> None:
    settings = Settings()
    tasks = set()

    async def make(link: GuardLink) -> tuple[MediaGateway, OnCall]:
        # in a thread, so that we beat meanwhile and notice when the guard dies
        profile, embedded, speech, phone = await asyncio.to_thread(_load, settings, given.council, given.house)
        council = heard_council(profile, speech, open_words=False)
        tasks.add(asyncio.create_task(warm_ears(council, embedded)))
        tasks.add(asyncio.create_task(warm_voices(council, phone, embedded)))
        exchange = Exchange(phone)
        tasks.add(asyncio.create_task(HouseWatch(given.house, exchange.house_gone).run()))
        return open_gateway(settings, profile, link), exchange.take

    await run_guarded(given, make)


def _load(settings: Settings, council: str, house: str) -> tuple[CouncilProfile, Embedded, Speech, Phone]:
    profile = load_council(settings.councils_dir, council, settings.data_dir / "cache" / "yaml")
    embedded = embedded_of(settings, profile)
    speech = open_phone_speech(settings, profile, embedded)
    return profile, embedded, speech, open_phone(settings, profile, house, speech)


def open_gateway(settings: Settings, profile: CouncilProfile, link: GuardLink) -> MediaGateway:
    """What carries the calls, as the deployment has chosen."""
    if behind := gateway_behind(settings, profile.phone):
        return behind
    return SipGateway(
        bounds=bounds_of(settings, profile.phone),
        inherited=link.sip,
        report=link.report,
        elsewhere=link.elsewhere,
        failover=failover_of(settings, profile.phone),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
