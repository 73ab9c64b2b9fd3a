"""What the queries give is what plain Python gives over the same rows, and each figure says how sure it is and what it left out."""

import json
from datetime import UTC, date, datetime, timedelta
from math import isnan
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from scipy import stats

from guildhall.storage.analysis.measuring import Measuring
from guildhall.value.measures.book import MeasureBook, book_of
from guildhall.value.measures.config import ValueFile
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.ladder import Rung
from tests.storage.analysis.plainly import plainly
from tests.storage.analysis.small_views import DAY, SmallViews

NOW = datetime(2026, 11, 1, tzinfo=UTC)
COUNTS = {
    "everyone": {"of": "contacts"},
    "met": {"of": "contacts", "where": {"rung": ["verified", "transferred_right"]}},
    "not_blocked": {"of": "contacts", "where": {"rung": "not blocked"}},
    "known": {"of": "contacts", "where": {"satisfaction": "is known"}},
    "nameless": {"of": "contacts", "where": {"service": "is not known"}},
    "named": {"of": "contacts", "where": {"service": "is known"}},
    "pleased": {"of": "contacts", "where": {"satisfaction": ">= 4"}},
    "whole": {"of": "contacts", "where": {"parts_answered": ">= parts_asked", "again_24h": "not true"}},
    "requests": {"of": "waits", "where": {"ending": ["reached", "abandoned", "still"]}},
    "reached": {"of": "waits", "where": {"ending": "reached"}},
    "brief": {"of": "waits", "where": {"seconds": "< 10"}},
    "replies": {"of": "turns", "where": {"grounded": True}},
    "judged": {"of": "audits", "where": {"mark": ["right", "partly_right", "wrong"]}},
    "right": {"of": "audits", "where": {"mark": "right"}},
}
COSTS = {
    "call": {"label": "A call", "pence": 283, "per": "contact", "source": "a source that says so", "as_of": "2026-01-01"},
    "hour": {"label": "An hour", "pence": 2400, "per": "hour", "source": "a source that says so", "as_of": "2026-01-01"},
    "year": {"label": "A year", "pence": 36525, "per": "year", "source": "a source that says so", "as_of": "2026-01-01"},
}
FORMULAS = {
    "count": "not_blocked - met",
    "names": "nameless + 2 * named",
    "met_share": "share(met of everyone)",
    "pleased_share": "share(pleased of known)",
    "whole_share": "share(whole of not_blocked)",
    "brief_share": "share(brief of requests)",
    "median": "p50(waited_seconds of everyone)",
    "ninth": "p90(seconds of requests)",
    "waiting": "p50(seconds of requests until reached)",
    "waiting90": "p90(seconds of requests until reached)",
    "most": "longest(seconds of requests)",
    "score": "mean(satisfaction of known)",
    "parts": "sum(parts_answered of everyone) / sum(parts_asked of everyone)",
    "money": "met * cost(call) - -(sum(handled_seconds of everyone) * cost(hour))",
    "each": "(everyone * cost(call)) / met",
    "nested": "(met_share - pleased_share) * count",
    "turns": "replies / everyone",
    "accuracy": "weighted(right of judged)",
    "inaccuracy": "1 - weighted(right of judged)",
}
UNITS = {"count": "count", "names": "count", "median": "seconds", "ninth": "seconds", "waiting": "seconds", "waiting90": "seconds", "most": "seconds",
         "score": "score", "money": "pence", "each": "pence", "nested": "count", "turns": "ratio"}  # fmt: skip


def entry(formula: str, unit: str, **more: Any) -> dict[str, Any]:
    return {
        "label": "A measure",
        "about": "What it says, in a sentence.",
        "unit": unit,
        "formula": formula,
        "source": "the record itself",
        **more,
    }


def book(**measures: dict[str, Any]) -> MeasureBook:
    every = {key: entry(formula, UNITS.get(key, "share")) for key, formula in FORMULAS.items()} | measures
    return book_of(ValueFile.model_validate_json(json.dumps({"counts": COUNTS, "unit_costs": COSTS, "measures": every})))


