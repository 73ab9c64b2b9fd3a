"""Translation in a real browser: it comes by itself, is looked at before it is sent, and axe finds nothing, light and dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, axe_findings
from tests.web.desk.at_the_desk import Adviser, resident_asks
from tests.web.desk.test_translating import ENGLISH, REPLY, REPLY_URDU, URDU, Translating, house

pytestmark = pytest.mark.browser


@pytest.fixture
def translating(tmp_path: Path) -> Iterator[Translating]:
    with house(tmp_path) as made:
        made.says(ENGLISH)
        yield made


@pytest.fixture
def page(translating: Translating, chromium: Browser) -> Iterator[Page]:
    """The open conversation of somebody who writes Urdu."""
    running = Server(translating.guildhall)
    adviser = Adviser(translating.guildhall).comes()
    _, handoff = resident_asks(translating.guildhall, URDU, "let me talk to a person")
    translating.guildhall.desk.handoffs.accept(handoff.reference, adviser.id, translating.guildhall.house.clock())
    context = chromium.new_context(viewport={"width": 1300, "height": 900})
    shown = context.new_page()
    shown.set_default_timeout(8000)
    shown.goto(f"{running.url}/console/sign-in/link?token={adviser.link()}")
    shown.click("form button")
    shown.goto(f"{running.url}/desk/conversations/{handoff.conversation_id}")
    shown.wait_for_selector("body[data-connection=open]")
    yield shown
    context.close()
    running.stop()


def test_what_the_resident_wrote_is_translated_by_itself(page: Page) -> None:
    expect(page.locator("#thread .entry--said .entry__translation").first).to_contain_text(ENGLISH)
    expect(page.locator("#translate")).to_have_count(0)
    assert axe_findings(page) == []


def test_the_adviser_sees_the_translation_and_sends_it_with_the_keyboard_alone(page: Page, translating: Translating) -> None:
    expect(page.locator("#thread .entry--said .entry__translation").first).to_contain_text(ENGLISH)
    translating.says(REPLY_URDU)
    page.keyboard.press("r")
    page.keyboard.type(REPLY)
    page.locator("#panel-translation button[form=compose]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".translated__words")).to_have_text(REPLY_URDU)
    assert axe_findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert axe_findings(page) == []
    page.locator(".translated form button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thread .entry__words--sent")).to_have_text(REPLY_URDU)
    expect(page.locator("#write")).to_have_value("")


def test_typing_on_takes_back_the_translation_of_other_words(page: Page, translating: Translating) -> None:
    expect(page.locator("#thread .entry--said .entry__translation").first).to_contain_text(ENGLISH)
    translating.says(REPLY_URDU)
    page.fill("#write", REPLY)
    page.click("#panel-translation button[form=compose]")
    expect(page.locator(".translated__words")).to_have_text(REPLY_URDU)
    page.locator("#write").press_sequentially(" And")
    expect(page.locator(".translated")).to_have_count(0)
