"""Audited samples in a real browser: drawn, marked by keyboard without a script, read; axe finds nothing on any of the pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.staffed import Staffed
from tests.browser.test_accessibility import in_every_width
from tests.web.console.staff import Staff
from tests.web.console.test_audits import PATH, Audit

pytestmark = pytest.mark.browser


class House(Staffed):
    """With turns of last week."""

    def __init__(self, path: Path, chromium: Browser) -> None:
        self.audit = Audit(path, 14)
        super().__init__(self.audit.guildhall, chromium)

    def page_of(self, staff: Staff) -> Page:
        return self.signed_in(staff.link())


@pytest.fixture
def house(tmp_path: Path, chromium: Browser) -> Iterator[House]:
    made = House(tmp_path, chromium)
    yield made
    made.close()


def test_a_sample_from_the_form_to_its_result(house: House) -> None:
    audit, lead = house.audit, house.page_of(house.audit.lead)
    lead.goto(house.server.url + PATH)
    assert in_every_width(lead) == []
    house.wide(lead).click("text=Draw a sample")
    lead.fill("#size", "many")
    lead.click("button:has-text('Draw the sample')")
    assert in_every_width(lead) == []
    house.wide(lead).click(".govuk-error-summary a")
    assert lead.evaluate("document.activeElement.id") == "size"
    day = audit.day.isoformat()
    for field, value in (("since", day), ("until", day), ("size", "10"), ("floor", "3"), ("double", "20")):
        lead.fill(f"#{field}", value)
    lead.keyboard.press("Enter")
    lead.wait_for_selector("text=The sample is drawn.")
    assert in_every_width(lead) == []
    key = audit.draw.id

    for staff in (audit.ann, audit.ben):
        page = house.page_of(staff)
        page.goto(f"{house.server.url}{PATH}/{key}/next")
        assert in_every_width(page) == []
        house.wide(page)
        while page.locator("form.closed").count():
            mark_by_keyboard(house, page, first=staff is audit.ann and audit.draw.given == 0)
        page.wait_for_selector("text=That was the last turn for you")

    assert audit.draw.finished
    lead.goto(f"{house.server.url}{PATH}/{key}")
    lead.wait_for_selector("text=of answers were right in every part")
    assert in_every_width(lead) == []
    lead.goto(house.server.url + PATH)
    assert in_every_width(lead) == []


def mark_by_keyboard(house: House, page: Page, first: bool) -> None:
    """Enter opens the words, the arrow keys choose, Enter keeps the mark."""
    assert page.evaluate("document.activeElement.innerText") == "Read what was said"
    page.keyboard.press("Enter")
    page.wait_for_selector(".said__words")
    if first:
        assert in_every_width(page) == []
        house.wide(page).click("button:has-text('Save the mark')")
        page.wait_for_selector("#mark-error")
        assert in_every_width(page) == []
        house.wide(page)
    page.focus("#mark")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("form.closed, .govuk-notification-banner")
