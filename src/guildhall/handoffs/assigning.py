"""Who is asked to take whom. Pure: the same line, advisers and time always give the same offers.

An adviser is asked only while present, with room, and for a queue they serve. A queue that overflows is served by the other queue's
advisers too, once somebody has waited for long enough, or at once when none of its own is there. Distress goes to an adviser trained for
it while one has room, and otherwise to anybody at once: a person now is better than the right person later.

Whoever has waited past their promise outside the danger lane gets one of every `desk.ordinary_share` given out, the longest waiting
first. That is counted over all advisers who could take them, as a sum of small tallies that each adviser's row keeps: one up for each
conversation given while somebody overdue waits, back down for each that goes to somebody overdue.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from guildhall.handoffs.clocks import began_by
from guildhall.handoffs.config import HandoffsFile
from guildhall.handoffs.hours import Calendar
from guildhall.vocabulary.calls import ON_THE_LINE
from guildhall.vocabulary.handoffs import Adviser, Handoff, Lane
from guildhall.vocabulary.signals import DISTRESS

PASSED_FOR: Final = timedelta(minutes=2)
"""Who said no to a conversation, or let it lie, is not asked for the same one again so soon."""


@dataclass(frozen=True, slots=True)
class Seat:
    """An adviser who is present, and how many conversations they have or are being asked to take. Those put aside do not count."""

    adviser: Adviser
    holds: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """Ask this adviser to take this request. `tally` changes the adviser's count towards the next share; None clears it."""

    reference: str
    staff_id: str
    overflow: bool = False
    share: bool = False
    tally: int | None = None


@dataclass(frozen=True)
class Rules:
    """What holds now. `passed` says for a request who passed it on, and when."""

    file: HandoffsFile
    calendar: Calendar
    now: datetime
    passed: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)
    _open: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    def long_enough(self, queue: str, minutes: int) -> datetime | None:
        """Who began to wait in the queue at this time or earlier has waited so many minutes of its opening hours."""
        return began_by(self.calendar, self.file.queues[queue].hours, self.now, timedelta(minutes=minutes))

    def is_open(self, queue: str) -> bool:
        """Whether the queue is open: worked out once, for a thousand who wait in it ask."""
        if queue not in self._open:
            self._open[queue] = queue in self.file.queues and self.calendar.is_open(self.file.queues[queue].hours, self.now)
        return self._open[queue]


def assign(line: Sequence[Handoff], seats: Sequence[Seat], rules: Rules) -> list[Offer]:
    """Offers for those in line, in their order; no adviser gets more than they have room for, and no conversation goes out twice."""
    giving = _Giving(line, seats, rules)
    for handoff in line:
        if not giving.anybody_free:
            break
        giving.give(handoff)
    return giving.offers


Pool = Mapping[str, Seat]


