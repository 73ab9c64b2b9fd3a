"""Calls at the desk in a real browser: axe finds nothing, the keyboard opens a call by its reference, and the page says that the phone rings."""

import pytest

from tests.browser.conftest import axe_findings
from tests.browser.test_desk import AtDesk
from tests.browser.test_desk import at_desk as at_desk
from tests.phone.calling import ADVISERS_PHONE, Caller

pytestmark = pytest.mark.browser


def test_a_call_is_opened_by_its_reference_with_keys_alone_and_its_phone_is_seen_to_ring(at_desk: AtDesk) -> None:
    guildhall, adviser = at_desk.server.guildhall, at_desk.adviser
    guildhall.desk.advisers.set_phone(adviser.id, ADVISERS_PHONE, "a test", guildhall.house.clock())
    caller = Caller(guildhall)
    caller.says("How much is bulky waste?")
    route = caller.wants_person("0")
    page = at_desk.go()
    page.wait_for_selector("body[data-connection=open]")
    page.keyboard.press("o")
    page.wait_for_selector("#reference:focus")
    assert axe_findings(page) == []
    page.keyboard.type(route.reference.lower().replace("-", ""))
    page.keyboard.press("Enter")
    page.wait_for_selector("#offer")
    page.keyboard.press("a")
    page.wait_for_selector("#thread")
    caller.asks_again(route)
    page.locator("#ringing", has_text=f"Your phone {ADVISERS_PHONE} is ringing").wait_for()
    assert axe_findings(page) == []
    caller.is_put_through(route)
    page.locator("#panel-call", has_text="Talking on the phone").wait_for()
    assert not page.locator("#ringing p").count()
