"""Requests for a person in one contact, and what ended the wait of each. If several things could have, the first one counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.handoffs import WrapUp
from guildhall.vocabulary.supervision import SENT
from guildhall.vocabulary.turns import Owner


class Ending(StrEnum):
    """How the waiting for a person ended."""

    REACHED = "reached"
    """The first words of a person, written or spoken."""
    CALLBACK = "callback"
    """A callback was booked, and not cancelled."""
    ABANDONED = "abandoned"
    """The resident went, or nobody came and the desk gave up. Both are waits that no person ended."""
    WITHDRAWN = "withdrawn"
    """The resident chose to go on without a person."""
    STILL = "still"
    """Nothing has ended it yet."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request for a person: the number of its event in the contact, and how its waiting ended."""

    reference: str
    number: int
    ending: Ending


NOBODY_THERE: Final = (WrapUp.NO_REPLY, WrapUp.RESIDENT_LEFT)
"""Wrap-ups that say that the adviser found nobody to talk with."""


def speaks(event: Event) -> bool:
    """Whether a person's own words reach the resident with this: a message, a voice, or an answer they checked and sent."""
    if event.kind == EventKind.DRAFT_DECIDED:
        return event.facts["status"] in SENT
    return event.kind in (EventKind.MESSAGE_SENT, EventKind.CALL_BRIDGED)


def was_met(event: Event) -> bool:
    """Whether an adviser wrapped it up with the resident there."""
    return event.kind == EventKind.HANDOFF_CLOSED and event.facts["wrap_up"] not in NOBODY_THERE


def requests_of(events: Sequence[Event]) -> tuple[Request, ...]:
    """The requests of a contact, from its events in the order of the record."""
    asked = [(number, event) for number, event in enumerate(events) if event.kind == EventKind.HANDOFF_REQUESTED]
    return tuple(Request(event.facts["reference"], number, _ending(events, number, event.facts["reference"])) for number, event in asked)


def _ending(events: Sequence[Event], asked: int, reference: str) -> Ending:
    after = [(number, event) for number, event in enumerate(events) if number > asked]
    booked = _booked(after, reference)
    let_go = next((number for number, event in after if event.kind == EventKind.HANDOFF_WITHDRAWN), None)
    came = _came(after)
    if booked is None and let_go is not None and came is not None and came > let_go:
        came = None  # they came for another request
    over = [(came, Ending.REACHED), (booked, Ending.CALLBACK)]
    for number, event in after:
        if event.kind == EventKind.HANDOFF_WITHDRAWN:
            over.append((number, Ending.WITHDRAWN if event.facts["owner"] == Owner.ASSISTANT else Ending.ABANDONED))
        gave_up = event.kind == EventKind.HANDOFF_GIVEN_UP and event.facts["reference"] == reference
        if gave_up or event.kind in (EventKind.CALL_ENDED, EventKind.HANDOFF_CLOSED):
            over.append((number, Ending.ABANDONED))
    ended = [(number, how) for number, how in over if number is not None]
    return min(ended, key=lambda pair: pair[0])[1] if ended else Ending.STILL


def _booked(after: Sequence[tuple[int, Event]], reference: str) -> int | None:
    """The last booking of this request's callback, unless it was cancelled after that."""
    own = [(number, event) for number, event in after if event.kind == EventKind.CALLBACK_BOOKED and event.facts["reference"] == reference]
    return own[-1][0] if own and not own[-1][1].facts.get("cancelled") else None


def _came(after: Sequence[tuple[int, Event]]) -> int | None:
    """When a person came: with their first words, or by taking it where it was wrapped up later with the resident there."""
    words = next((number for number, event in after if speaks(event)), None)
    if words is not None:
        return words
    taken = next((number for number, event in after if event.kind == EventKind.HANDOFF_ACCEPTED), None)
    met = taken is not None and any(was_met(event) for number, event in after if number > taken)
    return taken if met else None