def measuring(views: SmallViews, its_book: MeasureBook | None = None) -> Measuring:
    return Measuring(views, its_book or book(), NOW, "data", lambda: NOW)


YES_NO = some.sampled_from([True, False, None])
CONTACT = some.fixed_dictionaries({
    "rung": some.sampled_from(list(map(str, Rung))), "channel": some.sampled_from(["web", "phone"]), "service": some.sampled_from(["", "bins", None]),
    "satisfaction": some.sampled_from([None, 1, 2, 3, 4, 5]), "parts_asked": some.integers(0, 3), "parts_answered": some.integers(0, 3),
    "again_24h": YES_NO, "waited_seconds": some.sampled_from([None, 0.0, 1.5, 9.0, 60.0, 61.0]), "handled_seconds": some.sampled_from([None, 0.0, 300.0]),
})  # fmt: skip
WAIT = some.fixed_dictionaries(
    {
        "ending": some.sampled_from(["reached", "abandoned", "still", "withdrawn"]),
        "seconds": some.sampled_from([0.0, 5.0, 9.9, 10.0, 30.0, 31.0]),
    }
)
TURN = some.fixed_dictionaries({"grounded": YES_NO})
WEIGHTS = {"a": 1.0, "b": 2.5, "c": 40.0}  # rows of one stratum stand for equally many
AUDIT = some.fixed_dictionaries(
    {
        "mark": some.sampled_from(["right", "partly_right", "wrong", "cannot_tell"]),
        "stratum": some.sampled_from(sorted(WEIGHTS)),
        "language": some.sampled_from(["en", "pl"]),
    }
).map(lambda row: row | {"weight": WEIGHTS[row["stratum"]]})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    contacts=some.lists(CONTACT, max_size=12),
    waits=some.lists(WAIT, max_size=12),
    turns=some.lists(TURN, max_size=4),
    audits=some.lists(AUDIT, max_size=9),
)
def test_each_formula_gives_what_plain_python_gives(contacts: list[Any], waits: list[Any], turns: list[Any], audits: list[Any]) -> None:
    its_book = book()
    rows = {"contacts": contacts, "waits": waits, "turns": turns, "audits": audits}
    computing = measuring(SmallViews(**rows), its_book)
    for key in FORMULAS:
        found, expected = computing.compute(key, DAY, DAY).whole.value, plainly(its_book, key, rows)
        if isnan(expected):
            assert found is None, key
        else:
            assert found == pytest.approx(expected, abs=1e-9), key


@settings(max_examples=20, deadline=None)
@given(contacts=some.lists(CONTACT, max_size=30))
def test_the_groups_together_are_the_whole(contacts: list[Any]) -> None:
    computing = measuring(SmallViews(contacts=contacts))
    parts = computing.compute("met_share", DAY, DAY, "day").rows
    whole = computing.compute("met_share", DAY, DAY).whole
    assert sum(row.n for row in parts) == whole.n == len(contacts)
    assert sum(row.hits or 0 for row in parts) == whole.hits


def test_a_share_has_the_interval_of_wilson_and_says_so() -> None:
    rows = [{"rung": "verified"}] * 8 + [{"rung": "blocked"}] * 12
    result = measuring(SmallViews(contacts=rows)).compute("met_share", DAY, DAY)
    expected = stats.binomtest(8, 20).proportion_ci(method="wilson")
    assert (result.whole.low, result.whole.high) == pytest.approx((expected.low, expected.high))
    assert (result.whole.value, result.whole.n, result.whole.hits) == (0.4, 20, 8)
    assert "Wilson" in result.method


