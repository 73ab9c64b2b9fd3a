"""The pictures of the pages of value, over made-up contacts: nothing of a model, nothing of a resident."""

import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from guildhall.bootstrap.staff import open_staff_door
from guildhall.vocabulary.roles import Role
from script.desk_pictures import Take
from tests.browser.conftest import Server
from tests.web.console.value import over_made_contacts
from tests.web.front_door import open_front_door

CONTACTS = 40_000


def take_value(browser: Browser, take: Take) -> None:
    """The dashboard and the flows, as a programme lead sees them."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        over_made_contacts(patched, Path(folder) / "made", CONTACTS)
        running = Server(open_front_door(Path(folder)))
        house = running.guildhall
        door = open_staff_door(house.settings, house.database, house.record, house.house.clock)
        link = door.entrance.link_for(door.entrance.add("Robin Patel", frozenset({Role.PROGRAMME_LEAD})))
        page = browser.new_context(viewport={"width": 1280, "height": 1500}).new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{running.url}/console/sign-in/link?token={link}")
        page.click("form button")
        page.goto(f"{running.url}/console/value")
        take(page, "value", whole=False)
        page.goto(f"{running.url}/console/value/outcomes")
        page.locator("#flows").scroll_into_view_if_needed()
        take(page, "value-flows", whole=False)
        running.stop()
