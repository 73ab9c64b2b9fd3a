"""A resident's call, as the desk and the record know it. Numbers and words are kept apart, sealed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class CallStanding(StrEnum):
    """Where the caller of a request for a person is. Empty for everybody who does not ring."""

    NONE = ""
    WAITING = "waiting"
    """On the line, waiting for a person."""
    RINGING = "ringing"
    """On the line, while an adviser's or a team's phone rings."""
    TALKING = "talking"
    """Talking with a person."""
    OVER = "over"
    """The caller has gone."""


ON_THE_LINE: Final = frozenset({CallStanding.WAITING, CallStanding.RINGING, CallStanding.TALKING})
CALL_LABELS: Final[dict[CallStanding, tuple[str, str]]] = {
    CallStanding.NONE: ("No call", "The resident writes."),
    CallStanding.WAITING: ("Waits on the phone", "The caller is on the line and hears their place in the queue."),
    CallStanding.RINGING: ("Phone is ringing", "The caller is on the line while a phone rings."),
    CallStanding.TALKING: ("Talking on the phone", "A person has answered the phone."),
    CallStanding.OVER: ("Call is over", "The caller has put the phone down, or the call has ended."),
}


class Hearing(StrEnum):
    """How much of what a caller says can be heard."""

    OPEN = "open"
    """Any words."""
    GRAMMAR = "grammar"
    """Only the words that a question expects, and those for help, danger and a person."""


DUTY: Final = "duty:"
"""Before a queue's key: the duty line that stands in for it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it stands. `rings` is the adviser whose phone rings or who answered, `line` the queue whose own number it is, or DUTY and
    the queue."""

    conversation_id: str
    began_at: datetime
    hearing: Hearing
    state: str = ""
    reference: str = ""
    asked_at: datetime | None = None
    """When a person was first asked for."""
    danger_at: datetime | None = None
    """When danger was first heard."""
    rings: str = ""
    line: str = ""
    rung_at: datetime | None = None
    bridged_at: datetime | None = None
    """When a person answered."""
    ended_at: datetime | None = None

    @property
    def line_of(self) -> str:
        """The queue of the line; empty when it is an adviser's own phone."""
        return self.line.removeprefix(DUTY)

    @property
    def waited_seconds(self) -> int | None:
        """From the first need of a person to a human voice; None while there was none."""
        since = self.danger_at or self.asked_at
        return None if since is None or self.bridged_at is None else max(0, int((self.bridged_at - since).total_seconds()))


@dataclass(frozen=True, slots=True)
class PartHeard:
    """How much of one part of a reply a caller heard. `whole`: to its end."""

    text: str
    whole: bool


def heard_parts(pieces: Iterable[tuple[int, str, bool]]) -> dict[int, PartHeard]:
    """What was heard of each part, from pieces in their order: the part's number, the words, and whether the part ends with them.

    Said again, as after a cough, a piece counts once.
    """
    found: dict[int, PartHeard] = {}
    for number, text, ends in pieces:
        before = found.get(number, PartHeard("", False))
        words = before.text if text in before.text else f"{before.text} {text}".strip()
        found[number] = PartHeard(words, before.whole or ends)
    return found
