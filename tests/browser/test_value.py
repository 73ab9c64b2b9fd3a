"""The pages of value in a real browser: axe finds nothing at any width, the keyboard reaches every table, and one page fits on a sheet of A4."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from guildhall.bootstrap.staff import open_staff_door
from guildhall.vocabulary.roles import Role
from guildhall.web.console.value.pages import PAGES
from tests.browser.conftest import Server
from tests.browser.test_accessibility import in_every_width
from tests.web.console.value import over_made_contacts
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.browser
A4_BETWEEN_MARGINS = 1046
"""Pixels of 96 to the inch on a sheet of 297 mm less a margin of 10 mm above and below."""
PATHS = [page.path for page in PAGES]
PATHS += ["/console/value/measures", "/console/value/published", "/console/value/publish?measure=deflected"]
PATHS += ["/console/value/contacts?rung=verified", "/console/value/measures/verified_share?by=channel", "/console/value?from=never"]
Go = Callable[[str], Page]


@pytest.fixture(scope="module")
def go(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Go]:
    """Opens a path, as somebody who reads money, at a console over made-up contacts."""
    with pytest.MonkeyPatch.context() as patched:
        over_made_contacts(patched, tmp_path_factory.mktemp("made") / "export", 3000)
        running = Server(open_front_door(tmp_path_factory.mktemp("house")))
        house = running.guildhall
        door = open_staff_door(house.settings, house.database, house.record, house.house.clock)
        link = door.entrance.link_for(door.entrance.add("Fran Figures", frozenset({Role.CHIEF_FINANCE_OFFICER})))
        context = chromium.new_context(viewport={"width": 1100, "height": 800})
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{running.url}/console/sign-in/link?token={link}")
        page.click("form button")

        def opened(path: str) -> Page:
            page.set_viewport_size({"width": 1100, "height": 800})
            page.goto(running.url + path)
            return page

        yield opened
        context.close()
        running.stop()


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_no_finding_at_any_width(go: Go, path: str) -> None:
    page = go(path)
    assert page.locator("h1").count() == 1
    assert in_every_width(page) == []


def test_words_of_a_chart_are_readable_on_a_phone(go: Go) -> None:
    page = go("/console/value")
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.locator(".chart__svg--wide").first.is_hidden()
    heights = page.evaluate(
        "[...document.querySelectorAll('.chart__svg--narrow text')].map(t => parseFloat(getComputedStyle(t).fontSize)"
        " * t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width)"
    )
    assert heights and min(heights) >= 11


def test_the_keyboard_opens_a_table_and_reaches_its_links(go: Go) -> None:
    page = go("/console/value")
    page.focus("#ladder summary")
    page.keyboard.press("Enter")
    assert page.locator("#ladder table").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Table: How contacts ended"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts?rung=verified")


def test_on_paper_tables_are_open_and_menus_are_gone(go: Go) -> None:
    page = go("/console/value/outcomes")
    page.emulate_media(media="print")
    assert page.locator("#ladder table").is_visible()
    for hidden in (".menu", ".value-menu", ".filters"):
        assert page.locator(hidden).first.is_hidden()
    page.emulate_media(media="screen")


def test_the_one_page_is_one_page(go: Go) -> None:
    page = go("/console/value/summary")
    page.set_viewport_size({"width": 718, "height": 800})
    page.emulate_media(media="print")
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().bottom") <= A4_BETWEEN_MARGINS
    page.emulate_media(media="screen")
