"""Until when a conversation may be put aside: always a time at which its team is there to take it up again."""

from datetime import datetime, timedelta

from guildhall.handoffs.desk_file import SnoozeFor
from guildhall.handoffs.hours import Calendar

LENGTHS = {SnoozeFor.QUARTER: timedelta(minutes=15), SnoozeFor.HOUR: timedelta(hours=1)}
AT_MOST = timedelta(days=14)


def snooze_until(calendar: Calendar, hours: str, chosen: SnoozeFor, now: datetime) -> datetime | None:
    """When the conversation comes back; None when the team is not open in the next three weeks."""
    local = now.astimezone(calendar.zone)
    if chosen in LENGTHS:
        return calendar.next_opening(hours, now + LENGTHS[chosen])
    days = 1 if chosen == SnoozeFor.TOMORROW else 7 - local.weekday()
    morning = (local + timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    return calendar.next_opening(hours, morning)


def within_hours(calendar: Calendar, hours: str, wanted: datetime, now: datetime) -> datetime | None:
    """A time that an adviser wrote down, moved to when the team is there; None when it is past, or too far away."""
    if not now < wanted <= now + AT_MOST:
        return None
    return calendar.next_opening(hours, wanted)


def choices(calendar: Calendar, hours: str, now: datetime) -> list[tuple[SnoozeFor, datetime]]:
    """What is offered, each with when it ends; two that would end at the same time are offered once."""
    found: list[tuple[SnoozeFor, datetime]] = []
    for chosen in SnoozeFor:
        until = snooze_until(calendar, hours, chosen, now)
        if until and until not in [known for _, known in found]:
            found.append((chosen, until))
    return found
