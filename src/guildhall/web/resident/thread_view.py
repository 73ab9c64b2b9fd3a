"""A conversation as the resident sees it, in one order: turns with the assistant, messages of advisers, and what happened between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from guildhall.channels.web.plain_text import plain_text_to_html
from guildhall.channels.web.reply_html import Block, ReplyPresenter, shown_sources
from guildhall.storage.threads import Entry, EntryKind
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.languages import direction
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.turns import Owner
from guildhall.web.resident.page import Page
from guildhall.web.told import AdviserNames, citation_of, notice_of

ANSWERS = (Outcome.ANSWERED.value, Outcome.PARTLY_ANSWERED.value)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item of the thread.

    `kind` is `turn`, `message` (of an adviser), `reply` (of the assistant, without a turn) or `notice`. `key` names it for good, `first` is its
    place, `seq` the newest event in it. `state` is `done`, `running` or `interrupted`; `status` of what was said to a person is `sent` or `seen`.
    """

    key: str
    kind: str
    first: int
    seq: int
    at: str
    number: int = 0
    said: str = ""
    blocks: tuple[Block, ...] = ()
    state: str = "done"
    status: str = ""
    who: str = ""
    notice: Markup = Markup("")
    original: str = ""
    asks_feedback: bool = False
    sensitive: bool = False


def presenter(page: Page, turn: int) -> ReplyPresenter:
    """Turns parts of a reply into blocks for this page."""
    return ReplyPresenter(page.door.links, page.text("page.table"), turn, page.text("page.open_new_tab") if page.embed else "")


def asks_feedback(facts: dict[str, object]) -> bool:
    """Whether a reply is one that a resident can judge."""
    return facts.get("outcome") in ANSWERS and bool(facts.get("citations"))


class ThreadView:
    """Shows the entries of one page's conversation."""

    def __init__(self, page: Page, owner: Owner, busy: bool, seen: int, after: int = 0) -> None:
        """`seen` is how far staff have read; `busy` says that a turn runs now; of what is not newer than `after` only its place is worked out."""
        self._page = page
        self._with_person = owner in (Owner.QUEUE, Owner.ADVISER)
        self._busy = busy
        self._seen = seen
        self._after = after
        self._names = AdviserNames(page.door.guildhall, page.text)
        self._told_at: frozenset[datetime] = frozenset()

    def items(self, entries: Sequence[Entry]) -> tuple[ShownItem, ...]:
        """Every item of the whole thread, in order."""
        turns: dict[str, list[Entry]] = {}
        for entry in entries:
            if entry.kind in (EntryKind.SAID, EntryKind.REPLY):
                turns.setdefault(entry.turn_id, []).append(entry)
        latest = next(reversed(turns), "")
        self._told_at = frozenset(entry.at for entry in entries if entry.kind == EntryKind.NOTICE)
        shown: list[ShownItem] = []
        for entry in entries:
            of_turn = turns.pop(entry.turn_id, []) if entry.kind in (EntryKind.SAID, EntryKind.REPLY) else []
            if of_turn:
                shown.append(self._turn(of_turn, len(shown) + 1, of_turn[0].turn_id == latest))
            elif entry.kind not in (EntryKind.SAID, EntryKind.REPLY):
                shown += self._between(entry, len(shown) + 1)
        return tuple(shown)

    def _at(self, entry: Entry) -> str:
        return f"{entry.at.astimezone(self._page.door.guildhall.profile.calendar.zone):%H:%M}"

    def _turn(self, entries: Sequence[Entry], number: int, latest: bool) -> ShownItem:
        said = next((entry for entry in entries if entry.kind == EntryKind.SAID), None)
        ended = next((entry for entry in entries if entry.event == EventKind.TURN_COMPLETED), None)
        facts = dict(ended.facts) if ended else {}
        parts = [part for entry in entries for part in entry.parts] if entries[-1].seq > self._after else []
        blocks = tuple(presenter(self._page, number).all(parts))
        to_person = facts.get("reason") == Reason.NOT_THE_OWNER.value or (ended is None and self._with_person and not blocks)
        state = "done" if ended or to_person else "running" if self._busy and latest else "interrupted"
        text = said.text if said else str(entries[-1].words.get("utterance", ""))
        first = entries[0]
        return ShownItem(
            first.turn_id, "turn", first.seq, entries[-1].seq, self._at(first), number, text, blocks, state,
            status=("seen" if first.seq <= self._seen else "sent") if to_person else "",
            asks_feedback=asks_feedback(facts),
            sensitive=bool(facts.get("sensitive")) or any(block.sensitive for block in blocks),
        )  # fmt: skip

    def _between(self, entry: Entry, number: int) -> list[ShownItem]:
        if entry.seq <= self._after and (entry.kind == EntryKind.MESSAGE or entry.parts):
            return [ShownItem(entry.id, "message", entry.seq, entry.seq, self._at(entry), number)]
        if entry.kind == EntryKind.MESSAGE:
            return [self._message(entry)]
        if entry.parts:
            blocks = tuple(presenter(self._page, number).all(entry.parts))
            return [ShownItem(entry.id, "reply", entry.seq, entry.seq, self._at(entry), number, blocks=blocks)]
        told = entry.event == EventKind.HANDOFF_PASSED_BACK and entry.at in self._told_at  # a notice of the same moment says it in full
        if not told and (found := notice_of(entry, self._names.of, self._page.queue_name)):
            notice = self._page.say(found[0], **found[1])
            return [ShownItem(entry.id, "notice", entry.seq, entry.seq, self._at(entry), number, notice=notice)]
        return []

    def _message(self, entry: Entry) -> ShownItem:
        page, language = self._page, str(entry.facts.get("language") or "en")
        new_tab = page.text("page.open_new_tab") if page.embed else ""
        html = plain_text_to_html(entry.text, page.door.links, new_tab=new_tab, rtl=direction(language) == "rtl")
        blocks = [Block("message", language, direction(language), html)]
        cited = tuple(shown_sources((citation_of(given) for given in entry.words.get("citations", ())), page.door.links))
        if cited:
            blocks.append(Block("sources", page.language, page.direction, sources=cited))
        original = str(entry.words.get("original") or "")
        return ShownItem(
            entry.id, "message", entry.seq, entry.seq, self._at(entry), blocks=tuple(blocks), who=self._names.of(entry.by),
            original=original if original != entry.text else "",
        )  # fmt: skip
