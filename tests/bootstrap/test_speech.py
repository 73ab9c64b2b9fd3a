"""A caller's voice goes nowhere without the council's yes, and what the settings name is what hears and speaks."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guildhall.bootstrap.speech import Embedded, Speech, open_speech
from guildhall.channels.phone.speech import Hearing, SpeechError
from guildhall.councils.phone_config import PhoneFile
from guildhall.councils.speech_registration import OnPremises, SpeechSection, SpeechSupplier
from guildhall.councils.yaml_files import YamlReader
from guildhall.settings import Settings
from guildhall.testing.speech.http_server import SpeechHttpServer, tone
from guildhall.testing.speech.socket_server import SpeechSocketServer, binary_results
from guildhall.vocabulary.errors import ConfigurationError
from tests.providers.speech.test_chain import StubEar, StubVoice

FILE = Path("councils/newtown/phone.yaml")
HOSTS = ("uksouth.stt.speech.microsoft.com", "uksouth.tts.speech.microsoft.com", "api.deepgram.com", "api.openai.com", "speech.example")
APPROVED = SpeechSupplier(
    does=("hears", "speaks"), hosts=HOSTS, purpose="to understand callers", lawful_basis="public_task", region="UK South", contract="C-1",
    dpia="DPIA-1", approved_by="data protection officer", approved_on=date(2026, 3, 2),
)  # fmt: skip
HEARS_ONLY = APPROVED.model_copy(update={"does": ("hears",)})
OURS = OnPremises(reason="on the server in the town hall", confirmed_by="head of ICT")


def opened(section: SpeechSection | None = None, embedded: Embedded | None = None, **given: Any) -> Speech:
    return open_speech(Settings(**given), section or SpeechSection(), FILE, embedded)


def refusal(section: SpeechSection | None = None, **given: Any) -> str:
    with pytest.raises(ConfigurationError) as error:
        opened(section, **given)
    return str(error.value)


def test_with_nothing_configured_only_the_embedded_services_hear_and_speak() -> None:
    ear, voice = StubEar("grammar", open_vocabulary=False), StubVoice("espeak")
    speech = opened(embedded=Embedded([ear], [voice]))
    assert speech.hearing.hearing == Hearing(frozenset({"en"}), False, open_languages=frozenset())
    assert speech.voice.speaking.languages == {"en"}
    assert not speech.transcribed_outside and speech.suppliers == ()


@pytest.mark.parametrize(("setting", "key"), [("speech_hears", "callers' voices"), ("speech_speaks", "what is said to callers")])
@pytest.mark.parametrize("name", ["openai", "azure", "deepgram"])
def test_a_supplier_that_is_not_registered_does_not_start(setting: str, key: str, name: str) -> None:
    given: dict[str, Any] = {setting: name}
    message = refusal(**given)
    assert message.startswith(
        f"councils/newtown/phone.yaml (key `speech.suppliers.{name}`): GUILDHALL_{setting.upper()} sends {key} to `{name}`"
    )
    assert "hosts, purpose, lawful_basis, region, contract, dpia" in message and "speech.on_premises" in message


def test_a_registration_to_hear_is_none_to_speak() -> None:
    message = refusal(SpeechSection(suppliers={"azure": HEARS_ONLY}), speech_hears="azure", speech_speaks="azure")
    assert "(key `speech.suppliers.azure.does`)" in message and "registered for hears only" in message and "DPIA-1" in message


def test_a_registered_supplier_hears_and_the_notice_must_say_so() -> None:
    speech = opened(
        SpeechSection(suppliers={"azure": APPROVED, "deepgram": HEARS_ONLY}), speech_hears="deepgram=en,pl azure", speech_speaks="azure"
    )
    assert speech.transcribed_outside and speech.suppliers == ("deepgram", "azure")
    assert speech.hearing.hearing.opens("pl") and speech.voice.speaking.languages == {"en"}
    assert not speech.hearing.hearing.on_premises


def test_a_supplier_that_only_speaks_does_not_transcribe() -> None:
    speech = opened(SpeechSection(suppliers={"azure": APPROVED}), speech_speaks="azure")
    assert not speech.transcribed_outside and speech.suppliers == ("azure",)


def test_a_service_in_the_council_s_own_rooms_needs_a_reason_and_an_address_there() -> None:
    section = SpeechSection(on_premises={"openai": OURS})
    speech = opened(section, speech_hears="openai", speech_openai_url="http://10.1.2.3:8000/v1")
    assert speech.hearing.hearing.on_premises and not speech.transcribed_outside and speech.suppliers == ()
    assert "its address is api.openai.com" in refusal(section, speech_hears="openai")
    assert "its address is 8.8.8.8" in refusal(section, speech_hears="openai", speech_openai_url="https://8.8.8.8/v1")


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"speech_hears": "whisper"}, "`whisper` is no service that hears. Use openai, openai-realtime, azure, deepgram"),
        ({"speech_speaks": "openai-realtime"}, "`openai-realtime` is no service that speaks."),
        ({"speech_hears": "azure=en,xx"}, "`xx` in `azure=en,xx` is no language."),
        ({"speech_hears": "azure azure=pl"}, "`azure` is named twice."),
        ({"speech_speaks": "azure=en,pl"}, "`azure` is to speak `pl`, and no voice is named for it. Add pl=NAME"),
        ({"speech_speaks": "azure", "speech_azure_voices": "en-GB-SoniaNeural"}, "names no voice for a language. Write en=NAME"),
        ({"speech_hears": "deepgram", "speech_deepgram_url": "http://speech.example/v1"}, "sound would go to speech.example unencrypted"),
        (
            {"speech_hears": "deepgram", "speech_deepgram_url": "https://elsewhere.example/v1"},
            "sound or words would go to elsewhere.example, and",
        ),
        ({"speech_hears": "azure", "speech_azure_region": "eastus"}, "would go to eastus.stt.speech.microsoft.com"),
        ({"speech_hears": "deepgram", "speech_deepgram_url": "api.deepgram.com"}, "is no address of a service"),
    ],
)
def test_a_setting_that_cannot_be_says_what_would_be_right(given: dict[str, Any], what: str) -> None:
    section = SpeechSection(suppliers={"azure": APPROVED, "deepgram": APPROVED, "openai": APPROVED})
    message = refusal(section, **given)
    assert message.startswith("GUILDHALL_SPEECH_") and what in message


@pytest.mark.parametrize("missing", ["hosts", "purpose", "lawful_basis", "region", "contract", "dpia", "approved_by", "approved_on"])
def test_a_registration_without_a_ground_names_file_line_and_key(missing: str, tmp_path: Path) -> None:
    lines = {
        "does": "[hears]", "hosts": "[speech.example]", "purpose": "to understand callers", "lawful_basis": "public_task", "region": "UK South",
        "contract": "C-1", "dpia": "DPIA-1", "approved_by": "officer", "approved_on": "2026-03-02",
    }  # fmt: skip
    del lines[missing]
    path = tmp_path / "phone.yaml"
    path.write_text("speech:\n  suppliers:\n    azure:\n" + "".join(f"      {key}: {value}\n" for key, value in lines.items()), "utf-8")
    with pytest.raises(ConfigurationError) as error:
        YamlReader().read(path, PhoneFile)
    assert (error.value.line, error.value.key) == (3, f"speech.suppliers.azure.{missing}")


def test_a_call_goes_on_with_what_is_left_when_the_cloud_is_gone() -> None:
    async def go() -> None:
        async with SpeechSocketServer(binary_results) as hears, SpeechHttpServer() as speaks:
            section = SpeechSection(on_premises={"deepgram": OURS, "openai": OURS})
            ear = StubEar("grammar", open_vocabulary=False)
            speech = opened(
                section, Embedded([ear], [StubVoice("espeak")]), speech_hears="deepgram", speech_speaks="openai",
                speech_deepgram_url=hears.url, speech_openai_url=speaks.url, speech_finish_seconds=2.0,
            )  # fmt: skip
            listening = await speech.hearing.open("en", None)
            await listening.feed(tone(0.5, 8000))
            assert (await listening.finish()).provider == "deepgram"
            assert b"".join([piece async for piece in speech.voice.speak("Hello there.", "en")])
            hears._server.close()
            await hears._server.wait_closed()
            for _ in range(3):
                with pytest.raises(SpeechError):
                    gone = await speech.hearing.open("en", None)
                    await gone.feed(tone(0.5, 8000))
                    await gone.finish()
            assert not speech.hearing.hearing.opens("en") and speech.hearing.hearing.languages == {"en"}
            await speech.close()

    asyncio.run(go())
