"""A conversation is put aside until a time at which its team is there."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from guildhall.handoffs.config import OpeningHours
from guildhall.handoffs.desk_file import SnoozeFor
from guildhall.handoffs.hours import Calendar
from guildhall.handoffs.snoozing import choices, snooze_until, within_hours

WEEK = {day: ["08:30-12:00", "13:00-17:30"] for day in ("mon", "tue", "wed", "thu", "fri")}
CALENDAR = Calendar(
    {"office": OpeningHours.model_validate_json(__import__("json").dumps({"name": "Office", "weekdays": WEEK}))},
    frozenset({date(2026, 12, 25), date(2026, 12, 28)}),
    ZoneInfo("Europe/London"),
)
WEDNESDAY = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("chosen", "now", "until"),
    [
        (SnoozeFor.QUARTER, WEDNESDAY, datetime(2026, 11, 25, 11, 15, tzinfo=UTC)),
        (SnoozeFor.HOUR, WEDNESDAY, datetime(2026, 11, 25, 13, 0, tzinfo=UTC)),  # the hour ends in the lunch break
        (SnoozeFor.TOMORROW, WEDNESDAY, datetime(2026, 11, 26, 8, 30, tzinfo=UTC)),
        (SnoozeFor.NEXT_WEEK, WEDNESDAY, datetime(2026, 11, 30, 8, 30, tzinfo=UTC)),
        (SnoozeFor.TOMORROW, datetime(2026, 12, 24, 11, 0, tzinfo=UTC), datetime(2026, 12, 29, 8, 30, tzinfo=UTC)),
        (SnoozeFor.HOUR, datetime(2026, 11, 27, 17, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 30, tzinfo=UTC)),
        (SnoozeFor.NEXT_WEEK, datetime(2026, 11, 29, 23, 30, tzinfo=UTC), datetime(2026, 11, 30, 8, 30, tzinfo=UTC)),
    ],
)
def test_it_comes_back_when_the_team_is_open(chosen: SnoozeFor, now: datetime, until: datetime) -> None:
    assert snooze_until(CALENDAR, "office", chosen, now) == until


def test_the_clocks_going_back_do_not_move_the_opening() -> None:
    assert snooze_until(CALENDAR, "office", SnoozeFor.NEXT_WEEK, datetime(2026, 10, 23, 11, 0, tzinfo=UTC)) == datetime(
        2026, 10, 26, 8, 30, tzinfo=UTC
    )


def test_choices_that_end_together_are_offered_once() -> None:
    friday_evening = datetime(2026, 11, 27, 17, 25, tzinfo=UTC)
    assert [chosen for chosen, _ in choices(CALENDAR, "office", friday_evening)] == [SnoozeFor.QUARTER]


def test_a_time_that_is_past_or_weeks_away_is_no_snooze() -> None:
    assert within_hours(CALENDAR, "office", datetime(2026, 11, 25, 10, 59, tzinfo=UTC), WEDNESDAY) is None
    assert within_hours(CALENDAR, "office", datetime(2026, 12, 25, 10, 59, tzinfo=UTC), WEDNESDAY) is None
    assert within_hours(CALENDAR, "office", datetime(2026, 11, 28, 9, 0, tzinfo=UTC), WEDNESDAY) == datetime(
        2026, 11, 30, 8, 30, tzinfo=UTC
    )


def test_a_team_that_never_opens_offers_nothing() -> None:
    assert choices(CALENDAR, "nobody", WEDNESDAY) == []
