"""What is held of a conversation beyond its turns, as lines a person can read: each with its date, who wrote it, and an id to withhold it by."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from guildhall.vocabulary.aftercare import NEED_LABELS, Need
from guildhall.vocabulary.events import EVENT_LABELS, EventKind
from guildhall.vocabulary.supervision import DRAFT_LABELS, SENT, DraftStatus

SOMEBODY: Final = "a member of staff"
DANGER: Final = "danger"
"""The lane of those who are surely in danger."""
TOLD_AS_TURNS: Final = (EventKind.UTTERANCE_RECEIVED, EventKind.REPLY_PART_PREPARED, EventKind.TURN_COMPLETED)
TOLD_ELSEWHERE: Final = frozenset(
    {
        *TOLD_AS_TURNS,
        EventKind.CONVERSATION_STARTED,  # the head of the conversation
        EventKind.PERSONAL_DATA_READ, EventKind.PERSONAL_DATA_EXPORTED,  # who looked
        EventKind.WORDS_TRANSLATED,  # the translations themselves
        EventKind.COMMENT_READ,  # what was done about the comment
        EventKind.NOTIFICATION_QUEUED, EventKind.NOTIFICATION_SENT, EventKind.NOTIFICATION_FAILED, EventKind.NOTIFICATION_WITHHELD,
        EventKind.SAFEGUARDING_RAISED, EventKind.SAFEGUARDING_ALERTED, EventKind.SAFEGUARDING_ESCALATED,
        EventKind.SAFEGUARDING_ACKNOWLEDGED, EventKind.SAFEGUARDING_CLOSED,
    }
)  # fmt: skip
"""Kinds whose lines come from the turns, from who looked, or from tables of their own."""
HELD_BACK_KINDS: Final = frozenset({EventKind.HOLD_PLACED, EventKind.HOLD_LIFTED})
Names = Mapping[str, str]
"""Names of staff by id."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event of the conversation, its words opened; they are empty once they were erased."""

    id: str
    kind: EventKind
    at: datetime
    turn_id: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is held. `of` are other ids whose withholding withholds this too.

    `staff` marks what was written for colleagues; `held_back` what stays out until the serious-harm review lets it through by its id.
    """

    id: str
    at: datetime
    what: str
    text: str = field(default="", repr=False)
    by: str = ""
    staff: bool = False
    held_back: bool = False
    of: tuple[str, ...] = ()


def dangerous_references(events: Sequence[Recorded], categories: Collection[str]) -> frozenset[str]:
    """References of requests for a person that somebody made because of danger."""
    asked = (event.facts for event in events if event.facts.get("reference"))
    return frozenset(str(facts["reference"]) for facts in asked if facts.get("category") in categories or facts.get("lane") == DANGER)


def lines_of(events: Sequence[Recorded], names: Names, dangerous: Collection[str]) -> tuple[Line, ...]:
    """A line for every event that is not told elsewhere. A kind that nobody thought of is told by its label, with whatever words it has."""
    return tuple(
        _line(event, names, str(event.facts.get("reference", "")) in dangerous) for event in events if event.kind not in TOLD_ELSEWHERE
    )


def _line(event: Recorded, names: Names, dangerous: bool) -> Line:
    what, text, staff = WRITTEN.get(event.kind, _happened)(event, names)
    by = names.get(str(event.facts.get("by", "")), SOMEBODY) if event.facts.get("by") else ""
    back = dangerous or event.kind in HELD_BACK_KINDS
    turns = (event.turn_id, str(event.facts.get("turn", "")))  # a draft names the turn that it answers
    return Line(event.id, event.at, what, text, by, staff, back, tuple(dict.fromkeys(filter(None, turns))))


Told = tuple[str, str, bool]
"""What it is, its words, and whether it was written for colleagues."""


def _happened(event: Recorded, names: Names) -> Told:
    label, sentence = EVENT_LABELS[event.kind]
    words = "\n".join(_strings(event.words))
    return f"{label}. {sentence}{_details(event.facts, names)}", words, bool(words)


def _message(event: Recorded, _names: Names) -> Told:
    text, original = str(event.words.get("text", "")), str(event.words.get("original", ""))
    language = event.facts.get("language", "en")
    if original and original != text:
        shown = f"Shown to you ({language}, translated by a machine):\n{text}\nWritten by the adviser:\n{original}"
    else:
        shown = text
    cited = [str(citation.get("url") or citation.get("title", "")) for citation in event.words.get("citations", ())]
    return "An adviser wrote to you", "\n".join([shown, *(f"Link: {link}" for link in cited if link)]), False


def _note(event: Recorded, names: Names) -> Told:
    mentioned = ", ".join(names.get(str(who), SOMEBODY) for who in event.facts.get("mentioned", ()))
    return f"Private note of staff{f', for {mentioned} to see' if mentioned else ''}", str(event.words.get("text", "")), True


def _notice(event: Recorded, _names: Names) -> Told:
    return "You were told", _parts(event.words.get("parts", ())), False


def _draft(event: Recorded, _names: Names) -> Told:
    words = "\n\n".join(filter(None, [_parts(event.words.get("draft", ())), *_answered(event)]))
    return "The assistant drafted an answer for an adviser to check", words, True


def _answered(event: Recorded) -> list[str]:
    question = str(event.words.get("question", ""))
    return [f"To your question: {question}"] if question else []


def _decided(event: Recorded, _names: Names) -> Told:
    status = DraftStatus(event.facts["status"])
    sent = "You were sent" if status in SENT else "You were told"
    words = _parts(event.words.get("parts", ()))
    return f"The drafted answer: {DRAFT_LABELS[status][0].lower()}. {DRAFT_LABELS[status][1]}", f"{sent}:\n{words}" if words else "", False


def _needs(event: Recorded, _names: Names) -> Told:
    if not event.facts.get("consent"):
        return "You took back how you want to be talked with", "", False
    needs = [NEED_LABELS[Need(code)] for code in event.words.get("needs", ())]
    other = str(event.words.get("other", ""))
    return "You agreed that staff may know how to talk with you", "\n".join([*needs, *([other] if other else [])]), False


def _follow_up(event: Recorded, _names: Names) -> Told:
    if not event.facts.get("consent"):
        return "You took back that a summary is sent to you", "", False
    return f"You asked for a summary by {event.facts.get('kind', 'message')}", str(event.words.get("contact", "")), False


def _agreed(event: Recorded, _names: Names) -> Told:
    return "An adviser wrote down what was agreed, for your summary", str(event.words.get("text", "")), False


def _satisfaction(event: Recorded, _names: Names) -> Told:
    score = str(event.facts.get("score", "")).replace("_", " ")
    return f"You said how satisfied you were: {score}", str(event.words.get("comment", "")), False


def _recognised(event: Recorded, _names: Names) -> Told:
    if not event.facts.get("agreed"):
        return "You took back that we recognise you", "", False
    return "You agreed to be recognised; a keyed code of your number or address is kept, not the number or address", "", False


def _reply_heard(event: Recorded, _names: Names) -> Told:
    return "You heard this of the reply", str(event.words.get("text", "")), False


def _call_noted(event: Recorded, _names: Names) -> Told:
    what = str(event.facts.get("what", "")).replace("_", " ")
    return f"Noted in your call: {what}", "\n".join(str(text) for text in event.words.values()), False


WRITTEN: Final[Mapping[EventKind, Callable[[Recorded, Names], Told]]] = {
    EventKind.MESSAGE_SENT: _message,
    EventKind.NOTE_WRITTEN: _note,
    EventKind.NOTICE_GIVEN: _notice,
    EventKind.DRAFT_QUEUED: _draft,
    EventKind.DRAFT_DECIDED: _decided,
    EventKind.NEEDS_GIVEN: _needs,
    EventKind.FOLLOW_UP_ASKED: _follow_up,
    EventKind.FOLLOW_UP_WRITTEN: _agreed,
    EventKind.SATISFACTION_GIVEN: _satisfaction,
    EventKind.CONTACT_RECOGNISED: _recognised,
    EventKind.REPLY_HEARD: _reply_heard,
    EventKind.CALL_NOTED: _call_noted,
}
"""How the words of each kind are told. Every other kind is told by its label and its facts."""
TOLD_FACTS: Final = {
    "reference": "reference", "queue": "team", "reason": "reason", "why": "why", "lane": "how urgent", "category": "about",
    "service": "service", "before": "service before", "wrap_up": "how it ended", "right_team": "right team", "right_queue": "right team was",
    "until": "until", "added": "labels added", "removed": "labels taken off", "owner": "now with", "helpful": "helped", "cancelled": "cancelled",
    "slot_starts_at": "time", "to": "to", "had": "from", "language": "language", "rule": "rule",
    "within_24_hours": "came again within a day", "within_7_days": "came again within a week", "asked_for_person": "and asked for a person",
}  # fmt: skip
"""Facts that are told, with the words for them."""
PEOPLE: Final = frozenset({"to", "had"})


def _details(facts: Mapping[str, Any], names: Names) -> str:
    told = []
    for key, word in TOLD_FACTS.items():
        value = facts.get(key)
        if value in (None, "", [], ()):
            continue
        said = names.get(str(value), SOMEBODY) if key in PEOPLE else _said(value)
        told.append(f"{word}: {said}")
    return f" ({'; '.join(told)})" if told else ""


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).replace("_", " ")


def _parts(parts: Sequence[Mapping[str, Any]]) -> str:
    return "\n\n".join(str(part["text"]) for part in parts)


def _strings(value: Any) -> list[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        return [value] if value else []
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return [text for one in inner for text in _strings(one)]
