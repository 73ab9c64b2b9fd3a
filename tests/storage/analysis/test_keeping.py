"""Views are built once, kept beside the export, and opened by whoever comes next; what is not whole, or not of today's program, is made anew."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guildhall.storage.analysis import engine, keeping
from guildhall.storage.analysis.engine import VIEWS, AnalysisEngine
from guildhall.storage.analysis.keeping import Kept, newest, views_as_at
from guildhall.testing.contacts import made_contacts

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return made_contacts(tmp_path / "e", 300, 10, 1).folder


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The times for which views were built."""
    times: list[datetime] = []

    def build(folder: Path, as_at: datetime, file: Path) -> None:
        times.append(as_at)
        engine.build_into(folder, as_at, file)

    monkeypatch.setattr(keeping, "build_into", build)
    return times


def test_kept_views_say_what_views_built_in_memory_say(export: Path) -> None:
    kept, fresh = views_as_at(export, NOW, HOUR).open(export), AnalysisEngine(export, NOW)
    for view in VIEWS:
        assert kept.query(f"SELECT * FROM {view} ORDER BY ALL") == fresh.query(f"SELECT * FROM {view} ORDER BY ALL")
    assert kept.as_at == NOW
    kept.close()
    fresh.close()


def test_they_are_built_once_for_all_who_come_within_the_hour(export: Path, built: list[datetime]) -> None:
    first = views_as_at(export, NOW, HOUR)
    assert views_as_at(export, NOW + timedelta(minutes=59), HOUR) == first
    views_as_at(export, NOW + HOUR, HOUR)
    assert built == [NOW, NOW + HOUR]
    assert [folder.name for folder in (export / "kept").iterdir()] == [newest(export).folder.name]  # type: ignore[union-attr]  # one was built


def test_another_export_is_built_anew(export: Path, built: list[datetime]) -> None:
    views_as_at(export, NOW, HOUR)
    made_contacts(export, 299, 10, 2)
    fresh = views_as_at(export, NOW, HOUR).open(export)
    assert len(built) == 2 and fresh.query("SELECT count(*) FROM contacts") == [(299,)]
    fresh.close()


def cut_short(kept: Kept) -> None:
    with (kept.folder / "views.duckdb").open("r+b") as file:
        file.truncate(5000)


def turned_over(kept: Kept) -> None:
    with (kept.folder / "views.duckdb").open("r+b") as file:
        file.seek(20_000)
        file.write(b"\x00\xff" * 40)


def without_a_label(kept: Kept) -> None:
    (kept.folder / "about.json").write_text("{", "utf-8")


def of_another_program(kept: Kept) -> None:
    about = json.loads((kept.folder / "about.json").read_text("utf-8"))
    (kept.folder / "about.json").write_text(json.dumps(about | {"made_by": "the one before"}), "utf-8")


@pytest.mark.parametrize("damage", [cut_short, turned_over, without_a_label, of_another_program])
def test_what_is_not_whole_or_was_made_by_another_program_is_built_anew(export: Path, built: list[datetime], damage: object) -> None:
    damage(views_as_at(export, NOW, HOUR))  # type: ignore[operator]  # one of the four above
    assert newest(export) is None
    views_as_at(export, NOW, HOUR)
    assert len(built) == 2


def test_views_that_somebody_has_open_stay_readable_when_newer_ones_replace_them(export: Path) -> None:
    old = views_as_at(export, NOW, HOUR).open(export)
    views_as_at(export, NOW + HOUR, HOUR)
    assert old.query("SELECT count(*) FROM contacts") == [(300,)]
    old.close()


def test_a_building_that_fails_leaves_nothing_half_done(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_folder: Path, _as_at: datetime, file: Path) -> None:
        file.write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(keeping, "build_into", full)
    with pytest.raises(OSError, match="no space"):
        views_as_at(export, NOW, HOUR)
    assert list((export / "kept").iterdir()) == [] and newest(export) is None


def test_the_kept_engine_reads_nothing_but_its_folder_and_changes_nothing(export: Path, tmp_path: Path) -> None:
    kept = views_as_at(export, NOW, HOUR).open(export)
    (tmp_path / "elsewhere.csv").write_text("a\n1\n", "utf-8")
    for sql in (f"SELECT * FROM '{tmp_path / 'elsewhere.csv'}'", "DELETE FROM built.main.contacts", "SET enable_external_access = true"):
        with pytest.raises(Exception, match=r"disabled|read-only|locked|[Cc]annot"):
            kept.query(sql)
    kept.close()
