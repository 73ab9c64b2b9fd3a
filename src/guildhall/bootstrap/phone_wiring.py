"""Wires a phone from the council's files and the deployment's settings: whose words, which ears and voice, and where callers go."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.phone import open_phone_house
from guildhall.bootstrap.phone_lines import address_of, failover_of
from guildhall.bootstrap.phone_offers import offers_of
from guildhall.bootstrap.phone_prompts import packs_of
from guildhall.bootstrap.phone_recording import taps_of
from guildhall.bootstrap.phone_secret import phone_secret
from guildhall.bootstrap.phone_speech import open_phone_speech
from guildhall.bootstrap.phone_warming import warm_ears
from guildhall.bootstrap.speech import Embedded, Speech
from guildhall.bootstrap.speech_embedded import embedded_speech
from guildhall.channels.phone.dialogue.dialogue import CallDialogue
from guildhall.channels.phone.dialogue.directed import DirectedDialogue
from guildhall.channels.phone.dialogue.open import OpenDialogue
from guildhall.channels.phone.dialogue.phrases import Vocabulary
from guildhall.channels.phone.dialogue.words import CallCouncil, Words
from guildhall.channels.phone.house import PersonRoute, TalksToHouse
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.phone import Failover, Phone, Refusal
from guildhall.channels.phone.ports import CallLeg, TransferTarget
from guildhall.councils.phone_files import notice_of
from guildhall.councils.profile import CouncilProfile
from guildhall.providers.house_over_http import HouseOverHttp
from guildhall.providers.recordings_over_http import RecordingsOverHttp
from guildhall.providers.speech.detector import detectors
from guildhall.providers.speech.offered import LanguageOffer, Offer
from guildhall.providers.speech.worker_pool import PoolLimits
from guildhall.settings import Settings
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.languages import Language

NOBODY_WAITS: Final = PoolLimits(answer_seconds=60.0, not_yet_seconds=60.0)
"""In a tried call the caller's time stands still while they are understood: a slow machine makes it longer, and not deaf."""


def open_phone(settings: Settings, profile: CouncilProfile, house: str, speech: Speech) -> Phone:
    """The phone of a gateway in a process of its own; `house` is the address of the web server."""
    secret = phone_secret(settings)
    phone = wire(settings, profile, HouseOverHttp(house, secret), speech)
    recordings = RecordingsOverHttp(house, secret)
    return replace(phone, tap=taps_of(profile.phone, recordings, settings.folders["recordings"]))


def embedded_of(settings: Settings, profile: CouncilProfile, limits: PoolLimits | None = None) -> Embedded:
    """What hears and speaks on this machine, with the council's own recordings."""
    languages = ("en", *(code.value for code in profile.phone.languages))
    return embedded_speech(packs_of(profile, settings.councils_dir, languages), limits)


@asynccontextmanager
async def open_phone_here(guildhall: Guildhall, told: bool) -> AsyncIterator[Phone]:
    """The phone with its house in this process. `told`: the dialogue is one in which any words can be heard."""
    embedded = embedded_of(guildhall.settings, guildhall.profile, NOBODY_WAITS)
    speech = open_phone_speech(guildhall.settings, guildhall.profile, embedded)
    if not told:
        await warm_ears(heard_council(guildhall.profile, speech, open_words=False), embedded)
    try:
        yield wire(guildhall.settings, guildhall.profile, open_phone_house(guildhall), speech, open_words=told)
    finally:
        await speech.close()


def wire(settings: Settings, profile: CouncilProfile, house: TalksToHouse, speech: Speech, open_words: bool = False) -> Phone:
    """A phone of its parts. Raises GuildhallError when the council's phone leads to nobody."""
    failover = failover_of(settings, profile.phone)
    if failover is None:
        raise GuildhallError(f"the council `{profile.slug}` has no phone: its phone.yaml lacks the line `failover`.")
    council = heard_council(profile, speech, open_words)
    vocabulary = Vocabulary(council)
    payment = profile.phone.line(profile.phone.payment)
    return Phone(
        house=house,
        hearing=speech.hearing,
        voice=speech.voice,
        detector=detectors(),
        dialogue=lambda leg: dialogue_of(council, vocabulary, leg, speech.transcribed_outside),
        notice=(Spoken(notice_of(profile, "en", speech.transcribed_outside), "en", "phone.notice", interruptible=False),),
        failover=Failover(failover, words_in_all(council, "phone.failover"), words_in_all(council, "phone.failover_nobody")),
        transfer_to=lambda route: target_of(profile, route, failover),
        new_id=new_id,
        payment=TransferTarget(address_of(payment), float(payment.ring_seconds)) if payment else None,
        transfer_mode=profile.phone.transfer_mode,
        version=profile.pack.id[:12],
        refusal=refusal_of(council),
        records_people=profile.phone.recording.after_transfer == "continue",
    )


def refusal_of(council: CallCouncil) -> Refusal | None:
    """How a call's recording is refused, where there is one and it can be."""
    recording = council.phone.recording
    return Refusal(recording.refuse_key, Words(council).say("phone.not_recorded")) if recording.on and recording.refuse_key else None


def heard_council(profile: CouncilProfile, speech: Speech, open_words: bool) -> CallCouncil:
    """The council, with what can be said in this deployment, and what can be heard at each moment."""
    everything = frozenset(language.value for language in Language)

    def offered() -> tuple[LanguageOffer, ...]:
        return offers_of(profile, speech.hearing.hearing, speech.voice.speaking)

    def opens() -> frozenset[str]:
        return everything if open_words else frozenset(one.language for one in offered() if one.offer == Offer.OPEN)

    return CallCouncil(profile, tuple(one.language for one in offered() if one.language != "en" and one.offer != Offer.PERSON), opens)


def dialogue_of(council: CallCouncil, vocabulary: Vocabulary, leg: CallLeg, outside: bool) -> CallDialogue:
    """Open conversation where any words can be heard, choices where not."""
    kind = OpenDialogue if "en" in council.open_languages else DirectedDialogue
    return kind(council, vocabulary, leg.caller_number, outside)


def target_of(profile: CouncilProfile, route: PersonRoute, failover: TransferTarget) -> TransferTarget:
    """Where the house sends a caller: a line of the council's, with an opaque reference. A number that is no line of it is never dialled."""
    line = profile.phone.dialable(route.number) if route.number else profile.phone.line_of_queue(route.queue)
    context = {"case-ref": route.reference} if route.reference else {}
    if line is None:
        return TransferTarget(failover.address, failover.ring_seconds, context)
    return TransferTarget(address_of(line), float(line.ring_seconds), context)


def words_in_all(council: CallCouncil, wording: str) -> dict[str, Spoken]:
    """A wording in each language that can be spoken, English always."""
    phone = council.profile.reached_by
    return {language: Words(council, language).say(wording, firm=True, phone=phone) for language in ("en", *council.languages)}
