"""How each language of a council's phone is offered in this deployment, from the services, recordings and voices that it really has."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from guildhall.bootstrap.phone_prompts import packs_of, recorded
from guildhall.bootstrap.phone_speech import open_phone_speech
from guildhall.bootstrap.speech_embedded import embedded_speech
from guildhall.channels.phone.dialogue.menus import complete_in
from guildhall.channels.phone.speech import Hearing, Speaking
from guildhall.councils.profile import CouncilProfile
from guildhall.providers.speech.offered import LanguageOffer, Recorded, offers
from guildhall.providers.speech.prompt_pack import Problem
from guildhall.settings import Settings


@dataclass(frozen=True, slots=True)
class Offered:
    """Each language, the services outside this machine that are used, and what is wrong with recordings, by language."""

    languages: tuple[LanguageOffer, ...]
    suppliers: tuple[str, ...]
    problems: dict[str, tuple[Problem, ...]]


def offers_of(
    profile: CouncilProfile, hearing: Hearing, speaking: Speaking, packs: Mapping[str, Recorded] | None = None
) -> tuple[LanguageOffer, ...]:
    """Each language of the council's phone, English first, by what can be heard and said now: the one rule of calls and of what is told
    about them. `packs` only say what a language lacks."""
    return offers(
        dict.fromkeys(("en", *(code.value for code in profile.phone.languages))),
        [hearing],
        [speaking],
        packs,
        partial(complete_in, profile.phone),
    )


def offered_here(settings: Settings, profile: CouncilProfile) -> Offered:
    """As a call here would offer them. Raises ConfigurationError for speech services that may not be used."""
    languages = tuple(dict.fromkeys(("en", *(code.value for code in profile.phone.languages))))
    packs = packs_of(profile, settings.councils_dir, languages)
    speech = open_phone_speech(settings, profile, embedded_speech(packs))
    try:
        found = offers_of(profile, speech.hearing.hearing, speech.voice.speaking, recorded(profile, packs, languages))
    finally:
        asyncio.run(speech.close())
    return Offered(found, speech.suppliers, {language: pack.problems for language, pack in packs.items() if pack.problems})