def test_who_hangs_up_counts_as_not_reached_by_then() -> None:
    waits = [{"ending": "reached", "seconds": s} for s in (10.0, 20.0, 30.0, 40.0, 50.0)] + [{"ending": "abandoned", "seconds": 35.0}] * 4
    found = measuring(SmallViews(waits=waits))
    dropped = np.median([10, 20, 30, 40, 50])
    assert found.compute("waiting", DAY, DAY).whole.value == 40.0 > dropped
    assert found.compute("waiting", DAY, DAY).whole.n == 9
    assert found.compute("waiting90", DAY, DAY).whole.value == 50.0


def test_a_curve_that_does_not_get_so_far_gives_no_figure() -> None:
    waits = [{"ending": "reached", "seconds": 5.0}] + [{"ending": "abandoned", "seconds": 6.0}] * 9
    assert measuring(SmallViews(waits=waits)).compute("waiting", DAY, DAY).whole.value is None


def test_rows_left_out_are_counted_with_their_reasons() -> None:
    measure = entry(
        "share(met of everyone)",
        "share",
        window_days=7,
        exclude=[{"of": "contacts", "where": {"channel": "staff"}, "why": "Staff are no residents."}],
    )
    young = (NOW - timedelta(days=2)).date()
    rows: list[dict[str, Any]] = [{"rung": "verified", "channel": "web"}] * 3 + [{"rung": "verified", "channel": "staff"}] * 2
    rows += [{"rung": "verified", "channel": "web", "simulated": True}, {"rung": "verified", "channel": "web", "day": young}]
    result = measuring(SmallViews(contacts=rows), book(own=measure)).compute("own", DAY, young)
    assert (result.whole.n, result.left_out) == (3, 4)
    assert {one.why: one.n for one in result.excluded} == {
        "Made by the simulator.": 1, "Staff are no residents.": 2, "Less than 7 days old: what follows is not known yet.": 1,
    }  # fmt: skip


def test_a_group_of_few_is_not_shown_and_cannot_be_worked_out() -> None:
    rows = (
        [{"rung": "verified", "language": "en"}] * 20
        + [{"rung": "verified", "language": "pl"}] * 7
        + [{"rung": "blocked", "language": "so"}] * 3
    )
    result = measuring(SmallViews(contacts=rows)).compute("met_share", DAY, DAY, "language")
    assert {row.group: (row.suppressed, row.n, row.value) for row in result.rows} == {
        "en": (False, 20, 1.0), "pl": (True, 0, None), "so": (True, 0, None),
    }  # fmt: skip
    assert result.n == 20
    narrowed = measuring(SmallViews(contacts=rows)).compute("met_share", DAY, DAY, "day", {"language": "so"})
    assert [row.suppressed for row in narrowed.rows] == [True]


def test_a_day_of_few_is_shown_because_nobody_is_known_by_it() -> None:
    assert measuring(SmallViews(contacts=[{"rung": "verified"}])).compute("met_share", DAY, DAY, "day").whole.n == 1


def test_a_gap_is_the_best_group_less_the_worst_of_those_large_enough() -> None:
    rows = [{"rung": "verified", "language": "en"}] * 60 + [{"rung": "blocked", "language": "en"}] * 40
    rows += (
        [{"rung": "verified", "language": "pl"}] * 20
        + [{"rung": "blocked", "language": "pl"}] * 30
        + [{"rung": "blocked", "language": "so"}] * 12
    )
    its_book = book(apart=entry("gap(met_share by language)", "points", alarm_above=5))
    result = measuring(SmallViews(contacts=rows), its_book).compute("apart", DAY, DAY)
    row = result.whole
    assert row.value == pytest.approx(20.0)
    assert (row.n, result.alarm) == (150, True)
    assert row.low is not None and row.high is not None and row.low < 20 < row.high
    assert row.note.startswith(
        "Best: en; worst: pl; 2 groups compared. 1 with fewer than 30 left out. If all were served alike, chance would pass "
    )


