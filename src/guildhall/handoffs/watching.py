"""What has to happen at a desk by now: offers that nobody took, advisers who left or went quiet, promises not kept, waits to give up.

Pure: it looks at the desk as it stands and says what is due. Nothing here does anything.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from guildhall.handoffs.assigning import Rules, Seat, load_of
from guildhall.handoffs.ordering import FOLLOWED_FOR, Came, in_order, may_be_given
from guildhall.handoffs.presence import is_here, is_present, left_at
from guildhall.vocabulary.calls import CallStanding
from guildhall.vocabulary.handoffs import LANE_RANK, Adviser, GivenUp, Handoff, HandoffStatus, Lane

GRACE: Final = timedelta(seconds=60)
"""When the last adviser has left, residents wait so long for one to come back before they are told that nobody comes."""


@dataclass(frozen=True)
class Look:
    """The desk at one moment: every request that is not over, every adviser, and the requests about danger of the last day."""

    handoffs: Sequence[Handoff]
    advisers: Sequence[Adviser]
    rules: Rules
    danger: Sequence[Came] = ()

    @property
    def now(self) -> datetime:
        """When it is."""
        return self.rules.now

    def line(self) -> list[Handoff]:
        """Everybody whom an adviser is to be found for, or is being asked to take, whoever comes first first."""
        asked = [h for h in self.handoffs if may_be_given(h, self.now) or (h.status == HandoffStatus.OFFERED)]
        return in_order(asked, self.danger, timedelta(minutes=self.rules.file.desk.source_minutes))

    def to_give(self) -> list[Handoff]:
        """Those in line whom nobody is being asked to take."""
        return [handoff for handoff in self.line() if handoff.status == HandoffStatus.REQUESTED]

    def seats(self) -> list[Seat]:
        """Advisers who are here and take something new, with what they have."""
        load = load_of([h for h in self.handoffs if h.status in (HandoffStatus.OFFERED, HandoffStatus.ACCEPTED)])
        return [Seat(adviser, load.get(adviser.staff_id, 0)) for adviser in self.advisers if is_present(adviser, self.now)]

    def serving(self, queue: str) -> list[Adviser]:
        """Advisers of a queue and of those that help it out, here or not."""
        names = {queue, *self.rules.file.helping(queue)}
        return [adviser for adviser in self.advisers if adviser.queues & names]


def untaken(look: Look) -> Iterator[Handoff]:
    """Offers whose time has run out, or whose adviser has left."""
    until = look.now - timedelta(seconds=look.rules.file.desk.offer_seconds)
    here = _here(look)
    for handoff in look.handoffs:
        if handoff.status == HandoffStatus.OFFERED and (handoff.adviser_id not in here or (handoff.offered_at or until) <= until):
            yield handoff


def left(look: Look) -> Iterator[Handoff]:
    """Conversations whose adviser is no longer here. What is put aside waits until its time comes; who talks on the phone is here."""
    here = _here(look)
    return _one_each(look, lambda handoff: handoff.adviser_id not in here and handoff.call != CallStanding.TALKING)


def quiet(look: Look) -> Iterator[Handoff]:
    """Conversations whose adviser is here and has left the resident without a word for too long."""
    here, until = _here(look), look.now - timedelta(minutes=look.rules.file.desk.quiet_minutes)
    return _one_each(look, lambda h: h.adviser_id in here and h.owed_since is not None and h.owed_since <= until)


def _here(look: Look) -> set[str]:
    return {adviser.staff_id for adviser in look.advisers if is_here(adviser, look.now)}


def _one_each(look: Look, due: Callable[[Handoff], bool]) -> Iterator[Handoff]:
    """Of each conversation that an adviser has, the most urgent request; the others go with it."""
    seen: set[str] = set()
    had = [handoff for handoff in look.handoffs if handoff.status == HandoffStatus.ACCEPTED]
    for handoff in sorted(had, key=lambda h: (LANE_RANK[h.lane], h.requested_at)):
        if handoff.conversation_id not in seen and due(handoff):
            seen.add(handoff.conversation_id)
            yield handoff


def asleep(look: Look) -> Iterator[Handoff]:
    """Conversations that were put aside until now."""
    return (h for h in look.handoffs if h.status == HandoffStatus.SNOOZED and h.snoozed_until and h.snoozed_until <= look.now)


def late_joins(look: Look) -> Iterator[Handoff]:
    """Residents who wait in the conversation longer than was promised, and about whom that was not said yet."""
    by = _by_queue(look, lambda queue: look.rules.file.queues[queue].join_within_minutes)
    for handoff in look.handoffs:
        waits = handoff.live and handoff.status in (HandoffStatus.REQUESTED, HandoffStatus.OFFERED)
        said = handoff.breached_at is not None and handoff.breached_at >= handoff.waits_since
        if waits and not said and (when := by.get(handoff.queue)) and handoff.waits_since <= when:
            yield handoff


def late_replies(look: Look) -> Iterator[Handoff]:
    """Residents who wait for their adviser's next words longer than was promised."""
    by = _by_queue(look, lambda queue: look.rules.file.queues[queue].reply_within_minutes)
    for handoff in _one_each(look, lambda h: h.owed_since is not None):
        owed = handoff.owed_since
        said = handoff.reply_breached_at is not None and owed is not None and handoff.reply_breached_at >= owed
        if owed and not said and (when := by.get(handoff.queue)) and owed <= when:
            yield handoff


