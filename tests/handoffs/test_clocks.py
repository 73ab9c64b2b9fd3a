"""Promises count opening hours only: no night, bank holiday or lunch break, and no hour lost or found when the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from guildhall.handoffs.clocks import began_by, due_at, open_time
from guildhall.handoffs.config import DAYS, ExceptionDay, OpeningHours, Weekdays
from guildhall.handoffs.hours import Calendar

LONDON = ZoneInfo("Europe/London")
SPLIT = OpeningHours(
    name="Hub",
    weekdays=Weekdays(mon=("09:30-13:00", "13:30-16:00"), tue=("09:30-13:00", "13:30-16:00"), fri=("09:00-17:00",)),
    exceptions=(ExceptionDay(on=date(2026, 12, 24), open=("09:00-12:00",)),),
)
ALWAYS = OpeningHours(name="Duty", weekdays=Weekdays(**dict.fromkeys(DAYS, ("00:00-24:00",))), closed_on_bank_holidays=False)
CALENDAR = Calendar({"hub": SPLIT, "always": ALWAYS}, frozenset({date(2026, 12, 25), date(2026, 12, 28)}), LONDON)
TIMES = st.datetimes(datetime(2026, 10, 1), datetime(2027, 1, 20), timezones=st.just(UTC))  # noqa: DTZ001
LENGTHS = st.integers(1, 3000).map(lambda minutes: timedelta(minutes=minutes))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_the_gap_of_a_split_day_does_not_count() -> None:
    assert due_at(CALENDAR, "hub", at("2026-11-30T12:50"), minutes(30)) == at("2026-11-30T13:50")
    assert open_time(CALENDAR, "hub", at("2026-11-30T12:50"), at("2026-11-30T13:50")) == minutes(30)


def test_a_night_does_not_count() -> None:
    assert due_at(CALENDAR, "hub", at("2026-11-30T15:55"), minutes(10)) == at("2026-12-01T09:35")
    assert began_by(CALENDAR, "hub", at("2026-12-01T09:35"), minutes(10)) == at("2026-11-30T15:55")


def test_christmas_does_not_count() -> None:
    # Christmas Eve shuts at noon; Christmas Day, the weekend and the substitute day are shut; Tuesday the 29th opens at half past nine
    assert due_at(CALENDAR, "hub", at("2026-12-24T11:50"), minutes(30)) == at("2026-12-29T09:50")


def test_who_asks_when_it_is_shut_waits_from_the_opening() -> None:
    assert due_at(CALENDAR, "hub", at("2026-11-29T03:00"), minutes(10)) == at("2026-11-30T09:40")
    assert open_time(CALENDAR, "hub", at("2026-11-29T03:00"), at("2026-11-30T09:30")) == timedelta()


def test_the_night_the_clocks_go_back_has_its_extra_hour_and_the_one_in_spring_lacks_it() -> None:
    assert open_time(CALENDAR, "always", at("2026-10-25T00:00"), at("2026-10-26T00:00")) == timedelta(hours=25)
    assert open_time(CALENDAR, "always", at("2027-03-28T00:00"), at("2027-03-29T00:00")) == timedelta(hours=23)


def test_midnight_is_no_gap_where_it_is_always_open() -> None:
    assert open_time(CALENDAR, "always", at("2026-11-30T23:00"), at("2026-12-01T01:00")) == timedelta(hours=2)


def test_what_never_opens_is_never_due() -> None:
    assert due_at(CALENDAR, "nowhere", at("2026-11-30T12:00"), minutes(5)) is None
    assert began_by(CALENDAR, "nowhere", at("2026-11-30T12:00"), minutes(5)) is None


@given(TIMES, LENGTHS, st.sampled_from(["hub", "always"]))
def test_what_is_due_then_has_waited_so_long_and_not_a_moment_before(start: datetime, length: timedelta, hours: str) -> None:
    due = due_at(CALENDAR, hours, start, length)
    assert due is not None
    assert open_time(CALENDAR, hours, start, due) == length
    assert open_time(CALENDAR, hours, start, due - timedelta(seconds=1)) < length


@given(TIMES, TIMES, LENGTHS, st.sampled_from(["hub", "always"]))
def test_looking_back_finds_the_same_people_as_counting_each_wait(start: datetime, now: datetime, length: timedelta, hours: str) -> None:
    start, now = min(start, now), max(start, now)
    if now - start > timedelta(days=40):
        return
    began = began_by(CALENDAR, hours, now, length)
    assert began is not None
    assert (start <= began) == (open_time(CALENDAR, hours, start, now) >= length)
