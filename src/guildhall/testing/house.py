"""A house of fakes around real policy, wording and turn: quick to open, and it answers the same every time."""

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from guildhall.answers.request import Composer
from guildhall.conversations.house import House
from guildhall.conversations.ports import (
    AsksForPerson,
    ChoosesPacks,
    KeepsForLater,
    KnowsDesk,
    KnowsSwitches,
    Records,
    Remembers,
    Searches,
    Supervises,
    ToCheck,
    Understands,
)
from guildhall.councils.profile import CouncilProfile
from guildhall.policy.judging import Judging
from guildhall.policy.packs import Pack
from guildhall.testing.library import FakeLibrary, QuotingComposer
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.events import Event
from guildhall.vocabulary.handoffs import Standing
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.supervision import Mode, Modes, Topic, TopicKind
from guildhall.vocabulary.switches import Switch, Switches, SwitchKind
from guildhall.vocabulary.turns import Conversation

WEDNESDAY_AT_TEN = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    """Stands still until it is moved."""

    now: datetime = WEDNESDAY_AT_TEN

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now

    def move(self, **by: float) -> None:
        """Forward, by the arguments of `timedelta`."""
        self.now += timedelta(**by)


@dataclass
class CountingIds:
    """Ids in order: turn_1, turn_2 …"""

    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, kind: str) -> str:
        """The next id of any kind."""
        with self._lock:
            return f"{kind[:4]}_{next(self._numbers)}"


@dataclass(frozen=True)
class OnePack:
    """The same pack for every conversation."""

    pack: Pack

    def for_conversation(self, conversation: Conversation) -> Judging:
        """That pack alone."""
        return Judging(self.pack)


@dataclass
class FakeSwitches:
    """Everything is on until a test turns it off."""

    off: Switches = field(default_factory=Switches)

    def __call__(self) -> Switches:
        """What is off."""
        return self.off

    def turn_off(self, kind: SwitchKind, target: str) -> None:
        """Turn something off."""
        switch = Switch(kind, target, "for a test of switches", "A Tester", WEDNESDAY_AT_TEN)
        self.off = Switches.of((*self.off.off, switch))


@dataclass
class FakeSpool:
    """Remembers what it was given to keep."""

    kept: list[Event] = field(default_factory=list)

    def keep(self, event: Event) -> None:
        """Keep it."""
        self.kept.append(event)


@dataclass
class EmptyDesk:
    """Nobody is at the desk."""

    wrote: list[str] = field(default_factory=list)

    def present(self, queue: str, at: datetime) -> int:
        """Nobody."""
        return 0

    def standing(self, reference: str, at: datetime) -> Standing | None:
        """There is no queue."""
        return None

    def resident_wrote(self, conversation_id: ConversationId, at: datetime) -> None:
        """Remember who wrote."""
        self.wrote.append(conversation_id)


@dataclass
class FakeSupervision:
    """Everything is free until a test supervises it; remembers what it was given to check."""

    known: Modes = field(default_factory=Modes)
    queued: list[ToCheck] = field(default_factory=list)
    seconds: int = 180

    def modes(self) -> Modes:
        """What the test said."""
        return self.known

    def queue(self, answer: ToCheck) -> tuple[str, datetime]:
        """Keep it."""
        self.queued.append(answer)
        return f"draft_{len(self.queued)}", answer.at + timedelta(seconds=self.seconds)

    def supervise(self, mode: Mode, *keys: str, kind: TopicKind = TopicKind.SERVICE) -> None:
        """Set a mode for some topics."""
        self.known = Modes(self.known.default, {**self.known.by_topic, **{Topic(kind, key): mode for key in keys}})


@dataclass
class DeskWithAdvisers(EmptyDesk):
    """Somebody is at the desk for these queues."""

    queues: frozenset[str] = frozenset()

    def present(self, queue: str, at: datetime) -> int:
        """One, for these queues."""
        return int(queue in self.queues)


def house_of_fakes(
    profile: CouncilProfile,
    records: Records,
    conversations: Remembers,
    people: AsksForPerson,
    *,
    understanding: Understands | None = None,
    library: Searches | None = None,
    composers: tuple[Composer, ...] = (QuotingComposer(),),
    packs: ChoosesPacks | None = None,
    clock: Callable[[], datetime] | None = None,
    new_id: Callable[[str], str] | None = None,
    switches: KnowsSwitches | None = None,
    spool: KeepsForLater | None = None,
    desk: KnowsDesk | None = None,
    supervision: Supervises | None = None,
) -> House:
    """The house, with a fake for whatever is not given."""
    return House(
        profile=profile,
        understanding=understanding or FakeUnderstanding(),
        library=library or FakeLibrary(),
        composers=composers,
        records=records,
        spool=spool or FakeSpool(),
        conversations=conversations,
        people=people,
        desk=desk or EmptyDesk(),
        packs=packs or OnePack(profile.pack),
        switches=switches or FakeSwitches(),
        supervision=supervision or FakeSupervision(),
        clock=clock or FakeClock(),
        new_id=new_id or CountingIds(),
        stopwatch=time.perf_counter,
    )
