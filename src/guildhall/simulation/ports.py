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
        """Open the page and begin a conversation. `agrees`: they take part in a trial where one goes on. Returns the conversation's id."""
        ...

    def ring(self, person: Person, call: str) -> str:
        """Ring, under the caller's own id of the call. Returns the conversation's id."""
        ...

    def say(self, conversation_id: str, person: Person, text: str) -> Turn:
        """Say something; returns the whole turn, once its reply is complete."""
        ...

    def hear(self, conversation_id: str, turn: Turn, parts: int) -> None:
        """Note that the caller heard the first `parts` parts of the reply to their end. What was not heard counts as not said."""
        ...

    def hang_up(self, conversation_id: str) -> None:
        """Put the phone down."""
        ...

    def want_person(self, conversation_id: str, words: str, danger: bool) -> tuple[Route, str]:
        """Ask for a person for a caller. Returns how they get one, and the request's reference."""
        ...

    def rung(self, conversation_id: str, reference: str, answered: bool) -> Route | None:
        """Note whether the phone that rang was answered. Returns how the caller gets on when it was not, else None."""
        ...

    def slots(self, conversation_id: str) -> Slots | None:
        """The callback slots of the conversation's open request; None when it has no open request."""
        ...

    def book(self, conversation_id: str, reference: str, person: Person, starts_at: datetime | None) -> bool:
        """Book a callback, at a slot's start or as soon as possible (None). False when it could not be booked."""
        ...

    def agree(self, conversation_id: str, person: Person) -> None:
        """Agree to be recognised on a later contact."""
        ...

    def tell_needs(self, conversation_id: str, person: Person) -> None:
        """Tell the person's communication needs."""
        ...

    def judge(self, conversation_id: str, turn: Turn, helped: bool) -> None:
        """Say whether a reply helped."""
        ...

    def score(self, conversation_id: str, score: Score) -> None:
        """Give a satisfaction score."""
        ...

    def leave(self, conversation_id: str) -> None:
        """Leave while waiting for a person, or while talking with one."""
        ...

    def write_back(self, conversation_id: str, person: Person, text: str) -> None:
        """Write to the adviser who has the conversation."""
        ...


class Floor(Protocol):
    """The advisers' side."""

    @property
    def queues(self) -> Mapping[str, str]:
        """The key of the opening hours of each queue, by the queue's key."""
        ...

    def seat(self, name: str, queues: Sequence[str], languages: Sequence[str], capacity: int, safeguarding: bool) -> str:
        """Give somebody a place at the desk. Returns their staff id, the same one for the same name. `capacity`: conversations at once."""
        ...

    def stand(self, staff_id: str, status: AdviserStatus, until: datetime) -> None:
        """Set an adviser's status, and keep their page open `until` then."""
        ...

    def everyone(self) -> Sequence[Adviser]:
        """Every adviser."""
        ...

    def tick(self) -> None:
        """Run the desk's periodic work once: make offers, notice broken promises, give up waits, send messages."""
        ...

    def request(self, reference: str) -> Handoff:
        """A request as it stands."""
        ...

    def live_of(self, conversation_id: str) -> Handoff | None:
        """The conversation's open request, None where there is none."""
        ...

    def open_requests(self) -> Sequence[Handoff]:
        """Every open request whose resident does not wait in the conversation, so that somebody must phone them."""
        ...

    def accept(self, reference: str, staff_id: str) -> bool:
        """Accept a request. False when somebody else was quicker, or it is over."""
        ...

    def tell(self, conversation_id: str, staff_id: str, text: str) -> bool:
        """Write to the resident; false when the conversation is not theirs any more."""
        ...

    def pass_on(self, reference: str, staff_id: str, queue: str) -> bool:
        """Pass a request to another queue. False when it is not theirs any more."""
        ...

    def wrap_up(self, reference: str, staff_id: str, code: WrapUp, right_team: bool, right_queue: str) -> bool:
        """Wrap a request up. `right_queue` is where it should have gone, if not here. False when it is not theirs any more."""
        ...

    def unacknowledged(self) -> Sequence[str]:
        """Safeguarding records that nobody has taken in hand."""
        ...

    def acknowledge(self, record_id: str) -> None:
        """Acknowledge a safeguarding record, as the duty officer."""
        ...

    def close_records(self) -> int:
        """Close every acknowledged safeguarding record, as the duty officer. Returns how many."""
        ...


class Days(Protocol):
    """Opening hours, by the key that a queue names."""

    def is_open(self, key: str, at: datetime) -> bool:
        """Whether those hours are open at a time."""
        ...

    def next_opening(self, key: str, at: datetime) -> datetime | None:
        """When those hours open next; None when they never do."""
        ...
