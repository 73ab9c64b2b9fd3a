"""Promises about waiting, counted in a queue's opening hours: how long somebody has waited, when a promise is due, who has waited too long.

A night, a bank holiday and the gap of a split day do not count. All arithmetic is in UTC: subtracting two local times would be an hour
out on the two days a year when the clocks change.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from guildhall.handoffs.hours import Calendar, Opening

LOOK_DAYS: Final = 60
"""No promise is counted over more days than this."""
Span = tuple[datetime, datetime]


def open_time(calendar: Calendar, hours: str, start: datetime, end: datetime) -> timedelta:
    """How long it was open between two times."""
    spans = _spans(calendar, hours, _local(calendar, start), _local(calendar, end))
    return sum((max(timedelta(), min(until, end) - max(since, start)) for since, until in spans), timedelta())


def due_at(calendar: Calendar, hours: str, start: datetime, length: timedelta) -> datetime | None:
    """When it will have been open for so long since then; None when that is too far away."""
    first = _local(calendar, start)
    left = length
    for since, until in _spans(calendar, hours, first, first + timedelta(days=LOOK_DAYS)):
        begins = max(since, start.astimezone(UTC))
        if until - begins >= left:
            return begins + left
        left -= max(timedelta(), until - begins)
    return None


def began_by(calendar: Calendar, hours: str, now: datetime, length: timedelta) -> datetime | None:
    """The latest time that is so long ago in opening hours: who began to wait then or earlier has waited as long. None when nobody has."""
    last = _local(calendar, now)
    left = length
    for since, until in reversed(list(_spans(calendar, hours, last - timedelta(days=LOOK_DAYS), last))):
        ends = min(until, now.astimezone(UTC))
        if ends - since >= left:
            return ends - left
        left -= max(timedelta(), ends - since)
    return None


def _local(calendar: Calendar, at: datetime) -> date:
    return at.astimezone(calendar.zone).date()


def _spans(calendar: Calendar, hours: str, first: date, last: date) -> Iterator[Span]:
    """The spans of those days in order, in UTC, with spans that touch or overlap made one."""
    days = ((last - first).days + 1) if last >= first else 0
    current: Span | None = None
    for span in sorted(_utc(span) for n in range(days) for span in calendar.openings(hours, first + timedelta(days=n))):
        if current and span[0] <= current[1]:
            current = (current[0], max(current[1], span[1]))
            continue
        if current:
            yield current
        current = span
    if current:
        yield current


def _utc(span: Opening) -> Span:
    ends = span.ends_at
    if ends.time() == time.max:  # 24:00 stands in the calendar as the last microsecond of the day
        ends = (ends + timedelta(microseconds=1)).replace(fold=0)
    return span.starts_at.astimezone(UTC), ends.astimezone(UTC)
