"""The edges of every window and order in the SQL of the views: just inside, exactly, and just outside; also when the clocks change."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from guildhall.storage.analysis.asking import Span, left_out
from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.value.measures.plan import Scope
from tests.storage.analysis.small_export import ANSWERED, Row, export_of

ONE = timedelta(microseconds=1)
DAY, WEEK = timedelta(hours=24), timedelta(days=7)
SUMMER = datetime(2026, 6, 10, 9, 30, tzinfo=UTC)
CLOCKS_GO_BACK = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)  # 25 October has 25 hours in London
CLOCKS_GO_FORWARD = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)  # 29 March has 23
BEGINS = pytest.mark.parametrize("begins", [SUMMER, CLOCKS_GO_BACK, CLOCKS_GO_FORWARD])
NUMBERS = count()


def facts(folder: Path, as_at: datetime, columns: str, view: str, **tables: Sequence[Row]) -> list[Any]:
    """Columns of the rows of the contact `a`."""
    return all_facts(folder, as_at, columns, view, **tables)["a"]


def all_facts(folder: Path, as_at: datetime, columns: str, view: str, **tables: Sequence[Row]) -> dict[str, list[Any]]:
    """Columns of the rows of every contact."""
    export = export_of(folder / f"e{next(NUMBERS)}", **tables)
    engine = AnalysisEngine(export, as_at, threads=1)
    found: dict[str, list[Any]] = defaultdict(list)
    for contact, *row in engine.query(f"SELECT contact, {columns} FROM {view}"):
        found[contact].append(tuple(row))
    engine.close()
    return found


def twice(begins: datetime, apart: timedelta, reason: str = "evidence_found", name: str = "") -> dict[str, list[Row]]:
    """A resident whose contact ends at `begins`, and who comes again about the same matter so much later; `reason` is why the second turn ended so."""
    one, two, again = f"a{name}", f"b{name}", begins + apart
    turns: list[Row] = [
        {"contact": one, "at": begins, "turn": "1", **ANSWERED},
        {"contact": two, "at": again, "turn": "2", **ANSWERED, "reason": reason},
    ]
    return {
        "starts": [{"contact": one, "at": begins, "channel": "web"}, {"contact": two, "at": again, "channel": "web"}],
        "turns": turns,
        "known": [{"contact": each, "resident": f"ann{name}"} for each in (one, two)],
    }


def together(*several: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """The rows of several in one export."""
    found: dict[str, list[Row]] = defaultdict(list)
    for tables in several:
        for table, rows in tables.items():
            found[table] += rows
    return dict(found)


AGAIN = [
    (timedelta(0), False, False), (ONE, True, True), (DAY - ONE, True, True), (DAY, True, True), (DAY + ONE, False, True),
    (timedelta(days=6, hours=1), False, True), (WEEK - ONE, False, True), (WEEK, False, True), (WEEK + ONE, False, False),
    (timedelta(days=7, hours=1), False, False),
]  # fmt: skip


@BEGINS
def test_who_comes_again_within_24_hours_or_7_days(tmp_path: Path, begins: datetime) -> None:
    tables = together(*(twice(begins, apart, name=str(apart)) for apart, _, _ in AGAIN))
    found = all_facts(tmp_path, begins + timedelta(days=30), "again_24h, again_7d, rung", "contacts", **tables)
    for apart, day, week in AGAIN:
        assert found[f"a{apart}"] == [(day, week, "unverified" if week else "verified")], apart


KNOWN = [
    (DAY - ONE, False, False), (DAY, True, False), (DAY + ONE, True, False), (timedelta(days=6, hours=23), True, False),
    (WEEK - ONE, True, False), (WEEK, True, True), (WEEK + ONE, True, True),
]  # fmt: skip


@BEGINS
def test_it_is_known_only_once_the_window_is_over(tmp_path: Path, begins: datetime) -> None:
    as_at = begins + WEEK
    tables = together(*(twice(as_at - old, timedelta(days=20), name=str(old)) for old, _, _ in KNOWN))
    found = all_facts(tmp_path, as_at, "again_24h IS NOT NULL, again_7d IS NOT NULL, note", "contacts", **tables)
    for old, day, week in KNOWN:
        assert found[f"a{old}"] == [(day, week, "" if week else "too_early")], old


@BEGINS
def test_who_asks_for_a_person_within_24_hours_was_not_contained(tmp_path: Path, begins: datetime) -> None:
    asked = {DAY - ONE: False, DAY: False, DAY + ONE: True, timedelta(days=3): True}
    tables = together(*(twice(begins, apart, "person_requested", str(apart)) for apart in asked))
    found = all_facts(tmp_path, begins + timedelta(days=30), "contained", "contacts", **tables)
    assert {apart: found[f"a{apart}"] for apart in asked} == {apart: [(contained,)] for apart, contained in asked.items()}


def test_a_window_begins_when_the_contact_ends_and_not_when_it_begins(tmp_path: Path) -> None:
    tables = twice(SUMMER, timedelta(days=7, hours=2))
    tables["turns"].append({"contact": "a", "at": SUMMER + timedelta(hours=3), "turn": "3", **ANSWERED})
    assert facts(tmp_path, SUMMER + timedelta(days=30), "again_7d", "contacts", **tables) == [(True,)]
    told = [{"contact": "a", "at": SUMMER + timedelta(hours=3), "turn": "3", **ANSWERED, "milliseconds": 7_200_000.0}]
    ends = facts(tmp_path, SUMMER + timedelta(days=30), "ended_at", "contacts", **(twice(SUMMER, WEEK) | {"turns": told}))
    assert ends == [((SUMMER + timedelta(hours=5)).replace(tzinfo=None),)], "a reply is over when it was said"


def test_who_comes_on_another_channel_while_the_first_contact_lasts_came_again(tmp_path: Path) -> None:
    tables = twice(SUMMER, timedelta(hours=1))
    tables["turns"].append({"contact": "a", "at": SUMMER + timedelta(hours=3), "turn": "3", **ANSWERED})
    found = all_facts(tmp_path, SUMMER + timedelta(days=30), "again_24h, again_7d, rung", "contacts", **tables)
    assert found == {"a": [(True, True, "unverified")], "b": [(False, False, "verified")]}


def test_another_matter_another_resident_or_nobody_known_is_not_the_same_coming_again(tmp_path: Path) -> None:
    late = SUMMER + timedelta(days=30)
    other = twice(SUMMER, timedelta(hours=1))
    other["turns"][1] = dict(other["turns"][1]) | {"service": "tax"}
    assert facts(tmp_path, late, "again_7d", "contacts", **other) == [(False,)]
    stranger = twice(SUMMER, timedelta(hours=1)) | {"known": [{"contact": "a", "resident": "ann"}, {"contact": "b", "resident": "bob"}]}
    assert facts(tmp_path, late, "again_7d", "contacts", **stranger) == [(False,)]
    assert facts(tmp_path, late, "recognised, again_7d", "contacts", **(twice(SUMMER, timedelta(hours=1)) | {"known": []})) == [
        (False, None)
    ]


@pytest.mark.parametrize(("number", "within"), [(1.0, True), (0.0, False)])
def test_what_was_settled_stays_whatever_the_windows_say(tmp_path: Path, number: float, within: bool) -> None:
    at = SUMMER + timedelta(days=8)
    step = {"contact": "a", "at": at, "kind": "RecontactKnown", "flag": 1, "number": number, "code": "asked_for_person"}
    tables = twice(SUMMER, timedelta(days=20)) | {"steps": [step], "known": []}
    found = facts(tmp_path, SUMMER + timedelta(hours=1), "again_24h, again_7d, settled, contained", "contacts", **tables)
    assert found == [(within, True, True, False)]


ON_THE_CLOCKS = [
    (datetime(2026, 10, 24, 22, 59, 59, tzinfo=UTC), "2026-10-24", 23, 5),  # summer time: an hour ahead
    (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), "2026-10-25", 0, 6),
    (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25", 1, 6),
    (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25", 1, 6),  # the same hour on the clock once more
    (datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC), "2026-10-25", 23, 6),
    (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), "2026-10-26", 0, 0),
    (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "2026-03-29", 0, 6),
    (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29", 2, 6),  # there is no one o'clock
]


def test_a_contact_is_of_the_day_and_hour_on_the_councils_clocks(tmp_path: Path) -> None:
    starts = [{"contact": str(at), "at": at, "channel": "web"} for at, *_ in ON_THE_CLOCKS]
    found = all_facts(tmp_path, CLOCKS_GO_BACK + WEEK, "CAST(day AS VARCHAR), hour, weekday", "contacts", starts=starts)
    assert found == {str(at): [(day, hour, weekday)] for at, day, hour, weekday in ON_THE_CLOCKS}


@BEGINS
@pytest.mark.parametrize(("window", "view"), [(7, "contacts"), (1, "contacts"), (7, "turns"), (7, "waits")])
def test_a_measure_leaves_out_what_is_younger_than_its_window_and_keeps_what_is_just_as_old(
    tmp_path: Path, begins: datetime, window: int, view: str
) -> None:
    asked = {"contact": "a", "at": begins, "kind": "HandoffRequested", "reference": "R", "flag": 1}
    tables: dict[str, Sequence[Row]] = {"starts": [{"contact": "a", "at": begins, "channel": "web"}]}
    tables |= {"turns": [{"contact": "a", "at": begins, "turn": "1", **ANSWERED}]} if view != "waits" else {"steps": [asked]}
    engine = AnalysisEngine(export_of(tmp_path / "e", **tables), begins)
    for old, kept in ((-ONE, False), (timedelta(0), True), (ONE, True)):
        as_at = begins + timedelta(days=window) + old
        why, reasons = left_out(view, Scope((), window), Span(begins.date(), begins.date(), as_at), counts_simulated=True)
        ((number,),) = engine.query(f"SELECT {why.sql} FROM {view} AS v", why.values)
        assert (number == -1) is kept and f"Less than {window} day" in reasons[0]
    engine.close()


def waiting(*steps: tuple[int, str, dict[str, Any]], name: str = "a") -> dict[str, Sequence[Row]]:
    """A contact that asks for a person at once, and what happens so many seconds later."""
    asked = {"contact": name, "at": SUMMER, "kind": "HandoffRequested", "reference": "R", "queue": "desk", "lane": "ordinary", "flag": 1}
    later = [{"contact": name, "at": SUMMER + timedelta(seconds=after), "kind": kind, **more} for after, kind, more in steps]
    return {"starts": [{"contact": name, "at": SUMMER - ONE, "channel": "web"}], "steps": [asked, *later]}


R = {"reference": "R"}
BOOKED, CANCELLED = ("CallbackBooked", R | {"flag": 1}), ("CallbackBooked", R | {"flag": 0})
WENT_ON = ("HandoffWithdrawn", {"code": "assistant"})
WAIT_ENDS: list[tuple[list[tuple[int, str, dict[str, Any]]], str, float]] = [
    ([], "still", 600.0),
    ([(5, "MessageSent", {})], "reached", 5.0),
    ([(5, "HandoffAccepted", R)], "still", 600.0),
    ([(5, "HandoffAccepted", R), (9, "HandoffClosed", R | {"code": "resolved", "flag": 1})], "reached", 5.0),
    ([(5, "HandoffAccepted", R), (9, "HandoffClosed", R | {"code": "no_reply", "flag": 1})], "abandoned", 9.0),
    ([(5, "HandoffClosed", R | {"code": "resolved", "flag": 1}), (9, "HandoffAccepted", R)], "abandoned", 5.0),
    ([(4, *WENT_ON), (5, "MessageSent", {})], "withdrawn", 4.0),
    ([(4, "MessageSent", {}), (5, *WENT_ON)], "reached", 4.0),
    ([(4, *BOOKED)], "callback", 4.0),
    ([(4, *BOOKED), (5, *CANCELLED)], "still", 600.0),
    ([(4, *CANCELLED), (5, *BOOKED)], "callback", 5.0),
    ([(4, *BOOKED), (5, *WENT_ON), (9, "MessageSent", {})], "callback", 4.0),
    ([(4, "HandoffGivenUp", R | {"code": "hung_up"})], "abandoned", 4.0),
    ([(4, "MessageSent", {}), (50, "MessageSent", {})], "reached", 4.0),
    ([(4, "HandoffAccepted", R), (20, "HandoffAccepted", R), (30, "HandoffClosed", R | {"code": "resolved", "flag": 1})], "reached", 4.0),
    ([(4, "HandoffClosed", R | {"code": "no_reply"}), (9, "HandoffClosed", R | {"code": "no_reply"})], "abandoned", 4.0),
    ([(4, *WENT_ON), (9, *WENT_ON)], "withdrawn", 4.0),
    ([(4, "CallEnded", {"code": "caller"}), (9, "CallEnded", {"code": "caller"})], "abandoned", 4.0),
    ([(4, "HandoffGivenUp", R | {"code": "hung_up"}), (9, "HandoffGivenUp", R | {"code": "hung_up"})], "abandoned", 4.0),
    ([(4, *BOOKED), (5, *CANCELLED), (9, *BOOKED)], "callback", 9.0),
    ([(4, *CANCELLED), (5, *BOOKED), (9, *CANCELLED)], "still", 600.0),
    ([(4, "CallEnded", {"code": "caller"}), (5, "MessageSent", {})], "abandoned", 4.0),
]  # fmt: skip


def test_the_first_thing_that_ends_the_waiting_counts(tmp_path: Path) -> None:
    tables = together(*(waiting(*steps, name=str(number)) for number, (steps, _, _) in enumerate(WAIT_ENDS)))
    found = all_facts(tmp_path, SUMMER + timedelta(seconds=600), "ending, seconds", "waits", **tables)
    for number, (steps, ending, seconds) in enumerate(WAIT_ENDS):
        assert found[str(number)] == [(ending, seconds)], steps


def test_who_still_waits_has_waited_until_the_time_of_judging_and_never_less_than_nothing(tmp_path: Path) -> None:
    assert facts(tmp_path, SUMMER + timedelta(seconds=1), "ending, seconds", "waits", **waiting()) == [("still", 1.0)]
    assert facts(tmp_path, SUMMER - DAY, "ending, seconds", "waits", **waiting()) == [("still", 0.0)]
    assert facts(tmp_path, SUMMER - DAY, "wait_observed_seconds", "contacts", **waiting()) == [(0.0,)]


def test_of_several_the_newest_says_where_a_request_is_and_whether_the_team_was_right(tmp_path: Path) -> None:
    raised = [
        (at, "HandoffRaised", R | {"queue": f"q{at}", "lane": lane, "category": f"c{at}"}) for at, lane in ((1, "care"), (2, "danger"))
    ]
    closings = [(at, "HandoffClosed", R | {"code": "resolved", "flag": flag}) for at, flag in ((8, 0), (9, 1))]
    tables = waiting(*raised, (5, "HandoffAccepted", R), *closings)
    found = facts(tmp_path, SUMMER + DAY, "queue, lane, category, right_team", "waits", **tables)
    assert found == [("q2", "danger", "c2", True)]


def test_who_was_met_after_a_first_closing_was_reached(tmp_path: Path) -> None:
    met = R | {"code": "resolved", "flag": 1}
    tables = waiting((3, "HandoffClosed", met), (5, "HandoffAccepted", R), (9, "HandoffClosed", met))
    found = facts(tmp_path, SUMMER + DAY, "ending, reached_at", "waits", **tables)
    assert found == [("abandoned", (SUMMER + timedelta(seconds=5)).replace(tzinfo=None))]


def test_what_happened_before_somebody_asked_ends_no_waiting(tmp_path: Path) -> None:
    tables = waiting()
    tables["steps"] = [{"contact": "a", "at": SUMMER - ONE, "kind": "MessageSent"}, *tables["steps"]]
    assert facts(tmp_path, SUMMER + timedelta(seconds=9), "ending", "waits", **tables) == [("still",)]


@pytest.mark.parametrize(("said_at", "rung"), [(-1, "unverified"), (1, "verified")])
def test_a_yes_counts_only_after_the_last_turn(tmp_path: Path, said_at: int, rung: str) -> None:
    plain = ANSWERED | {"fixed": 0}
    turns = [{"contact": "a", "at": SUMMER + timedelta(seconds=second), "turn": str(second), **plain} for second in (-60, 0)]
    yes = {"contact": "a", "at": SUMMER + timedelta(seconds=said_at), "kind": "FeedbackGiven", "flag": 1}
    starts = [{"contact": "a", "at": SUMMER - timedelta(seconds=90), "channel": "web"}]
    assert facts(tmp_path, SUMMER + WEEK, "rung", "contacts", starts=starts, turns=turns, steps=[yes]) == [(rung,)]


@pytest.mark.parametrize(("reopened_at", "rung"), [(9, "transferred_wrong"), (11, "transferred_right")])
def test_a_wrong_team_counts_unless_the_closing_was_taken_back_after_it(tmp_path: Path, reopened_at: int, rung: str) -> None:
    wrong = (10, "HandoffClosed", R | {"code": "resolved", "flag": 0})
    tables = waiting((5, "MessageSent", {}), wrong, (reopened_at, "HandoffReopened", R))
    assert facts(tmp_path, SUMMER + DAY, "rung", "contacts", **tables) == [(rung,)]
    right_team = facts(tmp_path, SUMMER + DAY, "right_team", "waits", **tables)
    assert right_team == [(None if rung == "transferred_right" else False,)]


def test_how_long_a_person_was_there_is_never_less_than_nothing(tmp_path: Path) -> None:
    tables = waiting((3, "HandoffClosed", R | {"code": "resolved", "flag": 1}), (5, "HandoffAccepted", R), (6, "MessageSent", {}))
    assert facts(tmp_path, SUMMER + DAY, "handled_seconds", "contacts", **tables) == [(0.0,)]
    tables = waiting((3, "HandoffAccepted", R), (4, "MessageSent", {}), (63, "HandoffClosed", R | {"code": "resolved", "flag": 1}))
    assert facts(tmp_path, SUMMER + DAY, "handled_seconds, waited_seconds", "contacts", **tables) == [(60.0, 4.0)]
