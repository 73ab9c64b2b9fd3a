"""The outbox and safeguarding records from the command line, on a deployment of its own."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from guildhall.bootstrap.after import open_after_alone
from guildhall.cli import main
from guildhall.settings import Settings
from guildhall.vocabulary.handoffs import Lane, Request
from guildhall.vocabulary.safeguarding import Evidence
from guildhall.vocabulary.turns import Channel


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {"DATA_DIR": str(tmp_path / "var"), "COUNCIL": "avonmere", "COUNCILS_DIR": "councils", "DATABASE_URL": ""}.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", value)
    return tmp_path / "var"


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == code, result.output
    return result.output


def escalated() -> str:
    """Somebody at risk; the reference."""
    from datetime import UTC, datetime

    from guildhall.bootstrap.rights import open_memory

    memory = open_memory(Settings(), "avonmere")
    conversation = memory.conversations.start(Channel.WEB, "en", datetime.now(UTC))[0].id
    evidence = Evidence("domestic_abuse", "turn-1", "confirm", (), "pack", (), "he hits me")
    more = Request(Lane.DANGER, evidence=(evidence,))
    return memory.people.request(conversation, "domestic-abuse", "distress", "domestic_abuse", True, datetime.now(UTC), more)


def test_an_empty_deployment_says_so(folder: Path) -> None:
    assert "The outbox is empty" in run("notifications", "list")
    assert "No safeguarding record is open" in run("safeguarding", "list")
    assert "0 sent" in run("notifications", "send")


def test_alerts_go_and_a_record_is_acknowledged(folder: Path) -> None:
    reference = escalated()
    assert "2 sent" in run("notifications", "send")
    listed = json.loads(run("notifications", "list", "--json"))
    assert {(one["kind"], one["status"]) for one in listed} == {("alert", "sent")}
    assert f"{reference}  domestic_abuse  not acknowledged, told domestic-abuse-lead" in run("safeguarding", "list")
    assert "he hits me" not in run("safeguarding", "list", "--json")
    assert f"{reference} is acknowledged by Pat Okafor" in run("safeguarding", "acknowledge", reference, "--as", "Pat Okafor")
    assert "acknowledged by Pat Okafor" in run("safeguarding", "list", "--all")
    assert len(list((folder / "outbox").glob("*.json"))) == 2


def test_what_is_not_there_is_said(folder: Path) -> None:
    assert "there is no safeguarding record" in run("safeguarding", "acknowledge", "NONE-NONE", "--as", "Pat", code=1)
    assert "there is no message" in run("notifications", "retry", "none", code=1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"NOTIFICATIONS_KIND": "govuk-notify", "NOTIFICATIONS_KEY": "abc"}, "not one that GOV.UK Notify gives"),
        ({"NOTIFICATIONS_KIND": "govuk-notify", "NOTIFICATIONS_URL": "http://notify.example"}, "not reached over https"),
    ],
)
def test_settings_that_cannot_be_are_explained(
    folder: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], message: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", value)
    assert message in run("notifications", "list", code=1)


def test_a_template_for_a_wording_is_read_and_a_wrong_one_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "k-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
    given = {"NOTIFICATIONS_KIND": "govuk-notify", "NOTIFICATIONS_KEY": key, "NOTIFICATIONS_TEMPLATES": "follow_up.text:sms=a-b, x:email=c"}
    for name, value in given.items():
        monkeypatch.setenv(f"GUILDHALL_{name}", value)
    after = open_after_alone(Settings())
    assert after.notifies.name == "govuk-notify"
    after.close()
    monkeypatch.setenv("GUILDHALL_NOTIFICATIONS_TEMPLATES", "follow_up.text=a-b")
    assert "is not a template for a wording" in run("notifications", "list", code=1)
