"""Dates, amounts and durations as they stand in spreadsheets: read as they were meant, or refused with the reason."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.value.baselines.amounts import read_count, read_number, read_pence
from guildhall.value.baselines.cells import CellError, shown
from guildhall.value.baselines.dates import DateOrder, DateReading, SeenDates, read_clock
from guildhall.value.baselines.durations import DurationUnit, read_seconds
from tests.value.baselines.files import TERMS

READING = DateReading(TERMS.today, TERMS.zone)
DAYS = st.dates(date(2000, 1, 1), TERMS.today)
WRITTEN = ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d-%b-%y", "%d.%m.%Y", "%B %d, %Y", "%a %d %b %Y", "%d/%m/%y", "%Y%m%d", "%A, %d %B %Y")


@given(DAYS, st.sampled_from(WRITTEN))
def test_a_date_is_read_back_however_it_was_written(day: date, written: str) -> None:
    assert READING.read(day.strftime(written)).date() == day


@given(st.datetimes(datetime(2000, 1, 2), datetime(2026, 11, 24)))
def test_a_spreadsheets_number_is_the_moment_it_stands_for(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    assert abs(READING.read(serial) - moment) <= timedelta(seconds=1)


@given(DAYS)
def test_with_the_month_first_a_mapping_reads_the_other_order(day: date) -> None:
    assert DateReading(TERMS.today, TERMS.zone, DateOrder.MONTH_FIRST).read(day.strftime("%m/%d/%Y")).date() == day


@pytest.mark.parametrize(
    ("cell", "means"),
    [
        ("03/04/2025 14:05:09", datetime(2025, 4, 3, 14, 5, 9)),
        ("3/4/25 2.05pm", datetime(2025, 4, 3, 14, 5)),
        ("2025-07-03T10:00:00Z", datetime(2025, 7, 3, 11, 0)),
        ("2025-07-03T10:00:00+02:00", datetime(2025, 7, 3, 9, 0)),
        (datetime(2025, 1, 3, 10, 0, tzinfo=UTC), datetime(2025, 1, 3, 10, 0)),
        ("45750", datetime(2025, 4, 3)),
        (45750.5, datetime(2025, 4, 3, 12)),
        ("Thu 3rd April 2025", None),
        ("3rd Sept 2025", datetime(2025, 9, 3)),
    ],
)
def test_moments(cell: Any, means: datetime | None) -> None:
    assert READING.read(cell) == (means or datetime(2025, 4, 3))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("31/02/2025", "no such day"),
        ("04/25/2025", "impossible with the day first"),
        ("2025-13-01", "no such day"),
        ("25/12/2026", "has not happened yet"),
        ("03/04/1925", "before the year 2000"),
        (7, "is no date"),
        ("soon", "is no date that is known here"),
        ("3 Floréal 2025", "is no date"),
        ("", "there is no date"),
        (None, "there is no date"),
        ("=TODAY()", "a formula stands where its value should"),
        ("#REF!", "the error #REF!"),
        ("03/04/2025 25:00", "impossible time"),
        (True, "is no date"),
    ],
)
def test_what_is_no_date_is_said(cell: Any, said: str) -> None:
    with pytest.raises(CellError, match=said):
        READING.read(cell)


def test_a_date_that_could_be_two_is_refused_when_the_file_holds_both_orders() -> None:
    seen = SeenDates()
    for cell in ("25/04/2025", "04/25/2025", "03/04/2025"):
        seen.see(cell)
    reading = DateReading(TERMS.today, TERMS.zone, seen=seen)
    assert reading.read("25/04/2025").day == 25 and reading.read("04/04/2025").day == 4
    with pytest.raises(CellError, match="ambiguous: other dates in this file have the month first"):
        reading.read("03/04/2025")


def test_dates_that_a_program_turned_round_are_refused() -> None:
    seen = SeenDates()
    for cell in (datetime(2025, 4, 3), datetime(2025, 5, 12), "25/04/2025"):
        seen.see(cell)
    with pytest.raises(CellError, match="day and month turned round"):
        DateReading(TERMS.today, TERMS.zone, seen=seen).read(datetime(2025, 4, 3))


@pytest.mark.parametrize(
    "cell", ["April 2025", "Apr-25", "2025-04", "04/2025", "17/04/2025", 202504, date(2025, 4, 30), "Apr 2025", "30 April 2025"]
)
def test_a_month_from_whatever_names_it(cell: Any) -> None:
    assert READING.read_month(cell) == date(2025, 4, 1)


@pytest.mark.parametrize("cell", ["Q1 2025", "2024/25", "13/2025", "Movember 2025", None])
def test_what_names_no_month_is_refused(cell: Any) -> None:
    with pytest.raises(CellError):
        READING.read_month(cell)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["plain", "brackets", "minus after pound", "spaces", "minus after", "float"]))
def test_an_amount_is_read_back_to_the_penny_however_it_was_written(pence: int, how: str) -> None:
    pounds, sign = f"{abs(pence) / 100:,.2f}" if abs(pence) < 10**11 else f"{Decimal(abs(pence)) / 100:,.2f}", "-" if pence < 0 else ""
    spaced = pounds.replace(",", "\u00a0")
    written: Any = {
        "plain": f"{sign}£{pounds}",
        "brackets": f"(£{pounds})" if pence < 0 else f"£{pounds}",
        "minus after pound": f"£{sign}{pounds}",
        "spaces": f" {sign}£ {spaced} ",
        "minus after": f"£{pounds}{sign}",
        "float": pence / 100,
    }[how]
    assert read_pence(written) == (pence, False)


@given(st.decimals(-(10**9), 10**9, places=4))
def test_a_number_is_read_back(number: Decimal) -> None:
    assert read_number(f"{number:,}")[0] == number
    assert read_number(f"{number}%")[0] == number / 100


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("1.234,56", "a comma stands where the decimal point is expected"),
        ("1,23", "comma stands where the decimal point"),
        ("12,34,567.00", "is no number"),
        ("-", "write 0 for nothing"),
        ("n/a", "write 0 for nothing"),
        ("100 CR", "a debit or a credit"),
        ("(-5)", "both brackets and a sign"),
        ("5%", "a percentage, not an amount"),
        ("=SUM(A1:A9)", "a formula"),
        ("#DIV/0!", "the error"),
        ("about 5", "is no number"),
        (datetime(2025, 4, 3), "is no number"),
        (float("nan"), "no number that can be meant"),
        (float("inf"), "no number that can be meant"),
        ("1" * 30, "no number that can be meant"),
        ("", "there is no number"),
    ],
)
def test_what_is_no_amount_is_said(cell: Any, said: str) -> None:
    with pytest.raises(CellError, match=said):
        read_pence(cell)


def test_parts_of_a_penny_are_rounded_and_said() -> None:
    assert read_pence("£2.834") == (283, True)
    assert read_pence(0.1 + 0.2) == (30, False)


def test_a_count_is_whole_and_not_below_zero() -> None:
    assert read_count("1,204") == 1204 and read_count(7.0) == 7
    for cell in ("2.5", "-1", "10%"):
        with pytest.raises(CellError, match="no whole number"):
            read_count(cell)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [("00:03:20", 200), ("3:20", 200), ("1:00:00", 3600), (200, 200), ("200", 200), ("3m 20s", 200), ("1h 2m", 3720), (time(0, 3, 20), 200),
     (timedelta(minutes=3), 180), ("95 sec", 95), (datetime(1899, 12, 30, 0, 2), 120), ("3:20.500", 200)],
)  # fmt: skip
def test_durations(cell: Any, seconds: int) -> None:
    assert read_seconds(cell) == seconds


def test_minutes_and_parts_of_a_day_are_said_by_the_mapping() -> None:
    assert read_seconds("1.5", DurationUnit.MINUTES) == 90
    assert read_seconds(0.5, DurationUnit.DAYS) == 43200


@pytest.mark.parametrize("cell", ["-5", "3:99", "1:75:00", "two minutes", 90000, "5%", datetime(2025, 4, 3), ""])
def test_what_is_no_duration_is_refused(cell: Any) -> None:
    with pytest.raises(CellError):
        read_seconds(cell)


@given(st.times())
def test_a_clock_is_read_back(clock: time) -> None:
    clock = clock.replace(microsecond=0)
    assert read_clock(clock.strftime("%H:%M:%S")) == clock
    assert read_clock(clock.strftime("%I:%M:%S %p")) == clock


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.none()))
def test_whatever_stands_in_a_cell_is_read_or_refused_and_never_more(cell: Any) -> None:
    for read in (READING.read, READING.read_month, read_pence, read_number, read_seconds, read_clock, read_count):
        try:
            read(cell)
        except CellError as error:
            assert str(error)


@pytest.mark.parametrize("cell", ["ring 01632 960123", "pat@example.org", "AB1 2CD", "AB 12 34 56 C", "+44 1632 960 123"])
def test_a_report_never_shows_what_looks_like_personal_data(cell: str) -> None:
    assert shown(cell) == "what looks like personal data"
