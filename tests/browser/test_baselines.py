"""Baselines and evaluations in a real browser: a file from the form to its frozen months, and an answer; axe finds nothing on any of the pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from guildhall.bootstrap.staff import open_staff_door
from guildhall.vocabulary.roles import Role
from tests.browser.conftest import Server
from tests.browser.test_accessibility import in_every_width
from tests.web.console.test_baselines import monthly
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.browser


@pytest.fixture
def partner(tmp_path: Path, chromium: Browser) -> Iterator[Page]:
    server = Server(open_front_door(tmp_path))
    house = server.guildhall
    entrance = open_staff_door(house.settings, house.database, house.record, house.house.clock).entrance
    context = chromium.new_context(java_script_enabled=True)
    page = context.new_page()
    page.set_default_timeout(15000)
    page.goto(
        f"{server.url}/console/sign-in/link?token={entrance.link_for(entrance.add('Fin Partner', frozenset({Role.FINANCE_PARTNER})))}"
    )
    page.click("form button")
    yield page
    context.close()
    server.stop()


def test_a_file_from_the_form_to_an_answer(partner: Page) -> None:
    page = partner
    root = "/".join(page.url.split("/")[:3])
    page.goto(f"{root}/console/value/evaluations")
    assert in_every_width(page) == []
    page.goto(f"{root}/console/value/baselines")
    assert in_every_width(page) == []
    page.click("text=Import a file")
    assert in_every_width(page) == []
    page.click("button:has-text('Read the file')")
    page.click(".govuk-error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "name"
    assert in_every_width(page) == []
    for field, text in (("name", "Calls before"), ("source", "Telephony export"), ("owner", "Head of contact"), ("measure", "abandonment")):
        page.fill(f"#{field}", text)
    page.select_option("#unit", "share")
    page.set_input_files("#file", {"name": "months.csv", "mimeType": "text/csv", "buffer": monthly()})
    page.click("button:has-text('Read the file')")
    page.locator("text=check before you freeze").first.wait_for()
    assert in_every_width(page) == []
    page.click("button:has-text('Freeze it')")
    page.locator("text=The baseline is frozen").wait_for()
    assert in_every_width(page) == []
    page.click("text=Evaluate a change of this measure")
    page.locator("text=could be seen").first.wait_for()
    assert in_every_width(page) == []
    page.select_option("#queue", "Bins")
    page.fill("#launch", "2025-09")
    page.click("button:has-text('Evaluate')")
    page.locator("text=What was found").wait_for()
    assert in_every_width(page) == []
