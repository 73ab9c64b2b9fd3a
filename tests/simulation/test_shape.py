"""When residents come: the draws follow the shape, and the same seed draws the same."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from guildhall.simulation.shape import SEASONS, Shape, arrivals, make_shape

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 11, 2)
HOLIDAY = date(2026, 11, 18)


def days(first: date, many: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(many)]


def a_shape(first: date = MONDAY, many: int = 28, holidays: frozenset[date] = frozenset()) -> Shape:
    return make_shape(3, days(first, many), LONDON, holidays)


def test_the_same_seed_draws_the_same_arrivals_and_another_seed_others() -> None:
    shape = a_shape()
    assert arrivals(7, 500, shape) == arrivals(7, 500, shape)
    assert arrivals(7, 500, shape) != arrivals(8, 500, shape)


def test_arrivals_are_as_many_as_asked_for_in_order_and_within_the_days() -> None:
    drawn = arrivals(1, 3000, a_shape())
    assert len(drawn) == 3000
    assert all(before <= after for before, after in pairwise(drawn))
    assert {at.astimezone(LONDON).date() for at in drawn} <= set(days(MONDAY, 28))


def test_the_hours_drawn_fit_the_weights_by_chi_square() -> None:
    shape, many = a_shape(), 20_000
    weights = dict.fromkeys(range(24), 0.0)
    for day in shape.days:
        for hour in range(24):
            weights[hour] += shape.weight(datetime(day.year, day.month, day.day, hour, tzinfo=LONDON))
    drawn = Counter(at.astimezone(LONDON).hour for at in arrivals(11, many, shape))
    expected = {hour: many * weight / sum(weights.values()) for hour, weight in weights.items()}
    chi_square = sum((drawn[hour] - expected[hour]) ** 2 / expected[hour] for hour in range(24))
    assert chi_square < 49.7  # the 0.999 quantile with 23 degrees of freedom; the seed is fixed


def test_mondays_are_busiest_and_weekends_quiet() -> None:
    by_day = Counter(at.astimezone(LONDON).weekday() for at in arrivals(2, 20_000, a_shape()))
    assert by_day[0] == max(by_day.values())
    assert by_day[6] < by_day[5] < by_day[4]


def test_a_bank_holiday_is_quiet_and_the_day_after_it_is_not() -> None:
    shape = a_shape(holidays=frozenset({HOLIDAY}))
    ordinary = a_shape()
    assert shape.of_day(HOLIDAY) < 0.5 * ordinary.of_day(HOLIDAY)
    assert shape.of_day(HOLIDAY + timedelta(days=1)) > ordinary.of_day(HOLIDAY + timedelta(days=1))


def test_a_quarter_to_two_fifths_come_out_of_office_hours() -> None:
    drawn = arrivals(4, 10_000, a_shape())
    local = [at.astimezone(LONDON) for at in drawn]
    outside = sum(at.weekday() >= 5 or not 8.5 <= at.hour + at.minute / 60 < 17.5 for at in local)
    assert 0.25 < outside / len(local) < 0.42


def test_bills_are_asked_about_in_march_and_not_in_august() -> None:
    shape = a_shape()
    assert shape.season("bills", datetime(2026, 3, 3, tzinfo=UTC)) > 2 > shape.season("bills", datetime(2026, 8, 3, tzinfo=UTC))
    assert all(0 < factor < 4 for months in SEASONS.values() for factor in months.values())


def test_in_four_weeks_a_round_is_missed_and_our_search_fails_once() -> None:
    shape = a_shape()
    assert [incident.kind for incident in shape.incidents] == ["missed_round"]
    begins = shape.incidents[0].since
    assert shape.times("missed_round", begins) > 5 > shape.times("missed_round", begins - timedelta(hours=1)) == 1
    assert shape.weight(begins) > 1.4 * shape.weight(begins - timedelta(days=7)) or begins.date() < MONDAY + timedelta(days=7)
    (outage,) = shape.outages
    assert shape.is_out(outage.since) and not shape.is_out(outage.until)
