"""What a call session needs of the house: the same turn, record and desk as every other channel, reached in this process or over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from guildhall.channels.phone.ports import TransferOutcome
from guildhall.vocabulary.turns import ReplyPart

NOT_SURE: Final = "not_sure_heard"
"""The reason of a turn whose words were heard too faintly to act upon: they are said back first."""


class HouseGoneError(Exception):
    """The house does not answer: an adviser's phone must ring now."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known of a call when it begins. The number is kept sealed, and nothing is looked up by it without consent.

    `hearing` is `open` where any words can be heard, `grammar` where only those that a question expects; values are shown apart by it.
    """

    call_id: str
    caller_number: str
    dialled_number: str
    language: str = "en"
    hearing: str = "grammar"


@dataclass(frozen=True, slots=True)
class Replied:
    """One checked part of a reply, recorded already. `number` is its place in the reply, from 0."""

    turn_id: str
    part: ReplyPart
    number: int = 0


@dataclass(frozen=True, slots=True)
class TurnDone:
    """How a turn ended. `danger` says that the caller must hear of 999 and of a person before anything else.

    With the reason NOT_SURE nothing was acted upon: when the caller confirms, the same words are asked again with full confidence. With the
    outcome `fail_safe` the safety words were given, and a person must come.
    """

    turn_id: str
    outcome: str
    reason: str
    person: str
    reference: str
    language: str
    danger: bool = False


class PersonAnswer(StrEnum):
    """What the house says when a person is asked for."""

    RING = "ring"
    """Ring the number that is given."""
    WAIT = "wait"
    """Somebody will come, but is not free yet: ask `route` again while the caller waits, with their position and an honest wait."""
    DUTY = "duty"
    """The desk is closed; the duty line answers."""
    CALLBACK = "callback"
    """Nobody can come now; a callback can be booked."""


@dataclass(frozen=True, slots=True)
class PersonRoute:
    """How a caller reaches a person now. `number` is a line of `phone.yaml`, an adviser's own among them; never what a caller
    said. `reference` opens the brief at the desk."""

    answer: PersonAnswer
    reference: str
    queue: str
    number: str = ""
    position: int = 0
    wait_seconds: int | None = None
    slots: tuple[str, ...] = ()


class TalksToHouse(Protocol):
    """The house, as a call session sees it. Anything may raise HouseGoneError."""

    async def begin(self, facts: CallFacts) -> str:
        """A new conversation on the phone; its id."""
        ...

    def say(self, conversation_id: str, text: str, attempt: str, confidence: float = 1.0) -> AsyncIterator[Replied | TurnDone]:
        """One turn, part by part; the last thing is TurnDone. The same attempt is never done twice."""
        ...

    async def person(self, conversation_id: str, words: str, danger: bool = False) -> PersonRoute:
        """The caller wants, or needs, a person."""
        ...

    async def route(self, conversation_id: str, reference: str) -> PersonRoute:
        """How the caller who waits reaches a person by now; asked again every few seconds."""
        ...

    async def transferred(self, conversation_id: str, reference: str, outcome: TransferOutcome) -> PersonRoute | None:
        """How the transfer ended. After CONNECTED a person owns the conversation; after anything else, what can be done next."""
        ...

    async def text(self, conversation_id: str, turn_id: str, number: str) -> bool:
        """Send what was answered to a number the caller gave or confirmed; whether it is on its way."""
        ...

    async def book(self, conversation_id: str, reference: str, number: str, starts_at: str) -> str:
        """Book a callback; when it is, in words. Empty when it cannot be: the number is none we may ring, or the time is gone. Without a
        number it is the caller's own, without a time as soon as possible."""
        ...

    async def note(self, conversation_id: str, what: str, facts: dict[str, object]) -> None:
        """Put into the record what happened in the call: state, what was heard of a reply, keys without their digits where they are secret.

        `heard` makes what was said true: `turn_id`, `part` (its number), `text` (what was played to the end; kept sealed) and `ends` (whether
        that was the end of the part). A part that does not end was not given: no later turn takes it for said. `state` has `before` and
        `after`; `language` the `language` from now on; `stop_waiting` says that the caller waits for a person no longer.
        """
        ...

    async def over(self, conversation_id: str, cause: str) -> None:
        """The call is over."""
        ...
