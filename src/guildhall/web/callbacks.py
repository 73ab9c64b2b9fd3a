"""Booking a callback: which times are offered, and whether a number is one we can phone. Shared by the page and the API."""

from datetime import datetime

import phonenumbers

from guildhall.bootstrap.house import Guildhall
from guildhall.handoffs.hours import Opening

SLOTS_OFFERED = 24
NAME_AT_MOST, NEEDS_AT_MOST, PHONE_AT_MOST = 100, 500, 40
UK_REGIONS = ("GB", "GG", "JE", "IM")
# Ofcom keeps these for drama: they ring nowhere, and demonstrations use them.
DRAMA = ((1632960000, 1632960999), (7700900000, 7700900999), (8081570000, 8081570999))


def uk_phone(text: str) -> str:
    """A UK number as it is written nationally; empty when it is none. Premium-rate numbers are refused."""
    try:
        number = phonenumbers.parse(text[:PHONE_AT_MOST], "GB")
    except phonenumbers.NumberParseException:
        return ""
    if number.country_code != 44 or number.extension:
        return ""
    drama = any(low <= (number.national_number or 0) <= high for low, high in DRAMA)
    valid = any(phonenumbers.is_valid_number_for_region(number, region) for region in UK_REGIONS)
    premium = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE
    if not drama and (not valid or premium):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))


def offered_slots(guildhall: Guildhall, queue: str, now: datetime) -> tuple[Opening, ...]:
    """The times a queue can promise, soonest first, in the council's time zone."""
    handoffs = guildhall.profile.handoffs
    hours = handoffs.queues[queue].hours if queue in handoffs.queues else ""
    return guildhall.profile.calendar.slots(hours, now, handoffs.callback_slots_minutes, SLOTS_OFFERED)


def chosen_slot(starts_at: datetime, offered: tuple[Opening, ...]) -> Opening | None:
    """The offered slot that starts then, if it is still offered."""
    return next((slot for slot in offered if slot.starts_at == starts_at), None)
