"""The console in a real browser: axe finds nothing, the keyboard is enough, and going back after signing out shows nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from guildhall.bootstrap.staff import StaffDoor, open_staff_door
from guildhall.records.requests import Asked
from guildhall.vocabulary.rights import RightsKind
from guildhall.vocabulary.roles import Role
from guildhall.web.console.sections import SECTIONS
from tests.browser.conftest import OpenPage, Server, ask, wait_for_script
from tests.browser.test_accessibility import in_every_width
from tests.web.console.board import a_board_at_work

pytestmark = pytest.mark.browser
PAGES = ["/console", "/console/pack", *(section.path for section in SECTIONS)]
PAGES += [
    "/console/rules/safeguarding.suicide-self-harm",
    "/console/rules?q=nothing",
    "/console/detectors/pl",
    "/console/turns?since=never",
    "/console/rights?show=all",
    "/console/rights/holds",
    "/console/fairness?state=chance",
    "/console/papers/duties",
    "/console/record/check",
    "/console/switches/off",
    "/console/changes/none",
]
PAGES += ["/console/nothing", "/console/rules/none"]


@pytest.fixture(scope="module")
def door(server: Server) -> StaffDoor:
    house = server.guildhall
    return open_staff_door(house.settings, house.database, house.record, house.house.clock)


SignIn = Callable[..., Page]


@pytest.fixture
def signed_in(open_page: OpenPage, door: StaffDoor) -> SignIn:
    """A page of somebody with these roles, signed in through their link; scripts are off, as the console has none."""

    def opened(*roles: Role) -> Page:
        name = f"Somebody {len(door.staff.everyone()) + 1}"
        link = door.entrance.link_for(door.entrance.add(name, frozenset(roles or {Role.SAFEGUARDING_LEAD, Role.DATA_PROTECTION_OFFICER})))
        page = open_page(f"/console/sign-in/link?token={link}")
        page.click("form button")
        return page

    return opened


@pytest.fixture
def governed(tmp_path: Path, chromium: Browser) -> Iterator[Page]:
    """A page of somebody at a house with a board: one change in shadow and half signed, and an emergency."""
    board = a_board_at_work(tmp_path)
    running = Server(board.guildhall)
    house = running.guildhall
    door = open_staff_door(house.settings, house.database, house.record, house.house.clock)
    link = door.entrance.link_for(door.entrance.add("Sam Services", frozenset({Role.SERVICE_MANAGER})))
    context = chromium.new_context(java_script_enabled=True)
    page = context.new_page()
    page.set_default_timeout(8000)
    page.goto(f"{running.url}/console/sign-in/link?token={link}")
    page.click("form button")
    yield page
    context.close()
    running.stop()


@pytest.fixture(scope="module")
def asked(chromium: Browser, server: Server) -> None:
    """Residents were here."""
    for words in ("How much is bulky waste?", "my husband hits me", "What about my dragon?"):
        context = chromium.new_context()
        page = context.new_page()
        page.goto(server.url)
        wait_for_script(page)
        ask(page, words)
        context.close()


def go(page: Page, path: str) -> Page:
    page.goto("/".join(page.url.split("/")[:3]) + path)
    return page


def test_signing_in_and_what_refuses_it(open_page: OpenPage, door: StaffDoor) -> None:
    page = open_page("/console")
    assert in_every_width(page) == []
    go(page, "/console/sign-in/link?token=none")
    assert in_every_width(page) == []
    page.click("form button")
    assert "used already" in (page.text_content(".govuk-error-summary") or "")
    assert in_every_width(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_every_page(signed_in: SignIn, asked: None, path: str) -> None:
    page = go(signed_in(), path)
    assert page.locator("h1").count() == 1
    assert in_every_width(page) == []


def test_a_turn_closed_and_opened_and_a_miss_from_form_to_lesson(signed_in: SignIn, asked: None) -> None:
    page = go(signed_in(), "/console/turns?category=domestic_abuse")
    page.click("tbody th a")
    assert in_every_width(page) == []
    page.click("text=Show what was said")
    assert in_every_width(page) == []
    page.check("#purpose-2")
    page.click("text=Show what was said")
    assert "my husband hits me" in (page.text_content(".said--resident") or "")
    assert in_every_width(page) == []
    page.click("text=Record a miss in this turn")
    assert in_every_width(page) == []
    page.click("text=Record the miss")
    assert in_every_width(page) == []
    page.click(".govuk-error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "kind"
    page.check("#kind")
    page.check("#found_by")
    page.click("text=Record the miss")
    assert in_every_width(page) == []
    page.fill("#learned", "Two phrases were added.")
    page.click("text=Close the case")
    assert in_every_width(page) == []


def test_a_callback(signed_in: SignIn, asked: None) -> None:
    page = go(signed_in(), "/console/callbacks")
    page.click("tbody th a")
    assert in_every_width(page) == []
    page.check("#purpose-6")
    page.click("text=Show whom to call")
    assert in_every_width(page) == []


def test_something_turned_off_and_on_again(signed_in: SignIn) -> None:
    page = go(signed_in(), "/console/switches")
    page.click("text=Turn something off")
    page.click("text=Continue")
    assert in_every_width(page) == []
    page.click(".govuk-error-summary a >> nth=1")
    assert page.evaluate("document.activeElement.id") == "reason"
    page.select_option("#what", "language:so")
    page.fill("#reason", "Somali answers are odd")
    page.click("text=Continue")
    assert in_every_width(page) == []
    page.click("text=Turn it off")
    assert in_every_width(page) == []
    page.click("tbody td a")
    page.fill("#reason", "A native speaker read them")
    page.click("text=Continue")
    page.click("text=Turn it on")
    assert "Nothing is off." in (page.text_content("main") or "")
    assert in_every_width(page) == []


def test_a_change_with_everything_on_it(governed: Page) -> None:
    for path in (
        "/console",
        "/console/pack",
        "/console/changes",
        "/console/changes/change-1",
        "/console/changes/change-2",
        "/console/knobs",
    ):
        assert in_every_width(go(governed, path)) == [], path
    governed.fill("main input[name=value]", "7")
    governed.click("main form button")
    assert in_every_width(governed) == []


def test_a_rights_request_closed_and_opened_and_a_hold_from_form_to_lifted(signed_in: SignIn, server: Server) -> None:
    asked = Asked("You kept my number", "Sam Hollis", "01632 960001", "letter")
    request = server.guildhall.rights.requests.register(RightsKind.ACCESS, asked)
    page = go(signed_in(), "/console/rights")
    page.click("tbody th a >> nth=0")
    assert request.reference in (page.text_content("h1") or "")
    page.click("text=Record the check")
    page.click(".govuk-error-summary a")
    assert page.evaluate("document.activeElement.id") == "check"
    page.check("#purpose-3")
    page.click("text=Show what was asked")
    assert "You kept my number" in (page.text_content("blockquote") or "")
    go(page, "/console/rights/holds").click("text=Place the hold")
    page.check("#kind-6")
    page.fill("#target", "everything")
    page.fill("#reason", "The inquiry said to keep all")
    page.click("text=Place the hold")
    page.click("tbody th a")
    page.fill("#reason", "The inquiry has ended")
    page.click("text=Lift the hold >> nth=1")
    assert "The hold is lifted" in (page.text_content("main") or "")


def test_whoever_lacks_the_role(signed_in: SignIn, asked: None) -> None:
    page = go(signed_in(Role.AUDITOR), "/console/turns")
    page.click("tbody th a >> nth=0")
    page.click("text=Record a miss in this turn")
    assert "You do not have the role for this" in (page.text_content("h1") or "")
    assert in_every_width(page) == []


def test_going_back_after_signing_out_shows_nothing(signed_in: SignIn) -> None:
    page = go(signed_in(), "/console/rules")
    page.click("text=Sign out")
    assert "You are signed out" in (page.text_content("main") or "")
    page.go_back()
    page.wait_for_load_state()
    assert page.text_content("h1") == "Sign in to the console"


def test_the_keyboard_reaches_the_content_at_once_and_then_every_control(signed_in: SignIn) -> None:
    page = go(signed_in(), "/console/rules")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("suicide")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=suicide**")
    assert page.locator("tbody tr").count() == 1


def test_on_paper_the_pack_has_its_tables_and_no_menu(signed_in: SignIn, asked: None) -> None:
    page = go(signed_in(), "/console/pack")
    page.emulate_media(media="print")
    assert page.locator("text=How turns ended").first.is_visible()
    for hidden in (".menu", ".filters", ".who form"):
        assert not page.locator(hidden).first.is_visible()


def test_without_a_script_everything_works(open_page: OpenPage, door: StaffDoor, asked: None) -> None:
    link = door.entrance.link_for(door.entrance.add("Without Script", frozenset({Role.AUDITOR})))
    page = open_page(f"/console/sign-in/link?token={link}", script=False)
    page.click("form button")
    go(page, "/console/rules").click("text=Owner >> nth=1")
    assert page.locator("tbody tr").count() == 35
