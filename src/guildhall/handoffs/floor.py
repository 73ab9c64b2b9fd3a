"""The desk at a glance: how each queue stands against its promise, and how each adviser is doing. Counted in one place, from what is open now."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guildhall.handoffs.clocks import began_by, due_at, open_time
from guildhall.handoffs.config import Queue
from guildhall.handoffs.hours import Calendar
from guildhall.vocabulary.handoffs import HELD, Adviser, Handoff, HandoffStatus, Lane


@dataclass(frozen=True, slots=True)
class QueueNow:
    """A queue as it stands. `longest` is in opening hours; `due_at` is when the next promise to join runs out, `late` how many have run out."""

    key: str
    name: str
    is_open: bool
    waiting: int
    in_danger: int
    callbacks: int
    held: int
    present: int
    longest: timedelta | None
    due_at: datetime | None
    late: int
    breached_today: int


@dataclass(frozen=True, slots=True)
class AdviserNow:
    """An adviser as they stand. `owes` are residents who wait for their reply, `owes_longest` since when the first of them does."""

    adviser: Adviser
    here: bool
    has: int
    aside: int
    offered: int
    owes: int
    owes_longest: datetime | None
    quiet: bool
    conversations: Sequence[Handoff]


def waits_here(handoff: Handoff) -> bool:
    """Whether the resident waits in the conversation, nobody having taken it."""
    return handoff.live and handoff.status in (HandoffStatus.REQUESTED, HandoffStatus.OFFERED)


def queue_now(
    key: str, queue: Queue, calendar: Calendar, found: Iterable[Handoff], present: int, breached_today: int, now: datetime
) -> QueueNow:
    """One queue. `found` is everything that is open, of all queues."""
    mine = [handoff for handoff in found if handoff.queue == key]
    waiting = [handoff for handoff in mine if waits_here(handoff)]
    promise = timedelta(minutes=queue.join_within_minutes)
    begun = began_by(calendar, queue.hours, now, promise)  # who began to wait by then has waited too long; asked once, whoever waits
    since = sorted(handoff.waits_since for handoff in waiting)
    in_time = [at for at in since if begun is None or at > begun]
    return QueueNow(
        key=key,
        name=queue.name,
        is_open=calendar.is_open(queue.hours, now),
        waiting=len(waiting),
        in_danger=sum(handoff.lane == Lane.DANGER for handoff in mine if handoff.waits or handoff in waiting),
        callbacks=sum(handoff.waits and not handoff.live for handoff in mine),
        held=len({handoff.conversation_id for handoff in mine if handoff.status in HELD}),
        present=present,
        longest=open_time(calendar, queue.hours, since[0], now) if since else None,
        due_at=due_at(calendar, queue.hours, in_time[0], promise) if in_time else None,
        late=len(since) - len(in_time),
        breached_today=breached_today,
    )


def adviser_now(
    adviser: Adviser, found: Iterable[Handoff], here: bool, reply_within: Callable[[str], timedelta], now: datetime
) -> AdviserNow:
    """One adviser. `reply_within` is a queue's promise for a reply; a resident who has waited longer makes an adviser quiet."""
    mine = [handoff for handoff in found if handoff.adviser_id == adviser.staff_id]
    held = list({h.conversation_id: h for h in mine if h.status in HELD}.values())
    owed = [h for h in held if h.owed_since is not None and h.status == HandoffStatus.ACCEPTED]
    return AdviserNow(
        adviser=adviser,
        here=here,
        has=sum(h.status == HandoffStatus.ACCEPTED for h in held),
        aside=sum(h.status == HandoffStatus.SNOOZED for h in held),
        offered=sum(h.status == HandoffStatus.OFFERED for h in mine),
        owes=len(owed),
        owes_longest=min((h.owed_since for h in owed if h.owed_since), default=None),
        quiet=any(h.owed_since is not None and now - h.owed_since > reply_within(h.queue) for h in owed),
        conversations=held,
    )


def busiest_first(queues: Iterable[QueueNow]) -> list[QueueNow]:
    """The queues somebody has to look at first."""
    return sorted(queues, key=lambda q: (-q.in_danger, -q.late, -q.waiting, q.name))
