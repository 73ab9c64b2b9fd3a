"""Each networked service against its double, for tests that hold for all of them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from guildhall.channels.phone.speech import Hearing, Speaking
from guildhall.providers.speech.azure import AzureSpeech
from guildhall.providers.speech.deepgram import Deepgram
from guildhall.providers.speech.limits import Limits
from guildhall.providers.speech.openai_http import OpenAiEar, OpenAiSpeech, openai_voice
from guildhall.providers.speech.openai_realtime import RealtimeServer
from guildhall.providers.speech.socket_ear import SocketEar
from guildhall.providers.speech.voice import HttpVoice
from guildhall.testing.speech.http_server import SpeechHttpServer
from guildhall.testing.speech.socket_server import SpeechSocketServer, base64_events, binary_results, headed_messages
from guildhall.testing.speech.trouble import Trouble

HEARING = Hearing(frozenset({"en", "pl"}), open_vocabulary=True, streaming=True)
SPEAKING = Speaking(frozenset({"en", "pl"}))
QUICK = Limits(connect_seconds=1.0, finish_seconds=0.15, first_seconds=0.15, stall_seconds=0.1, keep_alive_seconds=0.05)
PATIENT = Limits(connect_seconds=5.0, finish_seconds=10.0, first_seconds=10.0, stall_seconds=10.0)
SECRET = "key-of-the-council"
NOON = datetime(2026, 3, 2, 12, 0, 0, 123000, tzinfo=UTC)
Server = SpeechHttpServer | SpeechSocketServer
Ear = OpenAiEar | SocketEar


@dataclass(frozen=True)
class EarCase:
    """A service that hears."""

    name: str
    server: Callable[..., Any]
    ear: Callable[[str, Limits], Ear]


@dataclass(frozen=True)
class VoiceCase:
    """A service that speaks."""

    name: str
    voice: Callable[[str, Limits], HttpVoice]


def azure_at(url: str) -> AzureSpeech:
    voices = {"en": "en-GB-SoniaNeural", "pl": "pl-PL-ZofiaNeural"}
    return AzureSpeech(url.replace("http", "ws", 1), url, SECRET, voices, lambda: NOON, lambda: "0" * 31 + "1")


def deepgram_at(url: str, coding: str = "alaw") -> Deepgram:
    return Deepgram(url, SECRET, "nova-3", {"en": "aura-2-thalia-en", "pl": "aura-2-x-pl"}, coding)


def realtime_at(url: str, coding: str = "alaw") -> RealtimeServer:
    return RealtimeServer(url.replace("http", "ws", 1), SECRET, "a-model", coding)


def speech_at(url: str, sends: str = "pcm") -> OpenAiSpeech:
    return OpenAiSpeech(url, SECRET, "a-voice-model", {"*": "alloy"}, sends)


def socket(speaks: Any) -> Callable[..., SpeechSocketServer]:
    def serve(trouble: Trouble = Trouble.NONE, says: str = "when is my bin day", fails_first: int = 0) -> SpeechSocketServer:
        return SpeechSocketServer(speaks, trouble, says, fails_first=fails_first)

    return serve


EARS = (
    EarCase("openai", SpeechHttpServer, lambda url, limits: OpenAiEar(url, SECRET, "a-model", HEARING, limits)),
    EarCase("openai-realtime", socket(base64_events), lambda url, limits: realtime_at(url).ear(HEARING, limits)),
    EarCase("azure", socket(headed_messages), lambda url, limits: azure_at(url).ear(HEARING, limits)),
    EarCase("deepgram", socket(binary_results), lambda url, limits: deepgram_at(url).ear(HEARING, limits)),
)
VOICES = (
    VoiceCase("openai", lambda url, limits: openai_voice(speech_at(url), SPEAKING, limits)),
    VoiceCase("azure", lambda url, limits: azure_at(url).voice(SPEAKING, limits)),
    VoiceCase("deepgram", lambda url, limits: deepgram_at(url).voice(SPEAKING, limits)),
)


@asynccontextmanager
async def hearing(case: EarCase, limits: Limits = PATIENT, **serves: Any) -> AsyncIterator[tuple[Ear, Server]]:
    async with case.server(**serves) as server:
        ear = case.ear(server.url, limits)
        try:
            yield ear, server
        finally:
            await ear.close()


@asynccontextmanager
async def speaking(case: VoiceCase, limits: Limits = PATIENT, **serves: Any) -> AsyncIterator[tuple[HttpVoice, SpeechHttpServer]]:
    async with SpeechHttpServer(**serves) as server:
        voice = case.voice(server.url, limits)
        try:
            yield voice, server
        finally:
            await voice.close()
