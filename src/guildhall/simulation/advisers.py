"""The simulated desk: who works when, and what an adviser does with somebody who waits, rings, or is to be phoned back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from guildhall.simulation.diary import Going, SimulatedClock
from guildhall.simulation.ports import Days, Floor
from guildhall.vocabulary.handoffs import HELD, LANE_RANK, AdviserStatus, Handoff, HandoffStatus, Lane, WrapUp

NAMES: Final = (
    "Simulated Alder", "Simulated Beech", "Simulated Cedar", "Simulated Damson", "Simulated Elder", "Simulated Fir", "Simulated Gorse",
    "Simulated Hazel", "Simulated Ivy", "Simulated Juniper", "Simulated Larch", "Simulated Maple", "Simulated Oak", "Simulated Pine",
    "Simulated Rowan", "Simulated Spruce", "Simulated Thorn", "Simulated Willow",
)  # fmt: skip
LOOKS_EVERY: Final = 900.0
"""Seconds between two looks at the rota."""
SECOND_LANGUAGES: Final = ("", "pl", "ur", "ro", "pa", "ar", "", "sk")
WRAP_UPS: Final[Mapping[WrapUp, float]] = {
    WrapUp.RESOLVED: 0.68, WrapUp.SIGNPOSTED: 0.12, WrapUp.REFERRED: 0.12, WrapUp.NOT_OURS: 0.03, WrapUp.NO_REPLY: 0.05,
}  # fmt: skip
LIST_EVERY: Final = 300.0
LISTED_SECONDS: Final = 1800
"""Whoever neither waits nor booked a callback is phoned after so long at the soonest."""
WRONG_TEAM: Final = 0.09
HELLO: Final = "Hello, I have read what you wrote and I am looking at it now."
DONE: Final = "I have put that right for you. Is there anything else?"


def desk_size(busiest_hour: float, share: float = 0.3, minutes: float = 8) -> int:
    """How many advisers: enough for the busiest hour's requests with about nine tenths of their time taken, five at least."""
    return min(len(NAMES), max(5, round(busiest_hour * share * minutes / 60 / 0.9)))


@dataclass(frozen=True)
class Rota:
    """Who works when. Half come early and half come late; each has a break of half an hour, not all at once."""

    floor: Floor
    clock: SimulatedClock
    days: Days
    zone: ZoneInfo
    hours: str
    until: datetime

    def seat(self, how_many: int) -> tuple[str, ...]:
        """Give everybody a place: each serves the front desk and some others, every queue has somebody, a third know safeguarding."""
        queues, seated = sorted(self.floor.queues), []
        for number, name in enumerate(NAMES[:how_many]):
            serves = [queue for place, queue in enumerate(queues) if place % 3 == number % 3 or number % 5 == 0]
            more = SECOND_LANGUAGES[number % len(SECOND_LANGUAGES)]
            languages = ["en", *([more] if more else [])]
            seated.append(self.floor.seat(name, serves, languages, 1 + number % 2, number % 3 == 0 or number % 5 == 0))
        return tuple(seated)

    def work(self, staff: Sequence[str]) -> Going:
        """Let them come, rest and go, for as long as the simulation lasts."""
        stands: dict[str, AdviserStatus] = {}
        while self.clock.now < self.until:
            known = {adviser.staff_id: adviser for adviser in self.floor.everyone()}
            for number, staff_id in enumerate(staff):
                status = self._status(number)
                there = known.get(staff_id)
                if stands.get(staff_id) != status or (there and there.status != status):
                    self.floor.stand(staff_id, status, self.clock.now + timedelta(seconds=LOOKS_EVERY * 1.2))
                    stands[staff_id] = status
                elif status != AdviserStatus.OFFLINE:
                    self.floor.stand(staff_id, status, self.clock.now + timedelta(seconds=LOOKS_EVERY * 1.2))
            self.floor.tick()
            yield self._until_next_look()

    def _status(self, number: int) -> AdviserStatus:
        now = self.clock.now
        if not self.days.is_open(self.hours, now):
            return AdviserStatus.OFFLINE
        local = now.astimezone(self.zone)
        minutes = local.hour * 60 + local.minute
        late = number % 2 == 1
        weekend = local.weekday() >= 5
        if weekend and number % 3:
            return AdviserStatus.OFFLINE
        if not weekend and ((late and minutes < 9 * 60 + 30) or (not late and minutes >= 16 * 60 + 45)) and number % 4:
            return AdviserStatus.OFFLINE
        rests = 12 * 60 + 30 * (number % 4)
        return AdviserStatus.BREAK if rests <= minutes < rests + 30 else AdviserStatus.AVAILABLE

    def _until_next_look(self) -> float:
        """A quarter of an hour; through the night until shortly before anybody comes."""
        now = self.clock.now
        if self.days.is_open(self.hours, now):
            return LOOKS_EVERY
        opens = self.days.next_opening(self.hours, now)
        if opens is None:
            return 86_400.0
        return max(1.0, min((opens - now).total_seconds(), 21_600.0))


