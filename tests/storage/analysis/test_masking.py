"""A list of contacts singles nobody out: small groups are not listed, cannot be worked out by leaving a filter away, and are not told apart in a row."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.listing import COLUMNS, listed
from guildhall.storage.analysis.masking import HIDDEN_VALUE
from guildhall.storage.analysis.pictures import Asked
from guildhall.testing.contacts import made_contacts
from guildhall.value.measures.suppression import HIDDEN, HIDDEN_TOO
from tests.storage.analysis.small_views import DAY, SmallViews

SMALL = 5
TELLING = ("channel", "service", "language", "ward")
COMMON = {"channel": "web", "service": "bins", "language": "en", "ward": "Ansel", "rung": "verified", "simulated": False}


def views(*groups: tuple[int, dict[str, str]]) -> SmallViews:
    """So many contacts of each kind, told by what is not common about them."""
    return SmallViews(
        contacts=[{**COMMON, **kind, "contact": f"{number}-{one}"} for number, (n, kind) in enumerate(groups) for one in range(n)]
    )


def asked(**where: str) -> Asked:
    return Asked(DAY, DAY, where)


def told(found: tuple[tuple[Any, ...], ...]) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]


def test_a_small_group_is_not_listed_and_nor_is_how_many_they_are() -> None:
    found = listed(
        views((40, {}), (20, {"ward": "Burley"}), (4, {"ward": "Cope"}), (3, {"ward": "Dene"})), asked(ward="Cope"), "", SMALL, 100
    )
    assert (found.rows, found.count, found.hidden) == ((), 0, HIDDEN)


def test_the_next_smallest_is_not_listed_either_so_that_leaving_the_filter_away_tells_nothing() -> None:
    some = views((40, {}), (20, {"ward": "Burley"}), (4, {"ward": "Cope"}))
    assert listed(some, asked(ward="Burley"), "", SMALL, 100).hidden == HIDDEN_TOO
    assert listed(some, asked(ward="Ansel"), "", SMALL, 100).count == 40
    assert listed(some, asked(), "", SMALL, 100).count == 64


def test_every_filter_of_several_is_tried_with_the_others_as_they_are() -> None:
    """60 in the ward and 43 on the web, but of the ward's only 3 came by phone: the ward's on the web would tell them."""
    some = views((40, {}), (3, {"channel": "phone"}), (30, {"channel": "phone", "ward": "Burley"}), (20, {"ward": "Burley"}))
    assert listed(some, asked(channel="phone"), "", SMALL, 100).count == 33
    assert listed(some, asked(ward="Ansel"), "", SMALL, 100).count == 43
    assert listed(some, asked(ward="Ansel", channel="phone"), "", SMALL, 100).hidden == HIDDEN
    assert listed(some, asked(ward="Ansel", channel="web"), "", SMALL, 100).hidden == HIDDEN_TOO
    assert listed(some, asked(ward="Burley", channel="web"), "", SMALL, 100).count == 20


def test_how_a_contact_ended_is_a_filter_like_the_others() -> None:
    some = views((40, {}), (20, {"rung": "blocked"}), (3, {"rung": "signposted"}))
    assert listed(some, asked(), "signposted", SMALL, 100).hidden == HIDDEN
    assert listed(some, asked(), "blocked", SMALL, 100).hidden == HIDDEN_TOO
    assert listed(some, asked(), "verified", SMALL, 100).count == 40


@pytest.mark.parametrize(("n", "shown"), [(SMALL - 1, HIDDEN_VALUE), (SMALL, "so")])
def test_a_row_tells_its_group_only_where_enough_others_share_it(n: int, shown: str) -> None:
    rows = told(listed(views((40, {}), (n, {"language": "so"})), asked(), "", SMALL, 100).rows)
    few = [row for row in rows if row["contact"].startswith("1-")]
    assert {row["language"] for row in few} == {shown}
    assert {row["ward"] for row in few} == {shown if shown == HIDDEN_VALUE else "Ansel"}, "what comes after is hidden with it"
    assert {(row["channel"], row["service"]) for row in few} == {("web", "bins")}
    assert {row["language"] for row in rows if row not in few} == {"en"}


def test_a_page_of_a_list_hides_by_the_whole_list_and_keeps_its_order() -> None:
    some = views((6, {}), (3, {"ward": "Cope"}), (6, {"ward": "Burley"}))
    whole = told(listed(some, asked(), "", SMALL, 100).rows)
    paged = [row for offset in range(0, 15, 4) for row in told(listed(some, asked(), "", SMALL, 4, offset).rows)]
    assert paged == whole and [row["contact"] for row in whole] == sorted(row["contact"] for row in whole)


def test_no_combination_that_a_list_shows_is_of_fewer_than_five(tmp_path: Path) -> None:
    made = made_contacts(tmp_path / "e", 600, 14, 5, first=date(2026, 9, 1))
    engine = AnalysisEngine(made.folder, made.until)
    rows = told(listed(engine, Asked(date(2026, 9, 1), date(2026, 9, 14), {}, simulated=True), "", SMALL, 1000).rows)
    engine.close()
    assert len(rows) == 600
    for depth in range(1, len(TELLING) + 1):
        combinations = Counter(tuple(row[name] for name in TELLING[:depth]) for row in rows)
        small = {each: n for each, n in combinations.items() if n < SMALL and HIDDEN_VALUE not in each}
        assert small == {}
    assert any(row["ward"] == HIDDEN_VALUE for row in rows) and any(row["ward"] != HIDDEN_VALUE for row in rows)
