"""Deepgram: listening over a websocket that takes the phone's own codings, and the Aura voices over HTTP."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from guildhall.channels.phone.ports import RATE
from guildhall.channels.phone.speech import Grammar, Hearing, Speaking, SpeechError
from guildhall.providers.speech.json_messages import code_of, object_of, text_of
from guildhall.providers.speech.limits import Limits
from guildhall.providers.speech.meaning import phrases_of
from guildhall.providers.speech.socket_ear import Done, Message, Partial, SocketEar
from guildhall.providers.speech.sound import coded_as
from guildhall.providers.speech.voice import HttpVoice, Request

LOCALES: Final[Mapping[str, str]] = {"en": "en-GB"}
"""Where the service's name of a language says more than ours."""
KEEP_ALIVE: Final = json.dumps({"type": "KeepAlive"})


@dataclass
class DeepgramUtterance:
    """One utterance. Pieces of text become final one by one; the last is the answer to `Finalize`."""

    address: str
    headers: Mapping[str, str]
    coding: str = "alaw"
    _final: list[tuple[str, float]] = field(default_factory=list)

    def begin(self) -> Sequence[Message]:
        """All is said in the address."""
        return []

    def sound(self, sound: bytes) -> Sequence[Message]:
        """A piece."""
        return [coded_as(sound, self.coding)]

    def end(self) -> Sequence[Message]:
        """Answer now what is left, then close: with little left no answer is marked as the last, and the goodbye tells."""
        return [json.dumps({"type": "Finalize"}), json.dumps({"type": "CloseStream"})]

    def idle(self) -> Message | None:
        """After ten seconds of nothing the service would close."""
        return KEEP_ALIVE

    def take(self, message: Message) -> Partial | Done | None:
        """Results, and the goodbye."""
        event = object_of(message)
        kind = text_of(event, "type")
        if kind == "Error":
            raise SpeechError(f"the service reports an error: {code_of(event, 'err_code', 'code', 'variant')}")
        if kind == "Metadata":
            return self._done()
        if kind != "Results":
            return None
        text, confidence = _best(event)
        if event.get("is_final") is True:
            if text:
                self._final.append((text, confidence))
            return self._done() if event.get("from_finalize") is True else Partial(self._text())
        return Partial(f"{self._text()} {text}".strip())

    def _text(self) -> str:
        return " ".join(text for text, _ in self._final)

    def _done(self) -> Done:
        sure = [confidence for _, confidence in self._final]
        return Done(self._text(), sum(sure) / len(sure) if sure else 1.0)


def _best(event: dict[str, object]) -> tuple[str, float]:
    try:
        best = event["channel"]["alternatives"][0]  # type: ignore[index]
        return text_of(best, "transcript").strip(), float(best.get("confidence", 1.0))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise SpeechError("the service sent a result without text") from None


@dataclass(frozen=True)
class Deepgram:
    """The service, in the cloud or in the council's own rooms."""

    url: str
    key: str
    model: str
    voices: Mapping[str, str]
    """Language to the Aura voice."""
    coding: str = "alaw"
    speaks_at: str = ""
    """Where the voices are, if not at the same address."""

    def ear(self, hearing: Hearing, limits: Limits | None = None, name: str = "deepgram") -> SocketEar:
        """SpeechToText of it."""
        return SocketEar(name, hearing, self._utterance, limits)

    def voice(self, speaking: Speaking, limits: Limits | None = None, name: str = "deepgram") -> HttpVoice:
        """TextToSpeech of it."""
        return HttpVoice(name, speaking, self._sentence, limits)

    def _utterance(self, language: str, grammar: Grammar | None, hints: Sequence[str]) -> DeepgramUtterance:
        asked = [
            ("model", self.model), ("language", LOCALES.get(language, language)), ("encoding", self.coding), ("sample_rate", str(RATE)),
            ("channels", "1"), ("interim_results", "true"), ("punctuate", "true"), ("endpointing", "false"), ("mip_opt_out", "true"),
        ]  # fmt: skip  # the last keeps callers out of the supplier's training
        terms = "keyterm" if self.model.startswith("nova-3") else "keywords"
        asked += [(terms, phrase) for phrase in phrases_of(grammar, hints)]
        server = self.url.rstrip("/").replace("http", "ws", 1)
        return DeepgramUtterance(f"{server}/listen?{urlencode(asked)}", self._credentials(), self.coding)

    def _sentence(self, text: str, language: str, rate: float) -> Request:
        voice = self.voices.get(language)
        if not voice:
            raise SpeechError(f"no voice is named for `{language}`")
        asked = {"model": voice, "encoding": "linear16", "sample_rate": str(RATE), "container": "none", "mip_opt_out": "true"}
        if rate != 1.0:
            asked["speed"] = f"{max(rate, 0.7):.2f}"  # the slowest there is
        address = f"{(self.speaks_at or self.url).rstrip('/')}/speak?{urlencode(asked)}"
        return Request(address, json.dumps({"text": text}).encode(), {"Content-Type": "application/json", **self._credentials()})

    def _credentials(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.key}"} if self.key else {}
