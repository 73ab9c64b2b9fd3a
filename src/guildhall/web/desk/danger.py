"""A new sign of danger while an adviser talks with somebody: the words that raised it, and the approved words that may be said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guildhall.handoffs.ordering import DANGER
from guildhall.storage.threads import Entry, EntryKind
from guildhall.vocabulary.decisions import Effect
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.signals import Category, Grade
from guildhall.web.desk.visit import DeskVisit


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
    """The newest sign of danger since the adviser's last message to the resident, once an adviser had the conversation; else None."""
    since = _since(visit, entries)
    if since is None:
        return None
    for entry in reversed([entry for entry in entries if entry.seq > since]):
        category = _category(entry)
        if category is None:
            continue
        said = next((each for each in reversed(entries) if each.kind == EntryKind.SAID and each.seq <= entry.seq), None)
        wording = _wording(visit, category)
        spoken = any(part.wording == wording for each in entries if each.seq > since for part in each.parts)
        profile = visit.guildhall.profile
        words = profile.wordings.say(wording, language, council=profile.council.name, phone=profile.reached_by) if wording else ""
        told_in = profile.wordings.language_of(wording, language) if wording else language
        return Alarm(
            said.id if said else entry.id, visit.words.category(category), said.text if said else "", entry.at, words, told_in, wording, spoken
        )  # fmt: skip
    return None


def _since(visit: DeskVisit, entries: Sequence[Entry]) -> int | None:
    """The place after which a sign is new to this adviser: their last message, else when they took it."""
    for entry in reversed(entries):
        if entry.by == visit.me and (entry.kind == EntryKind.MESSAGE or entry.event == EventKind.HANDOFF_ACCEPTED):
            return entry.seq
    return None


def _category(entry: Entry) -> Category | None:
    if entry.event == EventKind.HANDOFF_RAISED:
        code = entry.facts.get("category", "")
        return Category(code) if code in set(Category) else None
    for signal in entry.facts.get("signals", ()):
        if signal["grade"] == Grade.CONFIRM.value and signal["category"] in DANGER:
            return Category(signal["category"])
    return None


def _wording(visit: DeskVisit, category: Category) -> str:
    """What the council's rules would have said about it; empty when no rule names any."""
    found = (
        case.then.wording
        for rule in visit.visit.console.rules.rules
        for case in rule.cases
        if case.when.signal == category.value and case.then.effect == Effect.ESCALATE and case.then.wording
    )
    return next(found, "")
