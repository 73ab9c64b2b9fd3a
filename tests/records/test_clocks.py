"""The law's clocks, under a clock that stands still."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guildhall.records.clocks import clocks_of, months_later, working_day
from guildhall.vocabulary.rights import RightsKind, RightsStep

LONDON = ZoneInfo("Europe/London")
NONE: frozenset[date] = frozenset()


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 9, 3), date(2026, 10, 5)),  # 3 October is a Saturday
        (date(2026, 1, 31), date(2026, 3, 2)),  # February has no 31st, and its 28th is a Saturday
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas, a weekend, and the day given for Boxing Day
        (date(2027, 11, 30), date(2027, 12, 30)),
    ],
)
def test_access_is_answered_within_a_month_or_on_the_next_working_day(received: date, due: date) -> None:
    holidays = {date(2026, 12, 25), date(2026, 12, 28)}
    (clock,) = clocks_of(RightsKind.ACCESS, datetime(received.year, received.month, received.day, 9, tzinfo=LONDON), (), LONDON, holidays)
    assert clock.due_at is not None
    assert clock.due_at.date() == due
    assert not clock.late(clock.due_at)
    assert clock.late(clock.due_at + timedelta(seconds=1))


def test_extended_it_is_three_months_from_the_start() -> None:
    received = datetime(2026, 3, 2, 12, tzinfo=UTC)
    (clock,) = clocks_of(RightsKind.ERASURE, received, [(RightsStep.EXTENDED, received)], LONDON, NONE)
    assert clock.due_at is not None and clock.due_at.date() == date(2026, 6, 2)


def test_a_complaint_is_acknowledged_within_thirty_days_the_first_counted() -> None:
    received = datetime(2026, 11, 1, 8, tzinfo=UTC)
    told, answered = clocks_of(RightsKind.COMPLAINT, received, (), LONDON, NONE)
    assert told.due_at is not None and told.due_at.date() == date(2026, 11, 30)
    assert answered.due_at is None and answered.in_words(received) == "answer without undue delay"
    told, _ = clocks_of(RightsKind.COMPLAINT, received, [(RightsStep.ACKNOWLEDGED, received + timedelta(days=31))], LONDON, NONE)
    assert told.late(received) and "LATE" in told.in_words(received)


def test_a_breach_has_seventy_two_hours_weekends_included() -> None:
    received = datetime(2026, 11, 27, 18, tzinfo=UTC)  # a Friday
    (clock,) = clocks_of(RightsKind.BREACH, received, (), LONDON, NONE)
    assert clock.due_at == received + timedelta(hours=72)
    assert "3 days left" in clock.in_words(received)
    assert "OVERDUE" in clock.in_words(received + timedelta(hours=73))


def test_the_day_it_came_is_the_councils_day() -> None:
    late_evening = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # already 1 July in London
    (clock,) = clocks_of(RightsKind.ACCESS, late_evening, (), LONDON, NONE)
    assert clock.due_at is not None and clock.due_at.date() == date(2026, 8, 3)  # 1 August is a Saturday


def test_months_and_working_days() -> None:
    assert months_later(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert working_day(date(2026, 12, 25), {date(2026, 12, 25), date(2026, 12, 28)}) == date(2026, 12, 29)
