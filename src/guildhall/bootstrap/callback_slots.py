"""Booking a callback: which times are offered. Shared by the page, the API and the phone."""

from datetime import datetime

from guildhall.bootstrap.house import Guildhall
from guildhall.handoffs.hours import Opening

SLOTS_OFFERED = 24
NAME_AT_MOST, NEEDS_AT_MOST = 100, 500


def offered_slots(guildhall: Guildhall, queue: str, now: datetime) -> tuple[Opening, ...]:
    """The times a queue can promise, soonest first, in the council's time zone."""
    handoffs = guildhall.profile.handoffs
    hours = handoffs.queues[queue].hours if queue in handoffs.queues else ""
    return guildhall.profile.calendar.slots(hours, now, handoffs.callback_slots_minutes, SLOTS_OFFERED)


def chosen_slot(starts_at: datetime, offered: tuple[Opening, ...]) -> Opening | None:
    """The offered slot that starts then, if it is still offered."""
    return next((slot for slot in offered if slot.starts_at == starts_at), None)
