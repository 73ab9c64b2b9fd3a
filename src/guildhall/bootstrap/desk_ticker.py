"""What keeps a desk moving: gives conversations out, takes back what nobody took up, and says when a promise was not kept.

One runs in every process that serves, and they need not know of each other: each change looks again, within its transaction, whether it
is still due. So a process may die at any moment and another does what is left within a second. Rounds come every second, and giving out
comes at once after anything that may let somebody be helped.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from guildhall.bootstrap.desk import Desk
from guildhall.bootstrap.knowledge import say_to_terminal
from guildhall.conversations import notices
from guildhall.handoffs import watching
from guildhall.handoffs.assigning import assign
from guildhall.handoffs.watching import Look
from guildhall.storage.changes import EVERYTHING, Change
from guildhall.vocabulary.errors import GuildhallError, RefusedError
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import Handoff, PassedBack

TICK_SECONDS: Final = 1.0
TOGETHER_SECONDS: Final = 0.02
"""What comes in the same breath is given out together."""
GIVES_OUT: Final = "give conversations out"
NOTHING_BESIDE: Final[Mapping[str, Callable[[datetime], object]]] = {}
ROUNDS: Final = 3
"""How often one giving out begins again when another process was quicker."""
WAKES: Final = frozenset(
    {
        EventKind.HANDOFF_REQUESTED, EventKind.HANDOFF_RAISED, EventKind.HANDOFF_PASSED_BACK, EventKind.HANDOFF_CLOSED,
        EventKind.HANDOFF_WITHDRAWN, EventKind.HANDOFF_SNOOZED, EventKind.HANDOFF_TRANSFERRED, EventKind.CALLBACK_BOOKED,
        EventKind.ADVISER_STATUS_CHANGED, EventKind.ADVISER_CHANGED,
    }
)  # fmt: skip
"""After these somebody may be given out who could not be before."""


class DeskTicker:
    """One a process, in a thread of its own. `tick` and `give_out` may be called by a test instead."""

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], datetime],
        say: Callable[[str], None] = say_to_terminal,
        tick_seconds: float = TICK_SECONDS,
        beside: Mapping[str, Callable[[datetime], object]] = NOTHING_BESIDE,
    ) -> None:
        """`beside` is what else is done each second, by what it does in words."""
        self._beside = beside
        self._desk = desk
        self._clock = clock
        self._say = say
        self._tick_seconds = tick_seconds
        self._failed: dict[str, str] = {}
        self._woken = threading.Event()
        self._stop = threading.Event()
        self._forget: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._forget = self._desk.changes.listen(self._heard)
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for what is being done."""
        self._forget()
        self._stop.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def tick(self, now: datetime) -> None:
        """Everything that is due. Doing it again changes nothing."""
        before = self._desk.line.reader.last_change()
        self._desk.transfers.lapse(now)
        look = self._desk.line.look(now)
        self._take_back(look)
        self._keep_promises(look)
        self._give_up(look)
        self.give_out(now, look if self._desk.line.reader.last_change() == before else None)

    def give_out(self, now: datetime, look: Look | None = None) -> int:
        """Ask advisers to take whoever waits; how many were asked. `look` is how the desk stands, where that was just read."""
        given = 0
        for _ in range(ROUNDS):
            if not self._desk.line.anybody_free(now):
                break
            look = look or self._desk.line.look(now)
            offers, look = assign(look.to_give(), look.seats(), look.rules), None
            done = 0
            for offer in offers:
                with _lost_races():
                    self._desk.handoffs.offer(offer.reference, offer.staff_id, now, offer)
                    done += 1
            given += done
            if done == len(offers):
                break
        return given

    # rounds

    def _take_back(self, look: Look) -> None:
        desk, now = self._desk, look.now
        last_given = {adviser.staff_id: adviser.given_at for adviser in look.advisers}
        for handoff in watching.untaken(look):
            with _lost_races():
                desk.handoffs.pass_back(handoff.reference, PassedBack.NOT_TAKEN, now, staff_id=handoff.adviser_id)
                if last_given.get(handoff.adviser_id) == handoff.offered_at:  # who picked it to read it, or took another since, is at work
                    desk.advisers.stand_down(handoff.adviser_id, PassedBack.NOT_TAKEN, now)
        for handoff in watching.left(look):
            self._pass_on(handoff, PassedBack.GONE, now)
        for handoff in watching.quiet(look):
            if self._pass_on(handoff, PassedBack.WENT_QUIET, now, handoff.owed_since):
                desk.advisers.stand_down(handoff.adviser_id, PassedBack.WENT_QUIET, now)
        for handoff in watching.asleep(look):
            with _lost_races():
                desk.handoffs.snooze(handoff.reference, handoff.adviser_id, None, now)

    def _pass_on(self, handoff: Handoff, why: PassedBack, now: datetime, owed_since: datetime | None = None) -> bool:
        """The resident waits again, ahead of those not helped yet, and is told so."""
        told = () if handoff.call else notices.adviser_left(self._desk.profile, handoff)
        with _lost_races():
            self._desk.handoffs.pass_back(handoff.reference, why, now, staff_id=handoff.adviser_id, owed_since=owed_since, notice=told)
            return True
        return False

    def _keep_promises(self, look: Look) -> None:
        desk, now = self._desk, look.now
        for handoff in watching.in_danger_alone(look):
            desk.promises.nobody_there(handoff.reference, now, look.rules.is_open(handoff.queue))
        late = list(watching.late_joins(look))
        places = desk.standings(now) if late else {}
        for handoff in late:
            standing = places.get(handoff.reference)
            told = notices.still_waiting(desk.profile, handoff, standing.position) if standing and not handoff.call else ()
            desk.promises.join_breached(handoff.reference, now, look.rules.file.queues[handoff.queue].overflow, told)
        for handoff in watching.late_replies(look):
            assert handoff.owed_since is not None
            desk.promises.reply_breached(handoff.reference, handoff.owed_since, now)
        for promised in desk.promises.callbacks_promised():
            if watching.callback_is_late(look.rules, promised.queue, promised.booked_at, promised.slot_ends_at):
                desk.promises.callback_missed(promised.reference, now)

    def _give_up(self, look: Look) -> None:
        for handoff, why in watching.hopeless(look):
            told = () if handoff.call else notices.given_up(self._desk.profile, handoff, why, look.now)  # a call says it itself
            self._desk.promises.give_up(handoff.reference, why, look.now, told)

    # the thread

    def _heard(self, change: Change) -> None:
        if change.kind in WAKES or change == EVERYTHING:
            self._woken.set()

    def _run(self) -> None:
        next_tick = time.monotonic()
        while not self._stop.is_set():
            woken = self._woken.wait(max(0.0, next_tick - time.monotonic()))
            self._woken.clear()
            if self._stop.is_set():
                return
            if time.monotonic() >= next_tick:
                next_tick = time.monotonic() + self._tick_seconds
                self._try(self.tick)
                for work, do in self._beside.items():
                    self._try(do, work)
            elif woken:
                self._stop.wait(TOGETHER_SECONDS)
                self._woken.clear()
                self._try(self.give_out)

    def _try(self, do: Callable[[datetime], object], work: str = GIVES_OUT) -> None:
        try:
            do(self._clock())
            self._failed.pop(work, None)
        except (GuildhallError, SQLAlchemyError, OSError, LookupError, ValueError) as error:
            # One row that cannot be read must not stop the desk. Said once and without the error's own words, which may quote a
            # statement; the next round comes in a second.
            kind = type(error).__name__
            if kind != self._failed.get(work):
                self._say(f"The desk could not {work} just now: {kind}. It tries again every second.")
            self._failed[work] = kind


@contextlib.contextmanager
def _lost_races() -> Iterator[None]:
    """Somebody else, or another process, was quicker: then there is nothing left to do, and no error."""
    with contextlib.suppress(RefusedError):
        yield
