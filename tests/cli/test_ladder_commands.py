"""`guildhall value` exports the record and shows the ladder, in words and as JSON."""

import json
from pathlib import Path

import pytest

from guildhall.bootstrap.value import folder_of
from guildhall.settings import Settings
from guildhall.testing.contacts import made_contacts
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.ladder import Rung
from tests.cli.deployments import Run, command, deploy
from tests.cli.test_rights_commands import spoken


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    deploy(tmp_path, monkeypatch)
    return command


def test_the_record_is_exported_once_and_the_ladder_has_everybody_on_it(run: Run) -> None:
    spoken("hello")
    assert json.loads(run("value", "export", "--json").stdout)["events"] == 4
    assert json.loads(run("value", "export", "--json").stdout)["events"] == 0
    found = json.loads(run("value", "ladder", "--by", "channel", "--json").stdout)
    assert found["contacts"] == 1
    assert [row["group"] for row in found["rows"]] == ["web"]
    assert found["rows"][0]["rungs"] == {rung.value: int(rung == Rung.ABANDONED_BEFORE) for rung in Rung}
    assert set(found["measures"]) == {"deflected", "contained", "resolved"}
    shown = run("value", "ladder").stdout
    assert "1 contact from" in shown and "Deflected (window: when the contact ended)" in shown


def test_a_damaged_file_is_named_and_the_export_can_be_made_again(run: Run) -> None:
    spoken("hello")
    run("value", "export")
    assert "Every file is as it was written" in run("value", "export", "--check").stdout
    folder = folder_of(Settings().data_dir, Settings().council)
    next(iter(folder.glob("starts-*.parquet"))).write_bytes(b"nothing")
    told = run("value", "export", "--check", code=1)
    assert "starts-" in told.output and "--rebuild" in told.output
    assert json.loads(run("value", "export", "--rebuild", "--json").stdout)["events"] == 4
    run("value", "export", "--check")


def test_an_empty_record_has_an_empty_ladder(run: Run) -> None:
    assert "0 contacts from" in run("value", "ladder", "--since", "2026-01-01", "--until", "2026-01-31").stdout


def test_an_export_that_is_not_this_records_is_made_again(run: Run) -> None:
    spoken("hello")
    made_contacts(folder_of(Settings().data_dir, Settings().council), 500, 7)
    assert json.loads(run("value", "ladder", "--json").stdout)["contacts"] == 1


def test_a_council_whose_name_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="slug"):
        folder_of(tmp_path, "../etc")
