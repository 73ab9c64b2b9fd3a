"""Opening hours: split days, bank holidays, exceptions, the next opening and the slots that can be promised."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from guildhall.handoffs.config import ExceptionDay, OpeningHours, Weekdays
from guildhall.handoffs.hours import Calendar, hours_in_words

SPLIT = OpeningHours(
    name="Hub",
    weekdays=Weekdays(mon=("09:30-13:00", "13:30-16:00"), fri=("09:00-17:00",)),
    exceptions=(ExceptionDay(on=date(2026, 12, 24), open=("09:00-12:00",)),),
)
ALWAYS = OpeningHours(
    name="Duty",
    weekdays=Weekdays(**dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",))),
    closed_on_bank_holidays=False,
)
CALENDAR = Calendar({"hub": SPLIT, "always": ALWAYS}, frozenset({date(2026, 12, 25), date(2026, 12, 28)}), ZoneInfo("Europe/London"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_it_is_shut_in_the_gap_of_a_split_day() -> None:
    assert CALENDAR.is_open("hub", at("2026-11-30T12:59"))
    assert not CALENDAR.is_open("hub", at("2026-11-30T13:15"))
    assert CALENDAR.is_open("hub", at("2026-11-30T13:30"))


def test_summer_time_is_the_councils_own() -> None:
    assert CALENDAR.is_open("hub", at("2026-06-01T08:30"))


def test_a_bank_holiday_is_shut_and_an_exception_has_its_own_hours() -> None:
    assert not CALENDAR.is_open("hub", at("2026-12-28T10:00"))
    assert CALENDAR.is_open("hub", at("2026-12-24T10:00"))
    assert CALENDAR.is_open("always", at("2026-12-25T03:00"))


def test_an_unknown_door_is_never_open() -> None:
    assert not CALENDAR.is_open("nowhere", at("2026-11-30T10:00"))
    assert CALENDAR.next_opening("nowhere", at("2026-11-30T10:00")) is None


def test_the_next_opening_skips_shut_days() -> None:
    opens = CALENDAR.next_opening("hub", at("2026-11-28T10:00"))
    assert opens is not None
    assert opens.isoformat() == "2026-11-30T09:30:00+00:00"


def test_slots_lie_wholly_in_opening_hours_and_not_too_soon() -> None:
    slots = CALENDAR.slots("hub", at("2026-11-30T11:50"), 60, 3)
    assert [f"{slot.starts_at:%a %H:%M}" for slot in slots] == ["Mon 13:30", "Mon 14:30", "Fri 09:00"]


def test_hours_are_told_in_words() -> None:
    assert hours_in_words(SPLIT) == "Monday 9:30am to 1pm and 1:30pm to 4pm, Friday 9am to 5pm"
    assert hours_in_words(ALWAYS) == "24 hours a day, every day"


def test_a_span_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ValidationError, match="closes before it opens"):
        Weekdays(mon=("17:00-09:00",))
