"""The question of a trial in a real browser: with and without a script, in every width, right to left, and on the console."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from guildhall.bootstrap.staff import open_staff_door
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import StaffId, StaffMember
from tests.browser.conftest import OpenPage, Server, ask, axe_findings
from tests.value.trials.plans import plan
from tests.web.front_door import demo_profile, open_front_door

LEAD = StaffMember(StaffId("lead"), "Priya Lead", frozenset({Role.PROGRAMME_LEAD}))
OFFICER = StaffMember(StaffId("officer"), "Owen Officer", frozenset({Role.DATA_PROTECTION_OFFICER}))
BULKY = "How much is bulky waste?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A front door with a trial that runs."""
    trials = {"t": plan(demo_profile().value, measure="verified_share")}
    made = open_front_door(tmp_path_factory.mktemp("trials"), profile=replace(demo_profile(), trials=trials))
    made.trials.approve("t", LEAD)
    made.trials.approve("t", OFFICER)
    running = Server(made)
    yield running
    running.stop()


@pytest.mark.parametrize("script", [True, False])
def test_the_box_goes_with_the_first_question_and_can_be_taken_back(open_page: OpenPage, server: Server, script: bool) -> None:
    before = len(server.guildhall.trials.store.members("t"))
    page = open_page(script=script)
    page.get_by_label("I agree to take part in a trial").check()
    _ask(page, script)
    assert page.locator("#trial-asks").count() == 0
    page.get_by_text("You are taking part in a trial of another way of answering.").wait_for()
    assert len(server.guildhall.trials.store.members("t")) == before + 1
    page.get_by_role("button", name="Stop taking part").click()
    page.get_by_text("You no longer take part in the trial.").wait_for()
    assert server.guildhall.trials.store.members("t")[-1].left_at


@pytest.mark.parametrize("script", [True, False])
def test_who_leaves_the_box_empty_is_not_asked_again(open_page: OpenPage, server: Server, script: bool) -> None:
    before = len(server.guildhall.trials.store.members("t"))
    page = open_page(script=script)
    _ask(page, script)
    assert page.locator("#trial-asks, #trial").count() == 0
    assert len(server.guildhall.trials.store.members("t")) == before


def test_nobody_in_distress_is_asked_or_put_in(open_page: OpenPage, server: Server) -> None:
    before = len(server.guildhall.trials.store.members("t"))
    page = open_page()
    page.get_by_label("I agree to take part in a trial").check()
    ask(page, "I want to kill myself")
    assert page.locator("#trial-asks, #trial").count() == 0
    assert len(server.guildhall.trials.store.members("t")) == before


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("width", [320, 1000])
def test_the_question_can_be_used_by_everybody(open_page: OpenPage, language: str, width: int) -> None:
    page = open_page(f"/?lang={language}", width=width)
    page.locator("#trial-asks details summary").click()
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    keep(page, f"asks-{language}-{width}")


def test_the_page_of_a_conversation_in_a_trial_can_be_used_by_everybody(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_label("I agree to take part in a trial").check()
    ask(page, BULKY)
    assert axe_findings(page) == []
    keep(page, "takes-part")


def test_the_consoles_page_of_a_trial(open_page: OpenPage, server: Server) -> None:
    house = server.guildhall
    door = open_staff_door(house.settings, house.database, house.record, house.house.clock)
    door.entrance.add("Sam Manager", frozenset({Role.SERVICE_MANAGER, Role.PROGRAMME_LEAD}))
    page = open_page(f"/console/sign-in/link?token={door.entrance.link_for(door.staff.by_name('Sam Manager'))}")
    page.get_by_role("button").first.click()
    page.wait_for_url("**/console**")
    for path in ("/console/value/trials", "/console/value/trials/t"):
        page.goto(server.url + path)
        assert axe_findings(page) == []
        keep(page, f"console{path.count('/')}")
    page.get_by_label("Why?").fill("no")
    page.get_by_role("button", name="Stop this trial").click()
    page.locator("#reason-error").wait_for()
    assert axe_findings(page) == []


def _ask(page: Page, script: bool) -> None:
    if script:
        ask(page, BULKY)
        return
    page.fill("#message", BULKY)
    page.click(".ask__send")
    page.locator(".turn").wait_for()


def keep(page: Page, name: str) -> None:
    """A picture for whoever wants to look; kept only where the folder is there."""
    if (folder := Path("/tmp/tr/pictures")).is_dir():
        page.screenshot(path=str(folder / f"{name}.png"), full_page=True)
