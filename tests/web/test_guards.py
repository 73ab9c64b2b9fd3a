import re
from pathlib import Path

import pytest
from starlette.requests import Request

from guildhall.web.forgery import comes_from_our_page
from guildhall.web.rate_limits import Buckets, Rate, Rates
from tests.web.browser import Browser
from tests.web.front_door import open_front_door

TIGHT = Rates(conversation=Rate(1, 0.1), address=Rate(1000, 1000), starts=Rate(1000, 1000))


def request_with(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "ask.council.example", **headers}.items()]
    return Request({"type": "http", "method": "POST", "path": "/ask", "headers": raw, "query_string": b""})


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site", "origin": "https://ask.council.example"}, False),
        ({"origin": "https://ask.council.example"}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://ask.council.example.evil.example"}, False),
        ({"origin": "null"}, True),
        ({}, True),
    ],
)
def test_where_a_form_was_sent_from(headers: dict[str, str], ours: bool) -> None:
    assert comes_from_our_page(request_with(**headers), "https://ask.council.example") is ours


def test_a_form_from_another_site_is_not_taken_and_its_words_are_kept(browser: Browser) -> None:
    browser.ask("pay me", headers={"sec-fetch-site": "cross-site"})
    assert browser.status == 403
    assert browser.one("textarea#message").text() == "pay me"
    assert browser.all(".turn") == []


def test_the_policy_lets_nothing_inline_or_foreign_run(browser: Browser) -> None:
    policy = browser.open().response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce and browser.one("script").attributes["nonce"] == nonce[1]
    assert not re.search(r'<[^>]+ (style|on\w+)="', browser.html)
    assert nonce[1] not in browser.open().response.headers["content-security-policy"]


def test_only_allowed_sites_may_frame_the_page(tmp_path: Path) -> None:
    allowed = {"allowed_frame_ancestors": "https://www.council.example"}
    browser = Browser(open_front_door(tmp_path, settings=allowed))
    assert "frame-ancestors 'self' https://www.council.example" in browser.open().response.headers["content-security-policy"]


def test_other_headers_are_on_every_response(browser: Browser) -> None:
    for path in ("/", "/static/govuk.css", "/api/v1/openapi.json", "/nowhere", "/health/live"):
        headers = browser.open(path).response.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "microphone=()" in headers["permissions-policy"]


def test_a_flood_is_asked_to_wait_with_its_words_kept_and_the_number_shown(tmp_path: Path) -> None:
    browser = Browser(open_front_door(tmp_path), TIGHT)
    browser.ask("How much is bulky waste?").ask("bins?").ask("bins again?")
    assert browser.status == 429
    assert int(browser.response.headers["retry-after"]) >= 1
    assert browser.one("textarea#message").text() == "bins again?"
    assert "01632 960100" in browser.text(".govuk-error-summary")


@pytest.mark.parametrize("words", ["I want to kill myself", "I smell gas", "let me speak to a human"])
def test_nobody_in_distress_is_held_back_by_a_limit(tmp_path: Path, words: str) -> None:
    browser = Browser(open_front_door(tmp_path), TIGHT)
    browser.ask("one").ask("two").ask(words)
    assert browser.status == 200
    assert browser.text("#latest .turn__words") == words


def test_the_way_to_a_person_has_no_limit(tmp_path: Path) -> None:
    browser = Browser(open_front_door(tmp_path), TIGHT)
    browser.ask("one").ask("two").ask("", path="/person")
    assert browser.status == 200
    assert browser.all("#callback form")


def test_a_bucket_fills_again_with_time() -> None:
    clock = [0.0]
    bucket = Buckets(Rate(2, 0.5), lambda: clock[0])
    assert [bucket.take("a") for _ in range(3)] == [0, 0, 2]
    assert bucket.take("b") == 0
    clock[0] = 2.0
    assert bucket.take("a") == 0


def test_too_big_a_body_is_refused_kindly(browser: Browser) -> None:
    browser.take(browser.client.post("/ask", data={"message": "a" * 300_000}))
    assert browser.status == 413
    assert "too much to read at once" in browser.text()
    refused = browser.client.post("/api/v1/conversations", content=b" " * 300_000)
    assert (refused.status_code, refused.json()["status"]) == (413, 413)


def test_a_body_that_does_not_say_how_big_it_is_is_counted(browser: Browser) -> None:
    pieces = (b"message=" + b"a" * 50_000 for _ in range(8))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post("/ask", content=pieces, headers=headers).status_code == 413
