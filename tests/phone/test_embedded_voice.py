"""The real espeak-ng, in every language it is offered for."""

import asyncio
import time

import numpy as np
import pytest

from guildhall.channels.phone.ports import RATE
from guildhall.providers.speech.espeak import VOICES, EspeakVoice, installed
from guildhall.providers.speech.phone_band import LEVEL_DBFS, speech_dbfs
from tests.phone.speech_tools import need

SENTENCES = {
    "en": "This is the council. Press one for bins, two for council tax, three for housing.",
    "cs": "Dobrý den, tady je městský úřad. Stiskněte jedničku pro odpady.",
    "pa": "ਸਤ ਸ੍ਰੀ ਅਕਾਲ, ਇਹ ਕੌਂਸਲ ਹੈ। ਕੂੜੇ ਲਈ ਇੱਕ ਦਬਾਓ।",
    "pl": "Dzień dobry, tu urząd miasta. Naciśnij jeden, aby porozmawiać o odpadach.",
    "ro": "Bună ziua, aici este consiliul. Apăsați unu pentru gunoi.",
    "sk": "Dobrý deň, tu je mestský úrad. Stlačte jednotku pre odpad.",
    "ur": "السلام علیکم، یہ کونسل ہے۔ کوڑے کے لیے ایک دبائیں۔",
}


def voice() -> EspeakVoice:
    need("espeak-ng")
    found = installed()
    assert found is not None
    return found


def said(text: str, language: str, rate: float = 1.0) -> bytes:
    async def say() -> bytes:
        return b"".join([piece async for piece in voice().speak(text, language, rate)])

    return asyncio.run(say())


def test_each_language_it_offers_has_a_sentence_here() -> None:
    assert set(SENTENCES) == set(VOICES)


@pytest.mark.parametrize("language", sorted(VOICES))
def test_every_language_is_spoken_as_loud_as_the_others(language: str) -> None:
    sound = np.frombuffer(said(SENTENCES[language], language), np.int16).astype(np.float64)
    assert 3 < len(sound) / RATE < 9
    assert speech_dbfs(sound) == pytest.approx(LEVEL_DBFS, abs=1.0)


def test_slower_is_slower() -> None:
    assert len(said(SENTENCES["en"], "en", 0.8)) > 1.15 * len(said(SENTENCES["en"], "en"))


def test_brackets_on_a_page_are_no_phoneme_codes() -> None:
    """In those the program would say other words than the page has."""
    assert said("Ring us [[f'o@]].", "en") == said("Ring us ((f'o@)).", "en")


def test_first_sound_comes_at_once() -> None:
    async def wait() -> float:
        spoken = voice()
        best = 9.0
        for _ in range(5):  # the best of five: the machine may be busy
            began = time.perf_counter()
            speech = spoken.speak(SENTENCES["en"], "en")
            await anext(speech)
            best = min(best, time.perf_counter() - began)
            await speech.aclose()  # type: ignore[attr-defined]
        return best

    assert asyncio.run(wait()) < 0.1
