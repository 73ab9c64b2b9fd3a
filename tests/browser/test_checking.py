"""Checking answers in a real browser: axe finds nothing, the keyboard is enough, and what comes is seen without a reload."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from guildhall.bootstrap.staff import open_staff_door
from guildhall.vocabulary.handoffs import AdviserStatus
from guildhall.vocabulary.roles import Role
from tests.browser.conftest import Server, ask
from tests.browser.test_accessibility import in_every_width
from tests.web.console.checking import WHY, supervise
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.browser


class Checking:
    """A council that supervises bulky waste: an adviser's page and a resident's."""

    def __init__(self, server: Server, browser: Browser) -> None:
        self.server = server
        house = server.guildhall
        door = open_staff_door(house.settings, house.database, house.record, house.house.clock)
        member = door.entrance.add("Priya Shah", frozenset({Role.ADVISER, Role.SUPERVISOR}))
        house.desk.advisers.set(member.id, ["front-desk"], ["en"], False, 4, "test", house.house.clock())
        house.desk.advisers.set_status(member.id, AdviserStatus.AVAILABLE, house.house.clock())
        supervise(house)
        self.contexts = [browser.new_context(viewport={"width": 1000, "height": 800}) for _ in range(2)]
        self.adviser, self.resident = (context.new_page() for context in self.contexts)
        self.faults: list[str] = []
        for page in (self.adviser, self.resident):
            page.set_default_timeout(8000)
            page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.adviser.goto(f"{server.url}/console/sign-in/link?token={door.entrance.link_for(member)}")
        self.adviser.click("form button")
        self.resident.goto(server.url)

    def go(self, path: str) -> Page:
        self.adviser.goto(self.server.url + path)
        return self.adviser


@pytest.fixture
def checking(tmp_path: Path, chromium: Browser) -> Iterator[Checking]:
    server = Server(open_front_door(tmp_path))
    made = Checking(server, chromium)
    yield made
    for context in made.contexts:
        context.close()
    server.stop()
    assert made.faults == []


def test_an_answer_comes_is_opened_by_keyboard_and_reaches_the_resident(checking: Checking) -> None:
    page = checking.go("/console/drafts")
    assert in_every_width(page) == []
    ask(checking.resident, "How much is bulky waste?")
    assert "A colleague is checking the answer" in (checking.resident.text_content("#conversation") or "")
    expect(page.locator("#count")).to_have_text("1 answer waits.")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    expect(page.locator("#fresh")).to_be_visible()
    page.click("#fresh a")
    expect(page.locator("[data-until]")).to_have_text(re.compile(r"^2 minutes 5\d seconds$"))
    assert in_every_width(page) == []
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#draft")
    assert in_every_width(page) == []
    for details in page.locator("summary").all():
        details.click()
    assert in_every_width(page) == []
    page.focus("form[action$='/approve'] button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".govuk-notification-banner")
    assert in_every_width(page) == []
    expect(checking.resident.locator(".turn__blocks")).to_contain_text("A colleague has checked this answer")
    assert checking.resident.locator("text=A colleague is checking the answer").count() == 1
    live = checking.resident.inner_text(".turn__reply").split()
    checking.resident.reload()
    assert checking.resident.inner_text(".turn__reply").split() == live


def test_whoever_is_at_the_desk_hears_that_an_answer_waits_and_loses_sight_of_it_when_it_is_checked(checking: Checking) -> None:
    page = checking.go("/desk")
    page.wait_for_selector("body[data-connection=open]")
    ask(checking.resident, "How much is bulky waste?")
    page.click("#list a:has-text('1 answer waits to be checked')")
    page.click("[data-check]")
    page.click("form[action$='/approve'] button")
    page.wait_for_selector(".govuk-notification-banner")
    assert "to be checked" not in (checking.go("/desk").text_content("#list") or "")


def test_an_edit_with_a_figure_that_no_page_holds(checking: Checking) -> None:
    ask(checking.resident, "How much is bulky waste?")
    page = checking.go("/console/drafts")
    page.click("[data-check]")
    page.click("text=Do not send it >> nth=-1")
    assert in_every_width(page) == []
    page.fill("#text", "1 to 3 items cost £39.")
    page.check("#code")
    page.click("text=See the change")
    page.wait_for_selector("ins")
    assert in_every_width(page) == []
    page.click("text=Send these words >> nth=-1")
    page.click(".govuk-error-summary a")
    assert page.evaluate("document.activeElement.id") == "ticked"
    assert in_every_width(page) == []
    page.check("#ticked")
    page.fill("#why", "The Cabinet set it on Monday")
    page.click("text=Send these words >> nth=-1")
    page.wait_for_selector(".govuk-notification-banner")
    page.click("tbody th a")
    assert in_every_width(page) == []


def test_a_topic_and_its_evidence(checking: Checking) -> None:
    page = checking.go("/console/supervision")
    assert in_every_width(page) == []
    page.click("text=Bulky waste")
    assert in_every_width(page) == []
    page.fill("#tighten-reason", "no")
    page.click("form[action$='/tighten'] button")
    assert in_every_width(page) == []
    page.fill("#tighten-reason", WHY)
    page.click("form[action$='/tighten'] button")
    page.wait_for_selector(".govuk-notification-banner")
    assert in_every_width(page) == []
