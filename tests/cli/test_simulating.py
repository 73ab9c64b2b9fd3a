"""`guildhall simulate`: what it says, where it writes, and what it refuses."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.cli import main
from tests.assurance.desks import share_cache
from tests.simulation.runs import COUNCILS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GUILDHALL_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GUILDHALL_COUNCILS_DIR", str(COUNCILS))
    monkeypatch.setenv("GUILDHALL_DATABASE_URL", "")
    (tmp_path / "simulated").mkdir()
    share_cache(tmp_path / "simulated")
    return tmp_path


def simulate(*more: str) -> Result:
    return CliRunner().invoke(main, ["simulate", "--contacts", "5", "--days", "1", "--from", "2026-11-25", "--fast", *more])


def test_it_writes_into_a_folder_of_its_own_and_says_how_to_look(folder: Path) -> None:
    result = simulate()
    assert result.exit_code == 0, result.output
    assert "5 contacts and" in result.output
    assert "WITHOUT MODELS (--fast)" in result.output
    assert f"GUILDHALL_DATA_DIR={folder / 'simulated'}" in result.output
    assert (folder / "simulated" / "guildhall.sqlite3").exists()
    assert not (folder / "guildhall.sqlite3").exists()
    again = simulate()
    assert again.exit_code == 1
    assert "this simulation is there already: 5 contacts over 1 days from 2026-11-25, seed 1, without models" in again.output


def test_the_deployments_own_folder_is_refused_before_anything_is_written(folder: Path) -> None:
    result = simulate("--into", str(folder))
    assert result.exit_code == 1
    assert "a simulation needs a folder of its own" in result.output
    assert not (folder / "guildhall.sqlite3").exists()
