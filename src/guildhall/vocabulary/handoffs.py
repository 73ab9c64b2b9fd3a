"""Handing a resident over to a person: who waits, where, how urgently, and how it ended."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from guildhall.vocabulary.calls import CallStanding
from guildhall.vocabulary.safeguarding import Evidence


class Lane(StrEnum):
    """How urgently somebody waits. A machine may move a resident to a more urgent lane, only a person to a less urgent one."""

    DANGER = "danger"
    """Surely in danger or distress: ahead of the queue."""
    CARE = "care"
    """Perhaps at risk, or in a queue that the council calls urgent."""
    ORDINARY = "ordinary"


LANE_RANK: Final[dict[Lane, int]] = {lane: rank for rank, lane in enumerate(Lane)}


class HandoffStatus(StrEnum):
    """Where a request for a person stands."""

    REQUESTED = "requested"
    """Waits in its queue."""
    BOOKED = "booked"
    """Waits for a callback that was booked."""
    OFFERED = "offered"
    """One adviser is asked to take it."""
    ACCEPTED = "accepted"
    """An adviser has it."""
    SNOOZED = "snoozed"
    """An adviser has it and looks again later."""
    CLOSED = "closed"
    """Wrapped up."""
    WITHDRAWN = "withdrawn"
    """The resident went on without a person."""


WAITING: Final = (HandoffStatus.REQUESTED, HandoffStatus.BOOKED)
HELD: Final = (HandoffStatus.ACCEPTED, HandoffStatus.SNOOZED)
LIVE: Final = (*WAITING, HandoffStatus.OFFERED, *HELD)
"""Not over yet."""


class PassedBack(StrEnum):
    """Why a conversation went back to its queue, with its place kept."""

    DECLINED = "declined"
    """The adviser it was offered to said no."""
    NOT_TAKEN = "not_taken"
    """The adviser it was offered to did not answer in time."""
    WENT_QUIET = "went_quiet"
    """The adviser who had it left the resident without a reply."""
    GONE = "gone"
    """The adviser who had it is no longer there."""
    TRANSFERRED = "transferred"
    """An adviser passed it to another team or person."""
    SUPERVISOR = "supervisor"
    """A supervisor took it out of the adviser's hands."""
    MISSED_CALL = "missed_call"
    """The caller was put through, and the adviser's phone was not answered."""
    CALLER_GONE = "caller_gone"
    """The caller put the phone down before the adviser had answered."""


STOOD_DOWN: Final[dict[PassedBack, str]] = {
    PassedBack.NOT_TAKEN: "You did not take what you were offered in time, so it went to somebody else and nothing new comes to you. "
    "Say that you are available when you are.",
    PassedBack.WENT_QUIET: "A resident waited too long for your words, so the conversation went to somebody else and nothing new comes to "
    "you. Say that you are available when you are.",
    PassedBack.MISSED_CALL: "A caller was put through to you and your phone was not answered, so the call went to somebody else and nothing "
    "new comes to you. Check the phone number that stands for you, and say that you are available when you are.",
}
"""What an adviser reads whom the desk has set to busy."""


class GivenUp(StrEnum):
    """Why a resident no longer waits in the conversation, although nobody came. The request stays open."""

    NOBODY_CAME = "nobody_came"
    """Advisers are here, and none was free in time."""
    NOBODY_HERE = "nobody_here"
    """No adviser who could take it is at the desk any more."""
    CLOSED = "closed"
    """The queue closed for the day."""
    HUNG_UP = "hung_up"
    """The caller put the phone down while they waited."""


GIVEN_UP_LABELS: Final[dict[GivenUp, tuple[str, str]]] = {
    GivenUp.NOBODY_CAME: ("Nobody came in time", "Advisers were here, and none was free in time."),
    GivenUp.NOBODY_HERE: ("Nobody at the desk", "No adviser who could take it was at the desk any more."),
    GivenUp.CLOSED: ("Queue closed", "The queue closed while the resident waited."),
    GivenUp.HUNG_UP: ("Caller rang off", "The caller put the phone down while they waited."),
}


class Promise(StrEnum):
    """What is promised about waiting, and is breached when its time runs out."""

    JOIN = "join"
    """An adviser joins."""
    REPLY = "reply"
    """The adviser who has it answers."""
    CALLBACK = "callback"
    """The resident is called back."""
    SOMEBODY = "somebody"
    """Somebody in danger finds a person at the desk. Breached at once when nobody is there."""


PROMISE_LABELS: Final[dict[Promise, tuple[str, str]]] = {
    Promise.JOIN: ("Joining", "An adviser joins a resident who waits in the conversation."),
    Promise.REPLY: ("Replying", "A resident who wrote to an adviser has a reply."),
    Promise.CALLBACK: ("Calling back", "A resident is called back in the slot they booked."),
    Promise.SOMEBODY: ("Somebody there", "Somebody in danger finds a person at the desk."),
}


