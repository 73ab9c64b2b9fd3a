"""The web edge's journal: a line before and after each request that may change something, no words, and an event that was never written is found."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.reconciling import Reconciled, reconcile
from guildhall.bootstrap.record_log import RecordLog, open_keeper
from guildhall.records.findings import FindingKind
from guildhall.vocabulary.events import Event, EventKind
from guildhall.web.app import create_app
from tests.web.browser import Browser


def lines(guildhall: Guildhall) -> list[dict[str, Any]]:
    files = sorted((guildhall.settings.data_dir / "journal").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


def reconciled(guildhall: Guildhall) -> Reconciled:
    keeper = replace(open_keeper(guildhall.settings, guildhall.database, guildhall.record), clock=guildhall.house.clock)
    opened = RecordLog(guildhall.database, keeper.store, keeper, guildhall.record)
    return reconcile(opened, guildhall.settings.data_dir / "journal", timedelta(days=7), words=True)


class Forgetful:
    """A record that loses events of a kind: what somebody who can change the program might make of it."""

    def __init__(self, guildhall: Guildhall, kind: EventKind) -> None:
        self._inner, self._kind = guildhall.house.records, kind

    def append(self, events: Sequence[Event]) -> None:
        kept = [event for event in events if event.kind != self._kind]
        if kept:
            self._inner.append(kept)


def forgetting(guildhall: Guildhall, kind: EventKind) -> Guildhall:
    return replace(guildhall, house=replace(guildhall.house, records=Forgetful(guildhall, kind)))


def test_a_question_is_noted_before_and_after_without_its_words(browser: Browser) -> None:
    browser.ask("canary question about bins, phone 07700 900123")
    begun, ended = lines(browser.guildhall)
    assert (begun["method"], begun["route"], begun["conversation"]) == ("POST", "/ask", "")
    assert (ended["ended"], ended["conversation"]) == (begun["id"], browser.conversation_id)
    assert "canary" not in json.dumps(lines(browser.guildhall))
    browser.ask("another one")
    assert lines(browser.guildhall)[2]["conversation"] == browser.conversation_id


def test_reading_is_not_noted_and_what_is_not_ours_in_a_path_is_hidden(browser: Browser) -> None:
    browser.open("/")
    assert lines(browser.guildhall) == []
    browser.client.post("/my-name-is-sam/ask")
    assert lines(browser.guildhall)[0]["route"] == "/*/ask"
    assert lines(browser.guildhall)[1]["status"] == 404


def test_the_api_is_noted_by_its_routes(guildhall: Guildhall) -> None:
    client = TestClient(create_app(guildhall))
    started = client.post("/api/v1/conversations", json={}).json()
    headers = {"Authorization": f"Bearer {started['token']}"}
    client.post(f"/api/v1/conversations/{started['id']}/utterances", json={"text": "bins"}, headers=headers)
    begun = [line for line in lines(guildhall) if "route" in line]
    assert [line["route"] for line in begun] == ["/api/v1/conversations", "/api/v1/conversations/*/utterances"]
    assert begun[1]["conversation"] == started["id"]
    assert reconciled(guildhall).findings == ()


def test_a_record_that_is_whole_fits_the_journal(browser: Browser) -> None:
    browser.ask("When is my bin collected?")
    attempt = browser.hidden()["attempt"]
    browser.ask("And the brown one?", attempt=attempt)
    browser.ask("And the brown one?", attempt=attempt)  # the same form again: no second turn
    browser.ask("I want to speak to a person", path="/person")
    browser.send("#feedback-form", helpful="yes") if browser.all("#feedback-form") else None
    found = reconciled(browser.guildhall)
    assert found.findings == ()
    assert found.requests >= 4


@pytest.mark.parametrize("headers", [{}, {"Accept": "text/event-stream"}])
def test_a_form_sent_twice_says_which_turn_it_repeats(browser: Browser, headers: dict[str, str]) -> None:
    browser.open()
    browser.ask("When is my bin collected?", headers=headers, attempt="turn_same")
    html = browser.html
    browser.open("/")
    browser.ask("When is my bin collected?", headers=headers, attempt="turn_same")
    assert html
    assert [line["resent"] for line in lines(browser.guildhall) if "ended" in line] == ["", "turn_same"]
    assert reconciled(browser.guildhall).findings == ()


def test_a_turn_that_was_never_recorded_is_found(guildhall: Guildhall) -> None:
    browser = Browser(forgetting(guildhall, EventKind.TURN_COMPLETED))
    browser.ask("When is my bin collected?")
    (found,) = [finding for finding in reconciled(guildhall).findings if finding.kind == FindingKind.EVENT_NEVER_WRITTEN]
    assert found.where == browser.conversation_id
    assert "to /ask succeeded, but the record holds no TurnCompleted of it" in found.what


def test_a_request_that_died_is_found_once_it_can_no_longer_be_running(guildhall: Guildhall) -> None:
    folder = guildhall.settings.data_dir / "journal"
    folder.mkdir()
    at = guildhall.house.clock() - timedelta(minutes=11)
    line = {"at": at.isoformat(), "conversation": "conv_x", "id": "r", "method": "POST", "route": "/ask"}
    (folder / f"{at:%Y-%m-%d}.jsonl").write_text(json.dumps(line) + "\n{half a line", "utf-8")
    kinds = {finding.kind for finding in reconciled(guildhall).findings}
    assert kinds == {FindingKind.REQUEST_UNFINISHED, FindingKind.JOURNAL_UNREADABLE}


def test_a_journal_that_cannot_be_written_stops_nobody(browser: Browser) -> None:
    (browser.guildhall.settings.data_dir / "journal").write_text("in the way", "utf-8")
    browser.ask("When is my bin collected?")
    assert browser.status == 200


def test_the_newest_checkpoint_is_public(browser: Browser) -> None:
    assert browser.open("/record/checkpoint").status == 404
    browser.ask("When is my bin collected?")
    guildhall = browser.guildhall
    keeper = open_keeper(guildhall.settings, guildhall.database, guildhall.record)
    made = keeper.sign()
    assert browser.open("/record/checkpoint").html == made.note.text
    assert browser.response.headers["content-type"].startswith("text/plain")


def test_reconciling_is_itself_recorded(guildhall: Guildhall, tmp_path: Path) -> None:
    assert reconciled(guildhall).records == 0
    assert reconciled(guildhall).records == 1
