"""`guildhall value audit`: drawn from a record, listed, and silent about marks until all are in."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.cli import main
from tests.web.console.test_audits import Audit


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Audit]:
    """Turns of last week, and a command line over the same database."""
    made = Audit(tmp_path / "var")
    given = {
        "DATA_DIR": tmp_path / "var", "COUNCILS_DIR": Path("councils").resolve(), "DATABASE_URL": f"sqlite:///{tmp_path}/var/web.sqlite3",
        "MASTER_KEY": "", "COUNCIL": "avonmere", "TODAY": "2026-12-02",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", str(value))
    monkeypatch.setattr("guildhall.bootstrap.auditing.upgrade", lambda _database: False)  # its tables were made without migrations
    yield made
    made.guildhall.close()


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["value", "audit", *words])


def drawn(audit: Audit, *more: str, by: str = "Lea Lead") -> Result:
    day = audit.day.isoformat()
    return run("draw", "--since", day, "--until", day, "--size", "10", "--floor", "3", "--double", "0", "--as", by, *more)


def test_a_sample_is_drawn_listed_and_told_once_all_marks_are_in(audit: Audit) -> None:
    assert run("list").output == "No sample has been drawn yet.\n"
    said = drawn(audit)
    assert said.exit_code == 0, said.output
    key = audit.draw.id
    assert (
        f"{key}: 10 of 12 turns, seed {audit.draw.seed}." in said.output
        and "answered/english/web: 5 of 6, each stands for 1.2" in said.output
    )
    waiting = run("results", key)
    assert waiting.exit_code == 1 and "0 of 10 marks are in; what they say is shown once all are." in waiting.output
    audit.mark_all(audit.ann, key)
    assert "10 of 10 marks; finished" in run("list").output
    told = run("results", key).output
    assert "Right in every part, of answers: 100.0% (95% interval" in told and "5 judged, who stand for 6" in told
    (listed,) = json.loads(run("list", "--json").output)
    plain = json.loads(run("results", key, "--json").output)
    assert listed["finished"] and plain["right"]["value"] == 1.0 and plain["agreement"]["pairs"] == 0
    again = drawn(audit)
    assert again.exit_code == 1 and "covers some of these days; a turn counts in one draw only" in again.output


@pytest.mark.parametrize(
    ("more", "by", "said"),
    [
        ((), "Ann Visor", "may not draw a sample; it takes one of: board chair, programme lead"),
        ((), "Nobody", "Nobody"),
        (("--size", "3"), "Lea Lead", "a sample holds 10 to 2,000 turns, not 3"),
    ],
)
def test_what_cannot_be_drawn_says_why(audit: Audit, more: tuple[str, ...], by: str, said: str) -> None:
    result = drawn(audit, *more, by=by)
    assert result.exit_code == 1 and said in result.output and audit.store.all() == ()


def test_a_sample_that_is_not_there_is_said(audit: Audit) -> None:
    result = run("results", "audit_nothing")
    assert audit.store.all() == () and result.exit_code == 1 and "there is no audit audit_nothing" in result.output


def test_a_sample_is_closed_with_a_reason_and_told_both_ways(audit: Audit) -> None:
    drawn(audit)
    key = audit.draw.id
    assert "Withdraw it instead" in run("close", key, "--why", "Nobody is left to mark", "--as", "Lea Lead").output
    item = audit.draw.in_order[0]
    mark = "rightly_declined" if item.turn.group == "declined" else "right"
    audit.store.mark(key, item.id, mark, "", audit.ann.door.staff.by_name("Ann Visor"))
    assert "may not close a sample" in run("close", key, "--why", "Nobody is left to mark", "--as", "Ann Visor").output
    said = run("close", key, "--why", "Nobody is left to mark", "--as", "Lea Lead")
    assert said.exit_code == 0 and "Nobody decided 9 of 10 turns, so they are counted both ways" in said.output
    assert "closed early: Nobody is left to mark" in run("list").output
    assert "because nobody decided" in run("results", key).output
    plain = json.loads(run("results", key, "--json").output)
    assert plain["closed"] == "Nobody is left to mark" and plain["undecided"] == 9 and plain["right"]["lowest"] < plain["right"]["highest"]