class _Giving:
    """One round: who has room as it goes on, who was given, and whose share is due."""

    def __init__(self, line: Sequence[Handoff], seats: Sequence[Seat], rules: Rules) -> None:
        self._rules = rules
        self._seats = {seat.adviser.staff_id: seat for seat in seats}
        self._room = {name: room for name, seat in self._seats.items() if (room := seat.adviser.capacity - seat.holds) > 0}
        self._tally = {name: seat.adviser.since_share for name, seat in self._seats.items()}
        self._given: dict[str, int] = {}
        self._gone: set[str] = set()
        self._queues = {handoff.queue for handoff in line if rules.is_open(handoff.queue)}
        self._overflows = {q: rules.long_enough(q, rules.file.queues[q].overflow_after_minutes) for q in self._queues}
        self._pools: dict[tuple[str, bool], Pool] = {}
        self._overdue: dict[tuple[str, bool], list[Handoff]] = defaultdict(list)
        for late in self._late(line):
            self._overdue[self._key(late)].append(late)
        self.offers: list[Offer] = []

    def _late(self, line: Sequence[Handoff]) -> list[Handoff]:
        """Outside the danger lane, or not on the page any more, and waiting past the promise; the longest waiting first."""
        by = {q: self._rules.long_enough(q, self._rules.file.queues[q].join_within_minutes) for q in self._queues}
        below = [h for h in line if h.queue in self._queues and (h.lane != Lane.DANGER or not h.live)]
        late = [h for h in below if (when := by[h.queue]) is not None and h.waits_since <= when]
        return sorted(late, key=lambda h: (h.waits_since, h.id))

    @property
    def anybody_free(self) -> bool:
        """Whether anybody has room."""
        return bool(self._room)

    def give(self, handoff: Handoff) -> None:
        """Give it to whoever fits best; an adviser whose turn it is to take somebody overdue takes them first."""
        while handoff.conversation_id not in self._gone and (seat := self._best(handoff)):
            late = [(key, head) for key in self._overdue if (head := self._head(key, seat))]
            due = self._rules.file.desk.ordinary_share - 1
            if any(self._tallied(key) >= due for key, _ in late):
                longest = min((head for _, head in late), key=lambda h: (h.waits_since, h.id))
                self._offer(longest, seat, share=True, tally=-due)
            else:
                self._offer(handoff, seat, share=False, tally=1 if late else None)

    def _head(self, key: tuple[str, bool], seat: Seat) -> Handoff | None:
        """The longest overdue of a group whom this adviser can take."""
        if seat.adviser.staff_id not in self._pools[key]:
            return None
        here = (late for late in self._overdue[key] if late.conversation_id not in self._gone)
        return next((late for late in here if not self._just_passed(seat, late)), None)

    def _tallied(self, key: tuple[str, bool]) -> int:
        return sum(self._tally[name] for name in self._pools[key])

    def _offer(self, handoff: Handoff, seat: Seat, *, share: bool, tally: int | None) -> None:
        name = seat.adviser.staff_id
        self._gone.add(handoff.conversation_id)
        self._given[name] = self._given.get(name, 0) + 1
        self._tally[name] = 0 if tally is None else self._tally[name] + tally
        self._room[name] -= 1
        if not self._room[name]:
            del self._room[name]
        self.offers.append(Offer(handoff.reference, name, handoff.queue not in seat.adviser.queues, share, tally))

    def _best(self, handoff: Handoff) -> Seat | None:
        if handoff.queue not in self._queues:
            return None
        pool = self._pools[self._key(handoff)]
        able = [self._seats[name] for name in self._room if name in pool and not self._just_passed(self._seats[name], handoff)]
        if handoff.call in ON_THE_LINE:  # who rings needs somebody with a phone
            able = [seat for seat in able if seat.adviser.phone]
        if handoff.lane == Lane.DANGER and handoff.category in DISTRESS:
            able = [seat for seat in able if seat.adviser.safeguarding] or able
        return min(able, key=lambda seat: self._distance(seat, handoff), default=None)

    def _distance(self, seat: Seat, handoff: Handoff) -> tuple[bool, bool, float, int, float, str]:
        """How far from fitting: another queue's adviser, another language, more work, given something more lately."""
        adviser, given = seat.adviser, self._given.get(seat.adviser.staff_id, 0)
        foreign = bool(handoff.language) and handoff.language not in adviser.languages
        load = (seat.holds + given) / max(1, adviser.capacity)
        before = adviser.given_at.timestamp() if adviser.given_at else 0.0
        return handoff.queue not in adviser.queues, foreign, load, given, before, adviser.staff_id

    def _just_passed(self, seat: Seat, handoff: Handoff) -> bool:
        passed = self._rules.passed.get(handoff.reference, {}).get(seat.adviser.staff_id)
        if passed is None or self._rules.now - passed >= PASSED_FOR:
            return False
        back = seat.adviser.status_since  # who let an offer lie is set to busy; that they are available since is their own word
        return back is None or back <= passed

    def _key(self, handoff: Handoff) -> tuple[str, bool]:
        """Names the pool of those who serve it now, which is made when it is first needed."""
        after = self._overflows[handoff.queue]
        key = (handoff.queue, after is not None and handoff.waits_since <= after)
        if key not in self._pools:
            own, *others = (self._of(queue) for queue in (handoff.queue, *self._rules.file.helping(handoff.queue)))
            helping = next((seats for seats in others if seats), {})  # the nearest queue that anybody sits at
            self._pools[key] = helping | own if key[1] or not own else own
        return key

    def _of(self, queue: str) -> dict[str, Seat]:
        return {name: seat for name, seat in self._seats.items() if queue in seat.adviser.queues}


def load_of(handoffs: Sequence[Handoff]) -> Mapping[str, int]:
    """How many conversations each adviser has, from what they have and are being asked to take."""
    of: dict[str, set[str]] = defaultdict(set)
    for handoff in handoffs:
        of[handoff.adviser_id].add(handoff.conversation_id)
    return {name: len(conversations) for name, conversations in of.items()}
