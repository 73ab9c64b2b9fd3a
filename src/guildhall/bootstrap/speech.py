"""From the settings and the council's registration to the one ear and the one voice of the phone."""

import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from guildhall.bootstrap.speech_services import Named, check_address, services_of, voices_of
from guildhall.channels.phone.speech import Hearing, Speaking, SpeechToText, TextToSpeech
from guildhall.councils.speech_registration import SpeechSection
from guildhall.providers.speech.azure import AzureSpeech
from guildhall.providers.speech.breaker import Breaker
from guildhall.providers.speech.chain import Ear, HearingChain, SpeakingChain, Voice
from guildhall.providers.speech.deepgram import Deepgram
from guildhall.providers.speech.limits import Limits
from guildhall.providers.speech.openai_http import OpenAiEar, OpenAiSpeech, openai_voice
from guildhall.providers.speech.openai_realtime import RealtimeServer
from guildhall.settings import Settings
from guildhall.vocabulary.errors import ConfigurationError


@dataclass(frozen=True)
class Embedded:
    """What hears and speaks without any network, best first; the last links of both chains."""

    ears: Sequence[SpeechToText] = ()
    voices: Sequence[TextToSpeech] = ()


@dataclass(frozen=True)
class Speech:
    """The phone's ear and voice. `transcribed_outside` says that the notice must name a supplier."""

    hearing: HearingChain
    voice: SpeakingChain
    transcribed_outside: bool
    suppliers: tuple[str, ...] = field(default=())

    async def close(self) -> None:
        """Give all connections back."""
        with suppress(RuntimeError):
            await self.hearing.close()
            await self.voice.close()


def open_speech(
    settings: Settings,
    section: SpeechSection,
    file: Path,
    embedded: Embedded | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Speech:
    """The chains. `file` is the council's phone.yaml, which an error names. Raises ConfigurationError."""
    hears, speaks = services_of(settings, section, file)
    build = _Builder(settings)
    ears = [Ear(build.ear(one), Breaker(clock), one.languages) for one in hears]
    voices = [Voice(build.voice(one), Breaker(clock), one.languages) for one in speaks]
    ears += [Ear(ear, Breaker(clock)) for ear in (embedded.ears if embedded else ())]
    voices += [Voice(voice, Breaker(clock)) for voice in (embedded.voices if embedded else ())]
    outside = tuple(dict.fromkeys(one.name for one in (*hears, *speaks) if not one.on_premises))
    heard_outside = any(not one.on_premises for one in hears)
    return Speech(HearingChain(ears), SpeakingChain(voices), heard_outside, outside)


@dataclass(frozen=True)
class _Builder:
    """One service after another, with its checked address."""

    settings: Settings

    @property
    def limits(self) -> Limits:
        return Limits(finish_seconds=self.settings.speech_finish_seconds, first_seconds=self.settings.speech_first_seconds)

    def ear(self, one: Named) -> SpeechToText:
        settings = self.settings
        hearing = Hearing(one.languages, open_vocabulary=True, streaming=one.name != "openai", on_premises=one.on_premises)
        if one.name == "openai":
            url = check_address(settings.speech_openai_url, one, "GUILDHALL_SPEECH_OPENAI_URL")
            return OpenAiEar(url, settings.speech_openai_key.get_secret_value(), settings.speech_openai_model, hearing, self.limits)
        if one.name == "openai-realtime":
            url = check_address(settings.speech_openai_realtime_url, one, "GUILDHALL_SPEECH_OPENAI_REALTIME_URL")
            key, model = settings.speech_openai_key.get_secret_value(), settings.speech_openai_realtime_model
            return RealtimeServer(url, key, model, settings.speech_openai_realtime_coding).ear(hearing, self.limits)
        if one.name == "azure":
            return self._azure(one).ear(hearing, self.limits)
        return self._deepgram(one).ear(hearing, self.limits)

    def voice(self, one: Named) -> TextToSpeech:
        settings, speaking = self.settings, Speaking(one.languages, one.on_premises)
        if one.name == "openai":
            url = check_address(settings.speech_openai_url, one, "GUILDHALL_SPEECH_OPENAI_URL")
            voices = self._voices(one, settings.speech_openai_voices, "GUILDHALL_SPEECH_OPENAI_VOICES")
            key, model = settings.speech_openai_key.get_secret_value(), settings.speech_openai_voice_model
            return openai_voice(OpenAiSpeech(url, key, model, voices, settings.speech_openai_sends), speaking, self.limits)
        if one.name == "azure":
            return self._azure(one, speaks=True).voice(speaking, self.limits)
        return self._deepgram(one, speaks=True).voice(speaking, self.limits)

    def _azure(self, one: Named, speaks: bool = False) -> AzureSpeech:
        settings, region = self.settings, self.settings.speech_azure_region
        hears_at = settings.speech_azure_hears_url or f"wss://{region}.stt.speech.microsoft.com"
        speaks_at = settings.speech_azure_speaks_url or f"https://{region}.tts.speech.microsoft.com"
        if speaks:
            check_address(speaks_at, one, "GUILDHALL_SPEECH_AZURE_SPEAKS_URL")
        else:
            check_address(hears_at, one, "GUILDHALL_SPEECH_AZURE_HEARS_URL")
        voices = self._voices(one, settings.speech_azure_voices, "GUILDHALL_SPEECH_AZURE_VOICES") if speaks else {}
        key = settings.speech_azure_key.get_secret_value()
        return AzureSpeech(hears_at, speaks_at, key, voices, lambda: datetime.now(UTC), lambda: secrets.token_hex(16))

    def _deepgram(self, one: Named, speaks: bool = False) -> Deepgram:
        settings = self.settings
        url = check_address(settings.speech_deepgram_url, one, "GUILDHALL_SPEECH_DEEPGRAM_URL")
        voices = self._voices(one, settings.speech_deepgram_voices, "GUILDHALL_SPEECH_DEEPGRAM_VOICES") if speaks else {}
        key = settings.speech_deepgram_key.get_secret_value()
        return Deepgram(url, key, settings.speech_deepgram_model, voices, settings.speech_deepgram_coding)

    def _voices(self, one: Named, written: str, setting: str) -> dict[str, str]:
        """A voice for each language that the service is named for. Raises ConfigurationError for one without."""
        voices = voices_of(written, setting)
        for language in sorted(one.languages):
            if language not in voices and "*" not in voices:
                what = f"`{one.name}` is to speak `{language}`, and no voice is named for it."
                raise ConfigurationError(
                    what, file=setting, fix=f"Add {language}=NAME, or take `{language}` out of GUILDHALL_SPEECH_SPEAKS."
                )
        return voices
