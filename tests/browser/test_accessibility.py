"""axe finds nothing, in every state of every page."""

import pytest
from playwright.sync_api import Page

from guildhall.vocabulary.languages import Language
from tests.browser.conftest import OpenPage, Server, ask, axe_findings, finished

pytestmark = pytest.mark.browser
# Where the digits of each grouped number stand on the screen: the first group must be left of the last.
GROUPS_IN_ORDER = """() => {
  const walker = document.createTreeWalker(document.querySelector('#latest .turn__blocks'), NodeFilter.SHOW_TEXT)
  const turned = []
  let numbers = 0
  while (walker.nextNode()) {
    for (const found of walker.currentNode.data.matchAll(/\\d+(?: \\d+)+/g)) {
      const place = (at) => {
        const range = document.createRange()
        range.setStart(walker.currentNode, at)
        range.setEnd(walker.currentNode, at + 1)
        return range.getBoundingClientRect()
      }
      const first = place(found.index)
      const last = place(found.index + found[0].length - 1)
      numbers += 1
      if (first.top === last.top && first.left > last.left) turned.push(found[0])
    }
  }
  return { numbers, turned }
}"""
MULTI = "How much is bulky waste? How do I pay council tax? What about my dragon?"


def in_every_width(page: Page) -> list[str]:
    """Findings at the page's own width and at 400% zoom (320 CSS pixels), where nothing may scroll sideways."""
    found = axe_findings(page)
    page.set_viewport_size({"width": 320, "height": 600})
    found += axe_findings(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{wide} pixels wide at 320"] if wide > 320 else [])]


def test_the_empty_page(open_page: OpenPage) -> None:
    assert in_every_width(open_page()) == []


def test_after_an_answer_with_a_table(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "How much is bulky waste?")
    assert in_every_width(page) == []


def test_several_parts_and_two_tables(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, MULTI)
    ask(page, "How much is bulky waste?")
    assert in_every_width(page) == []
    page.reload()
    assert in_every_width(page) == []


def test_a_clarifying_question(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "I lost my badge")
    assert page.locator(".options button").count() >= 2
    assert in_every_width(page) == []


def test_a_person_brought_the_errors_of_the_form_the_confirmation_and_the_cancellation(open_page: OpenPage) -> None:
    page = open_page()
    page.click(".person-bar__button")
    page.wait_for_selector("#callback-name")
    assert in_every_width(page) == []
    page.set_viewport_size({"width": 1000, "height": 800})
    page.click("#callback form button[type=submit]")
    page.wait_for_selector(".govuk-error-summary")
    assert in_every_width(page) == []
    page.fill("#callback-name", "Sam")
    page.fill("#callback-phone", "01632 960001")
    page.check("#callback-safe")
    page.click("#callback form button[type=submit]")
    page.wait_for_selector(".booked")
    assert in_every_width(page) == []
    page.click(".booked__actions button")
    page.wait_for_selector(".govuk-inset-text")
    assert in_every_width(page) == []


def test_an_empty_question(open_page: OpenPage) -> None:
    page = open_page()
    page.click(".ask__send")
    page.wait_for_selector(".govuk-error-summary")
    assert in_every_width(page) == []


def test_a_sensitive_conversation_with_its_exit(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "my husband hits me")
    assert page.locator(".govuk-exit-this-page__button").is_visible()
    assert in_every_width(page) == []


@pytest.mark.parametrize("language", list(Language))
def test_each_language_empty_and_after_a_reply_with_a_person(open_page: OpenPage, language: Language) -> None:
    page = open_page(f"/?lang={language.value}")
    assert axe_findings(page) == []
    ask(page, "How much is bulky waste? I smell gas")
    assert in_every_width(page) == []


@pytest.mark.parametrize("language", ["ar", "ps", "ur"])
def test_phone_numbers_are_not_turned_round_in_languages_read_from_the_right(open_page: OpenPage, language: str) -> None:
    page = open_page(f"/?lang={language}")
    ask(page, "I smell gas")
    measured = page.evaluate(GROUPS_IN_ORDER)
    assert measured["numbers"] >= 2
    assert measured["turned"] == []


def test_a_reply_in_arabic_script_on_an_english_page(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "بڑا کوڑا bulky")
    assert page.locator("#latest .turn__words").get_attribute("dir") == "auto"
    assert in_every_width(page) == []


@pytest.mark.parametrize(
    "path", ["/transcript", "/privacy", "/complaint", "/accessibility", "/nowhere", "/?embed=1", "/?sent=1", "/?lang=ar&embed=1"]
)
def test_the_other_pages(open_page: OpenPage, path: str) -> None:
    assert in_every_width(open_page(path)) == []


def test_the_transcript_of_a_conversation_on_screen_and_on_paper(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, MULTI)
    page.goto(page.url.split("?")[0].rstrip("/") + "/transcript")
    assert in_every_width(page) == []
    page.emulate_media(media="print")
    assert page.locator(".turn__words").is_visible()
    assert not page.locator(".page-footer").is_visible()
    assert not page.locator("[data-print]").is_visible()


def test_the_embedded_page_after_a_reply(open_page: OpenPage) -> None:
    page = open_page("/?embed=1", width=400)
    ask(page, MULTI)
    assert in_every_width(page) == []


def test_dark_high_contrast_and_without_motion(open_page: OpenPage, server: Server) -> None:
    page = open_page()
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    ask(page, "How much is bulky waste?")
    finished(page, 1)
    assert page.locator(".ask__send").is_visible()
