"""One contact from the resident's side: what they say to each reply, how long they wait for a person, and when they go.

A contact is a generator: it does a step at the simulated time and says how many seconds pass until the next one.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from guildhall.simulation import habits
from guildhall.simulation.advisers import DONE, HELLO, Work
from guildhall.simulation.diary import Diary, Going, SimulatedClock
from guildhall.simulation.matters import Kind, Matter, fill
from guildhall.simulation.people import Person
from guildhall.simulation.phrases import phrases_in
from guildhall.simulation.ports import Floor, Front, Route
from guildhall.simulation.tally import Story
from guildhall.vocabulary.aftercare import Score
from guildhall.vocabulary.handoffs import HELD, AdviserStatus, Handoff, HandoffStatus
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.outcomes import Person as PersonIn
from guildhall.vocabulary.turns import Channel, Turn

Talking = Generator[float, None, bool]
"""Seconds until the next step, and at the end whether the need was met."""
TURNS_AT_MOST: Final = 7
LOOKS_EVERY: Final = 10.0
"""Seconds between two looks at whether somebody has come."""
OVERLOOKS: Final = 0.04
"""The share of offers that an adviser does not take up in time."""


@dataclass
class Contact:
    """A resident with a matter, in a conversation. `ended` is told once, with whether the need was met."""

    person: Person
    matter: Matter
    channel: Channel
    random: Random
    front: Front
    floor: Floor
    work: Work
    diary: Diary
    call: str
    ended: Callable[["Contact", bool], None]
    id: str = ""
    story: Story = field(init=False)

    def __post_init__(self) -> None:
        distress = self.matter.kind == Kind.DISTRESS
        self.story = Story(self.channel.value, self.person.language, distress, again=self.matter.again)

    @property
    def clock(self) -> SimulatedClock:
        """The simulated time."""
        return self.diary.clock

    @property
    def _agrees(self) -> bool:
        """Whether they would take part in a trial. The page puts nobody in who is in distress or wants a person."""
        return self.person.agrees and bool(self.matter.says) and self.matter.kind not in (Kind.DISTRESS, Kind.PERSON)

    def goes(self) -> Going:
        """The whole contact."""
        rings = self.channel == Channel.PHONE
        self.id = self.front.ring(self.person, self.call) if rings else self.front.write(self.person, self._agrees)
        yield self.random.uniform(4, 20)
        met = False
        if self.matter.says:
            met = yield from self._talks()
        if rings:
            self.front.hang_up(self.id)
        if self.person.agrees:
            self.front.agree(self.id, self.person)
        self.ended(self, met)

    # talking with the assistant

    def _talks(self) -> Talking:
        says, met = list(self.matter.says), False
        while says and len(self.story.outcomes) < TURNS_AT_MOST:
            turn = self.front.say(self.id, self.person, says.pop(0))
            self.story.outcomes.append(turn.outcome)
            self._heard(turn)
            if self.matter.kind == Kind.DISTRESS or (turn.reply.person == PersonIn.BROUGHT and turn.reason == Reason.DISTRESS):
                self.diary.begin(self.work.watch_over(Random(self.random.random())))
            yield self._reads(turn)
            if turn.reply.person == PersonIn.BROUGHT or turn.reply.reference:
                return (yield from self._wants_person(turn))
            met = self._met(turn, met)
            answers = self._answers(turn, met)
            if answers is None:
                return False
            says[:0] = answers
            if says:
                yield self.random.uniform(3, 40) if self.channel == Channel.WEB else self.random.uniform(1, 6)
        return met

    def _happens(self, share: float) -> bool:
        """Draw whether something happens that does in this share of cases."""
        return self.random.random() < share

    def _heard(self, turn: Turn) -> None:
        if self.channel == Channel.PHONE:
            parts = len(turn.reply.parts)
            cut_short = self._happens(habits.CUT_SHORT) and parts > 1
            self.front.hear(self.id, turn, parts - 1 if cut_short else parts)

    def _reads(self, turn: Turn) -> float:
        letters = sum(len(part.text) for part in turn.reply.parts)
        return 2 + letters / self.random.uniform(14, 40)

    def _met(self, turn: Turn, before: bool) -> bool:
        """Whether the need is met by now, and what they say of the reply if they say anything."""
        if turn.outcome not in habits.NEED_MET:
            return before
        met = self._happens(habits.NEED_MET[turn.outcome])
        if self.channel == Channel.WEB and self._happens(habits.JUDGE_REPLY):
            self.front.judge(self.id, turn, met)
        return met or (before and turn.reason == Reason.SMALL_TALK)

    def _answers(self, turn: Turn, met: bool) -> Sequence[str] | None:
        """What they say to that reply; nothing when they go on or are done; None when they give up."""
        phrases, chance = phrases_in(self.person.language), self.random.random()
        if turn.outcome == Outcome.ASKED_BACK:
            if chance < habits.LEAVE_WHEN_ASKED_BACK:
                return None
            return [self._chooses(turn)]
        if turn.outcome == Outcome.FAIL_SAFE:
            return [self.random.choice(phrases.person)] if chance < habits.PERSON_AFTER_FAILURE else None
        if met or turn.reason == Reason.SMALL_TALK:
            return []
        if chance < habits.UNHELPED_UP_TO["asks for a person"]:
            return [self.random.choice(phrases.person)]
        if chance < habits.UNHELPED_UP_TO["says it did not help"]:
            return [self.random.choice(phrases.unmet)]
        return None if chance < habits.UNHELPED_UP_TO["leaves"] else []

    def _chooses(self, turn: Turn) -> str:
        """Their address, or the choice that fits best of those that are offered."""
        phrases = phrases_in(self.person.language)
        options = [option for part in turn.reply.parts for option in part.options]
        if turn.reason == Reason.PLACE_NEEDED or not options:
            return fill(self.random.choice(phrases.place), self.person.fills) or self.random.choice(phrases.person)
        words = self.matter.service.replace("-", " ").split()
        fitting = [option for option in options if any(word in option.label.casefold() for word in words)]
        chosen = fitting[0] if fitting and self._happens(habits.FITTING_CHOICE) else self.random.choice(options)
        return chosen.say

    # a person

    def _wants_person(self, turn: Turn) -> Talking:
        self.story.asked_person = True
        if self.channel == Channel.PHONE:
            return (yield from self._on_the_line(turn))
        if self.person.needs and self._happens(habits.TELL_NEEDS):
            self.front.tell_needs(self.id, self.person)
        handoff = self.floor.live_of(self.id)
        if handoff is None or not handoff.live:
            return (yield from self._callback())
        return (yield from self._in_line())

    def _in_line(self) -> Talking:
        """Wait in the conversation until somebody comes, nobody can, or patience ends."""
        began, patience = self.clock.now, self.person.patience * (habits.DISTRESSED_PATIENCE if self.story.distress else 1)
        while True:
            self.floor.tick()
            handoff = self.floor.live_of(self.id)
            if handoff is None or not handoff.live:
                return (yield from self._callback())
            waited = (self.clock.now - began).total_seconds()
            if handoff.status == HandoffStatus.OFFERED and self.random.random() >= OVERLOOKS:
                yield self.random.uniform(3, 22)
                if self.floor.accept(handoff.reference, handoff.adviser_id):
                    self.story.waited = (self.clock.now - began).total_seconds()
                    return (yield from self._with_adviser(handoff.reference, handoff.adviser_id))
            elif handoff.status == HandoffStatus.OFFERED:
                yield 35.0
            if waited > patience:
                return (yield from self._gives_up())
            yield LOOKS_EVERY

    def _gives_up(self) -> Talking:
        if self._happens(habits.CALLBACK_AFTER_WAIT):
            return (yield from self._callback())
        self.front.leave(self.id)
        return False

    def _with_adviser(self, reference: str, staff_id: str) -> Talking:
        """The adviser greets, works, and ends it; now and then it was for another team."""
        self.story.reached = True
        passed = self._happens(habits.PASSED_ON)
        yield self.random.uniform(15, 70)
        if not self.floor.tell(self.id, staff_id, HELLO):
            return False
        for _ in range(self.random.choice((0, 1, 1, 2))):
            yield self.random.uniform(15, 90)
            self.front.write_back(self.id, self.person, self.random.choice(phrases_in(self.person.language).thanks))
            yield self.random.uniform(30, 150)
            if not self.floor.tell(self.id, staff_id, DONE):
                return False
        handoff = self.floor.request(reference)
        if passed and self._passes_on(handoff, staff_id):
            return (yield from self._in_line())
        yield self.random.uniform(10, 60)
        return self._ends(self.floor.request(reference), staff_id)

    def _passes_on(self, handoff: Handoff, staff_id: str) -> bool:
        here = {queue for adviser in self.floor.everyone() if adviser.status == AdviserStatus.AVAILABLE for queue in adviser.queues}
        others = sorted(here - {handoff.queue})
        return bool(others) and handoff.status in HELD and self.floor.pass_on(handoff.reference, staff_id, self.random.choice(others))

    def _ends(self, handoff: Handoff, staff_id: str) -> bool:
        done, right = self.work.end(handoff, staff_id, self.random)
        met = done and self._happens(habits.NEED_MET_BY_TEAM[right])
        if done and self._happens(habits.GIVE_SCORE) and self.channel == Channel.WEB:
            self.front.score(self.id, self.random.choices(list(Score), habits.SCORES[met])[0])
        return met

    def _callback(self) -> Talking:
        """Nobody comes now: they book a callback, or go."""
        yield self.random.uniform(10, 60)
        slots = self.front.slots(self.id)
        if slots is None or not self._happens(habits.BOOK_CALLBACK[self.story.distress]):
            return False
        soonest = self._happens(habits.SOONEST_CALLBACK) or not slots.starts
        slot = None if soonest else self.random.choice(slots.starts[:6])
        if self.front.book(self.id, slots.reference, self.person, slot):
            self.story.booked = True
            self.diary.begin(self.work.call_back(slots.reference, slot, Random(self.random.random())))
        return self.story.booked and self._happens(habits.MET_BY_CALLBACK)

    # by phone

    def _on_the_line(self, turn: Turn) -> Talking:
        """A phone rings until somebody answers, the caller waits for an adviser, or takes a callback."""
        danger = turn.reason in (Reason.DISTRESS, Reason.HAZARD)
        route, reference = self.front.want_person(self.id, "", danger and self.story.distress)
        began, patience = (
            self.clock.now,
            self.person.patience * (habits.DISTRESSED_PATIENCE if self.story.distress else habits.PHONE_PATIENCE),
        )
        for attempt in range(9):
            if route == Route.CALLBACK:
                return (yield from self._callback())
            yield self.random.uniform(6, 26) + (0 if attempt else self.random.expovariate(1 / 60))
            if (self.clock.now - began).total_seconds() > patience:
                return False
            answered = attempt >= 3 or self._happens(habits.PHONE_ANSWERED)
            found = self.front.rung(self.id, reference, answered)
            if answered:
                self.story.reached, self.story.waited = True, (self.clock.now - began).total_seconds()
                return (yield from self._talks_with_person(reference))
            route = found or Route.CALLBACK
        return False

    def _talks_with_person(self, reference: str) -> Talking:
        """They talk; then whoever answered writes down how it ended, as anybody at the desk would."""
        yield self.random.lognormvariate(5.3, 0.5)
        self.front.hang_up(self.id)
        yield self.random.uniform(10, 90)
        self.floor.tick()
        handoff = self.floor.request(reference)
        staff_id = handoff.adviser_id or self.work.somebody_for(handoff)
        if not staff_id or (handoff.status not in HELD and not self.floor.accept(reference, staff_id)):
            return self._happens(habits.MET_ON_PHONE)
        return self._ends(self.floor.request(reference), staff_id)
