"""The embedded services pass the same suite as every other."""

import asyncio

import pytest

from guildhall.bootstrap.speech_embedded import embedded_speech
from guildhall.providers.speech.espeak import WHAT_TO_INSTALL
from guildhall.testing.speech.conformance import check_voice


def test_every_embedded_voice_conforms_in_every_language_that_it_names() -> None:
    voices = embedded_speech().voices
    if not voices:
        pytest.skip(WHAT_TO_INSTALL)

    async def go() -> None:
        for voice in voices:
            for language in sorted(voice.speaking.languages):
                await check_voice(voice, language)

    asyncio.run(go())
