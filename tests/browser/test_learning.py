"""What is learned, in a real browser: a gap from the list to its questions and back, a phrase from a turn to its release; axe finds nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from guildhall.bootstrap.learning import open_learning
from guildhall.bootstrap.learning_work import RERUN, TRIAL
from guildhall.bootstrap.staff import open_staff_door
from guildhall.vocabulary.roles import Role
from tests.browser.conftest import Server
from tests.browser.test_accessibility import in_every_width
from tests.web.console.learning import DRAGONS, a_gap, finished
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.browser


class Desk:
    """A running server with a gap, and people who sign in to it."""

    def __init__(self, path: Path, chromium: Browser) -> None:
        guildhall = open_front_door(path)
        self.gap = a_gap(guildhall)
        self.learning = open_learning(guildhall)
        self.server = Server(guildhall)
        self.chromium, self.contexts = chromium, []  # type: ignore[var-annotated]

    def page_of(self, name: str, *roles: Role) -> Page:
        house = self.server.guildhall
        entrance = open_staff_door(house.settings, house.database, house.record, house.house.clock).entrance
        context = self.chromium.new_context(viewport={"width": 1000, "height": 800})
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.goto(f"{self.server.url}/console/sign-in/link?token={entrance.link_for(entrance.add(name, frozenset(roles)))}")
        page.click("form button")
        return page


@pytest.fixture
def desk(tmp_path: Path, chromium: Browser) -> Iterator[Desk]:
    made = Desk(tmp_path, chromium)
    yield made
    for context in made.contexts:
        context.close()
    made.server.stop()


def test_a_gap_from_the_list_to_its_lift(desk: Desk) -> None:
    page = desk.page_of("Sam Services", Role.SERVICE_MANAGER)
    page.goto(f"{desk.server.url}/console/gaps")
    assert in_every_width(page) == []
    page.set_viewport_size({"width": 1000, "height": 800})
    page.focus("tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gaps/gap_*")
    assert in_every_width(page) == []
    page.focus("button:has-text('Show what was asked')")
    page.keyboard.press("Enter")
    page.locator(f"text={DRAGONS[0]}").wait_for()
    assert in_every_width(page) == []
    page.focus("button:has-text('Ask again now')")
    page.keyboard.press("Enter")
    page.wait_for_url("**asked=1**")
    finished(desk.learning, RERUN, desk.gap.id)
    page.reload()
    assert "0 of 3 → 0 of 3 answered" in (page.text_content("main") or "")
    page.check("#status-4")
    page.click("button:has-text('Save')")
    page.click(".govuk-error-summary a")
    assert page.evaluate("document.activeElement.id") == "reason"
    assert in_every_width(page) == []


def test_a_phrase_from_a_turn_to_its_release(desk: Desk) -> None:
    ann = desk.page_of("Ann Adviser", Role.ADVISER)
    turn = desk.learning.gaps.questions(desk.gap.id)[0].turn_id
    ann.goto(f"{desk.server.url}/console/phrases/new?turn={turn}")
    assert in_every_width(ann) == []
    ann.click("text=Fill in what was said")
    assert ann.input_value("#text") in DRAGONS
    ann.click("button:has-text('Propose it')")
    assert in_every_width(ann) == []
    ann.check("#kind")
    ann.fill("#text", "dragon")
    ann.fill("#means", "drone")
    ann.click("button:has-text('Propose it')")
    ann.locator("text=It is proposed").wait_for()
    (phrase,) = desk.learning.phrases.everything()
    finished(desk.learning, TRIAL, phrase.id)
    sue = desk.page_of("Sue Pervisor", Role.SUPERVISOR)
    sue.goto(f"{desk.server.url}/console/phrases/{phrase.id}")
    assert in_every_width(sue) == []
    sue.click("button:has-text('Release it')")
    sue.locator("text=It is released").wait_for()
    assert in_every_width(sue) == []
    sue.goto(f"{desk.server.url}/console/phrases")
    assert "dragon → drone" in (sue.text_content("tbody") or "")
    assert in_every_width(sue) == []
