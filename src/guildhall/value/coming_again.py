"""Whether a resident came again about the same matter, on any channel. This is known only for residents who agreed to be recognised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from guildhall.value.ladder import Again
from guildhall.value.requests import Ending, requests_of
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.outcomes import Reason

DAY: Final = timedelta(hours=24)
WEEK: Final = timedelta(days=7)
LASTS: Final = (
    EventKind.TURN_COMPLETED, EventKind.MESSAGE_SENT, EventKind.CALL_BRIDGED, EventKind.CALL_ENDED, EventKind.HANDOFF_CLOSED,
    EventKind.HANDOFF_WITHDRAWN, EventKind.CALLBACK_BOOKED,
)  # fmt: skip
"""What belongs to a contact while it lasts; what is said about it afterwards does not make it longer."""


@dataclass(frozen=True, slots=True)
class Known:
    """A contact of somebody who agreed to be recognised. `resident` stands for them; `matter` is the service, or else the queue."""

    resident: str
    matter: str
    started_at: datetime
    ended_at: datetime
    wants_person: bool

    @classmethod
    def of(cls, events: Sequence[Event], resident: str, service: str, queue: str) -> "Known":
        """From a contact's events, and what was noted with the consent."""
        meant = [matches[0]["key"] for event in _turns(events) if (matches := next(filter(None, event.facts["services"]), None))]
        ends = [event.at for event in events if event.kind in LASTS]
        return cls(resident, next(iter(meant), "") or service or queue, events[0].at, max((events[0].at, *ends)), _wants_person(events))


def settled(events: Sequence[Event]) -> Again | None:
    """What the record says was found out, once the seven days were over; None while nothing was. It holds when nobody is recognised any more."""
    known = [event.facts for event in events if event.kind == EventKind.RECONTACT_KNOWN]
    if not known:
        return None
    return Again(True, True, known[-1]["within_24_hours"], known[-1]["within_7_days"], known[-1]["asked_for_person"])


def again(contact: Known | None, others: Sequence[Known], as_at: datetime) -> Again:
    """What is known by `as_at` about a contact and the other contacts of all residents. Whoever rings while the page still waits came again too."""
    if contact is None:
        return Again()
    if not contact.matter:
        return Again(recognised=True)
    same = [
        other
        for other in others
        if other is not contact
        and (other.resident, other.matter) == (contact.resident, contact.matter)
        and contact.started_at < other.started_at <= contact.ended_at + WEEK
    ]
    soon = [other for other in same if other.started_at <= contact.ended_at + DAY]
    return Again(
        recognised=True,
        matter=True,
        day=bool(soon) if as_at >= contact.ended_at + DAY else None,
        week=bool(same) if as_at >= contact.ended_at + WEEK else None,
        person_day=any(other.wants_person for other in soon),
    )


def _turns(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.kind == EventKind.TURN_COMPLETED]


def _wants_person(events: Sequence[Event]) -> bool:
    asked = [event for event in events if event.kind in (EventKind.TURN_COMPLETED, EventKind.HANDOFF_REQUESTED)]
    booked = any(request.ending == Ending.CALLBACK for request in requests_of(events))
    return booked or any(event.facts["reason"] == Reason.PERSON_REQUESTED for event in asked)
