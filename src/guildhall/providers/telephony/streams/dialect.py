"""What a supplier's media websocket says and hears, as data (dialects.yaml): the gateway knows the sense, the data the words."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from ruamel.yaml import YAML

from guildhall.providers.telephony.g711 import Law, decode, encode

CODINGS: Final = frozenset({"mulaw", "alaw", "linear"})
KEYS: Final = frozenset({"source", "signed", "webhook", "subprotocol", "sound", "kind", "hears", "answers", "says"})


class DialectError(ValueError):
    """A message that cannot be read as this dialect has it, or a dialect that cannot be used."""


@dataclass(frozen=True, slots=True)
class Began:
    """A call's sound begins."""

    call: str
    stream: str
    token: str = ""
    caller: str = ""
    dialled: str = ""


@dataclass(frozen=True, slots=True)
class SoundCame:
    """The caller said something: linear."""

    sound: bytes


@dataclass(frozen=True, slots=True)
class KeyCame:
    """The caller pressed a key."""

    key: str


@dataclass(frozen=True, slots=True)
class MarkCame:
    """What was sent up to a mark has been played, or cleared."""

    name: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The supplier ends the stream."""


Came = Began | SoundCame | KeyCame | MarkCame | Stopped | None


@dataclass(frozen=True)
class Dialect:
    """One supplier's way. `signed` and `webhook` say that its requests are signed, and that it asks over HTTP what to do with a call."""

    name: str
    coding: str
    binary: bool
    kind: str
    hears: Mapping[str, Mapping[str, Any]]
    says: Mapping[str, Any]
    answers: Mapping[str, Any] = field(default_factory=dict)
    signed: bool = False
    webhook: bool = False
    subprotocol: str = ""

    @property
    def gives_marks_back(self) -> bool:
        """Whether a mark is told when it was played."""
        return "mark" in self.says and "mark" in self.hears

    def read(self, message: str | bytes, begun: bool) -> Came:
        """What a message means; None when it means nothing to us. Raises DialectError."""
        if isinstance(message, bytes):
            if not self.binary:
                raise DialectError(f"{self.name}: sound in a binary message, where it stands in JSON")
            return SoundCame(self.decoded(message))
        found = parsed(message)
        kind = str(found.get(self.kind, ""))
        for sense, words in self.hears.items():
            if words["is"] == kind and not (kind == "" and begun):
                return self._meant(sense, words, found)
        return None

    def _meant(self, sense: str, words: Mapping[str, Any], found: Mapping[str, Any]) -> Came:
        if any(at(found, path) != value for path, value in words.get("only", {}).items()):
            return None
        if sense == "start":
            given = {name: str(at(found, str(path)) or "") for name, path in words.items() if name != "is"}
            return Began(given.get("call", ""), given.get("stream", ""), *(given.get(n, "") for n in ("token", "caller", "dialled")))
        if sense == "stop":
            return Stopped()
        value = at(found, str(words["at"]))
        if not isinstance(value, str):
            raise DialectError(f"{self.name}: no {sense} at {words['at']}")
        if sense == "sound":
            try:
                return SoundCame(self.decoded(base64.b64decode(value, validate=True)))
            except ValueError as error:  # binascii's own is one of these
                raise DialectError(f"{self.name}: sound that is not base64") from error
        return KeyCame(value) if sense == "key" else MarkCame(value)

    def answer(self, message: str) -> str:
        """What is said at once to a message of a kind that waits for it; empty where none does."""
        answer = self.answers.get(str(parsed(message).get(self.kind, "")))
        return json.dumps(answer) if answer is not None else ""

    def sound(self, frame: bytes, stream: str, count: int) -> str | bytes:
        """20 ms, as they are sent."""
        coded = self.encoded(frame)
        if self.binary:
            return coded
        return self.said("sound", stream=stream, sound=base64.b64encode(coded).decode(), count=str(count))

    def said(self, sense: str, **values: str) -> str:
        """A message with its values; empty where the dialect has no such message."""
        template = self.says.get(sense)
        return json.dumps(_filled(template, values)) if template is not None else ""

    def decoded(self, sound: bytes) -> bytes:
        """Linear sound of the dialect's. Raises DialectError."""
        if self.coding == "linear":
            if len(sound) % 2:
                raise DialectError(f"{self.name}: half a sample of sound")
            return sound
        return decode(sound, Law.MU if self.coding == "mulaw" else Law.A).tobytes()

    def encoded(self, sound: bytes) -> bytes:
        """The dialect's sound of linear sound."""
        if self.coding == "linear":
            return sound
        return encode(np.frombuffer(sound, np.int16), Law.MU if self.coding == "mulaw" else Law.A)


def parsed(message: str) -> Mapping[str, Any]:
    """A JSON object. Raises DialectError."""
    try:
        found = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise DialectError("a message that is not JSON") from error
    if not isinstance(found, dict):
        raise DialectError("a message that is no JSON object")
    return found


def at(message: Any, path: str) -> Any:
    """What stands at a path in a message; None when there is nothing."""
    for step in path.split("."):
        if isinstance(message, Mapping):
            message = message.get(step)
        elif isinstance(message, list) and step.isdigit() and int(step) < len(message):
            message = message[int(step)]
        else:
            return None
    return message


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    if isinstance(template, str):
        return values.get(template[1:], "") if template.startswith("$") else template
    if isinstance(template, Mapping):
        return {key: _filled(value, values) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, values) for value in template]
    return template


@cache
def dialects() -> Mapping[str, Dialect]:
    """Every dialect we have, by its name."""
    text = (files("guildhall.providers.telephony.streams") / "dialects.yaml").read_text("utf-8")
    return read_dialects(text)


def read_dialects(text: str) -> dict[str, Dialect]:
    """Dialects of YAML. Raises DialectError."""
    found = YAML(typ="safe").load(text)
    return {name: _read(name, words) for name, words in found.items()}


def _read(name: str, words: Mapping[str, Any]) -> Dialect:
    if unknown := sorted(set(words) - KEYS):
        raise DialectError(f"{name}: {unknown[0]} is no part of a dialect; {', '.join(sorted(KEYS))} are")
    coding = str(words["sound"]["coding"])
    if coding not in CODINGS:
        raise DialectError(f"{name}: the sound's coding is {coding!r}; it can be {', '.join(sorted(CODINGS))}")
    return Dialect(
        name=name,
        coding=coding,
        binary=words["sound"]["carried"] == "binary",
        kind=str(words["kind"]),
        hears=words["hears"],
        says=words["says"],
        answers=words.get("answers", {}),
        signed=bool(words.get("signed", False)),
        webhook=bool(words.get("webhook", False)),
        subprotocol=str(words.get("subprotocol", "")),
    )
