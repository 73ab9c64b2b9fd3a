"""A voice over HTTP: one request a sentence, its sound passed on as it arrives."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx2

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import Speaking, SpeechError
from guildhall.providers.speech.http import asked, http_client, rate_of
from guildhall.providers.speech.limits import Limits
from guildhall.providers.speech.sound import Incoming

SLOWEST, FASTEST = 0.5, 2.0
PIECE_BYTES: Final = 3200
"""Passed on in pieces of a fifth of a second."""


@dataclass(frozen=True, slots=True)
class Request:
    """How to ask for one sentence. `rate` is of the sound that comes back, unless the answer says another."""

    address: str
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    rate: int = RATE


Asks = Callable[[str, str, float], Request]
"""Text, language and rate of speech to the request of a service. Raises SpeechError."""


class HttpVoice:
    """TextToSpeech of any service that turns one POST into sound."""

    def __init__(self, name: str, speaking: Speaking, asks: Asks, limits: Limits | None = None) -> None:
        self._name, self._speaking, self._asks = name, speaking, asks
        self._limits = limits or Limits()
        self._client = http_client(self._limits)

    @property
    def name(self) -> str:
        """As the record and the settings call it."""
        return self._name

    @property
    def speaking(self) -> Speaking:
        """What it can say."""
        return self._speaking

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def speak(self, text: str, language: str, rate: float = 1.0) -> AsyncIterator[bytes]:
        """Sound as it comes. Leaving early closes the connection."""
        if language not in self._speaking.languages:
            raise SpeechError(f"{self._name} does not speak `{language}`")
        request = self._asks(text, language, min(max(rate, SLOWEST), FASTEST))
        asking = {"content": request.content, "headers": dict(request.headers)}
        async with asked(self._client, request.address, self._limits.first_seconds, **asking) as response:
            incoming, sent = Incoming(rate_of(response.headers, request.rate)), 0
            async for raw in self._pieces(response):
                sound = incoming.feed(raw) if raw else incoming.end()
                sent += len(sound)
                if sent > self._limits.most_spoken_seconds * RATE * 2:
                    raise SpeechError("the service sent more sound than any sentence has")
                if sound:
                    yield sound
            if not sent:
                raise SpeechError("the service sent no sound")

    async def _pieces(self, response: httpx2.Response) -> AsyncIterator[bytes]:
        """What arrives, in time; an empty piece says that it was all."""
        arriving, seconds = response.aiter_bytes(PIECE_BYTES), self._limits.first_seconds
        while True:
            async with asyncio.timeout(seconds):
                piece = await anext(arriving, b"")
            yield piece
            if not piece:
                return
            seconds = self._limits.stall_seconds
