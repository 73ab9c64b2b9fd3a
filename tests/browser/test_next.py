"""The pages of what next with a demo in them: axe finds nothing in any width, and scores can be given with the keyboard alone."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from guildhall.bootstrap.opportunities import open_opportunities
from guildhall.bootstrap.opportunities_demo import load_demo
from guildhall.bootstrap.staff import open_staff_door
from guildhall.opportunities.choosing import Asked
from guildhall.opportunities.demo.making import WEIGHTS
from guildhall.opportunities.portfolio import Constraints
from guildhall.opportunities.register import Status
from guildhall.opportunities.robustness import Doubt
from guildhall.testing.embedder import HashingEmbedder
from guildhall.vocabulary.roles import Role
from tests.browser.conftest import Server
from tests.browser.test_accessibility import in_every_width
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.browser


def test_every_page_of_a_full_register(tmp_path: Path, chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guildhall.bootstrap.opportunities.open_embedder", lambda _settings: HashingEmbedder(256))
    server = Server(open_front_door(tmp_path))
    house = server.guildhall
    found = open_opportunities(house)
    load_demo(found, workshops=3, count=18, draws=3)
    run = found.choose(
        "Small", Asked(Constraints(budget_pence=20_000_000, at_most=4), WEIGHTS, Doubt(draws=10)), "ann", lambda _done, _all: None
    )
    everything = found.register.everything()
    one = next(each for each in everything if each.status == Status.ACCEPTED)
    hall = found.register.workshops()[0]
    door = open_staff_door(house.settings, house.database, house.record, house.house.clock)
    roles = frozenset({Role.PROGRAMME_LEAD, Role.BOARD_CHAIR, Role.SAFEGUARDING_LEAD, Role.DATA_PROTECTION_OFFICER})
    link = door.entrance.link_for(door.entrance.add("Everything", roles))
    context = chromium.new_context(java_script_enabled=True)
    page = context.new_page()
    page.set_default_timeout(8000)
    page.goto(f"{server.url}/console/sign-in/link?token={link}")
    page.click("form button")
    paths = [
        f"register/{one.id}",
        f"workshops/{hall.id}",
        "workshops/new",
        "duplicates",
        f"scoring/{one.id}",
        f"portfolio/{run}?show=",
        f"portfolio/{run}?at=1",
        "portfolio",
        "orders",
        "orders/weights?financial_service=3&financial_workforce=9&service_workforce=3",
        "register",
    ]
    for path in paths:
        page.goto(f"{server.url}/console/next/{path}")
        assert page.locator("h1").count() == 1, path
        assert in_every_width(page) == [], path
    page.goto(f"{server.url}/console/next/scoring/{one.id}")
    page.click("text=Save and continue")
    assert in_every_width(page) == []
    page.click(".govuk-error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.name") == "worth"
    for _ in range(6):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**scored=**")
    context.close()
    server.stop()
