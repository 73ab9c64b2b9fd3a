"""A new sign of danger while an adviser talks with somebody: the words that raised it, and the approved words that may be said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from guildhall.handoffs.ordering import DANGER
from guildhall.storage.threads import Entry, EntryKind
from guildhall.vocabulary.decisions import Effect
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.signals import Category, Grade, counts_beside_a_person
from guildhall.web.desk.visit import DeskVisit

NOTICED: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One new sign. `said` are approved words in the resident's language, `said_already` that the assistant has said them."""

    entry_id: str
    category: str
    words: str
    at: datetime
    said: str
    language: str
    wording: str
    said_already: bool


def alarm_of(visit: DeskVisit, entries: Sequence[Entry], language: str) -> Alarm | None:
    """The newest sign of danger since this adviser took the conversation, until they have written to the resident about it; else None."""
    taken = next((e.seq for e in reversed(entries) if e.event == EventKind.HANDOFF_ACCEPTED and e.by == visit.me), None)
    if taken is None:
        return None
    for entry in reversed(entries):
        category = _category(entry) if entry.seq > taken else None
        if category is not None:
            return None if _is_answered(visit, entries, entry) else _alarm(visit, entries, entry, category, language)
    return None


def _is_answered(visit: DeskVisit, entries: Sequence[Entry], sign: Entry) -> bool:
    """Whether they wrote to the resident after they can have noticed: what they were just sending is no answer to it."""
    mine = (entry for entry in entries if entry.kind == EntryKind.MESSAGE and entry.by == visit.me and entry.seq > sign.seq)
    return any(entry.at - sign.at >= NOTICED for entry in mine)


def _alarm(visit: DeskVisit, entries: Sequence[Entry], sign: Entry, category: Category, language: str) -> Alarm:
    said = next((each for each in reversed(entries) if each.kind == EntryKind.SAID and each.seq <= sign.seq), None)
    wording, profile = _wording(visit, category), visit.guildhall.profile
    replied = [part.wording for each in entries if said and each.turn_id == said.turn_id for part in each.parts]
    return Alarm(
        entry_id=said.id if said else sign.id,
        category=visit.words.category(category),
        words=said.text if said else "",
        at=sign.at,
        said=profile.wordings.say(wording, language, council=profile.council.name, phone=profile.reached_by) if wording else "",
        language=profile.wordings.language_of(wording, language) if wording else language,
        wording=wording,
        said_already=bool(wording) and wording in replied,
    )


def _category(entry: Entry) -> Category | None:
    if entry.event == EventKind.HANDOFF_RAISED:
        code = entry.facts.get("category", "")
        return Category(code) if code in set(Category) else None
    heard: dict[str, list[str]] = {}
    for signal in entry.facts.get("signals", ()):
        if signal["grade"] == Grade.CONFIRM.value and signal["category"] in DANGER:
            heard.setdefault(signal["category"], []).append(signal["detector"])
    words = len(str(entry.words.get("utterance", "")).split())
    return next((Category(code) for code, detectors in heard.items() if counts_beside_a_person(detectors, words)), None)


def _wording(visit: DeskVisit, category: Category) -> str:
    """What the council's rules would have said about it; empty when no rule names any."""
    found = (
        case.then.wording
        for rule in visit.visit.console.rules.rules
        for case in rule.cases
        if case.when.signal == category.value and case.then.effect == Effect.ESCALATE and case.then.wording
    )
    return next(found, "")
