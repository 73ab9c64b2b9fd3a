"""`guildhall switch`: the how-to runs as written, and mistakes are explained."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.cli import main
from guildhall.vocabulary.switches import SWITCH_LABELS, SwitchKind
from tests.house_rules.test_docs_commands import shown

HOW_TO = Path("docs/howto/switch-off.md")
WHO = ["--as", "Priya Shah"]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_DATABASE_URL", f"sqlite:///{tmp_path}/cli.sqlite3")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["switch", *words])


def test_the_how_to_runs_as_written() -> None:
    for line, words in shown(HOW_TO):
        if words[1] != "drill":  # tests/bootstrap/test_drilling.py runs it beside a server
            result = CliRunner().invoke(main, words)
            assert result.exit_code == 0, f"{line}\n{result.output}"
    assert run("list").output == "Everything is on.\n"


def test_what_is_off_is_listed_with_who_and_why_for_people_and_programs() -> None:
    run("off", "channel", "web", "--reason", "wrong fees were quoted", *WHO)
    assert "by Priya Shah: wrong fees were quoted" in run("list").output
    (row,) = json.loads(run("list", "--json").output)
    assert (row["kind"], row["target"], row["by"]) == ("channel", "web", "Priya Shah")
    (turn,) = json.loads(run("history", "--json").output)
    assert turn["off"]


@pytest.mark.parametrize(
    ("words", "explained"),
    [
        (["off", "channel", "fax", "--reason", "wrong fees were quoted", *WHO], "Use one of: web, phone, staff."),
        (["off", "service", "bulky", "--reason", "wrong fees were quoted", *WHO], "bulky-waste"),
        (["off", "channel", "web", "--reason", "short", *WHO], "at least 10 characters"),
        (["on", "channel", "web", "--reason", "the fees were put right", *WHO], "channel web is not off"),
        (["drill", "--url", "http://127.0.0.1:9"], "no Guildhall server answers"),
    ],
)
def test_a_mistake_is_explained_and_changes_nothing(words: list[str], explained: str) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert explained in result.output
    assert run("history").output == "No switch was ever turned.\n"


@pytest.mark.parametrize("missing", [["--reason", "wrong fees were quoted"], WHO])
def test_a_reason_and_a_name_are_demanded(missing: list[str]) -> None:
    assert run("off", "channel", "web", *missing).exit_code == 2


def test_every_kind_of_switch_has_words() -> None:
    assert set(SWITCH_LABELS) == set(SwitchKind)
