"""A whole simulation: contacts begin in their order, go on beside each other, and the desk works; it can be stopped and gone on with."""

import heapq
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from guildhall.simulation.advisers import Rota, Work
from guildhall.simulation.diary import Diary, Going
from guildhall.simulation.foreseeing import Words
from guildhall.simulation.matters import Kind, Matter, Matters
from guildhall.simulation.people import Home, Person, make_person
from guildhall.simulation.ports import Floor, Front
from guildhall.simulation.residents import Contact
from guildhall.simulation.tally import Tally
from guildhall.vocabulary.turns import Channel

SOON, LATER = 0.2, 0.3
"""Of those whose need was not met, so many come again within a day, and so many within a week."""
AGAIN_AT_MOST = 3


@dataclass(frozen=True, order=True, slots=True)
class Return:
    """Somebody comes again, at the first arrival from then on."""

    due_at: datetime
    person: int
    times: int
    service: str
    asked: str
    kind: str
    category: str


@dataclass
class Simulation:
    """One run. `begun` is how many contacts have begun; `told` hears of it after each."""

    seed: int
    arrivals: Sequence[datetime]
    matters: Matters
    homes: Sequence[Home]
    languages: Collection[str]
    front: Front
    floor: Floor
    work: Work
    diary: Diary
    told: Callable[["Simulation"], None] = lambda _: None
    begun: int = 0
    tally: Tally = field(default_factory=Tally)
    returns: list[Return] = field(default_factory=list)

    def run(self, goes_on: Callable[[], bool] = lambda: True) -> bool:
        """Let everybody come; false when it was stopped before the last one. What is under way is brought to its end either way."""
        while self.begun < len(self.arrivals) and goes_on():
            at = self.arrivals[self.begun]
            self.diary.run(at, goes_on)
            if not goes_on():
                break
            self.diary.clock.move_to(at)
            self.diary.begin(self._comes(self.begun, at))
            self.begun += 1
            self.diary.run(at + timedelta(microseconds=1))
            self.told(self)
        return self.begun == len(self.arrivals)

    def words_of(self, number: int) -> Words | None:
        """What the contact of that number will say, unless somebody comes again in its place; None when there is no such contact."""
        if number >= len(self.arrivals):
            return None
        person = make_person(self.seed, number, self.homes, self.languages)
        matter = self.matters.draw(person, self.arrivals[number], Random(f"{self.seed}:contact:{number}"))
        return Words(number, person.language, matter.says)

    def finish(self, until: datetime) -> None:
        """Bring what is under way to its end, as far as that is before a time."""
        self.diary.run(until)

    def pick_up(self, booked: Sequence[tuple[str, datetime | None]]) -> None:
        """Go on with callbacks that were promised before the run was stopped."""
        for number, (reference, slot) in enumerate(booked):
            self.diary.begin(self.work.call_back(reference, slot, Random(f"{self.seed}:again:{self.begun}:{number}")))

    def rota(self, rota: Rota, size: int) -> None:
        """Let the advisers come to work."""
        self.diary.begin(rota.work(rota.seat(size)))
        self.diary.begin(self.work.take_from_list(Random(f"{self.seed}:list:{self.begun}")))

    def _comes(self, number: int, at: datetime) -> Going:
        random = Random(f"{self.seed}:contact:{number}")
        if self.returns and self.returns[0].due_at <= at:
            back = heapq.heappop(self.returns)
            person = make_person(self.seed, back.person, self.homes, self.languages)
            before = Matter(Kind(back.kind), (back.asked,) if back.asked else (), back.service, back.category)
            matter, times = self.matters.again(before, person, random), back.times
            channel = person.channel if random.random() < 0.7 else _other(person.channel)
        else:
            person = make_person(self.seed, number, self.homes, self.languages)
            matter, times, channel = self.matters.draw(person, at, random), 0, person.channel
        contact = Contact(
            person, matter, channel, random, self.front, self.floor, self.work, self.diary, f"simulated-{self.seed}-{number}",
            lambda contact, met: self._ended(contact, met, times),
        )  # fmt: skip
        return contact.goes()

    def _ended(self, contact: Contact, met: bool, times: int) -> None:
        self.tally.add(contact.story)
        chance, random = contact.random.random(), contact.random
        if met or times >= AGAIN_AT_MOST or chance > SOON + LATER:
            return
        hours = random.uniform(0.3, 22) if chance < SOON else random.uniform(24, 150)
        matter: Matter = contact.matter
        asked = matter.says[0] if matter.says else ""
        due = self.diary.clock.now + timedelta(hours=hours)
        person: Person = contact.person
        heapq.heappush(self.returns, Return(due, person.number, times + 1, matter.service, asked, matter.kind.value, matter.category))


def _other(channel: Channel) -> Channel:
    return Channel.WEB if channel == Channel.PHONE else Channel.PHONE
