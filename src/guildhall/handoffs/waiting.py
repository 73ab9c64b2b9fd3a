"""How long residents wait for a person, and how often they ask when nobody is at the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from guildhall.vocabulary.calls import CallStanding
from guildhall.vocabulary.handoffs import Lane


@dataclass(frozen=True, slots=True)
class Wait:
    """One request for a person. `promised_at` is the start of the booked callback; `met_at` when an adviser took over.

    `first_reply_at` is when the resident first heard from an adviser: the time to a human voice.
    """

    reference: str
    conversation_id: str
    queue: str
    reason: str
    category: str
    urgent: bool
    requested_at: datetime
    desk_open: bool
    is_open: bool
    promised_at: datetime | None = None
    met_at: datetime | None = None
    first_reply_at: datetime | None = None
    lane: Lane = Lane.ORDINARY
    call: CallStanding = CallStanding.NONE
    """Where the caller is, of somebody who rang."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle wait and the wait that one in twenty exceeds, over so many requests; no waits, no figures."""

    count: int
    p50: timedelta | None
    p95: timedelta | None


@dataclass(frozen=True, slots=True)
class Waits:
    """Many requests together."""

    count: int
    urgent: int
    out_of_hours: int
    still_open: int
    met: Spread
    promised: Spread
    heard: Spread

    @property
    def out_of_hours_share(self) -> float:
        """The share that was asked for when the desk was closed."""
        return self.out_of_hours / self.count if self.count else 0.0


def together(waits: Sequence[Wait]) -> Waits:
    """Count and measure requests."""
    return Waits(
        count=len(waits),
        urgent=sum(wait.urgent for wait in waits),
        out_of_hours=sum(not wait.desk_open for wait in waits),
        still_open=sum(wait.is_open for wait in waits),
        met=spread(wait.met_at - wait.requested_at for wait in waits if wait.met_at),
        promised=spread(wait.promised_at - wait.requested_at for wait in waits if wait.promised_at),
        heard=spread(wait.first_reply_at - wait.requested_at for wait in waits if wait.first_reply_at),
    )


def spread(lengths: Iterable[timedelta]) -> Spread:
    """The 50th and 95th percentile by nearest rank, so that each is a wait that somebody really had."""
    ordered = sorted(lengths)
    if not ordered:
        return Spread(0, None, None)
    return Spread(len(ordered), ordered[ceil(0.5 * len(ordered)) - 1], ordered[ceil(0.95 * len(ordered)) - 1])
