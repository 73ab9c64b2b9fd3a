"""A conversation as its page shows it: turns as blocks of HTML, and the requests for a person with their callbacks."""

from collections.abc import Iterator
from dataclasses import dataclass

from guildhall.channels.web.reply_html import Block, ReplyPresenter
from guildhall.conversations.dates import day_in_words, hours_in_words, slot_in_words
from guildhall.handoffs.hours import Opening
from guildhall.storage.conversations import TranscriptTurn
from guildhall.storage.people import CallbackRow
from guildhall.vocabulary.outcomes import Outcome
from guildhall.web.callbacks import offered_slots
from guildhall.web.resident.page import Page

ANSWERS = (Outcome.ANSWERED.value, Outcome.PARTLY_ANSWERED.value)


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """One turn. `state` is `done`, `running` or `interrupted`."""

    id: str
    number: int
    said: str
    blocks: tuple[Block, ...]
    state: str
    asks_feedback: bool
    at: str


@dataclass(frozen=True, slots=True)
class SlotDay:
    """The slots of one day: (value, label) pairs."""

    label: str
    slots: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request for a person: its reference, and the callback booked on it, if any."""

    reference: str
    queue: str
    booked: bool
    slot: str
    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ConversationView:
    """Everything the page shows of a conversation."""

    turns: tuple[ShownTurn, ...] = ()
    requests: tuple[ShownRequest, ...] = ()
    form_for: ShownRequest | None = None
    slot_days: tuple[SlotDay, ...] = ()
    sensitive: bool = False


def presenter(page: Page, turn: int) -> ReplyPresenter:
    """Turns parts of a reply into blocks for this page."""
    return ReplyPresenter(page.door.links, page.text("page.table"), turn, page.text("page.open_new_tab") if page.embed else "")


def view_of(page: Page, rebook: str = "") -> ConversationView:
    """The page's own conversation; an empty view when it has none."""
    if page.session is None:
        return ConversationView()
    guildhall = page.door.guildhall
    transcript = guildhall.conversations.transcript(page.session.conversation_id)
    busy = page.door.turns.busy(page.session.conversation_id)
    turns = tuple(_turn(page, turn, number, busy and number == len(transcript)) for number, turn in enumerate(transcript, 1))
    rows = guildhall.people.open_requests(page.session.conversation_id)
    sensitive = any(turn.facts.get("sensitive") for turn in transcript) or any(block.sensitive for turn in turns for block in turn.blocks)
    return _with_requests(page, turns, rows, rebook, sensitive)


def _turn(page: Page, turn: TranscriptTurn, number: int, running: bool) -> ShownTurn:
    state = "done" if turn.completed else "running" if running else "interrupted"
    blocks = tuple(presenter(page, number).all(turn.parts))
    at = turn.at.astimezone(page.door.guildhall.profile.calendar.zone)
    return ShownTurn(turn.id, number, turn.utterance, blocks, state, asks_feedback(turn.facts), f"{at:%H:%M}")


def asks_feedback(facts: dict[str, object]) -> bool:
    """Whether a reply is one that a resident can judge."""
    return facts.get("outcome") in ANSWERS and bool(facts.get("citations"))


def _with_requests(
    page: Page, turns: tuple[ShownTurn, ...], rows: tuple[CallbackRow, ...], rebook: str, sensitive: bool
) -> ConversationView:
    open_rows = [row for row in rows if row.details is None or row.reference == rebook]
    first = min(open_rows, key=lambda row: (row.reference != rebook, not row.urgent, -row.requested_at.timestamp()), default=None)
    shown = tuple(_request(page, row) for row in rows if row.details is not None and row is not first)
    if first is None:
        return ConversationView(turns, shown, None, (), sensitive)
    return ConversationView(turns, shown, _request(page, first), tuple(slot_days(page, first.queue)), sensitive)


def _request(page: Page, row: CallbackRow) -> ShownRequest:
    profile = page.door.guildhall.profile
    slot = page.text("page.callback_soonest")
    if row.slot_starts_at and row.slot_ends_at:
        zone = profile.calendar.zone
        opening = Opening(row.slot_starts_at.astimezone(zone), row.slot_ends_at.astimezone(zone))
        slot = slot_in_words(opening, profile.wordings, page.language)
    details = row.details
    queue = profile.handoffs.queues[row.queue].named(page.language) if row.queue in profile.handoffs.queues else ""
    return ShownRequest(row.reference, queue, details is not None, slot, details.name if details else "", details.phone if details else "")


def slot_days(page: Page, queue: str) -> Iterator[SlotDay]:
    """The offered slots, day by day."""
    guildhall = page.door.guildhall
    days: dict[str, list[tuple[str, str]]] = {}
    for slot in offered_slots(guildhall, queue, guildhall.house.clock()):
        day = day_in_words(slot.starts_at, guildhall.profile.wordings, page.language)
        days.setdefault(day, []).append((slot.starts_at.isoformat(), hours_in_words(slot, page.language)))
    for day, slots in days.items():
        yield SlotDay(day, tuple(slots))
