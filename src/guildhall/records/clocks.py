"""The clocks of rights requests: when something is due by law, and whether it was done by then."""

import calendar
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from guildhall.vocabulary.rights import RightsKind, RightsStep

ACKNOWLEDGE_DAYS: Final = 30
BREACH_HOURS: Final = 72
MONTHS, MONTHS_EXTENDED = 1, 3


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing that is due. `step` stops it; without `due_at` it is due without undue delay."""

    what: str
    step: RightsStep
    due_at: datetime | None
    done_at: datetime | None = None

    def late(self, now: datetime) -> bool:
        """Whether it is, or was, done too late."""
        return self.due_at is not None and (self.done_at or now) > self.due_at

    def in_words(self, now: datetime) -> str:
        """For a list: done, late, or how long there is."""
        if self.done_at is not None:
            return f"{self.what} {self.done_at:%d %b %Y}{', LATE' if self.late(now) else ''}"
        if self.due_at is None:
            return f"{self.what} without undue delay"
        left = self.due_at - now
        if left < timedelta():
            return f"{self.what} OVERDUE since {self.due_at:%d %b %Y %H:%M}"
        room = f"{left.days} days left" if left.days >= 2 else f"{int(left.total_seconds() // 3600)} hours left"
        return f"{self.what} by {self.due_at:%d %b %Y %H:%M} ({room})"


def clocks_of(
    kind: RightsKind, received_at: datetime, steps: Sequence[tuple[RightsStep, datetime]], zone: ZoneInfo, holidays: Collection[date]
) -> tuple[Clock, ...]:
    """Every clock of a request, in the council's time zone. `steps` are those taken, oldest first."""
    taken: dict[RightsStep, datetime] = {}
    for step, at in steps:
        taken.setdefault(step, at)
    received = received_at.astimezone(zone).date()
    if kind == RightsKind.BREACH:
        due = received_at + timedelta(hours=BREACH_HOURS)
        return (Clock("tell the regulator, if it must be told,", RightsStep.ANSWERED, due, taken.get(RightsStep.ANSWERED)),)
    answered = taken.get(RightsStep.ANSWERED)
    if kind == RightsKind.COMPLAINT:
        last = received + timedelta(days=ACKNOWLEDGE_DAYS - 1)  # the day it came is the first
        told = taken.get(RightsStep.ACKNOWLEDGED)
        return (
            Clock("acknowledge", RightsStep.ACKNOWLEDGED, end_of(last, zone), told),
            Clock("answer", RightsStep.ANSWERED, None, answered),
        )
    months = MONTHS_EXTENDED if RightsStep.EXTENDED in taken else MONTHS
    return (Clock("answer", RightsStep.ANSWERED, end_of(working_day(months_later(received, months), holidays), zone), answered),)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def working_day(day: date, holidays: Collection[date]) -> date:
    """The day, or the next one that is neither at a weekend nor a bank holiday."""
    while day.weekday() >= 5 or day in holidays:
        day += timedelta(days=1)
    return day


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day."""
    return datetime.combine(day, time(23, 59, 59), zone)
