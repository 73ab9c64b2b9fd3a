"""A thread as its page shows it: each entry with who, when and what; the resident's words in pieces, those that raised a risk marked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from guildhall.channels.web.reply_html import Block, ReplyPresenter, ShownSource
from guildhall.storage.read_marks import RESIDENT
from guildhall.storage.threads import Entry, EntryKind
from guildhall.vocabulary.languages import direction
from guildhall.vocabulary.signals import DISTRESS, HAZARDS, Category, Grade
from guildhall.vocabulary.translations import Translation, TranslationStatus
from guildhall.web.desk.happenings import line_of
from guildhall.web.desk.visit import DeskVisit

RISKS = DISTRESS | HAZARDS


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the resident's words. `category` is what they are a sign of, in words; empty for most."""

    text: str
    category: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry. `kind` is said, reply, message, note or event; `risks` are the kinds of risk heard in it, in words."""

    id: str
    seq: int
    kind: str
    at: datetime
    who: str = ""
    mine: bool = False
    pieces: Sequence[Piece] = ()
    risks: Sequence[str] = ()
    text: str = ""
    original: str = ""
    language: str = ""
    blocks: Sequence[Block] = ()
    cited: Sequence[ShownSource] = ()
    urgent: bool = False
    translation: Translation | None = None
    erased: bool = False
    heard: str | None = None
    """Of a reply that a caller did not hear to its end: what they heard of it. None where nothing is missing."""

    @property
    def direction(self) -> str:
        """How its words run."""
        return direction(self.language) if self.language else "auto"


@dataclass(frozen=True, slots=True)
class ThreadView:
    """The whole thread. `last` is the place of its newest entry; `seen_by_resident` the id of the last message they have read."""

    entries: Sequence[Shown]
    last: int
    seen_by_resident: str = ""

    @property
    def waits_for_translation(self) -> str:
        """The id of the newest entry that a machine may translate and has not been given; empty when none waits."""
        waiting = (one.id for one in reversed(self.entries) if one.translation and one.translation.status == TranslationStatus.WAITING)
        return next(waiting, "")


def thread_view(visit: DeskVisit, conversation_id: str, entries: Sequence[Entry]) -> ThreadView:
    """A thread's entries as they are shown, the oldest first."""
    signals = {entry.turn_id: entry.facts.get("signals", ()) for entry in entries if entry.kind == EntryKind.REPLY and entry.facts}
    names = visit.names
    beside = visit.desk.translations.beside_all(entries)
    found = [one for number, entry in enumerate(entries, 1) if (one := _shown(visit, entry, number, names, signals))]
    shown = [replace(one, translation=beside.get(one.id)) for one in found]
    read = visit.desk.marks.of(conversation_id).get(RESIDENT, 0)
    seen = next((entry.id for entry in reversed(entries) if entry.kind == EntryKind.MESSAGE and entry.seq <= read), "")
    return ThreadView(shown, entries[-1].seq if entries else 0, seen)


def _shown(
    visit: DeskVisit, entry: Entry, number: int, names: Mapping[str, str], signals: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Shown | None:
    if entry.kind == EntryKind.SAID:
        found = signals.get(entry.turn_id, ())
        pieces = list(pieces_of(visit, entry.text, found))
        risks = dict.fromkeys(visit.words.category(signal["category"]) for signal in worth_a_label(found))
        return Shown(entry.id, entry.seq, "said", entry.at, "Resident", pieces=pieces, risks=tuple(risks), erased=not entry.text)
    if entry.kind == EntryKind.REPLY:
        blocks = tuple(ReplyPresenter(visit.visit.front.links, "Table in reply", number, "opens in a new tab").all(entry.parts))
        return Shown(entry.id, entry.seq, "reply", entry.at, "Assistant", blocks=blocks, heard=_heard(entry)) if blocks else None
    if entry.kind in (EntryKind.MESSAGE, EntryKind.NOTE):
        return _written(visit, entry, names)
    line = line_of(visit, entry, names)
    return Shown(entry.id, entry.seq, "event", entry.at, text=line.text, urgent=line.urgent) if line else None


def _heard(entry: Entry) -> str | None:
    if entry.heard is None or all(number in entry.heard and entry.heard[number].whole for number in range(len(entry.parts))):
        return None
    return " ".join(entry.heard[number].text for number in sorted(entry.heard))


def _written(visit: DeskVisit, entry: Entry, names: Mapping[str, str]) -> Shown:
    cited = tuple(
        ShownSource(each.get("title", ""), each.get("section", ""), visit.visit.front.links.resolve(each.get("url", "")), "")
        for each in entry.words.get("citations", ())
    )
    return Shown(
        entry.id, entry.seq, entry.kind.value, entry.at, names.get(entry.by, entry.by), entry.by == visit.me, text=entry.text,
        original=str(entry.words.get("original", "")), language=str(entry.facts.get("language", "")), cited=cited, erased=not entry.text,
    )  # fmt: skip


def is_risk(signal: Mapping[str, Any]) -> bool:
    """Whether a recorded signal is one of distress or danger."""
    return signal["category"] in set(Category) and Category(signal["category"]) in RISKS


def worth_a_label(signals: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The risks that are said beside the resident's words: beside a clear one, a faint one without words of its own is not."""
    risks = [signal for signal in signals if is_risk(signal)]
    clear = [signal for signal in risks if signal.get("grade") == Grade.CONFIRM.value or signal.get("span")]
    return clear or risks


def pieces_of(visit: DeskVisit, text: str, signals: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """The words in pieces; where marked stretches overlap, the first one counts."""
    spans = sorted((*signal["span"], signal["category"]) for signal in signals if signal.get("span") and is_risk(signal))
    done = 0
    for start, end, category in spans:
        if start < done or end > len(text) or start >= end:
            continue
        if start > done:
            yield Piece(text[done:start])
        yield Piece(text[start:end], visit.words.category(category))
        done = end
    if done < len(text):
        yield Piece(text[done:])
