"""Whether a door is open now, when it opens next, and which callback slots can be promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from guildhall.handoffs.config import OpeningHours, span_times

LOOK_AHEAD_DAYS = 21


@dataclass(frozen=True, slots=True)
class Opening:
    """A span of opening: aware start and end, in the council's time zone."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Calendar:
    """Opening hours with the bank holidays and time zone they are read in."""

    hours: Mapping[str, OpeningHours]
    bank_holidays: frozenset[date]
    zone: ZoneInfo

    def openings(self, key: str, day: date) -> tuple[Opening, ...]:
        """The spans of one day, after exceptions and bank holidays. An unknown key is never open."""
        hours = self.hours.get(key)
        if hours is None:
            return ()
        exception = next((item for item in hours.exceptions if item.on == day), None)
        if exception is not None:
            spans = exception.open
        elif hours.closed_on_bank_holidays and day in self.bank_holidays:
            spans = ()
        else:
            spans = hours.weekdays.of(day.weekday())
        pairs = [span_times(span) for span in spans]
        return tuple(Opening(datetime.combine(day, a, self.zone), datetime.combine(day, b, self.zone)) for a, b in pairs)

    def is_open(self, key: str, at: datetime) -> bool:
        """Whether it is open at an aware time."""
        local = at.astimezone(self.zone)
        return any(span.starts_at <= local < span.ends_at for span in self.openings(key, local.date()))

    def next_opening(self, key: str, at: datetime) -> datetime | None:
        """When it opens next, or now if it is open; None when it does not open within three weeks."""
        return next((max(span.starts_at, at.astimezone(self.zone)) for span in self._ahead(key, at)), None)

    def slots(self, key: str, at: datetime, minutes: int, count: int) -> tuple[Opening, ...]:
        """The next `count` slots of `minutes` that lie wholly in opening hours and start at least half a slot from now."""
        found: list[Opening] = []
        earliest = at.astimezone(self.zone) + timedelta(minutes=minutes / 2)
        for span in self._ahead(key, at):
            start = span.starts_at
            while start + timedelta(minutes=minutes) <= span.ends_at and len(found) < count:
                if start >= earliest:
                    found.append(Opening(start, start + timedelta(minutes=minutes)))
                start += timedelta(minutes=minutes)
            if len(found) >= count:
                break
        return tuple(found)

    def _ahead(self, key: str, at: datetime) -> list[Opening]:
        local = at.astimezone(self.zone)
        days = [local.date() + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS)]
        return [span for day in days for span in self.openings(key, day) if span.ends_at > local]


DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def hours_in_words(hours: OpeningHours) -> str:
    """A week of opening hours in words: Monday to Friday 8:30am to 5:30pm, Saturday 9am to 12:30pm."""
    runs: list[tuple[int, int, tuple[str, ...]]] = []
    for day in range(7):
        spans = hours.weekdays.of(day)
        if runs and runs[-1][2] == spans and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    if len(runs) == 1 and runs[0][2] == ("00:00-24:00",):
        return "24 hours a day, every day"
    told = []
    for first, last, spans in runs:
        if not spans:
            continue
        days = DAY_NAMES[first] if first == last else f"{DAY_NAMES[first]} {'to' if last - first > 1 else 'and'} {DAY_NAMES[last]}"
        told.append(f"{days} {' and '.join(_span_in_words(span) for span in spans)}")
    return ", ".join(told)


def _span_in_words(span: str) -> str:
    return " to ".join(time_in_words(part) for part in span.split("-"))


def time_in_words(text: str) -> str:
    """08:30 as 8:30am, 12:00 as midday, 24:00 as midnight."""
    hour, minute = (int(part) for part in text.split(":"))
    if minute == 0 and hour in (0, 12, 24):
        return "midday" if hour == 12 else "midnight"
    return f"{hour % 12 or 12}{f':{minute:02}' if minute else ''}{'am' if hour < 12 else 'pm'}"