def callback_is_late(rules: Rules, queue: str, booked_at: datetime, slot_ends_at: datetime | None) -> bool:
    """Whether a callback should have been made by now: its slot is over, or, without a slot, the queue's promise is."""
    if slot_ends_at is not None:
        return slot_ends_at <= rules.now
    if queue not in rules.file.queues:
        return False
    by = rules.long_enough(queue, rules.file.queues[queue].callback_within_minutes)
    return by is not None and booked_at <= by


def in_danger_alone(look: Look) -> Iterator[Handoff]:
    """Requests about danger for which nobody is here who takes something new, and about which that was not said yet."""
    for handoff in look.handoffs:
        recent = look.now - handoff.requested_at < FOLLOWED_FOR
        unsaid = handoff.status == HandoffStatus.REQUESTED and handoff.alerted_at is None
        if handoff.lane == Lane.DANGER and recent and unsaid and not any(is_present(a, look.now) for a in look.serving(handoff.queue)):
            yield handoff


def hopeless(look: Look) -> Iterator[tuple[Handoff, GivenUp]]:
    """Residents who wait in the conversation for somebody who does not come."""
    by = _by_queue(look, lambda queue: look.rules.file.queues[queue].give_up_after_minutes)
    deserted: dict[str, bool] = {}
    for handoff in look.handoffs:
        if not handoff.live or handoff.status != HandoffStatus.REQUESTED:
            continue
        if handoff.queue not in deserted:
            deserted[handoff.queue] = _is_deserted(look, handoff.queue)
        if not look.rules.is_open(handoff.queue):
            yield handoff, GivenUp.CLOSED
        elif deserted[handoff.queue]:
            yield handoff, GivenUp.NOBODY_HERE
        elif (when := by.get(handoff.queue)) and handoff.waits_since <= when:
            yield handoff, GivenUp.NOBODY_CAME


def _is_deserted(look: Look, queue: str) -> bool:
    serving = look.serving(queue)
    if any(is_here(adviser, look.now) for adviser in serving):
        return False
    return all((left := left_at(adviser)) is None or look.now - left >= GRACE for adviser in serving)


def _by_queue(look: Look, minutes: Callable[[str], int]) -> dict[str, datetime]:
    """For each queue that is open, who began to wait by then has waited so long."""
    queues = {handoff.queue for handoff in look.handoffs if look.rules.is_open(handoff.queue)}
    found = {queue: look.rules.long_enough(queue, minutes(queue)) for queue in queues}
    return {queue: when for queue, when in found.items() if when is not None}
