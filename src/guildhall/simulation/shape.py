"""When residents come: by hour, weekday, holiday and season, with what goes wrong now and then. Pure and seeded.

The profile is ours, made after what councils publish: Mondays are the busiest, the evening and the weekend bring about a third, bills come
out in March and April, cold months bring repairs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

WEEKDAYS: Final = (1.3, 1.1, 1.05, 1.0, 0.9, 0.42, 0.3)
"""Contacts of a day of the week, Monday first; an ordinary Thursday is 1."""
HOLIDAY: Final = 0.35
AFTER_CLOSED: Final = 1.15
"""The first working day after a bank holiday, on top of its weekday."""
HOURS: Final = (2, 1, 1, 1, 1, 3, 8, 18, 46, 88, 100, 90, 74, 70, 76, 74, 66, 52, 38, 32, 27, 21, 13, 6)
HOURS_OFF: Final = (4, 2, 1, 1, 1, 3, 8, 16, 34, 60, 78, 80, 74, 68, 66, 62, 60, 58, 52, 46, 40, 30, 18, 9)
SEASONS: Final[Mapping[str, Mapping[int, float]]] = {
    "bills": {2: 1.4, 3: 2.8, 4: 2.4, 5: 1.3},
    "collections": {1: 1.4, 12: 1.5},
    "gardens": {1: 0.5, 2: 1.2, 3: 2.0, 4: 1.8, 5: 1.5, 9: 1.1, 10: 1.0, 11: 0.6, 12: 0.3},
    "cold": {1: 1.7, 2: 1.6, 3: 1.2, 6: 0.7, 7: 0.6, 8: 0.6, 10: 1.2, 11: 1.5, 12: 1.7},
    "schools": {1: 1.8, 3: 2.0, 4: 2.0, 9: 1.7, 10: 2.0},
}
"""By what a month multiplies what people ask of a season's services; months that are not named leave it as it is."""
BUSY_MONTHS: Final[Mapping[int, float]] = {1: 1.1, 3: 1.25, 4: 1.2, 8: 0.88, 12: 0.92}


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that makes more people come about one thing. `factor` multiplies the contacts of those hours, `times` the thing's share."""

    kind: str
    since: datetime
    until: datetime
    factor: float
    times: float


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, aware."""

    since: datetime
    until: datetime

    def covers(self, at: datetime) -> bool:
        """Whether a time lies in it."""
        return self.since <= at < self.until


@dataclass(frozen=True)
class Shape:
    """The days that are simulated. `outages` are times in which our own search fails."""

    days: tuple[date, ...]
    zone: ZoneInfo
    holidays: Collection[date]
    incidents: tuple[Incident, ...]
    outages: tuple[Span, ...]

    def weight(self, hour: datetime) -> float:
        """How many come in the hour that begins then, against others."""
        day = hour.astimezone(self.zone).date()
        working = day.weekday() < 5 and day not in self.holidays
        profile = HOURS if working else HOURS_OFF
        share = profile[hour.astimezone(self.zone).hour] / sum(profile)
        weight = self.of_day(day) * share
        for incident in self.incidents:
            if incident.since <= hour < incident.until:
                weight *= incident.factor
        return weight

    def of_day(self, day: date) -> float:
        """How many come on a day, against an ordinary Thursday."""
        month = BUSY_MONTHS.get(day.month, 1.0)
        if day in self.holidays:
            return HOLIDAY * month
        catching_up = AFTER_CLOSED if day - timedelta(days=1) in self.holidays and day.weekday() < 5 else 1.0
        return WEEKDAYS[day.weekday()] * catching_up * month

    def season(self, name: str, at: datetime) -> float:
        """By what a season multiplies its services then."""
        return SEASONS[name].get(at.astimezone(self.zone).month, 1.0) if name else 1.0

    def times(self, kind: str, at: datetime) -> float:
        """By what an incident multiplies what people ask about it then."""
        return max((one.times for one in self.incidents if one.kind == kind and one.since <= at < one.until), default=1.0)

    def is_out(self, at: datetime) -> bool:
        """Whether our own search fails then."""
        return any(span.covers(at) for span in self.outages)


def make_shape(seed: int, days: Sequence[date], zone: ZoneInfo, holidays: Collection[date]) -> Shape:
    """The shape of some days: in each four weeks, as far as there are working days, one missed bin round and one outage of our own."""
    working = [day for day in days if day.weekday() < 5 and day not in holidays]
    incidents, outages = [], []
    for start in range(0, len(working), 20):
        some = working[start : start + 20]
        random = Random(f"{seed}:shape:{start}")
        if len(some) >= 2:
            begins = datetime.combine(random.choice(some), time(10), zone)
            incidents.append(Incident("missed_round", begins, begins + timedelta(hours=29), 1.5, 9.0))
        if len(some) >= 3:
            began = datetime.combine(random.choice(some), time(random.randrange(9, 16), random.choice((0, 20, 40))), zone)
            outages.append(Span(began, began + timedelta(minutes=random.choice((60, 90, 120)))))
    return Shape(tuple(days), zone, frozenset(holidays), tuple(incidents), tuple(outages))


def arrivals(seed: int, contacts: int, shape: Shape) -> list[datetime]:
    """When each contact begins, in order: as many as asked for, drawn over every hour of the days. Hours that the clock leaves out have none."""
    hours = [datetime.combine(day, time(hour), shape.zone) for day in shape.days for hour in range(24)]
    random = Random(f"{seed}:arrivals")
    drawn = random.choices(hours, [shape.weight(hour) for hour in hours], k=contacts)
    return sorted(hour + timedelta(seconds=random.uniform(0, 3600)) for hour in drawn)
