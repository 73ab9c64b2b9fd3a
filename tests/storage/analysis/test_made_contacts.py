"""Made-up contacts have the layout of the export, and the views that are made of them add up."""

from pathlib import Path

import duckdb
import pytest

from guildhall.storage.analysis.engine import AnalysisEngine
from guildhall.storage.analysis.manifest import damaged, read_manifest
from guildhall.testing.contacts import Made, made_contacts
from guildhall.vocabulary.ladder import Rung


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made_contacts(tmp_path_factory.mktemp("made"), 6_000, 14, seed=4)


@pytest.fixture(scope="module")
def engine(made: Made) -> AnalysisEngine:
    return AnalysisEngine(made.folder, made.until)


def test_every_contact_is_on_one_rung_and_every_rung_is_there(engine: AnalysisEngine) -> None:
    rungs = dict(engine.query("SELECT rung, count(*) FROM contacts GROUP BY rung"))
    assert sum(rungs.values()) == 6_000
    assert set(rungs) == {rung.value for rung in Rung}
    assert engine.query("SELECT count(DISTINCT contact) FROM contacts") == [(6_000,)]


def test_the_three_measures_are_not_the_same(engine: AnalysisEngine) -> None:
    ((deflected, contained, resolved),) = engine.query("SELECT sum(deflected::INT), sum(contained::INT), sum(resolved::INT) FROM contacts")
    assert deflected > contained > resolved > 0


def test_the_same_seed_makes_the_same_contacts(made: Made, tmp_path: Path) -> None:
    again = made_contacts(tmp_path / "again", 6_000, 14, seed=4)
    other = made_contacts(tmp_path / "other", 6_000, 14, seed=5)
    digests = [{file.name: file.sha256 for file in read_manifest(one.folder).files} for one in (made, again, other)]
    assert digests[0] == digests[1] != digests[2]
    assert damaged(made.folder, read_manifest(made.folder)) == ()


def test_mondays_at_ten_are_busier_than_sunday_nights(engine: AnalysisEngine) -> None:
    by_hour = {(weekday, hour): count for weekday, hour, count in engine.query("SELECT weekday, hour, count(*) FROM contacts GROUP BY ALL")}
    assert by_hour[0, 10] > 10 * by_hour.get((6, 3), 0)


def test_waits_end_in_every_way_and_only_a_person_ends_them_by_coming(engine: AnalysisEngine) -> None:
    endings = {str(ending) for (ending,) in engine.query("SELECT DISTINCT ending FROM waits")}
    assert endings == {"reached", "abandoned", "callback", "withdrawn"}
    assert engine.query("SELECT count(*) FROM contacts WHERE (waited_seconds IS NOT NULL) <> (waiting_ended = 'reached')") == [(0,)]
    assert engine.query("SELECT count(*) FROM waits WHERE seconds < 0") == [(0,)]


def test_the_engine_reads_nothing_but_its_folder(engine: AnalysisEngine, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.csv"
    stranger.write_text("a\n1\n")
    with pytest.raises(duckdb.PermissionException):
        engine.query(f"SELECT * FROM read_csv('{stranger}')")
    with pytest.raises(duckdb.Error):
        engine.query("SET enable_external_access = true")
    with pytest.raises(duckdb.Error):
        engine.query("INSTALL httpfs")