class WrapUp(StrEnum):
    """How an adviser says that a conversation ended."""

    RESOLVED = "resolved"
    SIGNPOSTED = "signposted"
    REFERRED = "referred"
    CALLED_BACK = "called_back"
    NO_REPLY = "no_reply"
    RESIDENT_LEFT = "resident_left"
    NOT_OURS = "not_ours"
    ABUSIVE = "abusive"


WRAP_UP_LABELS: Final[dict[WrapUp, tuple[str, str]]] = {
    WrapUp.RESOLVED: ("Resolved", "What was asked is done or answered."),
    WrapUp.SIGNPOSTED: ("Signposted", "The resident was told who else can help."),
    WrapUp.REFERRED: ("Referred", "Another team takes it on, outside this conversation."),
    WrapUp.CALLED_BACK: ("Called back", "The resident was called back."),
    WrapUp.NO_REPLY: ("No reply", "The resident could not be reached."),
    WrapUp.RESIDENT_LEFT: ("Resident left", "The resident left before it was settled."),
    WrapUp.NOT_OURS: ("Not ours", "It is not a matter for this council."),
    WrapUp.ABUSIVE: ("Ended for abuse", "The adviser ended it because of abuse, after a warning."),
}


class AdviserStatus(StrEnum):
    """What an adviser says about themselves."""

    AVAILABLE = "available"
    BUSY = "busy"
    """Here, but takes nothing new."""
    BREAK = "break"
    OFFLINE = "offline"


ADVISER_STATUS_LABELS: Final[dict[AdviserStatus, tuple[str, str]]] = {
    AdviserStatus.AVAILABLE: ("Available", "Takes new conversations."),
    AdviserStatus.BUSY: ("Busy", "Goes on with theirs and takes nothing new."),
    AdviserStatus.BREAK: ("On a break", "Away for a while; nothing new comes."),
    AdviserStatus.OFFLINE: ("Offline", "Not at the desk."),
}


@dataclass(frozen=True, slots=True)
class Handoff:
    """One request for a person, as it stands. `taken_at` is when the adviser who has it took it, `met_at` when the first one did."""

    id: str
    reference: str
    conversation_id: str
    queue: str
    reason: str
    category: str
    lane: Lane
    status: HandoffStatus
    requested_at: datetime
    language: str = ""
    service: str = ""
    live: bool = False
    adviser_id: str = ""
    offered_at: datetime | None = None
    taken_at: datetime | None = None
    met_at: datetime | None = None
    first_reply_at: datetime | None = None
    last_adviser_at: datetime | None = None
    last_resident_at: datetime | None = None
    snoozed_until: datetime | None = None
    breached_at: datetime | None = None
    closed_at: datetime | None = None
    overflowed_from: str = ""
    returned: int = 0
    """How often it went back to a queue."""
    source: str = ""
    """Stands for where it came from, for fairness between sources; says nothing about who it is."""
    wrap_up: str = ""
    right_team: bool | None = None
    queued_at: datetime | None = None
    """Since when it waits this time; `requested_at` keeps its place."""
    owed_since: datetime | None = None
    """Since when the resident has waited for the next words of the adviser who has it; None when none are owed."""
    reply_breached_at: datetime | None = None
    alerted_at: datetime | None = None
    """When it was said that somebody in danger waits and nobody is there."""
    call: CallStanding = CallStanding.NONE
    """Where the caller is, of somebody who rings."""

    @property
    def waits(self) -> bool:
        """Whether nobody has it."""
        return self.status in WAITING

    @property
    def waits_since(self) -> datetime:
        """Since when it waits this time."""
        return self.queued_at or self.requested_at


@dataclass(frozen=True, slots=True)
class Request:
    """What else is known when a person is asked for. `live`: somebody is at the desk, so the resident waits in the conversation.

    `evidence` has one entry for each category heard that the council keeps safeguarding records of; they are made in the same transaction.
    """

    lane: Lane = Lane.ORDINARY
    language: str = ""
    service: str = ""
    live: bool = False
    evidence: tuple[Evidence, ...] = ()
    out_of_hours: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What a waiting resident may be told, and it must be true: `position` counts from 1; no expectation is better than a wrong one."""

    reference: str
    queue: str
    position: int
    present: int
    expected_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Adviser:
    """A member of staff at the desk: which queues they serve, in which languages, how many conversations at once, and whether they are here."""

    staff_id: str
    name: str
    queues: frozenset[str]
    languages: frozenset[str]
    safeguarding: bool
    capacity: int
    status: AdviserStatus
    status_since: datetime | None = None
    seen_at: datetime | None = None
    given_at: datetime | None = None
    why: str = ""
    """Why the desk changed their status, when they did not do it themselves: a code of `PassedBack`, with words in `STOOD_DOWN`."""
    since_share: int = 0
    """How many they were given since the last one that had waited past its promise."""
    phone: str = ""
    """Where a caller reaches them; empty for somebody who takes no calls."""
