"""The advisers' tools in a real browser: by keyboard alone, axe finds nothing in light and dark, and a quoted fact keeps its source."""

import pytest
from playwright.sync_api import Page

from guildhall.storage.threads import EntryKind
from guildhall.vocabulary.handoffs import HandoffStatus, WrapUp
from guildhall.vocabulary.roles import Role
from tests.browser.test_desk import AtDesk, in_both_themes
from tests.browser.test_desk import at_desk as at_desk
from tests.web.desk.at_the_desk import Adviser

pytestmark = pytest.mark.browser


def value(page: Page) -> str:
    return page.input_value("#write")


def unfolded(page: Page) -> Page:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    return page


def test_a_slash_offers_replies_and_enter_takes_one(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page = at_desk.page
    at_desk.write("It costs £30. /any")
    page.wait_for_selector("#offers:not([hidden])")
    assert page.get_attribute("#write", "aria-activedescendant") == "offer-0"
    page.keyboard.press("Enter")
    assert value(page).startswith("It costs £30. Is there anything else") and handoff.reference in value(page)
    assert page.is_hidden("#offers") and at_desk.sent(handoff) == []


def test_arrows_choose_escape_closes_and_a_slash_within_words_offers_nothing(at_desk: AtDesk) -> None:
    at_desk.takes()
    page = at_desk.page
    at_desk.write("/da")
    page.wait_for_selector("#offers:not([hidden])")
    assert in_both_themes(page) == []
    page.keyboard.press("Escape")
    assert page.is_hidden("#offers") and value(page) == "/da"
    page.fill("#write", "")
    page.keyboard.type("/s")
    page.keyboard.press("ArrowDown")
    second = page.inner_text("[aria-selected=true] .offers__code")
    page.keyboard.press("Enter")
    assert second.startswith("/s") and value(page)
    page.fill("#write", "")
    page.keyboard.type("either/or 1/2")
    assert page.is_hidden("#offers")


def test_a_macro_by_its_code_keeps_what_was_typed_and_labels(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page = at_desk.page
    at_desk.write("Hello. /tax-tr")
    page.wait_for_selector("#offers:not([hidden])")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("body[data-ready]")
    assert value(page).startswith("Hello.") and "Many people fall behind" in value(page)
    assert at_desk.server.guildhall.tools.labels.of(handoff.conversation_id) == {"vulnerable"}


def test_a_fact_is_searched_put_in_and_sent_with_its_source_by_keyboard_alone(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page = at_desk.page
    at_desk.write("About permits: ")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.wait_for_selector("#q:focus")
    page.keyboard.type("permit")
    page.keyboard.press("Enter")
    page.wait_for_selector(".found__insert")
    assert value(page) == "About permits: "
    page.focus(".found__insert")
    page.keyboard.press("Enter")
    assert "A first permit costs £60 a year." in value(page)
    page.wait_for_selector("#cited-sources li")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry--message:not([data-pending]) .sources")
    message = [e for e in at_desk.server.guildhall.desk.threads.read(handoff.conversation_id) if e.kind == EntryKind.MESSAGE][-1]
    assert [c["passage"] for c in message.words["citations"]] == ["p3"]
    assert page.is_hidden("#cited-sources")


def test_a_source_that_is_taken_off_does_not_go_with_the_message(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page = unfolded(at_desk.page)
    page.fill("#q", "permit")
    page.press("#q", "Enter")
    page.click(".found__insert")
    page.click("#cited-sources button")
    assert page.is_hidden("#cited-sources")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry--message:not([data-pending])")
    message = [e for e in at_desk.server.guildhall.desk.threads.read(handoff.conversation_id) if e.kind == EntryKind.MESSAGE][-1]
    assert message.words["citations"] == []


def test_an_at_sign_in_a_note_offers_colleagues_and_they_are_mentioned(at_desk: AtDesk) -> None:
    house = at_desk.server.guildhall
    tom = Adviser(house, "Tom Reed")
    _, handoff = at_desk.takes()
    page = at_desk.page
    page.keyboard.press("n")
    page.keyboard.type("@to")
    page.wait_for_selector("#offers:not([hidden])")
    page.keyboard.press("Enter")
    page.keyboard.type("please look")
    assert value(page) == "@Tom Reed please look"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry--note:not([data-pending])")
    assert house.desk.messages.is_mentioned(handoff.conversation_id, tom.id)


def test_every_panel_in_light_and_dark(at_desk: AtDesk) -> None:
    Adviser(at_desk.server.guildhall, "Tom Reed")
    at_desk.takes()
    page = unfolded(at_desk.page)
    page.fill("#q", "bulky")
    page.press("#q", "Enter")
    page.wait_for_selector(".found__insert")
    page.click(".found__insert >> nth=0")
    unfolded(page)
    assert in_both_themes(page) == []


def test_a_colleague_hears_that_they_are_asked_and_takes_over(at_desk: AtDesk) -> None:
    house = at_desk.server.guildhall
    ada = Adviser(house, "Ada Two").comes()
    _, handoff = at_desk.asks()
    house.desk.handoffs.accept(handoff.reference, ada.id, house.house.clock())
    page = at_desk.go()
    page.wait_for_selector("body[data-connection=open]")
    ada.open(f"/desk/conversations/{handoff.conversation_id}")
    ada.press("#panel-transfer form[action$=colleague] button", to=at_desk.adviser.id, reason="Knows about mattresses")
    page.wait_for_selector(f"#asked-{handoff.reference}")
    page.click(f"#asked-{handoff.reference} a")
    page.wait_for_selector("#asked")
    assert "Knows about mattresses" in page.inner_text("#thread")
    assert in_both_themes(page) == []
    with page.expect_navigation():
        page.keyboard.press("a")
    assert house.desk.handoffs.get(handoff.reference).adviser_id == at_desk.adviser.id


def test_a_wrap_up_is_undone_by_keyboard(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page = at_desk.page
    page.keyboard.press("e")
    page.check("#wrap_up")
    page.check("#right_team-yes")
    page.click("#panel-wrap-up button[type=submit]")
    page.wait_for_selector(".undo")
    assert in_both_themes(page) == []
    with page.expect_navigation():
        page.keyboard.press("u")
    assert at_desk.server.guildhall.desk.handoffs.get(handoff.reference).status == HandoffStatus.ACCEPTED


def test_the_floor_and_its_pages(at_desk: AtDesk) -> None:
    house = at_desk.server.guildhall
    _, handoff = at_desk.takes()
    at_desk.asks("my husband hits me")
    at_desk.asks()
    sue = Adviser(house, "Sue Hart", roles=(Role.SUPERVISOR,))
    page = at_desk.context.browser.new_page() if at_desk.context.browser else at_desk.page
    page.set_default_timeout(8000)
    page.goto(f"{at_desk.server.url}/console/sign-in/link?token={sue.link()}")
    page.click("form button")
    for path in ("", f"/requests/{handoff.reference}", "/advisers", f"/advisers/{sue.id}", "/export"):
        page.goto(f"{at_desk.server.url}/desk/floor{path}")
        assert in_both_themes(page) == [], path
    page.goto(f"{at_desk.server.url}/desk/floor")
    house.desk.handoffs.close(
        handoff.reference, at_desk.adviser.id, WrapUp.REFERRED, False, house.house.clock(), right_queue="repairs", look=True
    )
    page.wait_for_selector(".floor__looks", timeout=12_000)
    assert handoff.reference in page.inner_text(".floor__looks")
    page.reload()
    assert in_both_themes(page) == []
    page.close()
