"""How a desk stands: who waits and for how long, who is there and how busy, which promises were broken, how long a human voice took. No names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guildhall.handoffs.presence import is_here, is_present
from guildhall.handoffs.waiting import Spread, spread
from guildhall.handoffs.watching import Look
from guildhall.vocabulary.handoffs import HELD, Handoff, HandoffStatus, Lane, Promise


@dataclass(frozen=True, slots=True)
class Answered:
    """A request whose resident heard from an adviser: when they asked, and when the first words came."""

    queue: str
    lane: Lane
    asked_at: datetime
    first_reply_at: datetime


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise about waiting that was not kept."""

    queue: str
    promise: Promise


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """One queue, or all of them under an empty name. `waiting` are residents on the page; `others` asked, and are not on it.

    `to_human` is the time from asking to an adviser's first words, of those who have heard any; `to_human_in_danger` of those in danger.
    """

    queue: str
    is_open: bool
    waiting: int
    in_danger: int
    longest: timedelta | None
    others: int
    booked: int
    talking: int
    put_aside: int
    present: int
    here: int
    room: int
    breaches: Mapping[Promise, int]
    to_human: Spread
    to_human_in_danger: Spread


def figures(look: Look, broken: Sequence[Broken], answered: Sequence[Answered]) -> tuple[QueueFigures, ...]:
    """Each queue of the council in its order, after all of them together."""
    queues = list(look.rules.file.queues)
    return (_of("", look, broken, answered), *(_of(queue, look, broken, answered) for queue in queues))


def _of(queue: str, look: Look, broken: Sequence[Broken], answered: Sequence[Answered]) -> QueueFigures:
    mine = [handoff for handoff in look.handoffs if queue in ("", handoff.queue)]
    waiting = [handoff for handoff in mine if handoff.live and handoff.status in (HandoffStatus.REQUESTED, HandoffStatus.OFFERED)]
    advisers = [adviser for adviser in look.advisers if not queue or queue in adviser.queues]
    names = {adviser.staff_id for adviser in advisers if is_present(adviser, look.now)}
    seats = [seat for seat in look.seats() if seat.adviser.staff_id in names]
    replies = [one for one in answered if queue in ("", one.queue)]
    return QueueFigures(
        queue=queue,
        is_open=look.rules.is_open(queue) if queue else any(look.rules.is_open(name) for name in look.rules.file.queues),
        waiting=len(waiting),
        in_danger=sum(handoff.lane == Lane.DANGER for handoff in waiting),
        longest=max((look.now - handoff.waits_since for handoff in waiting), default=None),
        others=sum(handoff.status == HandoffStatus.REQUESTED and not handoff.live for handoff in mine),
        booked=sum(handoff.status == HandoffStatus.BOOKED for handoff in mine),
        talking=_conversations(mine, HandoffStatus.ACCEPTED),
        put_aside=_conversations(mine, HandoffStatus.SNOOZED),
        present=len(names),
        here=sum(is_here(adviser, look.now) for adviser in advisers),
        room=sum(max(0, seat.adviser.capacity - seat.holds) for seat in seats),
        breaches=Counter(one.promise for one in broken if queue in ("", one.queue)),
        to_human=spread(one.first_reply_at - one.asked_at for one in replies),
        to_human_in_danger=spread(one.first_reply_at - one.asked_at for one in replies if one.lane == Lane.DANGER),
    )


def _conversations(handoffs: Sequence[Handoff], status: HandoffStatus) -> int:
    assert status in HELD
    return len({handoff.conversation_id for handoff in handoffs if handoff.status == status})
