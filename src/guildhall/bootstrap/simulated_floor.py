"""The advisers' side of a simulation over the real desk: places, offers, acceptances, messages, transfers, wrap-ups, safeguarding."""

import itertools
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from guildhall.access.entrance import Entrance
from guildhall.bootstrap.desk_ticker import DeskTicker
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.staff import open_staff_door
from guildhall.conversations.notices import passed_to_team
from guildhall.storage.messages import Message, Note
from guildhall.storage.schema import handoffs
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.handoffs import Adviser, AdviserStatus, Handoff, HandoffStatus, WrapUp
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.safeguarding import SafeguardingOutcome

TICKS_EVERY = timedelta(seconds=5)
BESIDE_EVERY = timedelta(seconds=30)
DUTY_OFFICER = "Simulated duty officer"


@dataclass
class SimulatedFloor:
    """Advisers at the desk. `tick` is the desk's own, moved by simulated time."""

    guildhall: Guildhall
    entrance: Entrance
    ticker: DeskTicker
    _ticked: datetime | None = None
    _beside: datetime | None = None
    _later: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def of(cls, guildhall: Guildhall) -> "SimulatedFloor":
        """Over an open house."""
        door = open_staff_door(guildhall.settings, guildhall.database, guildhall.record, guildhall.house.clock)
        return cls(guildhall, door.entrance, DeskTicker(guildhall.desk, guildhall.house.clock, say=lambda _: None))

    @property
    def _now(self) -> datetime:
        return self.guildhall.house.clock()

    @property
    def queues(self) -> Mapping[str, str]:
        """Each queue and the key of its hours."""
        return {key: queue.hours for key, queue in self.guildhall.profile.handoffs.queues.items()}

    def seat(self, name: str, queues: Sequence[str], languages: Sequence[str], capacity: int, safeguarding: bool) -> str:
        """A member of staff with a place; whoever has one already keeps it."""
        known = next((one for one in self.guildhall.desk.advisers.everyone() if one.name == name), None)
        staff_id = known.staff_id if known else str(self.entrance.add(name, frozenset({Role.ADVISER})).id)
        if known is None:
            self.guildhall.desk.advisers.set(staff_id, queues, languages, safeguarding, capacity, "the simulator", self._now)
        return staff_id

    def stand(self, staff_id: str, status: AdviserStatus, until: datetime) -> None:
        """Say where they are. Their page counts as heard of until then: no time passes here in which it could be."""
        advisers, there = self.guildhall.desk.advisers, self.guildhall.desk.advisers.get(staff_id)
        if there is None or there.status != status:
            advisers.set_status(staff_id, status, self._now)
        if status != AdviserStatus.OFFLINE:
            advisers.seen(staff_id, until - timedelta(microseconds=next(self._later)))

    def everyone(self) -> Sequence[Adviser]:
        """Every adviser."""
        return self.guildhall.desk.advisers.everyone()

    def tick(self) -> None:
        """The desk's round, and now and then what a desk does beside it."""
        now = self._now
        if self._ticked is None or now - self._ticked >= TICKS_EVERY:
            self._ticked = now
            self.ticker.tick(now)
        if self._beside is None or now - self._beside >= BESIDE_EVERY:
            self._beside = now
            self.guildhall.supervised.tick(now)
            self.guildhall.after.tick_and_wait(now)

    def request(self, reference: str) -> Handoff:
        """A request as it stands."""
        return self.guildhall.desk.handoffs.get(reference)

    def live_of(self, conversation_id: str) -> Handoff | None:
        """The conversation's request that is not over."""
        return self.guildhall.desk.handoffs.live_of(conversation_id)

    def open_requests(self) -> Sequence[Handoff]:
        """Who stands on the list without waiting in a conversation and without a callback."""
        nobody_has = (HandoffStatus.REQUESTED.value, HandoffStatus.OFFERED.value)
        return self.guildhall.desk.handoffs.find(handoffs.c.status.in_(nobody_has), handoffs.c.live.is_(False))

    def booked(self) -> Sequence[tuple[str, datetime | None]]:
        """Callbacks that were promised and not made: the reference, and when it was to be."""
        return [(one.reference, one.slot_ends_at) for one in self.guildhall.desk.promises.callbacks_promised()]

    def accept(self, reference: str, staff_id: str) -> bool:
        """Take it."""
        return self._did(lambda: self.guildhall.desk.handoffs.accept(reference, staff_id, self._now))

    def tell(self, conversation_id: str, staff_id: str, text: str) -> bool:
        """Write to the resident."""
        message = f"mess_{secrets.token_hex(10)}"
        return self._did(lambda: self.guildhall.desk.messages.send(conversation_id, staff_id, message, Message(text), self._now))

    def pass_on(self, reference: str, staff_id: str, queue: str) -> bool:
        """Pass it to another team, which is told why."""
        told = passed_to_team(self.guildhall.profile, self.request(reference), queue)
        note = Note(f"mess_{secrets.token_hex(10)}", "This is one for your team.")
        return self._did(lambda: self.guildhall.tools.transfers.to_queue(reference, staff_id, queue, note, told, self._now))

    def wrap_up(self, reference: str, staff_id: str, code: WrapUp, right_team: bool, right_queue: str) -> bool:
        """Wrap it up."""
        desk = self.guildhall.desk.handoffs
        return self._did(lambda: desk.close(reference, staff_id, code, right_team, self._now, right_queue=right_queue))

    def unacknowledged(self) -> Sequence[str]:
        """Safeguarding records that nobody has in hand."""
        return [record.id for record in self.guildhall.after.safeguarding.open_ones() if record.acknowledged_at is None]

    def acknowledge(self, record_id: str) -> None:
        """Take one in hand."""
        self._did(lambda: self.guildhall.after.safeguarding.acknowledge(record_id, DUTY_OFFICER, self._now))

    def close_records(self) -> int:
        """Close every record that is in hand."""
        open_ones = self.guildhall.after.safeguarding.open_ones()
        outcome, note = SafeguardingOutcome.ADVICE_GIVEN, "Simulated: nobody was at risk."
        return sum(self._did(lambda record_id=one.id: self._close_record(record_id, outcome, note)) for one in open_ones)  # type: ignore[misc]

    def _close_record(self, record_id: str, outcome: SafeguardingOutcome, note: str) -> None:
        self.guildhall.after.safeguarding.close(record_id, DUTY_OFFICER, outcome, note, self._now)

    def _did(self, do: Callable[[], object]) -> bool:
        """Do it; false when somebody else was quicker."""
        try:
            do()
        except RefusedError:
            return False
        return True
