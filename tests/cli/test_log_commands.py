"""`guildhall log` and `guildhall verify`, from a fresh folder to an auditor's yes or no."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from guildhall.bootstrap.record_log import open_record_log, open_witnesses
from guildhall.cli import main
from guildhall.records.checkpoints import parse_key
from guildhall.settings import Settings
from guildhall.storage.schema import events
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId
from tests.bootstrap.test_record_keeping import witness_at
from tests.records.logs import OPERATOR_KEY, WITNESS_KEY

NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deployment of its own with three events recorded."""
    monkeypatch.setenv("GUILDHALL_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("GUILDHALL_DATABASE_URL", "")
    monkeypatch.chdir(tmp_path)
    opened = open_record_log(Settings())
    opened.record.append([Event(EventId(f"even_{n}"), EventKind.KNOWLEDGE_CHANGED, NOW, facts={"n": n, "share": 0.5}) for n in range(3)])
    opened.close()
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_an_export_verifies_with_the_key_that_was_printed(folder: Path) -> None:
    key = run("log", "key").output.strip()
    assert parse_key(key).name == "guildhall/avonmere"
    assert "3 records" in run("log", "export", "record.txt").output
    checked = run("verify", "record.txt", "--operator-key", key)
    assert checked.exit_code == 0, checked.output
    assert "3 records, from 2026-11-25T11:00:00.000000Z" in checked.output
    assert run("verify", "record.txt", "--operator-key", OPERATOR_KEY.text).exit_code == 1
    export = (folder / "record.txt").read_text("utf-8")
    (folder / "record.txt").write_text(export.replace('"id":"even_1"', '"id":"even_7"'), "utf-8")
    refused = run("verify", "record.txt", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.output)["fault"] == "record 1 was changed: record 2 names another hash for it"


def test_a_receipt_verifies_with_and_without_its_facts(folder: Path) -> None:
    assert "make one with `guildhall log checkpoint`" in run("log", "receipt", "even_1").output
    run("log", "checkpoint")
    bare, full = run("log", "receipt", "even_1"), run("log", "receipt", "even_1", "--facts")
    assert bare.output.startswith("c2sp.org/tlog-proof@v1\nextra ")
    for number, text in enumerate((bare.output, full.output)):
        path = folder / f"receipt-{number}"
        path.write_text(text, "utf-8")
        checked = run("verify", str(path))
        assert checked.exit_code == 0, checked.output
        assert "holds this event as number 1 of the 3 that are signed" in checked.output
        for place in range(0, len(text), 5):
            other = "A" if text[place] != "A" else "B"
            path.write_text(text[:place] + other + text[place + 1 :], "utf-8")
            assert run("verify", str(path)).exit_code == 1, (place, text[place])
    assert run("log", "receipt", "nobody").exit_code == 1


def test_a_checkpoint_is_printed_and_says_which_witness_did_not_cosign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_WITNESSES", f"http://127.0.0.1:9 {WITNESS_KEY.text}")
    printed = run("log", "checkpoint")
    assert printed.exit_code == 0
    assert "guildhall/avonmere\n3\n" in printed.output
    assert "Not cosigned: witness audit.example/witness could not be reached" in printed.output
    told = json.loads(run("log", "checkpoint", "--json").stdout)
    assert (told["size"], told["witnesses"][0]["size"]) == (4, 0)


def test_what_a_witness_holds_finds_a_tail_that_was_cut(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_LOG_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    monkeypatch.setenv("GUILDHALL_LOG_ORIGIN", "council.example/record")
    run("log", "export", "early.txt")
    with witness_at(folder / "witness") as url:
        monkeypatch.setenv("GUILDHALL_WITNESSES", f"{url} {WITNESS_KEY.text}")
        run("log", "checkpoint")
    (held,) = (folder / "witness").iterdir()
    run("log", "export", "whole.txt")
    given = ("--witnessed", str(held), "--witness-key", WITNESS_KEY.text, "--operator-key", OPERATOR_KEY.text)
    assert run("verify", "whole.txt", *given).exit_code == 0
    refused = run("verify", "early.txt", *given)
    assert refused.exit_code == 1
    assert "the tail was cut: a witness saw 4 records; the last 1 are not here" in refused.output


def test_reconciling_fails_when_something_does_not_fit() -> None:
    fits = run("log", "reconcile")
    assert fits.exit_code == 0
    assert "3 records and 0 requests compared: 0 things do not fit." in fits.output
    opened = open_record_log(Settings())
    with opened.database.writing() as connection:
        connection.execute(update(events).where(events.c.id == "even_1").values(facts="{}"))
    opened.close()
    differs = run("log", "reconcile", "--words")
    assert differs.exit_code == 1
    assert "An event's facts are not those that were committed to. The facts of event even_1" in differs.output
    assert json.loads(run("log", "reconcile", "--json").stdout)["findings"][0]["kind"] == "facts_changed"


@pytest.mark.parametrize(
    "text", ["https://a.example", "ftp://a.example KEY", "https://a.example KEY", f"https://a.example {OPERATOR_KEY.text}"]
)
def test_witnesses_that_are_not_addresses_and_keys_are_refused_with_what_would_be_right(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUILDHALL_WITNESSES", text)
    with pytest.raises(ConfigurationError, match="Give each witness's address and then the public key"):
        open_witnesses(Settings())
    assert run("log", "checkpoint").exit_code == 1
