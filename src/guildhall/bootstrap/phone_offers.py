"""How each language of a council's phone is offered in this deployment, from the services, recordings and voices that it really has."""

import asyncio
from dataclasses import dataclass

from guildhall.bootstrap.phone_prompts import packs_of, recorded
from guildhall.bootstrap.phone_speech import open_phone_speech
from guildhall.councils.profile import CouncilProfile
from guildhall.providers.speech.offered import LanguageOffer, offers
from guildhall.providers.speech.prompt_pack import Problem
from guildhall.settings import Settings


@dataclass(frozen=True, slots=True)
class Offered:
    """Each language, the services outside this machine that are used, and what is wrong with recordings, by language."""

    languages: tuple[LanguageOffer, ...]
    suppliers: tuple[str, ...]
    problems: dict[str, tuple[Problem, ...]]


def offered_here(settings: Settings, profile: CouncilProfile) -> Offered:
    """Each language of the council's phone, English first. Raises ConfigurationError for speech services that may not be used."""
    languages = tuple(dict.fromkeys(("en", *(code.value for code in profile.phone.languages))))
    packs = packs_of(profile, settings.councils_dir, languages)
    speech = open_phone_speech(settings, profile)  # without the recordings: half of a language's wording is no voice that speaks it
    try:
        found = offers(languages, [speech.hearing.hearing], [speech.voice.speaking], recorded(profile, packs, languages))
    finally:
        asyncio.run(speech.close())
    return Offered(found, speech.suppliers, {language: pack.problems for language, pack in packs.items() if pack.problems})
