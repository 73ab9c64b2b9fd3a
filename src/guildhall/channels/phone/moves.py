"""What a dialogue decides, as values: what to say, what to wait for, and what to do. The call session carries it out."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from guildhall.channels.phone.house import PersonRoute, Replied, TurnDone
from guildhall.channels.phone.speech import Grammar, Heard
from guildhall.channels.phone.states import SAFETY, CallState
from guildhall.channels.phone.turn_taking import Patience


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something to say. `interruptible` is false for the notice, emergency words and legal statements; `turn_id` names the turn it belongs to,
    `part` the part of its reply, and `ends` says that the part ends with it. `at_once`: nobody is given time to write down what came before it."""

    text: str
    language: str = "en"
    wording: str = ""
    interruptible: bool = True
    turn_id: str = ""
    part: int = 0
    ends: bool = True
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Collect:
    """Keys that are gathered: until `ends_with`, so many, or a pause. Secret ones are in no record, no log and no recording.

    `echo` says back what was pressed before the dialogue is asked what to do with it; secret keys are never said back. A first 0 brings a
    person at once, unless the number may begin with one: then a 0 alone is what was collected. `*` begins the number again.
    """

    most: int
    ends_with: str = "#"
    between_seconds: float = 4.0
    secret: bool = False
    echo: Literal["none", "all", "last_two"] = "none"
    may_begin_with_nought: bool = False


@dataclass(frozen=True, slots=True)
class Expect:
    """What is waited for. A grammar bounds what can be heard; without one any words may come."""

    grammar: Grammar | None = None
    patience: Patience = Patience.OPEN
    collect: Collect | None = None
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a call, in this order: say, then do, then wait. Of the things to do at most one is given."""

    say: tuple[Spoken, ...] = ()
    state: CallState | None = None
    expect: Expect | None = None
    """What is waited for from now on; None leaves it as it was."""
    language: str = ""
    """From now on the caller is heard, and spoken to, in this language."""

    ask: str = ""
    """Goes through the turn, as any channel's words do."""
    confidence: float = 1.0
    person: str = ""
    """The words that asked for a person, or what made one necessary."""
    danger: bool = False
    """With `person`: ahead of everybody."""
    book: str = ""
    """Start of the callback slot that was chosen, as the route gave it."""
    book_number: str = ""
    """The number to ring, which the caller has confirmed digit by digit."""
    text_to: str = ""
    """The number that the last answer is sent to, given or confirmed by the caller."""
    pay: bool = False
    """The caller goes to the council's payment line; recording and transcript pause."""
    stop_waiting: bool = False
    """The caller waits no longer for a person, because they chose something else."""
    hang_up: bool = False
    """When everything is said."""

    repeat: bool = False
    slower: bool = False
    louder: bool = False
    patient: bool = False
    notes: tuple[tuple[str, str], ...] = field(default=())

    @property
    def waits_for_nothing(self) -> bool:
        """Whether it is about danger or a crisis, whatever weight that has in the queue: done at once, while a person is rung too."""
        return self.danger or self.state in SAFETY


NOTHING = Move()


class Dialogue(Protocol):
    """Decides. Knows no clock, no sound and no network."""

    def opening(self) -> Move:
        """After the notice."""
        ...

    def heard(self, heard: Heard) -> Move:
        """The caller said something. Asked in every state, while a person is rung or waited for too, so that danger is never missed."""
        ...

    def pressed(self, keys: str) -> Move:
        """The caller pressed a key, or all the keys that were collected (none, when only the end key came)."""
        ...

    def silent(self, times: int) -> Move:
        """Nobody said anything, the first, second or third time."""
        ...

    def unheard(self) -> Move:
        """Something was said that could not be made out."""
        ...

    def deaf(self) -> Move:
        """No provider of hearing works: keys, and a person."""
        ...

    def filler(self) -> Spoken:
        """A few words while a reply takes its time."""
        ...

    def slow(self) -> Move:
        """The reply takes so long that the caller must be told, and offered a person."""
        ...

    def spoken(self, replied: Replied) -> tuple[Spoken, ...]:
        """How a part of a reply is said for the ear. What is too long for now is kept for "go on"."""
        ...

    def replied(self, done: TurnDone) -> Move:
        """Every part of the reply to `ask` has been given to `spoken`; what comes after it."""
        ...

    def person(self, route: PersonRoute) -> Move:
        """How a person can be reached: say so before it is done. For WAIT the place in the line, for CALLBACK the slots."""
        ...

    def waiting(self, route: PersonRoute, times: int) -> Move:
        """Still no person, and half a minute has gone by again: the place and the honest wait."""
        ...

    def back(self, why: str, route: PersonRoute | None = None) -> Move:
        """A transfer did not succeed and the caller is here again. `route` is what can be done next, when the house knows: a move without
        `expect` follows it at once, one with `expect` leaves the choice to the caller. `why` is the outcome's code, or `payment`."""
        ...

    def booked(self, when: str) -> Move:
        """A callback was booked for then; empty when it could not be."""
        ...

    def texted(self, sent: bool) -> Move:
        """The answer is on its way as a text, or cannot be."""
        ...
