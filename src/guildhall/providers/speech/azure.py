"""Azure Speech: recognition over its websocket protocol, and neural voices over REST with SSML.

The protocol is the one that the supplier described for its first speech service and that its open client libraries still speak: each
message has headers and a body, sound goes in binary messages whose headers are counted in two bytes, an empty one ends the utterance.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import Grammar, Hearing, Speaking, SpeechError
from guildhall.providers.speech.json_messages import object_of, text_of
from guildhall.providers.speech.limits import Limits
from guildhall.providers.speech.meaning import phrases_of
from guildhall.providers.speech.socket_ear import Done, Message, Partial, SocketEar
from guildhall.providers.speech.sound import Resampler, wav_header
from guildhall.providers.speech.voice import HttpVoice, Request

HEARD_RATE: Final = 16_000
MOST_CHUNK_BYTES: Final = 8000
NOTHING_SAID: Final = frozenset({"NoMatch", "InitialSilenceTimeout", "BabbleTimeout", "EndOfDictation"})
LOCALES: Final[Mapping[str, str]] = {
    "en": "en-GB", "ar": "ar-SY", "cs": "cs-CZ", "pa": "pa-IN", "pl": "pl-PL",
    "ps": "ps-AF", "ro": "ro-RO", "sk": "sk-SK", "so": "so-SO", "ur": "ur-PK",
}  # fmt: skip


@dataclass
class AzureUtterance:
    """One utterance, which the service calls a turn."""

    address: str
    headers: Mapping[str, str]
    phrases: Sequence[str]
    request_id: str
    now: Callable[[], datetime]
    _phrases_heard: list[tuple[str, float]] = field(default_factory=list)
    _began: bool = False

    def __post_init__(self) -> None:
        self._resampler = Resampler(RATE, HEARD_RATE)

    def begin(self) -> Sequence[Message]:
        """Who speaks, and what is likely to be said."""
        device = {"manufacturer": "Guildhall", "model": "Phone", "version": "1"}
        system = {"system": {"name": "Guildhall", "version": "1"}, "os": {"platform": "Linux", "name": "Linux", "version": "1"}}
        messages = [self._text("speech.config", {"context": {**system, "device": device}})]
        if self.phrases:
            items = [{"Text": phrase} for phrase in self.phrases]
            messages.append(self._text("speech.context", {"dgi": {"Groups": [{"Type": "Generic", "Items": items}]}}))
        return messages

    def sound(self, sound: bytes) -> Sequence[Message]:
        """A piece at 16 kHz; the first begins as a wav file does."""
        wide = self._resampler.feed(sound)
        if not self._began and wide:
            self._began = True
            wide = wav_header(0, HEARD_RATE) + wide
        return [self._audio(wide[at : at + MOST_CHUNK_BYTES]) for at in range(0, len(wide), MOST_CHUNK_BYTES)]

    def end(self) -> Sequence[Message]:
        """The rest, and an empty message."""
        return [*[self._audio(rest) for rest in (self._resampler.end(),) if rest], self._audio(b"")]

    def idle(self) -> Message | None:
        """Nothing is needed within an utterance."""
        return None

    def take(self, message: Message) -> Partial | Done | None:
        """Hypotheses, phrases and the end of the turn."""
        path, body = _read(message)
        if path == "speech.hypothesis":
            return Partial(" ".join([*(text for text, _ in self._phrases_heard), text_of(object_of(body), "Text")]))
        if path == "speech.phrase":
            return self._phrase(object_of(body))
        if path == "turn.end":
            sure = [confidence for _, confidence in self._phrases_heard]
            return Done(" ".join(text for text, _ in self._phrases_heard), sum(sure) / len(sure) if sure else 1.0)
        return None

    def _phrase(self, phrase: dict[str, Any]) -> Partial:
        status = text_of(phrase, "RecognitionStatus")
        if status != "Success" and status not in NOTHING_SAID:
            raise SpeechError("the service reports that recognition failed")
        best = (phrase.get("NBest") or [{}])[0]
        text = text_of(best, "Display") or text_of(phrase, "DisplayText")
        confidence = best.get("Confidence", 1.0)
        if status == "Success" and text.strip():
            self._phrases_heard.append((text.strip(), float(confidence) if isinstance(confidence, int | float) else 1.0))
        return Partial(" ".join(text for text, _ in self._phrases_heard))

    def _head(self, path: str, kind: str) -> str:
        at = self.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        return f"Path: {path}\r\nX-RequestId: {self.request_id}\r\nX-Timestamp: {at}\r\nContent-Type: {kind}\r\n"

    def _text(self, path: str, body: Mapping[str, Any]) -> str:
        return f"{self._head(path, 'application/json')}\r\n{json.dumps(body)}"

    def _audio(self, sound: bytes) -> bytes:
        head = self._head("audio", "audio/x-wav").encode("ascii")
        return len(head).to_bytes(2, "big") + head + sound


def _read(message: Message) -> tuple[str, str]:
    """Path and body of a message. Raises SpeechError."""
    if isinstance(message, bytes):
        return "", ""
    head, parted, body = message.partition("\r\n\r\n")
    for line in head.split("\r\n"):
        name, colon, value = line.partition(":")
        if colon and name.strip().lower() == "path":
            return value.strip().lower(), body
    raise SpeechError("the service sent a message without a path" if parted else "the service sent a message that cannot be read")


@dataclass(frozen=True)
class AzureSpeech:
    """One resource of the service, or its container in the council's own rooms. `now` is UTC."""

    hears_at: str
    speaks_at: str
    key: str
    voices: Mapping[str, str]
    """Language to the voice, such as `en-GB-SoniaNeural`."""
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    """Thirty-two hexadecimal digits, another each time."""

    def ear(self, hearing: Hearing, limits: Limits | None = None, name: str = "azure") -> SocketEar:
        """SpeechToText of it."""
        return SocketEar(name, hearing, self._utterance, limits)

    def voice(self, speaking: Speaking, limits: Limits | None = None, name: str = "azure") -> HttpVoice:
        """TextToSpeech of it."""
        return HttpVoice(name, speaking, self._sentence, limits)

    def _utterance(self, language: str, grammar: Grammar | None, hints: Sequence[str]) -> AzureUtterance:
        path = "/speech/recognition/conversation/cognitiveservices/v1"
        address = f"{self.hears_at.rstrip('/')}{path}?language={LOCALES.get(language, language)}&format=detailed"
        headers = {**self._credentials(), "X-ConnectionId": self.new_id()}
        return AzureUtterance(address, headers, phrases_of(grammar, hints), self.new_id(), self.now)

    def _sentence(self, text: str, language: str, rate: float) -> Request:
        voice = self.voices.get(language)
        if not voice:
            raise SpeechError(f"no voice is named for `{language}`")
        headers = {
            **self._credentials(),
            "Content-Type": "application/ssml+xml",
            "X-Microsoft-OutputFormat": "raw-8khz-16bit-mono-pcm",
            "User-Agent": "guildhall",
        }
        content = ssml(text, LOCALES.get(language, language), voice, rate).encode()
        return Request(f"{self.speaks_at.rstrip('/')}/cognitiveservices/v1", content, headers)

    def _credentials(self) -> dict[str, str]:
        return {"Ocp-Apim-Subscription-Key": self.key} if self.key else {}


def ssml(text: str, locale: str, voice: str, rate: float) -> str:
    """One sentence in SSML. What is said is text and never markup; characters that XML cannot hold are left out."""
    said = escape("".join(c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"))
    if rate != 1.0:
        said = f'<prosody rate="{(rate - 1) * 100:+.0f}%">{said}</prosody>'
    return (
        f'<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang={quoteattr(locale)}>'
        f"<voice name={quoteattr(voice)}>{said}</voice></speak>"
    )
