"""How the safeguarding records of a time look together."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from guildhall.vocabulary.safeguarding import SafeguardingRecord


@dataclass(frozen=True, slots=True)
class Span:
    """The middle length and the one that one in twenty exceeds, by nearest rank, over so many; none, no figures."""

    count: int
    p50: timedelta | None
    p95: timedelta | None


@dataclass(frozen=True, slots=True)
class Sum:
    """Many records together. `late` were not acknowledged by the first route in its time."""

    count: int
    open: int
    unacknowledged: int
    out_of_hours: int
    found_later: int
    late: int
    to_person: Span
    to_acknowledgement: Span
    categories: Sequence[tuple[str, int]]


def together(records: Sequence[SafeguardingRecord]) -> Sum:
    """Count and measure."""
    return Sum(
        count=len(records),
        open=sum(record.is_open for record in records),
        unacknowledged=sum(record.acknowledged_at is None and record.is_open for record in records),
        out_of_hours=sum(record.out_of_hours for record in records),
        found_later=sum(record.found_later for record in records),
        late=sum(record.step > 1 for record in records),
        to_person=span(record.to_person for record in records),
        to_acknowledgement=span(record.to_acknowledgement for record in records),
        categories=Counter(record.category for record in records).most_common(),
    )


def span(lengths: Iterable[timedelta | None]) -> Span:
    """Percentiles of the lengths that are known, each one that somebody really had."""
    ordered = sorted(length for length in lengths if length is not None)
    if not ordered:
        return Span(0, None, None)
    return Span(len(ordered), ordered[ceil(0.5 * len(ordered)) - 1], ordered[ceil(0.95 * len(ordered)) - 1])


def state_of(record: SafeguardingRecord, now: datetime) -> str:
    """A code for how a record stands: `closed`, `acknowledged`, `nobody` left to tell, `overdue` for an alert not acknowledged, or `waiting`."""
    if record.closed_at:
        return "closed"
    if record.acknowledged_at:
        return "acknowledged"
    if record.next_at is None:
        return "nobody"
    return "overdue" if record.step > 1 or record.next_at <= now else "waiting"
