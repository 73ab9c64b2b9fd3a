"""The line as everybody sees it: who stands where, and how long that takes. Read once for all residents who wait."""

import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from guildhall.councils.profile import CouncilProfile
from guildhall.handoffs.assigning import PASSED_FOR, Rules
from guildhall.handoffs.expecting import LOOK_BACK, expected_seconds, seconds_a_place
from guildhall.handoffs.ordering import FOLLOWED_FOR
from guildhall.handoffs.presence import is_present
from guildhall.handoffs.watching import Look
from guildhall.storage.advisers import AdviserStore
from guildhall.storage.lines import LineReader
from guildhall.vocabulary.handoffs import LIVE, Handoff, Lane, Standing

LONG_SECONDS: Final = 0.01
"""An order that takes the processor longer, as with many hundreds who wait, is not made anew at once whenever something happens."""
KEPT_TIMES: Final = 15
"""It is shown for so many times as long as it took, so that ordering takes a small part of a processor."""
KEPT_AT_MOST: Final = 0.25
"""Seconds; less than a resident's page waits after somebody moved, so that it does not take the place from before for the one after."""
READ_AGAIN: Final = timedelta(seconds=15)
"""After so long all requests are read again, whatever events have told: a row that an erasure took, say."""
Places = Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Everybody who waits, whoever comes first first, and what each may be told. `as_of` is the newest event and the second it holds for."""

    as_of: tuple[int, datetime]
    line: tuple[Handoff, ...]
    places: Places
    good_until: float = 0.0
    """By the machine's own clock: an order that took long to make may be shown until then, whatever has happened since."""


@dataclass(frozen=True, slots=True)
class Open:
    """Every request that is not over, by its id, as of an event. What no event tells of is read anew now and then."""

    newest: int
    read_at: datetime
    handoffs: Mapping[str, Handoff]


@dataclass
class DeskLine:
    """Looks at the desk. The order is kept until something happens or a second passes, and made once however many ask for it.

    When something happened, only the requests of those conversations are read again: with a thousand who wait, reading all of them for
    every event took more of a processor than everything else at the desk.
    """

    profile: CouncilProfile
    reader: LineReader
    advisers: AdviserStore
    _kept: Ordered | None = field(default=None)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: Open | None = field(default=None)
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def look(self, now: datetime) -> Look:
        """The desk as it is."""
        found = self.open(now)
        danger = sum(handoff.lane == Lane.DANGER for handoff in found) > 1
        rules = Rules(self.profile.handoffs, self.profile.calendar, now, self.reader.passed_since(now - PASSED_FOR))
        return Look(found, self.advisers.everyone(), rules, self.reader.danger_since(now - FOLLOWED_FOR) if danger else ())

    def open(self, now: datetime) -> tuple[Handoff, ...]:
        """Every request that is not over, the oldest first."""
        with self._reading:
            newest, before = self.reader.last_change(), self._open
            if before is None or not timedelta() <= now - before.read_at < READ_AGAIN:
                self._open = Open(newest, now, {handoff.id: handoff for handoff in self.reader.open()})
            elif before.newest != newest:
                changed = {handoff.id: handoff for handoff in self.reader.changed_since(before.newest)}
                all_of = {**before.handoffs, **changed}
                self._open = Open(newest, before.read_at, {key: handoff for key, handoff in all_of.items() if handoff.status in LIVE})
            assert self._open is not None
            return tuple(sorted(self._open.handoffs.values(), key=lambda handoff: handoff.requested_at))

    def anybody_free(self, now: datetime) -> bool:
        """Whether any adviser is here, takes something new and has room. Much quicker than a look."""
        load = self.reader.load()
        return any(load.get(adviser.staff_id, 0) < adviser.capacity for adviser in self.advisers.present(now))

    def standings(self, now: datetime) -> Places:
        """The place of everybody who waits in a conversation, by reference."""
        return self._ordered(now).places

    def waiting(self, now: datetime, queues: Collection[str]) -> tuple[Handoff, ...]:
        """Those who wait in these queues and are offered to nobody, in the order in which they are given out."""
        return tuple(handoff for handoff in self._ordered(now).line if handoff.waits and handoff.queue in queues)

    def _ordered(self, now: datetime) -> Ordered:
        kept = self._kept
        long = kept is not None and kept.good_until > 0
        if kept is not None and long and time.monotonic() < kept.good_until:
            return kept
        if not self._lock.acquire(blocking=not long):
            assert kept is not None
            return kept  # somebody is making a newer one: all threads of a busy server must not stand still for it
        try:
            as_of = (self.reader.last_change(), now.replace(microsecond=0))
            if self._kept is None or self._kept.as_of != as_of:
                self._kept = self._in_order(as_of, now)
            return self._kept
        finally:
            self._lock.release()

    def _in_order(self, as_of: tuple[int, datetime], now: datetime) -> Ordered:
        began = time.thread_time()
        look = self.look(now)
        line = tuple(look.line())
        places = self._places(look, line)
        took = time.thread_time() - began
        return Ordered(as_of, line, places, time.monotonic() + min(KEPT_TIMES * took, KEPT_AT_MOST) if took > LONG_SECONDS else 0.0)

    def _places(self, look: Look, line: Sequence[Handoff]) -> Places:
        now = look.now
        joins = self.reader.joins_since(now - 2 * LOOK_BACK)
        present = {queue: self._present(look, queue) for queue in {handoff.queue for handoff in line}}
        first = {handoff.queue: handoff.waits_since for handoff in reversed(line) if handoff.live}
        paces = {queue: seconds_a_place(joins.get(queue, ()), now, first.get(queue)) for queue in present}
        places: Counter[str] = Counter()
        found: dict[str, Standing] = {}
        for handoff in line:
            places[handoff.queue] += 1
            if not handoff.live:
                continue
            here, position = present[handoff.queue], places[handoff.queue]
            expected = expected_seconds(position, paces[handoff.queue]) if here else None
            found[handoff.reference] = Standing(handoff.reference, handoff.queue, position, here, expected)
        return found

    def _present(self, look: Look, queue: str) -> int:
        return sum(is_present(adviser, look.now) for adviser in look.serving(queue)) if look.rules.is_open(queue) else 0
