"""What the simulator needs of the house: the residents' side, the advisers' side, and the time. `bootstrap/simulating.py` gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from guildhall.simulation.people import Person
from guildhall.vocabulary.aftercare import Score
from guildhall.vocabulary.handoffs import Adviser, AdviserStatus, Handoff, WrapUp
from guildhall.vocabulary.turns import Turn


class Route(StrEnum):
    """How a caller gets on after they asked for a person."""

    RINGS = "rings"
    WAITS = "waits"
    CALLBACK = "callback"


@dataclass(frozen=True, slots=True)
class Slots:
    """Times a callback can be booked for; none means as soon as possible."""

    reference: str
    starts: tuple[datetime, ...]


class Front(Protocol):
    """The residents' side. Everything is done at the simulated time."""

    def write(self, person: Person, agrees: bool) -> str:
        """Somebody opens the page and begins: the conversation's id. `agrees`: they take part in a trial where one goes on."""
        ...

    def ring(self, person: Person, call: str) -> str:
        """Somebody rings: the conversation's id."""
        ...

    def say(self, conversation_id: str, person: Person, text: str) -> Turn:
        """One turn."""
        ...

    def hear(self, conversation_id: str, turn: Turn, parts: int) -> None:
        """The caller heard so many parts of the reply, to their end."""
        ...

    def hang_up(self, conversation_id: str) -> None:
        """The caller puts the phone down."""
        ...

    def want_person(self, conversation_id: str, words: str, danger: bool) -> tuple[Route, str]:
        """A caller is to get a person: how, and the request's reference."""
        ...

    def rung(self, conversation_id: str, reference: str, answered: bool) -> Route | None:
        """A phone rang, and was answered or not; how the caller gets on when it was not."""
        ...

    def slots(self, conversation_id: str) -> Slots | None:
        """What the conversation's open request may be booked for; None when there is none."""
        ...

    def book(self, conversation_id: str, reference: str, person: Person, starts_at: datetime | None) -> bool:
        """Book a callback; false when that could not be."""
        ...

    def agree(self, conversation_id: str, person: Person) -> None:
        """They agree to be recognised."""
        ...

    def tell_needs(self, conversation_id: str, person: Person) -> None:
        """They say how they want to be talked with."""
        ...

    def judge(self, conversation_id: str, turn: Turn, helped: bool) -> None:
        """They say whether a reply helped."""
        ...

    def score(self, conversation_id: str, score: Score) -> None:
        """They say how satisfied they were."""
        ...

    def leave(self, conversation_id: str) -> None:
        """They go while they wait for a person, or talk with one."""
        ...

    def write_back(self, conversation_id: str, person: Person, text: str) -> None:
        """They write to the adviser who has the conversation."""
        ...

    def is_over(self, conversation_id: str) -> bool:
        """Whether nobody has the conversation any more."""
        ...


class Floor(Protocol):
    """The advisers' side."""

    @property
    def queues(self) -> Mapping[str, str]:
        """Each queue and the key of its hours."""
        ...

    def seat(self, name: str, queues: Sequence[str], languages: Sequence[str], capacity: int, safeguarding: bool) -> str:
        """Give somebody a place at the desk: their id, the same one for the same name."""
        ...

    def stand(self, staff_id: str, status: AdviserStatus, until: datetime) -> None:
        """Come, go or take a break; their page stays open until then."""
        ...

    def everyone(self) -> Sequence[Adviser]:
        """Every adviser."""
        ...

    def tick(self) -> None:
        """Whatever the desk does every second: offers, promises that were not kept, waits that are given up, messages."""
        ...

    def request(self, reference: str) -> Handoff:
        """A request as it stands."""
        ...

    def live_of(self, conversation_id: str) -> Handoff | None:
        """The conversation's request that is not over."""
        ...

    def open_requests(self) -> Sequence[Handoff]:
        """Every request that is not over and that nobody waits for in the conversation."""
        ...

    def accept(self, reference: str, staff_id: str) -> bool:
        """Take it; false when somebody else was quicker, or it is over."""
        ...

    def tell(self, conversation_id: str, staff_id: str, text: str) -> bool:
        """Write to the resident; false when the conversation is not theirs any more."""
        ...

    def pass_on(self, reference: str, staff_id: str, queue: str) -> bool:
        """Pass it to another team."""
        ...

    def wrap_up(self, reference: str, staff_id: str, code: WrapUp, right_team: bool, right_queue: str) -> bool:
        """Wrap it up; false when it is not theirs any more."""
        ...

    def unacknowledged(self) -> Sequence[str]:
        """Safeguarding records that nobody has taken in hand."""
        ...

    def acknowledge(self, record_id: str) -> None:
        """The duty officer takes a safeguarding record in hand."""
        ...

    def close_records(self) -> int:
        """The duty officer writes down what came of every safeguarding record that is in hand; how many."""
        ...


class Days(Protocol):
    """Opening hours."""

    def is_open(self, key: str, at: datetime) -> bool:
        """Whether it is open then."""
        ...

    def next_opening(self, key: str, at: datetime) -> datetime | None:
        """When it opens next."""
        ...