@dataclass(frozen=True)
class Work:
    """What advisers do with one request. The resident's side waits for it."""

    floor: Floor
    clock: SimulatedClock
    days: Days

    def end(self, handoff: Handoff, staff_id: str, random: Random, code: WrapUp | None = None) -> tuple[bool, bool]:
        """Wrap it up: whether that was done, and whether it had reached the right team."""
        right = random.random() >= WRONG_TEAM
        others = [queue for queue in sorted(self.floor.queues) if queue != handoff.queue]
        elsewhere = random.choice(others) if not right and others else ""
        code = code or random.choices(list(WRAP_UPS), list(WRAP_UPS.values()))[0]
        return self.floor.wrap_up(handoff.reference, staff_id, code, right, elsewhere), right

    def somebody_for(self, handoff: Handoff) -> str:
        """Somebody who may take it now: of those who are here, whoever was given something longest ago; else anybody who serves the queue."""
        serving = [adviser for adviser in self.floor.everyone() if handoff.queue in adviser.queues]
        here = [adviser for adviser in serving if adviser.status == AdviserStatus.AVAILABLE]
        free = sorted(here or serving, key=lambda adviser: (adviser.given_at.timestamp() if adviser.given_at else 0.0, adviser.name))
        return free[0].staff_id if free else ""

    def call_back(self, reference: str, slot: datetime | None, random: Random) -> Going:
        """A callback: kept in its slot, or late; now and then nobody answers the phone."""
        kept = random.random() < 0.88
        if slot is not None:
            wait = (slot - self.clock.now).total_seconds() + random.uniform(60, 2700) + (0 if kept else 86_400 * random.uniform(0.2, 1.2))
        else:
            wait = random.uniform(1200, 9000) + (0 if kept else 86_400)
        yield max(1.0, wait)
        handoff = self.floor.request(reference)
        while not self.days.is_open(self.floor.queues.get(handoff.queue, ""), self.clock.now):
            opens = self.days.next_opening(self.floor.queues.get(handoff.queue, ""), self.clock.now)
            if opens is None:
                return
            yield max(1.0, (opens - self.clock.now).total_seconds()) + random.uniform(60, 3600)
        self.floor.tick()
        yield from self._phones(reference, random)

    def take_from_list(self, random: Random) -> Going:
        """Advisers work through the list of those who asked for a person and neither wait nor booked: they are phoned, danger first."""
        begun: set[str] = set()
        while True:
            yield LIST_EVERY
            for handoff in sorted(self.floor.open_requests(), key=lambda one: (LANE_RANK[one.lane], one.requested_at)):
                old = (self.clock.now - handoff.requested_at).total_seconds() > LISTED_SECONDS or handoff.lane == Lane.DANGER
                if old and handoff.reference not in begun and self.days.is_open(self.floor.queues.get(handoff.queue, ""), self.clock.now):
                    begun.add(handoff.reference)
                    yield from self._phones(handoff.reference, random)

    def _phones(self, reference: str, random: Random) -> Going:
        handoff = self.floor.request(reference)
        staff_id = handoff.adviser_id if handoff.status == HandoffStatus.OFFERED else self.somebody_for(handoff)
        if not staff_id or handoff.live or not self.floor.accept(reference, staff_id):
            return
        yield random.uniform(120, 480)
        handoff = self.floor.request(reference)
        if handoff.status in HELD:
            self.end(handoff, staff_id, random, WrapUp.CALLED_BACK if random.random() < 0.7 else WrapUp.NO_REPLY)

    def watch_over(self, random: Random) -> Going:
        """Somebody on duty takes a safeguarding record in hand within minutes; the desk tells whoever is due until then."""
        for _ in range(4):
            yield random.uniform(30, 120)
            self.floor.tick()
        for record in self.floor.unacknowledged():
            self.floor.acknowledge(record)
