"""Any server that speaks OpenAI's audio protocol over HTTP: `/audio/transcriptions` for whole utterances, `/audio/speech` for a voice."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import Grammar, Heard, Hearing, Listening, Speaking, SpeechError
from guildhall.providers.speech.http import asked, bearer, http_client, whole
from guildhall.providers.speech.limits import Limits
from guildhall.providers.speech.meaning import meaning, phrases_of
from guildhall.providers.speech.sound import wav
from guildhall.providers.speech.voice import HttpVoice, Request

PCM_RATE: Final = 24_000
"""Of raw sound in this protocol."""


class OpenAiEar:
    """SpeechToText: an utterance is sent when the caller has finished it."""

    def __init__(self, url: str, key: str, model: str, hearing: Hearing, limits: Limits | None = None, name: str = "openai") -> None:
        self._name, self._model, self._hearing = name, model, hearing
        self._address, self._headers = f"{url.rstrip('/')}/audio/transcriptions", bearer(url, key)
        self.limits = limits or Limits()
        self._client = http_client(self.limits)

    @property
    def name(self) -> str:
        """As the record and the settings call it."""
        return self._name

    @property
    def hearing(self) -> Hearing:
        """What it can hear."""
        return self._hearing

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def open(self, language: str, grammar: Grammar | None, hints: Sequence[str] = ()) -> Listening:
        """Begin an utterance; nothing leaves the house before it is finished."""
        if language not in self._hearing.languages:
            raise SpeechError(f"{self._name} does not hear `{language}`")
        return _Utterance(self, language, grammar, phrases_of(grammar, hints))

    async def transcribe(self, sound: bytes, language: str, phrases: Sequence[str]) -> str:
        """The text of a sound. Raises SpeechError."""
        fields = {"model": self._model, "language": language, "response_format": "json", "temperature": "0"}
        if phrases:
            fields["prompt"] = ", ".join(phrases) + "."
        files = {"file": ("utterance.wav", wav(sound), "audio/wav")}
        asking: dict[str, Any] = {"data": fields, "files": files, "headers": self._headers}
        try:
            async with asyncio.timeout(self.limits.finish_seconds):
                async with asked(self._client, self._address, self.limits.finish_seconds, **asking) as response:
                    return _text(await whole(response, "application/json"))
        except TimeoutError:
            raise SpeechError("the service took too long") from None


@dataclass
class _Utterance:
    ear: OpenAiEar
    language: str
    grammar: Grammar | None
    phrases: list[str]

    def __post_init__(self) -> None:
        self._sound = bytearray()

    async def feed(self, sound: bytes) -> None:
        """Keep it."""
        if len(self._sound) + len(sound) > self.ear.limits.most_heard_seconds * RATE * 2:
            raise SpeechError("the utterance is too long")
        self._sound += sound

    async def finish(self) -> Heard:
        """Send it."""
        sound, self._sound = bytes(self._sound), bytearray()
        text = await self.ear.transcribe(sound, self.language, self.phrases) if sound else ""
        return Heard(text, means=meaning(text, self.grammar), provider=self.ear.name)

    async def cancel(self) -> None:
        """Nothing was sent; forget it."""
        self._sound = bytearray()


def _text(body: bytes) -> str:
    try:
        text = json.loads(body)["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SpeechError("the service's answer is not the JSON of a transcription") from None
    if not isinstance(text, str):
        raise SpeechError("the service's answer has no text")
    return text.strip()


@dataclass(frozen=True)
class OpenAiSpeech:
    """How `/audio/speech` is asked."""

    url: str
    key: str
    model: str
    voices: Mapping[str, str]
    """Language to the server's voice; `*` for every other."""
    sends: str = "pcm"
    pcm_rate: int = PCM_RATE

    def __call__(self, text: str, language: str, rate: float) -> Request:
        """The request for one sentence."""
        voice = self.voices.get(language) or self.voices.get("*")
        if not voice:
            raise SpeechError(f"no voice is named for `{language}`")
        asking: dict[str, Any] = {"model": self.model, "voice": voice, "input": text, "response_format": self.sends}
        if rate != 1.0:
            asking["speed"] = rate
        headers = {"Content-Type": "application/json", **bearer(self.url, self.key)}
        return Request(f"{self.url.rstrip('/')}/audio/speech", json.dumps(asking).encode(), headers, self.pcm_rate)


def openai_voice(speech: OpenAiSpeech, speaking: Speaking, limits: Limits | None = None, name: str = "openai") -> HttpVoice:
    """TextToSpeech of such a server."""
    return HttpVoice(name, speaking, speech, limits)
