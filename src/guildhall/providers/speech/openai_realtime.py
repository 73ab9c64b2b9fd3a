"""OpenAI's realtime protocol, for transcription only: nothing here can speak to a caller without our turn in between (decision 0026)."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import Grammar, Hearing, SpeechError
from guildhall.providers.speech.http import bearer
from guildhall.providers.speech.json_messages import code_of, object_of, text_of
from guildhall.providers.speech.limits import Limits
from guildhall.providers.speech.meaning import phrases_of
from guildhall.providers.speech.socket_ear import Done, Message, Partial, SocketEar
from guildhall.providers.speech.sound import Resampler, coded_as

FORMATS: Final[Mapping[str, dict[str, Any]]] = {
    "alaw": {"type": "audio/pcma"},
    "mulaw": {"type": "audio/pcmu"},
    "linear16": {"type": "audio/pcm", "rate": 24_000},
}
"""The protocol takes linear sound at 24 kHz only; the phone's own codings go as they are."""
TAKES_KEYWORDS: Final = ("gpt-transcribe", "gpt-live-transcribe")
"""Models that are given words to expect; the others get a sentence of them."""
EVENT: Final = "conversation.item.input_audio_transcription."


@dataclass
class RealtimeTranscription:
    """One utterance in this protocol."""

    address: str
    headers: Mapping[str, str]
    model: str
    language: str
    phrases: Sequence[str]
    coding: str = "alaw"
    _so_far: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._resampler = Resampler(RATE, 24_000)

    def begin(self) -> Sequence[Message]:
        """A session that transcribes and leaves the end of speech to us."""
        transcription: dict[str, Any] = {"model": self.model, "language": self.language}
        if self.phrases and self.model.startswith(TAKES_KEYWORDS):
            transcription["keywords"] = list(self.phrases)
        elif self.phrases:
            transcription["prompt"] = ", ".join(self.phrases) + "."
        heard = {"format": FORMATS[self.coding], "transcription": transcription, "turn_detection": None}
        return [json.dumps({"type": "session.update", "session": {"type": "transcription", "audio": {"input": heard}}})]

    def sound(self, sound: bytes) -> Sequence[Message]:
        """A piece, in base64."""
        coded = self._resampler.feed(sound) if self.coding == "linear16" else coded_as(sound, self.coding)
        return [self._append(coded)] if coded else []

    def end(self) -> Sequence[Message]:
        """Take what was sent as one utterance."""
        rest = self._resampler.end() if self.coding == "linear16" else b""
        return [*([self._append(rest)] if rest else []), json.dumps({"type": "input_audio_buffer.commit"})]

    def idle(self) -> Message | None:
        """Nothing is needed."""
        return None

    def take(self, message: Message) -> Partial | Done | None:
        """Deltas, the whole, or a failure."""
        event = object_of(message)
        kind = text_of(event, "type")
        if kind == EVENT + "delta":
            item = text_of(event, "item_id")
            self._so_far[item] = self._so_far.get(item, "") + text_of(event, "delta")
            return Partial(self._so_far[item].strip())
        if kind == EVENT + "completed":
            return Done(text_of(event, "transcript").strip())
        if kind == EVENT + "failed" or kind == "error":
            raise SpeechError(f"the service reports an error: {code_of(event.get('error') or {}, 'code', 'type')}")
        return None

    def _append(self, sound: bytes) -> str:
        return json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(sound).decode()})


@dataclass(frozen=True)
class RealtimeServer:
    """Where such a server is and what it is asked for."""

    url: str
    key: str
    model: str
    coding: str = "alaw"

    def ear(self, hearing: Hearing, limits: Limits | None = None, name: str = "openai-realtime") -> SocketEar:
        """SpeechToText of it."""
        return SocketEar(name, hearing, self._utterance, limits)

    def _utterance(self, language: str, grammar: Grammar | None, hints: Sequence[str]) -> RealtimeTranscription:
        address = f"{self.url.rstrip('/')}/realtime?intent=transcription"
        phrases = phrases_of(grammar, hints)
        return RealtimeTranscription(address, bearer(self.url, self.key), self.model, language, phrases, self.coding)
