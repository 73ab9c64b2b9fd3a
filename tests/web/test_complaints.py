"""A resident complains on a page that needs no script, in ten languages, and gets a reference and a date."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.rights import Looker, RightsKind
from guildhall.web.app import create_app
from guildhall.web.rate_limits import Rate, Rates
from tests.web.browser import Browser
from tests.web.front_door import open_front_door

PAT = Looker("Pat Officer", "answering complaints")


def sent(guildhall: Guildhall) -> tuple[str, str, tuple[str, ...]]:
    (request,) = guildhall.rights.requests.all()
    assert request.kind == RightsKind.COMPLAINT
    asked = guildhall.rights.views.request_words(PAT, request, guildhall.rights.requests)
    return asked.text, asked.contact, request.conversations


def test_a_complaint_is_stored_and_acknowledged_with_a_reference_and_a_date(browser: Browser) -> None:
    browser.open("/complaint").send("main form", text="You kept my number", contact="sam@example.org")
    assert browser.status == 200
    (request,) = browser.guildhall.rights.requests.all()
    assert request.reference in browser.text(".booked__code")
    assert "24 December 2026" in browser.text()
    assert sent(browser.guildhall) == ("You kept my number", "sam@example.org", ())


def test_a_complaint_after_a_conversation_is_about_it(browser: Browser) -> None:
    browser.ask("How much is bulky waste?")
    conversation = browser.conversation_id
    browser.open("/complaint").send("main form", text="That was wrong")
    assert sent(browser.guildhall) == ("That was wrong", "", (conversation,))


def test_an_empty_complaint_is_asked_for_again_and_the_contact_is_kept(browser: Browser) -> None:
    browser.open("/complaint").send("main form", text=" ", contact="sam@example.org")
    assert browser.status == 400
    assert browser.one(".govuk-error-summary a").attributes["href"] == "#complaint-text"
    assert browser.one("#complaint-contact").attributes["value"] == "sam@example.org"
    assert browser.guildhall.rights.requests.all() == ()


def test_one_that_is_too_long_or_from_another_site_is_not_stored_and_its_words_are_kept(browser: Browser) -> None:
    browser.open("/complaint").send("main form", text="x" * 20_001)
    assert browser.status == 413 and len(browser.one("#complaint-text").text()) >= 20_001
    fields = {**browser.hidden("main form"), "text": "You kept my number"}
    browser.take(browser.client.post("/complaint", data=fields, headers={"sec-fetch-site": "cross-site"}))
    assert browser.status == 403 and "You kept my number" in browser.text("#complaint-text")
    assert browser.guildhall.rights.requests.all() == ()


def test_a_flood_of_complaints_is_slowed(tmp_path: Path) -> None:
    browser = Browser(open_front_door(tmp_path), Rates(address=Rate(1, 0.1)))
    browser.open("/complaint").send("main form", text="one")
    browser.open("/complaint").send("main form", text="two")
    assert browser.status == 429 and browser.response.headers["retry-after"]
    assert "two" in browser.text("#complaint-text")


def test_distress_in_a_complaint_is_answered_first(browser: Browser) -> None:
    browser.open("/complaint").send("main form", text="He hits me and you told him where I am")
    assert "You deserve to be safe" in browser.text(".govuk-inset-text")
    assert "Talk to a person" in browser.text("main")
    assert len(browser.guildhall.rights.requests.all()) == 1


@pytest.mark.parametrize("language", list(Language))
def test_the_page_speaks_every_language(browser: Browser, language: str) -> None:
    browser.open(f"/complaint?lang={language}")
    assert browser.one("html").attributes["lang"] == language
    assert browser.all("main [lang=en]") == []
    browser.send("main form", text="x")
    assert browser.guildhall.rights.requests.all()[0].reference in browser.text(".booked__code")


def test_the_page_is_linked_from_every_page_and_has_the_regulator(browser: Browser) -> None:
    browser.open("/")
    assert any((link.attributes["href"] or "").startswith("/complaint") for link in browser.all(".page-footer a"))
    assert "0303 123 1113" in browser.open("/complaint").text("main")


def test_a_program_can_complain_for_a_resident(guildhall: Guildhall) -> None:
    client = TestClient(create_app(guildhall))
    answer = client.post("/api/v1/complaints", json={"text": "You kept my number", "contact": "sam@example.org"})
    assert answer.status_code == 201
    assert answer.json()["acknowledge_by"].startswith("2026-12-24")
    assert sent(guildhall)[:2] == ("You kept my number", "sam@example.org")
    assert client.post("/api/v1/complaints", json={"text": "  "}).status_code == 409
    assert "You deserve to be safe" in client.post("/api/v1/complaints", json={"text": "He hits me"}).json()["care"]