def test_money_has_an_interval_from_days_drawn_again_and_the_same_one_each_time() -> None:
    days = [DAY + timedelta(days=at) for at in range(28)]
    rows = [{"rung": "verified" if at % 5 else "blocked", "day": day} for at, day in enumerate(days * 6)]
    computing = measuring(SmallViews(contacts=rows))
    first, second = (computing.compute("each", days[0], days[-1]).whole for _ in range(2))
    assert first == second and first.value is not None and first.low is not None and first.high is not None
    assert first.low < first.value < first.high
    assert computing.compute("each", days[0], days[5]).whole.low is None


def test_what_a_period_costs_goes_by_its_days_and_is_given_to_no_group() -> None:
    its_book = book(spent=entry("spend(year) / everyone", "pence"))
    rows = [{"rung": "verified", "day": DAY + timedelta(days=at)} for at in range(10)]
    computing = measuring(SmallViews(contacts=rows), its_book)
    assert computing.compute("spent", DAY, DAY + timedelta(days=9)).whole.value == pytest.approx(100.0)
    assert computing.compute("spent", DAY, DAY + timedelta(days=9), "day").rows[3].value == pytest.approx(100.0)
    with pytest.raises(RefusedError, match="no part of the contacts can be given"):
        computing.compute("spent", DAY, DAY, "channel")


def test_the_hash_changes_with_the_period_the_filter_the_definition_and_the_data() -> None:
    views = SmallViews(contacts=[{"rung": "verified", "channel": "web"}] * 6)
    one = measuring(views)
    asked = [
        one.compute("met_share", DAY, DAY), one.compute("met_share", DAY, DAY + timedelta(days=1)), one.compute("met_share", DAY, DAY, "day"),
        one.compute("met_share", DAY, DAY, where={"channel": "web"}), measuring(views, book(met_share=entry("share(met of not_blocked)", "share"))).compute("met_share", DAY, DAY),
        Measuring(views, book(), NOW, "other data", lambda: NOW).compute("met_share", DAY, DAY), Measuring(views, book(), NOW + timedelta(days=1), "data", lambda: NOW).compute("met_share", DAY, DAY),
    ]  # fmt: skip
    assert len({result.query_hash for result in asked}) == len(asked)
    assert one.compute("met_share", DAY, DAY).query_hash == asked[0].query_hash


def test_what_cannot_be_asked_is_refused_with_what_can() -> None:
    computing = measuring(SmallViews())
    with pytest.raises(NotFoundError, match="there is no measure `nope`"):
        computing.compute("nope", DAY, DAY)
    with pytest.raises(RefusedError, match="ends on 2026-09-07 before it begins on 2026-09-08"):
        computing.compute("met_share", DAY + timedelta(days=1), DAY)
    with pytest.raises(RefusedError, match="cannot be split by `contact`; use one of day, week"):
        computing.compute("met_share", DAY, DAY, "contact")
    with pytest.raises(RefusedError, match="cannot be narrowed by `1=1; --`"):
        computing.compute("met_share", DAY, DAY, where={"1=1; --": "x"})


def test_where_all_are_too_recent_to_judge_money_is_not_known_to_be_none() -> None:
    saving = book(own=entry("met * cost(call)", "pence", window_days=7))
    young = (NOW - timedelta(days=2)).date()
    whole = measuring(SmallViews(contacts=[{"rung": "verified", "day": young}] * 9), saving).compute("own", young, young).whole
    assert (whole.value, whole.low, whole.n) == (None, None, 0)
    assert whole.note == "Everything was left out. Less than 7 days old: what follows is not known yet."
    assert measuring(SmallViews(contacts=[{"rung": "blocked"}] * 9), saving).compute("own", DAY, DAY).whole.value == 0, (
        "none were met: that is known"
    )


def test_no_rows_give_no_figure_and_a_count_of_none() -> None:
    computing = measuring(SmallViews())
    assert computing.compute("met_share", DAY, DAY).whole.value is None
    assert computing.compute("count", DAY, DAY).whole.value == 0
    assert computing.compute("met_share", date(2020, 1, 1), date(2020, 1, 2), "channel").rows == ()
