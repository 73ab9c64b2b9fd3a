"""The ledger in a real browser: by keyboard from a title to a claim; axe finds nothing on any of its pages, at two widths and in print."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from guildhall.bootstrap.staff import open_staff_door
from guildhall.value.ledger.benefit import Borne
from guildhall.vocabulary.benefits import Bearer
from tests.browser.staffed import Staffed
from tests.browser.test_accessibility import in_every_width
from tests.web.console.test_ledger import PATH, People
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.browser


class House(Staffed):
    """A running server with benefits at several stages, and people who sign in to it."""

    def __init__(self, path: Path, chromium: Browser) -> None:
        guildhall = open_front_door(path)
        self.people = People(guildhall)
        self.taken = self.people.taken(attribution_percent=50, borne=(Borne(Bearer.CARE_RECIPIENTS, 290_000_000, "Fewer visits"),))
        self.validated = self.people.validated(attribution_percent=50)
        draft = replace(self.people.draft, act_reference="P-2")
        self.people.ledger.store.claim(self.validated, draft, self.people.member(self.people.partner))
        super().__init__(guildhall, chromium)

    def page_of(self, name: str) -> Page:
        house = self.server.guildhall
        entrance = open_staff_door(house.settings, house.database, house.record, house.house.clock).entrance
        member = self.people.ledger.staff.by_name(name)
        return self.signed_in(entrance.link_for(member))

    def go(self, page: Page, path: str) -> Page:
        self.wide(page).goto(self.server.url + path)
        return page


@pytest.fixture
def house(tmp_path: Path, chromium: Browser) -> Iterator[House]:
    made = House(tmp_path, chromium)
    yield made
    made.close()


def test_every_page_of_the_ledger(house: House) -> None:
    partner = house.page_of("Fin Partner")
    for path in (
        PATH,
        f"{PATH}?stage=idea",
        f"{PATH}/{house.taken}",
        f"{PATH}/{house.validated}",
        f"{PATH}/{house.taken}/change",
        f"{PATH}/new",
        "/console/value/evidence",
    ):
        assert in_every_width(house.go(partner, path)) == [], path
    officer = house.page_of("Cy Officer")
    assert in_every_width(house.go(officer, f"{PATH}/{house.validated}")) == []


def test_a_title_by_keyboard_an_error_at_its_field_and_a_claim_that_is_signed(house: House) -> None:
    lead = house.go(house.page_of("Lea Lead"), f"{PATH}/new")
    lead.focus("#title")
    lead.keyboard.type("Bin")
    lead.keyboard.press("Enter")
    lead.locator(".govuk-error-summary").wait_for()
    lead.click(".govuk-error-summary a")
    assert lead.evaluate("document.activeElement.id") == "title"
    assert in_every_width(lead) == []
    lead.fill("#title", "Answer calls about bins")
    lead.focus("#title")
    lead.keyboard.press("Enter")
    lead.locator("text=is saved as an idea").wait_for()
    officer = house.go(house.page_of("Cy Officer"), f"{PATH}/{house.validated}")
    officer.focus("button:has-text('Sign the claim')")
    officer.keyboard.press("Enter")
    officer.locator("text=The claim is signed").wait_for()
    assert in_every_width(officer) == []


def test_on_paper_the_ledger_has_its_tables_and_no_forms(house: House) -> None:
    page = house.go(house.page_of("Fin Partner"), f"{PATH}/{house.validated}")
    page.emulate_media(media="print")
    assert page.locator("text=History").first.is_visible()
    assert not page.locator("form.no-print").first.is_visible()
