"""`guildhall adviser` and `guildhall desk`: the how-to runs as written, mistakes are explained, and the worker keeps a desk moving."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.bootstrap.desk import open_desk_alone
from guildhall.cli import main
from guildhall.settings import Settings
from guildhall.vocabulary.handoffs import AdviserStatus
from tests.assurance.desks import share_cache
from tests.house_rules.test_docs_commands import shown

HOW_TO = Path("docs/howto/desk-queues.md")
WHO = ["--as", "Dana Hill"]


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_DATABASE_URL", f"sqlite:///{tmp_path}/cli.sqlite3")
    monkeypatch.setenv("GUILDHALL_DATA_DIR", str(tmp_path / "var"))
    share_cache(tmp_path / "var")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_the_how_to_runs_as_written() -> None:
    for line, words in shown(HOW_TO):
        if words[:2] != ["desk", "worker"]:
            result = run(*words)
            assert result.exit_code == 0, f"{line}\n{result.output}"
    (row,) = json.loads(run("adviser", "list", "--json").output)
    assert row == {
        "name": "Priya Shah", "queues": ["front-desk", "revenues"], "languages": ["en", "pa"], "safeguarding": False, "capacity": 3,
        "status": "offline", "takes_calls": False,
    }  # fmt: skip


def test_the_status_counts_every_queue_after_all_of_them() -> None:
    rows = json.loads(run("desk", "status", "--json").output)
    assert [row["queue"] for row in rows][:2] == ["", "front-desk"]
    assert rows[0]["waiting"] == rows[0]["present"] == 0
    assert rows[0]["to_human_p50"] is None
    assert run("desk", "status").output.count("\n") == len(rows) + 2


@pytest.mark.parametrize(
    ("words", "explained"),
    [
        (["set", "Priya Shah", "--queue", "back-desk", *WHO], "`back-desk` is not one of the queues front-desk, "),
        (["set", "Sam Reed", "--queue", "duty", *WHO], "has no role at the desk"),
        (["set", "Nobody", "--queue", "duty", *WHO], "Nobody"),
        (["away", "Priya Shah", *WHO], "Priya Shah has no place at the desk"),
    ],
)
def test_a_mistake_is_explained(words: list[str], explained: str) -> None:
    run("staff", "add", "Priya Shah", "--role", "adviser")
    run("staff", "add", "Sam Reed", "--role", "auditor")
    result = run("adviser", *words)
    assert (result.exit_code, explained in result.output) == (1, True), result.output
    assert run("adviser", "list").output.startswith("Nobody yet.")


def test_somebody_who_is_away_is_offline() -> None:
    run("staff", "add", "Priya Shah", "--role", "adviser")
    run("adviser", "set", "Priya Shah", "--queue", "duty", *WHO)
    alone = open_desk_alone(Settings())
    (priya,) = alone.desk.advisers.everyone()
    alone.desk.advisers.set_status(priya.staff_id, AdviserStatus.AVAILABLE, alone.clock())
    assert "Available" in run("adviser", "list").output
    assert run("adviser", "away", "Priya Shah", *WHO).output == "Priya Shah is offline. 0 of their conversations go to others.\n"
    (priya,) = alone.desk.advisers.everyone()
    alone.close()
    assert priya.status == AdviserStatus.OFFLINE


def test_the_worker_runs_until_it_is_stopped() -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", "from guildhall.cli import main; main()", "desk", "worker"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert started.stdout is not None
    try:
        assert "is kept moving" in started.stdout.readline()
        began = time.monotonic()
        started.send_signal(signal.SIGTERM)
        assert started.wait(10) == 0
        assert time.monotonic() - began < 5
    finally:
        started.kill()
        started.wait()
        started.stdout.close()
