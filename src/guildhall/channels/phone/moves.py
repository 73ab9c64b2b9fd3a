"""What a dialogue decides, as values: what to say, what to wait for, and what to do. The call session carries it out."""

from dataclasses import dataclass, field
from typing import Protocol

from guildhall.channels.phone.house import PersonRoute, TurnDone
from guildhall.channels.phone.speech import Grammar, Heard
from guildhall.channels.phone.states import CallState
from guildhall.channels.phone.turn_taking import Patience


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something to say. `interruptible` is false for the notice, emergency words and legal statements; `turn_id` names the turn it belongs to,
    `part` the part of its reply, and `ends` says that the part ends with it."""

    text: str
    language: str = "en"
    wording: str = ""
    interruptible: bool = True
    turn_id: str = ""
    part: int = 0
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Collect:
    """Keys that are gathered: until `ends_with`, so many, or a pause. Secret ones are in no record and no log."""

    most: int
    ends_with: str = "#"
    between_seconds: float = 4.0
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Expect:
    """What is waited for. A grammar bounds what can be heard; without one any words may come."""

    grammar: Grammar | None = None
    patience: Patience = Patience.OPEN
    collect: Collect | None = None
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a call, in this order: say, then do, then wait. `ask` goes through the turn; `person` brings somebody."""

    say: tuple[Spoken, ...] = ()
    state: CallState | None = None
    expect: Expect | None = None
    ask: str = ""
    confidence: float = 1.0
    person: str = ""
    """The words that asked for a person, or what made one necessary."""
    danger: bool = False
    book: str = ""
    """Start of the callback slot that was chosen."""
    repeat: bool = False
    slower: bool = False
    louder: bool = False
    patient: bool = False
    hang_up: bool = False
    notes: tuple[tuple[str, str], ...] = field(default=())


NOTHING = Move()


class Dialogue(Protocol):
    """Decides. Knows no clock, no sound and no network."""

    def opening(self) -> Move:
        """After the notice."""
        ...

    def heard(self, heard: Heard) -> Move:
        """The caller said something."""
        ...

    def pressed(self, keys: str) -> Move:
        """The caller pressed a key, or all the keys that were collected."""
        ...

    def silent(self, times: int) -> Move:
        """Nobody said anything, the first, second or third time."""
        ...

    def unheard(self) -> Move:
        """Something was said that could not be made out."""
        ...

    def replied(self, done: TurnDone) -> Move:
        """The reply to `ask` was said."""
        ...

    def person(self, route: PersonRoute) -> Move:
        """How a person can be reached: say so before it is done."""
        ...

    def back(self, why: str) -> Move:
        """A transfer did not succeed and the caller is here again."""
        ...
