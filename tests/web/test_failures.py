from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from guildhall.web.app import create_app
from tests.web.browser import Browser
from tests.web.front_door import open_front_door


def test_what_is_not_there_has_a_page_with_a_way_to_a_person(browser: Browser) -> None:
    browser.open("/nowhere?lang=en")
    assert browser.status == 404
    assert "01632 960100" in browser.text()
    browser.send(".human-route")
    assert browser.all("#callback form")


def test_a_method_that_is_not_for_a_page_is_refused_with_what_is_allowed(browser: Browser) -> None:
    response = browser.client.put("/ask")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


def test_a_file_in_place_of_words_gets_a_kind_page(browser: Browser) -> None:
    browser.take(browser.client.post("/ask", files={"message": ("a.png", b"\x89PNG", "image/png")}))
    assert browser.status == 400
    assert "Talk to a person" in browser.text()


def test_an_error_nobody_expected_ends_in_a_page_with_a_persons_number(browser: Browser, monkeypatch: Any) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret words of a resident")

    browser.ask("How much is bulky waste?")
    monkeypatch.setattr(browser.guildhall.desk.threads, "read", broken)
    with capture_logs() as logs:
        browser.open("/transcript")
    assert browser.status == 500
    assert "01632 960100" in browser.text()
    assert "Talk to a person" in browser.text()
    assert browser.response.headers["content-security-policy"]
    assert "secret words" not in browser.html + str(logs)
    assert [entry["error"] for entry in logs] == ["RuntimeError"]


def test_the_same_for_a_program_is_a_problem_document(browser: Browser, monkeypatch: Any) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(browser.guildhall.conversations, "start", broken)
    response = browser.client.post("/api/v1/conversations", json={})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"


def test_a_failing_turn_still_brings_a_person(tmp_path: Path) -> None:
    class Broken:
        def search(self, *_: object, **__: object) -> None:
            raise RuntimeError

    browser = Browser(open_front_door(tmp_path, library=Broken()))
    browser.ask("How much is bulky waste?")
    assert "Your words are not lost" in browser.text("#latest")
    assert browser.all("#callback form")


def test_live_and_ready_are_apart(browser: Browser) -> None:
    assert browser.client.get("/health/live").json() == {"status": "live"}
    assert browser.client.get("/health/ready").json()["status"] == "ready"


def test_not_ready_without_a_database(tmp_path: Path) -> None:
    guildhall = open_front_door(tmp_path)
    browser = Browser(guildhall)
    guildhall.close()
    (tmp_path / "web.sqlite3").rename(tmp_path / "gone.sqlite3")
    (tmp_path / "web.sqlite3").mkdir()
    assert browser.client.get("/health/ready").status_code == 503
    assert browser.client.get("/health/live").status_code == 200


def test_the_application_has_no_pages_of_the_framework(browser: Browser) -> None:
    assert create_app(browser.guildhall).docs_url is None
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert browser.open(path).status == 404
