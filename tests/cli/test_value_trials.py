"""Trials on the command line: what could be seen, two approvals, a stop, the check, and no result before the end."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guildhall.bootstrap.identifiers import new_id, new_secret
from guildhall.bootstrap.keys import open_keys
from guildhall.bootstrap.trials import open_trials_alone
from guildhall.cli import main
from guildhall.settings import Settings
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import Database
from guildhall.storage.purpose_keys import PurposeKeys
from guildhall.storage.trials import PURPOSE
from guildhall.vocabulary.turns import Channel

TRIAL = "short_answers_winter"


@pytest.fixture(autouse=True)
def council(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"DATA_DIR": tmp_path / "var", "DATABASE_URL": "", "MASTER_KEY": "", "COUNCIL": "avonmere", "TODAY": "2026-11-25"}
    for name, value in given.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", str(value))
    for name, role in (("Priya Lead", "programme_lead"), ("Owen Officer", "data_protection_officer"), ("Ada Auditor", "auditor")):
        assert run("staff", "add", name, "--role", role).exit_code == 0


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def trial(*words: str, code: int = 0) -> str:
    done = run("value", "trial", *words)
    assert done.exit_code == code, done.output
    return done.output


def started() -> None:
    trial("start", TRIAL, "--as", "Priya Lead")
    assert f"{TRIAL} runs." in trial("start", TRIAL, "--as", "Owen Officer")


def test_a_planned_trial_is_listed_with_what_it_could_see() -> None:
    assert "Planned. Nobody has approved it yet." in trial("list")
    assert "The trial is large enough." in trial("power", TRIAL)
    assert json.loads(trial("list", "--json"))[0]["new_way"] == "short_answers"
    assert "there is no trial `x`" in trial("power", "x", code=1)


def test_two_people_start_it_and_the_first_is_told_so() -> None:
    assert "It starts once the other of the two has approved it too." in trial("start", TRIAL, "--as", "Priya Lead")
    assert "Priya Lead has already approved" in trial("start", TRIAL, "--as", "Priya Lead", code=1)
    assert "approved by a programme lead, and by" in trial("start", TRIAL, "--as", "Ada Auditor", code=1)
    assert f"{TRIAL} runs." in trial("start", TRIAL, "--as", "Owen Officer")


def test_every_assignment_is_worked_out_again_and_a_key_that_is_gone_is_found_out() -> None:
    started()
    settings = Settings()
    database = Database(settings.database)
    keys = open_keys(settings, database)
    store = ConversationStore(database, keys, "avonmere", new_id, new_secret)
    with open_trials_alone(settings) as (trials, _):
        for _ in range(30):
            store.start(Channel.WEB, "en", trials.clock(), beside=trials.joining(agreed=True))
    assert "30 assignments worked out again; all of them match." in trial("check", TRIAL)
    assert "30 agreed" in trial("list")
    PurposeKeys(keys.database, keys.sealer).destroy(PURPOSE)
    assert "of 30 assignments are not what the key gives" in trial("check", TRIAL, code=1)


def test_no_result_is_printed_while_it_runs() -> None:
    started()
    said = trial("result", TRIAL, code=1)
    assert "No result is shown while the trial runs" in said


def test_one_person_stops_it() -> None:
    started()
    assert "is stopped" in trial("stop", TRIAL, "--why", "Residents are confused by it", "--as", "Priya Lead")
    assert "is not running" in trial("stop", TRIAL, "--why", "Residents are confused by it", "--as", "Priya Lead", code=1)
    assert "Stopped on 25 November 2026: Residents are confused by it" in trial("list")
