"""Drawings count every contact once, never mix simulated with real, and take who gave up waiting for what they are."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.pictures import (
    Asked,
    Waited,
    curves,
    extent,
    groups,
    hours,
    passages,
    reasons,
    teams,
    unmet,
    waited,
)
from guildhall.testing.contacts import made_contacts
from guildhall.vocabulary.errors import RefusedError

FIRST, LAST = date(2026, 10, 26), date(2026, 11, 22)
ALL = Asked(FIRST, LAST, simulated=True)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AnalysisEngine]:
    folder: Path = tmp_path_factory.mktemp("export")
    made = made_contacts(folder, 5000, 28, 1, first=FIRST)
    opened = AnalysisEngine(folder, made.until)
    yield opened
    opened.close()


def test_every_contact_takes_one_way_through_all_stages(engine: AnalysisEngine) -> None:
    assert sum(way.n for way in passages(engine, ALL)) == 5000 == extent(engine).simulated
    assert sum(hour.n for hour in hours(engine, ALL)) == 5000
    assert sum(row.contacts for row in unmet(engine, ALL)) == 5000


def test_simulated_contacts_are_never_among_real_ones(engine: AnalysisEngine) -> None:
    real = Asked(FIRST, LAST)
    assert (passages(engine, real), waited(engine, real), unmet(engine, real), reasons(engine, real), teams(engine, real)) == ((),) * 5
    assert extent(engine).real == 0 and groups(engine, "channel", simulated=False) == ()


def test_filters_narrow_to_exactly_their_contacts(engine: AnalysisEngine) -> None:
    by_channel = dict(groups(engine, "channel", simulated=True))
    for channel, n in by_channel.items():
        assert sum(way.n for way in passages(engine, Asked(FIRST, LAST, {"channel": channel}, True))) == n
    with pytest.raises(RefusedError, match="cannot be narrowed by `contact`; use one of channel, language, service, ward"):
        passages(engine, Asked(FIRST, LAST, {"contact": "x' OR 1=1"}, True))


def test_who_leaves_counts_as_not_reached_until_then() -> None:
    found = (Waited("in_hours", 10, "reached", 1), Waited("in_hours", 20, "abandoned", 1), Waited("in_hours", 30, "reached", 2))
    (curve,) = curves(found)
    assert (curve.n, curve.reached, curve.left) == (4, 3, 1)
    assert curve.places == ((0.0, 1.0), (10, 0.75), (30, 0.0))
    gone = (Waited("in_hours", 10, "abandoned", 3), Waited("in_hours", 30, "reached", 1), Waited("in_hours", 40, "still", 4))
    assert [x for x, _ in curves(gone)[0].places] == [0.0, 30]
    assert curves(gone)[0].places[-1][1] == pytest.approx(0.8), "who left before is not taken for reached"


def test_every_request_is_in_the_distribution_but_those_taken_back(engine: AnalysisEngine) -> None:
    ((requests,),) = engine.query("SELECT count(*) FROM waits WHERE ending <> 'withdrawn'")
    assert sum(row.n for row in waited(engine, ALL)) == requests > 500


def test_what_is_not_answered_is_never_more_than_what_was_asked(engine: AnalysisEngine) -> None:
    for row in unmet(engine, ALL):
        assert 0 <= row.unanswered <= row.asked
    assert all(team.wrong <= team.taken and team.judged <= team.taken for team in teams(engine, ALL))
