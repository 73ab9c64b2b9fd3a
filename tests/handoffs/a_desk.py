"""A small desk of plain values: queues, advisers and residents who wait."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from guildhall.handoffs.assigning import Rules, Seat
from guildhall.handoffs.config import DAYS, HandoffsFile, OpeningHours, Weekdays
from guildhall.handoffs.hours import Calendar
from guildhall.vocabulary.handoffs import Adviser, AdviserStatus, Handoff, HandoffStatus, Lane

WEDNESDAY = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
WEEK = OpeningHours(name="Office", weekdays=Weekdays(**dict.fromkeys(DAYS[:5], ("09:00-17:00",))))
CALENDAR = Calendar({"office": WEEK}, frozenset({date(2026, 12, 25), date(2026, 12, 28)}), ZoneInfo("Europe/London"))
FILE = HandoffsFile.model_validate(
    {
        "default_queue": "front-desk",
        "queues": {
            "front-desk": {"name": "customer services", "hours": "office"},
            "duty": {"name": "duty", "hours": "office", "urgent": True, "overflow": "front-desk"},
            "repairs": {"name": "repairs", "hours": "office"},
            "abuse": {"name": "domestic abuse", "hours": "office", "urgent": True, "overflow": "duty"},
        },
    },
    strict=False,
)


def rules(now: datetime = WEDNESDAY, **passed: dict[str, datetime]) -> Rules:
    return Rules(FILE, CALENDAR, now, passed)


def waits(number: int, minutes: float = 0, lane: Lane = Lane.ORDINARY, now: datetime = WEDNESDAY, **more: object) -> Handoff:
    """A live request that has waited for so many minutes."""
    at = now - timedelta(minutes=minutes)
    base = Handoff(f"h{number:05}", f"R{number}", f"c{number}", "front-desk", "person_requested", "", lane, HandoffStatus.REQUESTED, at)
    return replace(base, **({"live": True} | more))  # type: ignore[arg-type]


def seat(name: str, queues: Collection[str] = ("front-desk",), capacity: int = 1, holds: int = 0, **more: object) -> Seat:
    adviser = Adviser(name, name.title(), frozenset(queues), frozenset({"en"}), False, capacity, AdviserStatus.AVAILABLE)
    return Seat(replace(adviser, **more), holds)  # type: ignore[arg-type]
