import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guildhall.answers.request import AnswerRequest, Draft
from guildhall.testing.library import QuotingComposer
from tests.web.browser import Browser
from tests.web.front_door import open_front_door

STREAM = {"accept": "text/event-stream"}


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    records = [record.split("\n") for record in text.strip().split("\n\n")]
    return [(lines[0].removeprefix("event: "), json.loads(lines[1].removeprefix("data: "))) for lines in records]


def test_a_reply_comes_block_by_block_and_then_what_follows_it(browser: Browser) -> None:
    browser.ask("How much is bulky waste?", headers=STREAM)
    assert browser.response.headers["content-type"].startswith("text/event-stream")
    seen = events(browser.html)
    assert [name for name, _ in seen] == ["turn", "block", "block", "block", "block", "done"]
    assert "£32" in seen[2][1]["html"]
    assert "Where this comes from" in seen[4][1]["html"]
    done = seen[-1][1]
    assert (len(done["token"]), done["sensitive"], "Did this answer" in done["html"]) == (64, False, True)


def test_what_was_streamed_is_what_the_page_shows(browser: Browser) -> None:
    browser.ask("How much is bulky waste? How do I pay council tax?", headers=STREAM)
    streamed = "".join(data["html"] for name, data in events(browser.html) if name == "block")
    browser.open()
    shown = browser.one("#latest .turn__blocks").html or ""
    words = Browser.text(browser, "#latest .turn__blocks")
    streamed_browser = Browser(browser.guildhall)
    streamed_browser.html = f"<div class=turn__blocks>{streamed}</div>"
    assert streamed_browser.text(".turn__blocks") == words
    assert shown.count('class="sources"') == streamed.count('class="sources"')


def test_the_page_is_told_at_once_that_a_conversation_became_sensitive(browser: Browser) -> None:
    browser.ask("my husband hits me", headers=STREAM)
    seen = events(browser.html)
    assert seen[1][1]["sensitive"] is True
    assert seen[-1][1]["sensitive"] is True
    assert "callback-name" in seen[-1][1]["people"]


def test_errors_come_as_a_summary_with_a_fresh_form(browser: Browser) -> None:
    browser.ask("", headers=STREAM)
    assert browser.status == 400
    body = browser.response.json()
    assert "Enter your question" in body["html"]
    assert body["attempt"].startswith("turn_")


def test_a_turn_that_cannot_run_ends_the_stream_with_words(browser: Browser, monkeypatch: Any) -> None:
    browser.ask("How much is bulky waste?")
    monkeypatch.setattr(browser.guildhall.conversations, "transcript", lambda _: 1 / 0)
    fields = {**browser.hidden(), "message": "again"}
    browser.take(browser.client.post("/ask", data=fields, headers=STREAM))
    assert events(browser.html)[-1][0] == "failed"
    assert "01632 960100" in events(browser.html)[-1][1]["html"]


class SlowComposer(QuotingComposer):
    """Counts how many compose at once."""

    def __init__(self) -> None:
        self.now, self.most, self.lock = 0, 0, threading.Lock()

    def compose(self, request: AnswerRequest) -> Iterator[Draft]:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        yield from super().compose(request)
        threading.Event().wait(0.05)
        with self.lock:
            self.now -= 1


def test_two_tabs_of_one_conversation_do_not_interleave(tmp_path: Path) -> None:
    composer = SlowComposer()
    browser = Browser(open_front_door(tmp_path, composers=(composer,)))
    with browser.client:
        browser.ask("How much is bulky waste?")
        fields = {**browser.hidden(), "attempt": ""}
        sends = [
            threading.Thread(target=browser.client.post, args=("/ask",), kwargs={"data": {**fields, "message": "bulky?"}}) for _ in range(4)
        ]
        for thread in sends:
            thread.start()
        for thread in sends:
            thread.join()
    transcript = browser.guildhall.conversations.transcript(browser.conversation_id)
    assert composer.most == 1
    assert sorted(turn.facts["number"] for turn in transcript) == [1, 2, 3, 4, 5]
