"""What residents, programs and operators see when automatic answers are switched off."""

from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.switches import SwitchKind
from tests.web.browser import Browser

WHY, WHO = "wrong fees were quoted this morning", "Priya Shah"


@pytest.fixture
def silent(browser: Browser) -> Browser:
    browser.guildhall.switchboard.turn_off(SwitchKind.CHANNEL, "web", WHY, WHO)
    return browser


def test_the_page_says_so_before_anything_is_typed(silent: Browser) -> None:
    silent.open("/?lang=en")
    assert "Automatic answers are switched off at the moment" in silent.text("#switched-off")
    assert "01632 960100" in silent.text("#switched-off")
    assert not silent.all(".greeting")
    assert silent.all("#ask textarea")
    assert WHO not in silent.html
    assert WHY not in silent.html


@pytest.mark.parametrize("language", list(Language))
def test_in_every_language(silent: Browser, language: str) -> None:
    silent.open(f"/?lang={language}")
    assert not silent.all("#switched-off [lang]")
    assert "999" in silent.text("#switched-off")


def test_a_page_of_a_language_that_is_off_says_so_and_others_do_not(browser: Browser) -> None:
    browser.guildhall.switchboard.turn_off(SwitchKind.LANGUAGE, "pl", WHY, WHO)
    assert "bezpłatnym tłumaczem" in browser.open("/?lang=pl").text("#switched-off")
    assert not browser.open("/?lang=en").all("#switched-off")


def test_a_question_ends_in_a_reference_and_a_callback_form(silent: Browser) -> None:
    silent.ask("How much is bulky waste?")
    assert "switched off at the moment" in silent.text("#latest")
    assert silent.all("#callback form")


def test_distress_is_heard_as_ever(silent: Browser) -> None:
    silent.ask("I want to kill myself")
    assert "116 123" in silent.text("#latest")
    assert "switched off" not in silent.text("#latest")


def test_a_program_is_told_when_a_conversation_starts(silent: Browser) -> None:
    started = silent.client.post("/api/v1/conversations", json={"language": "en"}).json()
    assert started["notice"].startswith("Automatic answers are switched off at the moment")
    silent.guildhall.switchboard.turn_on(SwitchKind.CHANNEL, "web", "the fees were put right", WHO)
    assert silent.client.post("/api/v1/conversations", json={"language": "en"}).json()["notice"] == ""


def test_the_health_route_says_what_is_off_and_names_nobody(silent: Browser) -> None:
    ready = silent.client.get("/health/ready")
    (off,) = ready.json()["switched_off"]
    assert (ready.status_code, off["kind"], off["target"]) == (200, "channel", "web")
    assert WHO not in ready.text


def test_the_page_has_its_greeting_again_when_all_is_on(silent: Browser, guildhall: Guildhall, tmp_path: Path) -> None:
    guildhall.switchboard.turn_on(SwitchKind.CHANNEL, "web", "the fees were put right", WHO)
    assert silent.open("/?lang=en").all(".greeting")
