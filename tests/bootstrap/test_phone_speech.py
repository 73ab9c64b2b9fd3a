"""A council's phone hears and speaks with what the council registered, and its notice says who else hears."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from guildhall.bootstrap.phone_speech import open_phone_speech
from guildhall.bootstrap.speech import Embedded
from guildhall.councils.loading import load_council
from guildhall.councils.phone_files import notice_of
from guildhall.councils.speech_registration import SpeechSection, SpeechSupplier
from guildhall.settings import Settings
from guildhall.vocabulary.errors import ConfigurationError
from tests.providers.speech.test_chain import StubEar, StubVoice

SUPPLIER = SpeechSupplier(
    does=("hears",), hosts=("api.deepgram.com",), purpose="to understand callers", lawful_basis="public_task", region="EU",
    contract="C-1", dpia="DPIA-1", approved_by="data protection officer", approved_on=date(2026, 3, 2),
)  # fmt: skip
EMBEDDED = Embedded([StubEar("grammar", open_vocabulary=False)], [StubVoice("espeak")])


def test_a_fresh_deployment_is_embedded_and_its_notice_names_no_supplier() -> None:
    profile = load_council(Path("councils"), "avonmere")
    speech = open_phone_speech(Settings(), profile, EMBEDDED)
    assert not speech.transcribed_outside and not speech.hearing.hearing.open_vocabulary
    assert "supplier" not in notice_of(profile, "en", speech.transcribed_outside)
    asyncio.run(speech.close())


def test_a_setting_without_the_council_s_yes_names_the_council_s_file() -> None:
    profile = load_council(Path("councils"), "avonmere")
    with pytest.raises(ConfigurationError, match=r"^councils/avonmere/phone\.yaml \(key `speech\.suppliers\.deepgram`\)"):
        open_phone_speech(Settings(speech_hears="deepgram"), profile, EMBEDDED)


def test_with_a_registered_supplier_the_call_opens_and_the_notice_says_who_transcribes() -> None:
    profile = load_council(Path("councils"), "avonmere")
    registered = profile.phone.model_copy(update={"speech": SpeechSection(suppliers={"deepgram": SUPPLIER})})
    profile = replace(profile, phone=registered)
    speech = open_phone_speech(Settings(speech_hears="deepgram"), profile, EMBEDDED)
    assert speech.transcribed_outside and speech.hearing.hearing.opens("en")
    assert "supplier" in notice_of(profile, "en", speech.transcribed_outside)
    asyncio.run(speech.close())
