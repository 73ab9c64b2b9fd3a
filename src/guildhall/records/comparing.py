"""The log compared with itself, with the roots that were signed, and with the events it speaks of. One pass, record by record."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from guildhall.records.commitments import opens
from guildhall.records.findings import Finding, FindingKind
from guildhall.records.log_record import FIRST, NO_WORDS, SEALED, log_time
from guildhall.records.merkle import Frontier, leaf_hash

FIELDS: Final = frozenset(
    {"seq", "previous", "conversation", "number", "id", "kind", "at", "turn", "facts_commit", "payload", "words_commit"}
)


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as it is stored now. `place` is where in the log it says it stands; `words` is its JSON once opened, None when nobody opened it."""

    place: int | None
    id: str
    kind: str
    at: datetime
    conversation: str
    turn: str
    facts: str
    facts_salt: bytes
    sealed: bytes | None
    words_salt: bytes | None
    words: bytes | None = None


def named_fields(record: bytes) -> Mapping[str, Any]:
    """The fields of a record of the log; nothing when it is none any more."""
    try:
        fields = json.loads(record)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) and fields.keys() >= FIELDS else {}


@dataclass
class Comparison:
    """Takes records in order. `roots` are the signed roots by size; `erased` tells whether an erasure covers a conversation.

    It begins at the first record, or after those that `frontier` holds, of which `previous` is the last one's hash.
    """

    roots: Mapping[int, bytes]
    erased: frozenset[str]
    frontier: Frontier = field(default_factory=Frontier)
    previous: str = FIRST
    _numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._from_the_first = self.frontier.size == 0

    def take(self, seq: int, leaf: bytes, record: bytes, event: EventRow | None) -> Iterator[Finding]:
        """What is wrong with the next record of the log."""
        fields = named_fields(record)
        if not fields:
            yield Finding(FindingKind.LOG_CHANGED, f"record {seq} of the log was overwritten: what stands there is no record", str(seq))
            yield from self._grow(seq, leaf)
            return
        if seq != self.frontier.size or fields["seq"] != seq or leaf_hash(record) != leaf or fields["previous"] != self.previous:
            yield Finding(FindingKind.LOG_CHANGED, f"record {seq} of the log does not follow from the one before it", str(seq))
        conversation, number = fields["conversation"], fields["number"]
        before = self._numbers.get(conversation, 0 if self._from_the_first else int(number) - 1)  # what came before the start is not known
        if conversation and number != before + 1:
            yield Finding(FindingKind.NUMBER_GAP, f"after number {before} of the conversation comes {number}", conversation)
        self._numbers[conversation] = number
        yield from self._grow(seq, leaf)
        yield from self._event(seq, fields, event)

    def _grow(self, seq: int, leaf: bytes) -> Iterator[Finding]:
        """Take the leaf in, and compare the root with the one that was signed at this size."""
        self.previous = leaf.hex()
        self.frontier.append(leaf)
        signed = self.roots.get(self.frontier.size)
        if signed is not None and signed != self.frontier.root():
            what = f"the first {self.frontier.size} records do not lead to the root that was signed over them"
            yield Finding(FindingKind.ROOT_DIFFERS, what, str(seq))

    def end(self) -> Iterator[Finding]:
        """What is wrong with the log as a whole."""
        size = self.frontier.size
        if beyond := [signed for signed in self.roots if signed > size]:
            what = f"{max(beyond)} records were signed, and {size} are here: the tail was cut"
            yield Finding(FindingKind.ROOT_DIFFERS, what, str(size))

    def _event(self, seq: int, fields: Mapping[str, Any], event: EventRow | None) -> Iterator[Finding]:
        if event is None:
            what = f"event {fields['id']} ({fields['kind']}), record {seq} of the log, is gone"
            yield Finding(FindingKind.EVENT_MISSING, what, fields["id"])
            return
        said = (event.place, event.kind, log_time(event.at), event.conversation)
        if said != (seq, fields["kind"], fields["at"], fields["conversation"]) or fields["turn"] not in ("", event.turn):
            what = f"event {event.id} is not the {fields['kind']} of {fields['at']} that record {seq} of the log speaks of"
            yield Finding(FindingKind.EVENT_CHANGED, what, event.id)
        if not event.facts_salt or not opens(fields["facts_commit"], event.facts_salt, event.facts.encode()):
            yield Finding(FindingKind.FACTS_CHANGED, f"the facts of event {event.id} ({event.kind}) were changed", event.id, event.at)
        yield from self._words(fields, event)

    def _words(self, fields: Mapping[str, Any], event: EventRow) -> Iterator[Finding]:
        if fields["payload"] == NO_WORDS:
            return
        if event.sealed is None or event.words_salt is None:
            if event.conversation not in self.erased:
                yield Finding(FindingKind.WORDS_MISSING, f"the words of event {event.id} ({event.kind}) are gone", event.id, event.at)
            return
        committed = event.sealed if fields["payload"] == SEALED else event.words
        if committed is not None and not opens(fields["words_commit"], event.words_salt, committed):
            yield Finding(FindingKind.WORDS_CHANGED, f"the words of event {event.id} ({event.kind}) were changed", event.id, event.at)
