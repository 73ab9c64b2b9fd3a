"""Safeguarding records, messages and what residents said in a real browser: axe finds nothing, and the keyboard is enough to acknowledge."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from guildhall.bootstrap.staff import open_staff_door
from guildhall.storage.satisfaction import SatisfactionStore
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.aftercare import FollowUpKind, Score
from guildhall.vocabulary.handoffs import WrapUp
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.roles import Role
from tests.browser.conftest import Server
from tests.browser.test_accessibility import in_every_width
from tests.web.console.staff import residents_ask
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("GUILDHALL_TEST_SHOTS", "")


@pytest.fixture
def page(tmp_path: Path, chromium: Browser) -> Iterator[Page]:
    """A safeguarding lead at a house where much happened: two escalations, follow-ups sent and withheld, a comment."""
    clock = FakeClock()
    house = open_front_door(tmp_path, clock)
    for words in ("my husband hits me", "I want to kill myself", "I lost my badge"):
        conversation = ConversationId(residents_ask(house, words).conversation_id)
        reference = house.people.request(conversation, "front-desk", "person_requested", "", False, clock())
        house.desk.follow_ups.ask(conversation, FollowUpKind.TEXT, "07700 900123", "ur", clock())
        house.after.tick_and_wait(clock())
        clock.move(minutes=6)
        house.desk.handoffs.accept(reference, "pat", clock())
        house.desk.handoffs.close(reference, "pat", WrapUp.REFERRED, True, clock())
        house.after.tick_and_wait(clock())
    SatisfactionStore(house.database, house.record.keys, house.house.new_id).give(
        conversation, Score.DISSATISFIED, "nobody <phoned>", clock()
    )
    clock.now += timedelta(minutes=5)
    house.after.tick_and_wait(clock())
    running = Server(house)
    door = open_staff_door(house.settings, house.database, house.record, house.house.clock)
    link = door.entrance.link_for(door.entrance.add("Sal Guard", frozenset({Role.SAFEGUARDING_LEAD})))
    context = chromium.new_context(java_script_enabled=True, viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30000)
    page.goto(f"{running.url}/console/sign-in/link?token={link}")
    page.click("form button")
    yield page
    context.close()
    running.stop()


def go(page: Page, path: str) -> Page:
    page.set_viewport_size({"width": 1100, "height": 900})
    page.goto("/".join(page.url.split("/")[:3]) + path)
    return page


def seen(page: Page, name: str) -> None:
    """Nothing is wrong with the page; a picture of it where somebody wants to look."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    assert in_every_width(page) == []


def test_a_record_from_the_list_to_its_end(page: Page) -> None:
    seen(go(page, "/console/safeguarding"), "safeguarding")
    page.click("tbody th a >> nth=0")
    seen(page, "record")
    path = page.url
    page.click("text=Show what was said")
    seen(page, "record-error")
    page.check("#purpose-2")
    page.click("text=Show what was said")
    assert "I want to kill myself" in (page.text_content("blockquote") or "")
    seen(page, "record-opened")
    page.goto(path)
    for _ in range(60):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement.textContent") or "").startswith("Acknowledge"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**?acknowledged=1")
    seen(page, "acknowledged")
    page.check("#outcome")
    page.fill("#note", "Referred by phone.")
    page.click("text=Close the record >> nth=-1")
    page.wait_for_url("**?closed=1")
    seen(page, "closed")


def test_messages_and_comments(page: Page) -> None:
    seen(go(page, "/console/messages"), "messages")
    go(page, "/console/messages?status=sent")
    page.click("tbody tr:has-text('Follow-up') a")
    seen(page, "message")
    page.check("#purpose")
    page.click("text=Show the message")
    assert "07700 900123" in (page.text_content("main") or "")
    seen(page, "message-opened")
    seen(go(page, "/console/feedback"), "feedback")
    page.click("[aria-label='Comments that nobody has read'] a")
    seen(page, "comment")
    page.click("text=Show what they said")
    assert "nobody <phoned>" in (page.text_content("blockquote") or "")
    seen(page, "comment-opened")
    page.fill("#action", "Phoned.")
    page.click("text=Mark as read")
    page.wait_for_url("**?read=1")
    seen(page, "feedback-read")
    seen(go(page, "/console/pack"), "pack")
