"""A conversation as its page shows it: the thread, who has it, and the requests for a person with their callbacks."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from guildhall.bootstrap.callback_slots import offered_slots
from guildhall.conversations.dates import day_in_words, hours_in_words, slot_in_words
from guildhall.handoffs.hours import Opening
from guildhall.storage.people import CallbackRow
from guildhall.vocabulary.turns import Owner
from guildhall.web.resident.owner_view import OwnerPanel, panel_of
from guildhall.web.resident.page import Page
from guildhall.web.resident.thread_view import ShownItem, ThreadView


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

    owner: Owner = Owner.ASSISTANT
    items: tuple[ShownItem, ...] = ()
    panel: OwnerPanel | None = None
    seq: int = 0
    state_key: str = ""
    requests: tuple[ShownRequest, ...] = ()
    form_for: ShownRequest | None = None
    slot_days: tuple[SlotDay, ...] = ()
    sensitive: bool = False
    checking: bool = False
    """Whether somebody checks an answer before the resident reads it."""

    @property
    def live(self) -> bool:
        """Whether somebody may come or write at any moment, so that the page listens."""
        return self.with_person or self.checking or self.form_for is not None or bool(self.requests)

    @property
    def with_person(self) -> bool:
        """Whether what is written goes to a person."""
        return self.owner in (Owner.QUEUE, Owner.ADVISER)


def view_of(page: Page, rebook: str = "") -> ConversationView:
    """The page's own conversation; an empty view when it has none."""
    if page.session is None:
        return ConversationView()
    guildhall, conversation_id = page.door.guildhall, page.session.conversation_id
    owner = guildhall.conversations.owner_of(conversation_id) or Owner.ASSISTANT
    seq = guildhall.desk.threads.last(conversation_id)
    items = items_of(page, owner)
    rows = guildhall.people.open_requests(conversation_id)
    panel = panel_of(page, owner)
    checking = guildhall.supervised.drafts.waits_in(conversation_id)
    key = _state_key(panel, rows, checking)
    view = ConversationView(owner, items, panel, seq, key, sensitive=any(item.sensitive for item in items), checking=checking)
    return _with_requests(page, view, rows, rebook)


def state_key(page: Page, owner: Owner) -> str:
    """Changes when the panel or the forms of the page's conversation have to be drawn anew."""
    assert page.session is not None
    guildhall, conversation_id = page.door.guildhall, page.session.conversation_id
    rows, checking = guildhall.people.open_requests(conversation_id), guildhall.supervised.drafts.waits_in(conversation_id)
    return _state_key(panel_of(page, owner, asks=False), rows, checking)


def _state_key(panel: OwnerPanel | None, rows: tuple[CallbackRow, ...], checking: bool) -> str:
    requests = "".join(f"{row.reference}{row.slot_starts_at or ''}{row.details is not None}" for row in rows)
    return hashlib.sha256(f"{panel.key if panel else ''}|{requests}|{checking}".encode()).hexdigest()[:16]


def items_of(page: Page, owner: Owner, after: int = 0) -> tuple[ShownItem, ...]:
    """The thread of the page's conversation; what is not newer than `after` stands there bare."""
    assert page.session is not None
    guildhall, conversation_id = page.door.guildhall, page.session.conversation_id
    busy, seen = page.door.turns.busy(conversation_id), guildhall.desk.marks.seen_by_staff(conversation_id)
    return ThreadView(page, owner, busy, seen, after).items(guildhall.desk.threads.read(conversation_id))


def _with_requests(page: Page, view: ConversationView, rows: tuple[CallbackRow, ...], rebook: str) -> ConversationView:
    open_rows = [row for row in rows if row.details is None or row.reference == rebook]
    first = min(open_rows, key=lambda row: (row.reference != rebook, not row.urgent, -row.requested_at.timestamp()), default=None)
    shown = tuple(_request(page, row) for row in rows if row.details is not None and row is not first)
    if first is None:
        return replace(view, requests=shown)
    return replace(view, requests=shown, form_for=_request(page, first), slot_days=tuple(slot_days(page, first.queue)))


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
