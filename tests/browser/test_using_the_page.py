"""A resident at the page: with a script and without, with a keyboard alone, over a bad line, in a hurry to leave."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage, Server, ask, finished, wait_for_script, wait_without_cookie
from tests.web.front_door import open_front_door
from tests.web.held import HeldComposer

pytestmark = pytest.mark.browser
FOCUS_STYLE = """() => {
  const element = document.activeElement
  if (element === document.body) return null
  const style = getComputedStyle(element)
  const shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || style.backgroundColor === 'rgb(255, 221, 0)'
  return [element.outerHTML.slice(0, 80), shown]
}"""
EXIT_TO = "https://www.bbc.co.uk/**"


def test_a_reply_is_streamed_into_the_log_without_leaving_the_page(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("window.stayed = true")
    ask(page, "How much is bulky waste?")
    expect(page.locator("#latest")).to_contain_text("£32")
    log = page.locator("#conversation")
    assert (log.get_attribute("role"), log.get_attribute("aria-live"), log.get_attribute("aria-busy")) == ("log", "polite", "false")
    assert page.evaluate("window.stayed") is True
    assert page.input_value("#message") == ""


def test_without_a_script_everything_works(open_page: OpenPage) -> None:
    page = open_page(script=False)
    page.fill("#message", "How much is bulky waste?")
    page.click(".ask__send")
    expect(page.locator("#latest")).to_contain_text("£32")
    page.click(".feedback__button >> nth=0")
    expect(page.locator(".feedback__thanks")).to_be_visible()
    page.fill("#message", "I lost my badge")
    page.click(".ask__send")
    page.click(".options button >> nth=0")
    page.click(".person-bar__button")
    page.fill("#callback-name", "Sam")
    page.fill("#callback-phone", "07700 900123")
    page.check("#callback-safe-2")
    page.click("#callback form button[type=submit]")
    expect(page.locator(".booked__code")).to_have_text(re.compile(r"^[2-9A-Z]{4}-[2-9A-Z]{4}$"))
    page.click("text=Print this conversation")
    expect(page.locator(".turn")).to_have_count(4)
    page.go_back()
    page.click("text=Start a new conversation")
    expect(page.locator(".turn")).to_have_count(0)


def test_with_a_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link").first).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#message")).to_be_focused()
    page.keyboard.type("How much is bulky waste?")
    page.keyboard.press("Tab")
    expect(page.locator(".ask__send")).to_be_focused()
    page.keyboard.press("Enter")
    finished(page, 1)
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('table-scroll')"):
            break
    expect(page.locator(".table-scroll")).to_be_focused()


def test_everything_focusable_shows_its_focus(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "How much is bulky waste? I smell gas")
    for _ in range(60):
        page.keyboard.press("Tab")
        style = page.evaluate(FOCUS_STYLE)
        if style is None:
            break
        assert style[1], style[0]


def test_ctrl_and_enter_sends(open_page: OpenPage) -> None:
    page = open_page()
    page.fill("#message", "How much is bulky waste?")
    page.press("#message", "Control+Enter")
    finished(page, 1)


def test_words_are_kept_and_sent_again_after_the_line_broke(open_page: OpenPage) -> None:
    page = open_page()
    page.context.set_offline(True)
    page.fill("#message", "How much is bulky waste?")
    page.click(".ask__send")
    expect(page.locator(".govuk-error-summary")).to_contain_text("connection was lost")
    assert page.input_value("#message") == "How much is bulky waste?"
    page.context.set_offline(False)
    page.click(".ask__send")
    finished(page, 1)
    expect(page.locator("#latest")).to_contain_text("£32")
    assert page.locator(".turn").count() == 1


def test_a_reply_that_was_cut_off_is_fetched_from_the_transcript_and_not_asked_twice(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "How do I pay council tax?")

    def cut_off(route: Route) -> None:
        route.fetch()  # the server has the turn, and the record of it; the page gets nothing
        route.abort("connectionreset")

    page.route("**/ask", cut_off)
    page.fill("#message", "How much is bulky waste?")
    page.click(".ask__send")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator("#conversation")).to_contain_text("£32")
    expect(page.locator("#message")).to_have_value("")
    expect(page.locator(".govuk-error-summary")).to_have_count(0)


def test_feedback_is_thanked_for_without_leaving(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "How much is bulky waste?")
    page.click(".feedback__button >> nth=1")
    expect(page.locator(".feedback__thanks")).to_have_text("Thank you. A person reads what you tell us.")


def test_an_option_is_sent_and_streamed(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "I lost my badge")
    page.click(".options button >> nth=1")
    finished(page, 2)


def test_words_typed_before_asking_for_a_person_go_with_the_request(open_page: OpenPage) -> None:
    page = open_page()
    page.fill("#message", "It is about my mother's care")
    page.click(".person-bar__button")
    page.wait_for_selector("#callback-name")
    expect(page.locator("#latest .turn__words")).to_contain_text("my mother's care")


def leave_to(page: Page) -> None:
    page.context.route(EXIT_TO, lambda route: route.fulfill(body="<title>Weather</title>weather", content_type="text/html"))


@pytest.mark.parametrize("way", ["button", "shift"])
def test_leaving_quickly_takes_everything_away(open_page: OpenPage, server: Server, way: str) -> None:
    page = open_page("/privacy")
    leave_to(page)
    page.goto(server.url)
    wait_for_script(page)
    ask(page, "my husband hits me")
    assert page.title() == "Council information"
    if way == "button":
        page.click(".govuk-exit-this-page__button")
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(EXIT_TO)
    wait_without_cookie(page)
    page.go_back()
    assert page.url == f"{server.url}/privacy"
    page.goto(server.url)
    expect(page.locator(".turn")).to_have_count(0)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_leaving_quickly_without_a_script(open_page: OpenPage, server: Server) -> None:
    page = open_page(script=False)
    leave_to(page)
    page.fill("#message", "my husband hits me")
    page.click(".ask__send")
    page.click(".govuk-exit-this-page__button")
    page.wait_for_url(EXIT_TO)
    page.go_back()
    expect(page.locator(".turn")).to_have_count(0)


def test_shift_does_nothing_in_an_ordinary_conversation(open_page: OpenPage, server: Server) -> None:
    page = open_page()
    for _ in range(4):
        page.keyboard.press("Shift")
    assert page.url == f"{server.url}/"


def test_what_is_known_is_shown_before_the_rest_is_ready_and_what_is_sent_meanwhile_goes_next(open_page: OpenPage, tmp_path: Path) -> None:
    composer = HeldComposer()
    held = Server(open_front_door(tmp_path, composers=(composer,)))
    page = open_page(base=held.url)
    page.fill("#message", "How much is bulky waste?")
    page.click(".ask__send")
    expect(page.locator("#latest")).to_contain_text("up to 5 large items")
    expect(page.locator("#conversation")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#waiting")).to_contain_text("Looking through")
    expect(page.locator("#latest")).not_to_contain_text("£32")
    page.fill("#message", "How do I pay council tax?")
    page.click(".ask__send")
    composer.go_on.set()
    finished(page, 2)
    expect(page.locator(".turn").first).to_contain_text("£32")
    expect(page.locator("#latest")).to_contain_text("Direct Debit")
    expect(page.locator("#message")).to_have_value("")
    held.stop()
