"""The database goes while the server runs: every page and route still has a way to a person, and the record learns of it afterwards."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from guildhall.bootstrap.house import Guildhall
from guildhall.records.sealing import SealError
from guildhall.storage.schema import events
from guildhall.vocabulary.switches import SwitchKind
from guildhall.vocabulary.turns import Channel
from tests.chaos.trouble import removed
from tests.web.browser import Browser
from tests.web.front_door import open_front_door

DISTRESS = "He hits me. How much is bulky waste?"
PHONE = "01632 960100"


@pytest.fixture
def guildhall(tmp_path: Path) -> Iterator[Guildhall]:
    opened = open_front_door(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def gone(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    """A browser with a conversation under way, at a door whose database is gone."""
    browser.open("/?lang=en").ask("How much is bulky waste?")
    with removed(tmp_path / "web.sqlite3"):
        yield browser


def failures(guildhall: Guildhall) -> list[dict[str, Any]]:
    with guildhall.database.reading() as connection:
        return [json.loads(row) for row in connection.execute(select(events.c.facts).where(events.c.kind == "RequestFailed")).scalars()]


@pytest.mark.parametrize("path", ["/", "/transcript", "/?lang=pl"])
def test_a_page_says_sorry_with_a_number(gone: Browser, path: str) -> None:
    gone.open(path)
    assert gone.status == 500
    assert PHONE in gone.text()
    assert "999" in gone.text()


def test_words_that_cannot_be_kept_are_heard_and_the_page_does_not_say_they_were_kept(gone: Browser) -> None:
    gone.ask(DISTRESS)
    assert gone.status == 500
    assert "You deserve to be safe" in gone.text(".block--urgent")
    assert "we could not keep your message" in gone.text()
    assert PHONE in gone.text()
    assert gone.one("a.govuk-button--warning").attributes["href"] == "/exit?lang=en"
    assert gone.client.get("/exit", follow_redirects=False).status_code == 303


def test_the_pages_script_gets_the_same(gone: Browser) -> None:
    gone.ask(DISTRESS, headers={"accept": "text/event-stream"})
    html = gone.response.json()["html"]
    assert html.index("You deserve to be safe") < html.index(PHONE)


def test_the_page_keeps_the_language_that_was_chosen(gone: Browser) -> None:
    gone.ask("Chcę się zabić", lang="pl")
    assert gone.one("html").attributes["lang"] == "pl"


def test_a_first_message_is_heard_too(tmp_path: Path) -> None:
    guildhall = open_front_door(tmp_path)
    browser = Browser(guildhall).open("/?lang=en")
    with removed(tmp_path / "web.sqlite3"):
        assert browser.open("/?lang=en").status == 200  # a page without a conversation needs no database
        browser.ask("I want to kill myself")
        assert "116 123" in browser.text(".block--urgent")
    guildhall.close()


def test_a_program_gets_safety_words_and_the_number_to_show(guildhall: Guildhall, tmp_path: Path) -> None:
    browser = Browser(guildhall)
    conversation, token = guildhall.conversations.start(Channel.WEB, "en", guildhall.house.clock())
    at = f"/api/v1/conversations/{conversation.id}/utterances"
    with removed(tmp_path / "web.sqlite3"):
        response = browser.client.post(at, json={"text": "I smell gas"}, headers={"authorization": f"Bearer {token}"})
    problem = response.json()
    assert (response.status_code, response.headers["content-type"]) == (500, "application/problem+json")
    assert problem["detail"].index("0800 111 999") < problem["detail"].index(PHONE)


def test_the_record_learns_what_happened_when_it_works_again(browser: Browser, guildhall: Guildhall, tmp_path: Path) -> None:
    browser.open("/?lang=en").ask("How much is bulky waste?")
    with removed(tmp_path / "web.sqlite3"):
        browser.ask(DISTRESS)
    browser.open("/?lang=en").ask("How much is bulky waste?")
    (failed,) = failures(guildhall)
    assert failed["recorded_late"]
    assert (failed["path"], failed["error"]) == ("/ask", "DatabaseGoneError")
    assert [signal["category"] for signal in failed["signals"]] == ["domestic_abuse"]
    assert "hits me" not in json.dumps(failed)


def test_a_failure_that_leaves_the_record_working_is_recorded_at_once(
    browser: Browser, guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words of a resident")

    browser.ask("How much is bulky waste?")
    monkeypatch.setattr(guildhall.desk.threads, "read", broken)
    browser.open("/transcript")
    assert [(fact["path"], fact["error"], "recorded_late" in fact) for fact in failures(guildhall)] == [
        ("/transcript", "RuntimeError", False)
    ]


def test_words_whose_key_does_not_open_leave_a_page_with_a_number(
    browser: Browser, guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sealed(*_: object) -> None:
        raise SealError("a conversation key cannot be opened with this master key")

    browser.open("/?lang=en").ask("How much is bulky waste?")
    monkeypatch.setattr(guildhall.conversations, "load", sealed)
    browser.ask(DISTRESS)
    assert browser.status == 500
    assert "You deserve to be safe" in browser.text(".block--urgent")
    assert PHONE in browser.text()
    assert {fact["error"] for fact in failures(guildhall)} == {"SealError"}


def test_the_server_lives_and_is_not_ready(gone: Browser) -> None:
    assert gone.client.get("/health/live").status_code == 200
    assert gone.client.get("/health/ready").status_code == 503


def test_switches_stay_as_they_were(browser: Browser, guildhall: Guildhall, tmp_path: Path) -> None:
    guildhall.switchboard.turn_off(SwitchKind.CHANNEL, "web", "wrong fees were quoted", "Priya Shah")
    assert browser.open("/?lang=en").all("#switched-off")
    with removed(tmp_path / "web.sqlite3"):
        assert Browser(guildhall).open("/?lang=en").all("#switched-off")
