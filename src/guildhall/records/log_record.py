"""One record of the tamper-evident log: what stands in public about an event, and nothing that a resident said.

Random ids, codes, a time, two salted commitments and the hash of the record before it. No words, no facts, no floats.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NoReturn

from guildhall.records.canonical import CanonicalError, parse_canonical
from guildhall.records.merkle import leaf_hash
from guildhall.vocabulary.events import Event

VERSION: Final = 1
FIRST: Final = "0" * 64
"""What the first record says stands before it."""

NO_WORDS, WORDS, SEALED = "none", "words", "sealed"
"""Payload classes: nothing was said; a commitment to the words; a commitment to the sealed bytes of an event older than the log."""

_ID = r"[A-Za-z0-9_.:-]{1,64}"
_DIGEST = r"[0-9a-f]{64}"
_NUMBER = r"(?:0|[1-9][0-9]{0,14})"
SHAPES: Final = {
    "at": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
    "conversation": f"(?:{_ID})?",
    "facts_commit": _DIGEST,
    "id": _ID,
    "kind": r"[A-Za-z]{1,40}",
    "number": _NUMBER,
    "pack": r"[A-Za-z0-9_.:+-]{0,200}",
    "payload": "none|words|sealed",
    "previous": _DIGEST,
    "seq": _NUMBER,
    "turn": f"(?:{_ID})?",
    "v": "1",
    "words_commit": f"(?:{_DIGEST})?",
}
"""What each field may hold: nothing that needs an escape, so that a record has one spelling."""

_NUMBERS = ("number", "seq", "v")
WHOLE: Final = re.compile(
    "{" + ",".join(f'"{name}":' + (f"(?:{shape})" if name in _NUMBERS else f'"(?:{shape})"') for name, shape in SHAPES.items()) + "}",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class LogRecord:
    """`seq` counts every record from 0; `number` counts those of the same conversation from 1, and is 0 outside any."""

    at: str
    conversation: str
    facts_commit: str
    id: str
    kind: str
    number: int
    pack: str
    payload: str
    previous: str
    seq: int
    turn: str
    words_commit: str
    v: int = VERSION

    def encoded(self) -> bytes:
        """The canonical bytes, which the tree holds. Raises CanonicalError when a field holds what may not stand in the log."""
        line = (
            f'{{"at":"{self.at}","conversation":"{self.conversation}","facts_commit":"{self.facts_commit}","id":"{self.id}",'
            f'"kind":"{self.kind}","number":{self.number},"pack":"{self.pack}","payload":"{self.payload}","previous":"{self.previous}",'
            f'"seq":{self.seq},"turn":"{self.turn}","v":{self.v},"words_commit":"{self.words_commit}"}}'
        )
        if not WHOLE.fullmatch(line) or (self.payload == NO_WORDS) == bool(self.words_commit):
            self._explain()
        return line.encode()

    def _explain(self) -> NoReturn:
        for name, shape in SHAPES.items():
            if not re.fullmatch(shape, str(getattr(self, name))):
                raise CanonicalError(
                    f"log record {self.seq}: `{name}` is {getattr(self, name)!r}; right is what matches {shape}. "
                    "Only codes, random ids, times and commitments may stand in the log."
                )
        raise CanonicalError(f"log record {self.seq}: payload class `{self.payload}` does not go with its `words_commit`")


@dataclass(frozen=True, slots=True)
class Committed:
    """An event as the log takes it in, before it has its place: what it is, and the commitments to what it says."""

    event: Event
    pack: str
    payload: str
    facts_commit: str
    words_commit: str

    def placed(self, seq: int, number: int, previous: str) -> LogRecord:
        """The record at its place. Raises CanonicalError when something in it may not stand in the log."""
        event = self.event
        return LogRecord(
            at=log_time(event.at),
            conversation=event.conversation_id or "",
            facts_commit=self.facts_commit,
            id=event.id,
            kind=event.kind.value,
            number=number,
            pack=self.pack,
            payload=self.payload,
            previous=previous,
            seq=seq,
            turn=event.turn_id or "",
            words_commit=self.words_commit,
        )


def read_record(data: bytes) -> LogRecord:
    """A record from its canonical bytes. Raises CanonicalError."""
    fields = parse_canonical(data)
    names = set(LogRecord.__slots__)
    if not isinstance(fields, dict) or set(fields) != names:
        raise CanonicalError(f"a log record has exactly the fields {', '.join(sorted(names))}")
    record = LogRecord(**fields)
    record.encoded()
    return record


def digest_of(data: bytes) -> str:
    """How the next record names the one of these bytes: its leaf hash, as hex."""
    return leaf_hash(data).hex()


def log_time(at: datetime) -> str:
    """A time as it stands in the log: UTC, with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def packs_named(facts: Any) -> str:
    """The policy packs that facts name, in order of use, joined by `+`; empty when there are none."""
    named = [facts["pack"]] if isinstance(facts.get("pack"), str) else []
    decisions = facts.get("decisions")
    if isinstance(decisions, list | tuple):
        named += [decision["pack"] for decision in decisions if isinstance(decision, dict) and decision.get("pack")]
    return "+".join(dict.fromkeys(named))


def packs_of_stored(facts: str) -> str:
    """The same, from facts as they are stored."""
    return packs_named(json.loads(facts))
