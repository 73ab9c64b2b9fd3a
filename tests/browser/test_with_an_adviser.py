"""A resident with a script waits for a person and talks with one: live, by keyboard alone, and through a network that fails."""

import re
import time

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from guildhall.vocabulary.handoffs import AdviserStatus, PassedBack
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.turns import Owner
from tests.browser.conftest import OpenPage, Server, axe_findings, wait_without_cookie
from tests.browser.test_accessibility import in_every_width
from tests.web.adviser import Adviser, seat

pytestmark = pytest.mark.browser
STREAM = re.compile(r"/live(\?|$)")


@pytest.fixture
def adviser(server: Server) -> Adviser:
    """Alone at the desk, with nobody left from another test."""
    desk, now = server.guildhall.desk, server.guildhall.house.clock()
    for other in desk.advisers.everyone():
        desk.advisers.set_status(other.staff_id, AdviserStatus.OFFLINE, now)
    for handoff in desk.handoffs.waiting():
        desk.handoffs.withdraw(handoff.conversation_id, Owner.ASSISTANT, now)
    return seat(server.guildhall)


def wait_for_person(page: Page) -> str:
    """Ask for a person; the conversation's id once the page listens."""
    with page.expect_response(STREAM):
        page.click(".person-bar__button")
    page.wait_for_selector("#owner.owner--queue")
    cookie = next(cookie for cookie in page.context.cookies() if cookie.get("name", "").startswith("guildhall"))
    return str(cookie.get("value", "")).partition(".")[0]


def say(page: Page, words: str) -> None:
    page.fill("#message", words)
    page.click(".ask__send")
    expect(page.locator("#message")).to_have_value("")


def test_a_message_is_there_in_less_than_a_second_and_once_even_when_the_stream_was_cut(open_page: OpenPage, adviser: Adviser) -> None:
    page = open_page()
    conversation = wait_for_person(page)
    adviser.join()
    page.wait_for_selector("#owner.owner--adviser")
    before = time.monotonic()
    adviser.write(conversation, "Hello, this is Priya.")
    expect(page.locator(".turn--adviser")).to_have_count(1, timeout=1000)
    assert time.monotonic() - before < 1
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    adviser.write(conversation, "Sent while you were away.")
    page.context.set_offline(False)
    expect(page.locator(".turn--adviser")).to_have_count(2)
    adviser.write(conversation, "And after.")
    expect(page.locator(".turn--adviser")).to_have_count(3)
    shown = page.locator(".turn--adviser .block").all_inner_texts()
    assert shown == ["Hello, this is Priya.", "Sent while you were away.", "And after."]


def test_a_server_that_goes_away_and_comes_back_is_found_again(open_page: OpenPage, adviser: Adviser) -> None:
    page = open_page()
    page.route(STREAM, lambda route: route.abort())
    page.click(".person-bar__button")
    page.wait_for_selector("#owner.owner--queue")
    expect(page.locator("#connection")).to_have_text(re.compile("connection was lost"))
    adviser.join()
    page.unroute(STREAM)
    expect(page.locator("#owner.owner--adviser")).to_be_visible(timeout=20_000)
    expect(page.locator("#connection")).to_have_text("")


def test_what_is_written_to_a_person_appears_at_once_is_sent_and_seen_and_stands_once(open_page: OpenPage, adviser: Adviser) -> None:
    page = open_page()
    conversation = wait_for_person(page)
    adviser.join()
    page.wait_for_selector("#owner.owner--adviser")
    say(page, "It is about my rent")
    mine = page.locator(".turn", has_text="It is about my rent")
    expect(mine.locator(".turn__status")).to_have_text("Sent")
    expect(mine.locator(".turn__reply")).to_be_hidden()
    adviser.read(conversation)
    expect(mine.locator(".turn__status")).to_have_text("Seen")
    expect(mine).to_have_count(1)
    expect(page.locator("#waiting")).to_have_text("")  # no reply of the assistant is on its way


def test_the_resident_sees_that_the_adviser_writes_and_the_adviser_that_the_resident_does(
    open_page: OpenPage, adviser: Adviser, server: Server
) -> None:
    page = open_page()
    conversation = wait_for_person(page)
    adviser.join()
    page.wait_for_selector("#owner.owner--adviser")
    signs: list[str] = []
    server.guildhall.desk.changes.listen(lambda change: signs.append(change.by))
    adviser.type(conversation)
    expect(page.locator("#writing span")).to_be_visible()
    expect(page.locator("#writing span")).to_have_text("Adviser Priya is writing")
    adviser.write(conversation, "Here it is")
    expect(page.locator("#writing span")).to_be_hidden()
    with page.expect_response("**/live"):
        page.type("#message", "H")
    message = server.guildhall.desk.threads.read(conversation)[-1]
    expect.set_options(timeout=5000)
    page.wait_for_timeout(600)
    assert "resident" in signs
    assert server.guildhall.desk.marks.of(conversation)["resident"] >= message.seq


def test_a_double_click_and_a_lost_answer_send_one_message(open_page: OpenPage, adviser: Adviser, server: Server) -> None:
    page = open_page()
    conversation = wait_for_person(page)
    adviser.join()
    page.wait_for_selector("#owner.owner--adviser")
    page.fill("#message", "Only once")
    page.dblclick(".ask__send")
    expect(page.locator("#message")).to_have_value("")
    page.context.set_offline(True)
    page.fill("#message", "From the train")
    page.click(".ask__send")
    page.wait_for_selector(".govuk-error-summary")
    expect(page.locator("#message")).to_have_value("From the train")
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#message")).to_have_value("")
    said = [turn.utterance for turn in server.guildhall.conversations.transcript(conversation)]
    assert (said.count("Only once"), said.count("From the train")) == (1, 1)
    expect(page.locator(".turn__words", has_text="From the train")).to_have_count(1)
    expect(page.locator(".turn__words", has_text="Only once")).to_have_count(1)


def test_the_place_moves_up_and_is_announced_without_drowning_the_reader(open_page: OpenPage, adviser: Adviser, server: Server) -> None:
    first, second = open_page(), open_page()
    ahead = wait_for_person(first)
    clock = server.guildhall.house.clock
    clock.move(seconds=10)  # type: ignore[attr-defined]
    wait_for_person(second)
    expect(second.locator("#place")).to_contain_text("number 2")
    adviser.join(server.guildhall.desk.handoffs.live_of(ahead).reference)  # type: ignore[union-attr]
    expect(second.locator("#place")).to_contain_text("number 1")
    expect(second.locator("#moved")).to_contain_text("number 1")
    assert second.locator("#owner").get_attribute("aria-live") is None


def test_a_message_to_a_page_in_the_background_is_told_in_the_title_and_by_a_sound_only_if_asked(
    open_page: OpenPage, adviser: Adviser
) -> None:
    page = open_page()
    conversation = wait_for_person(page)
    adviser.join()
    page.wait_for_selector("#owner.owner--adviser")
    assert not page.locator("#sound").is_checked()
    title = page.title()
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    adviser.write(conversation, "Are you there?")
    expect(page).to_have_title("(1) New message")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: false, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))"
    )
    expect(page).to_have_title(title)
    page.check("#sound")
    adviser.write(conversation, "With a sound")
    expect(page.locator(".turn--adviser")).to_have_count(2)


def test_a_page_that_may_have_to_be_left_quickly_says_nothing_in_its_title(open_page: OpenPage, server: Server) -> None:
    adviser = seat(server.guildhall, queue="domestic-abuse")
    page = open_page()
    page.fill("#message", "my husband hits me")
    page.click(".ask__send")
    page.wait_for_selector("#owner.owner--queue")
    adviser.write(adviser.join(), "I am here")
    page.wait_for_selector(".turn--adviser")
    title = page.title()
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    for handoff in server.guildhall.desk.handoffs.held_by(adviser.id):
        adviser.write(handoff.conversation_id, "Take your time")
    expect(page.locator(".turn--adviser")).to_have_count(2)
    assert page.title() == title
    assert page.locator(".govuk-exit-this-page__button").is_visible()
    assert in_every_width(page) == []


def test_everything_can_be_done_by_keyboard_alone_and_the_focus_is_never_lost(open_page: OpenPage, adviser: Adviser) -> None:
    page = open_page()
    wait_for_person(page)
    page.focus("#needs summary")
    page.keyboard.press("Enter")
    page.focus("#needs-chosen-5")
    page.keyboard.press("Space")
    page.focus("#needs-consent")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#needs")).to_contain_text("Staff who help you can see: More time")
    assert page.evaluate("document.activeElement.id") == "needs"
    page.focus("#message")
    page.keyboard.type("half a sent")
    adviser.join()
    page.wait_for_selector("#owner.owner--adviser")
    assert page.evaluate("document.activeElement.id") == "message"
    expect(page.locator("#message")).to_have_value("half a sent")
    expect(page.locator("label[for=message]")).to_have_text("Write a message")
    page.focus(".owner__leave button[value=closed]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#owner.owner--closed")
    assert page.evaluate("document.activeElement.id") == "owner"
    expect(page.locator("#message")).to_have_value("half a sent")
    page.focus("#satisfaction-score")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Good")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#owner")).to_contain_text("Thank you. We have your answer.")


def test_axe_finds_nothing_from_the_queue_to_the_end(open_page: OpenPage, adviser: Adviser) -> None:
    page = open_page()
    conversation = wait_for_person(page)
    for name in ("needs", "follow-up"):
        page.evaluate(f"document.getElementById('{name}').open = true")
    assert in_every_width(page) == []
    page.set_viewport_size({"width": 1000, "height": 800})
    page.click("#needs form button[type=submit]")
    page.wait_for_selector(".govuk-error-summary")
    assert in_every_width(page) == []
    page.set_viewport_size({"width": 1000, "height": 800})
    adviser.join()
    page.wait_for_selector("#owner.owner--adviser")
    adviser.write(conversation, "Hello.\n\nA-very-long-word-" + "x" * 200)
    adviser.write(conversation, "سلام، آپ کا نمبر 01632 960001 ہے", language="ur", original="Hello, your number is 01632 960001")
    expect(page.locator(".turn--adviser")).to_have_count(2)
    say(page, "Thank you")
    assert in_every_width(page) == []
    page.set_viewport_size({"width": 1000, "height": 800})
    adviser.pass_back(conversation, PassedBack.TRANSFERRED, "revenues")
    page.wait_for_selector("#owner.owner--queue")
    assert in_every_width(page) == []
    adviser.join()
    adviser.close(conversation)
    page.wait_for_selector("#owner.owner--closed")
    assert in_every_width(page) == []
    page.set_viewport_size({"width": 1000, "height": 800})
    page.click("form#satisfaction button[type=submit]")
    page.wait_for_selector(".govuk-error-summary")
    assert in_every_width(page) == []
    page.check("#satisfaction-score-2")
    page.click("form#satisfaction button[type=submit]")
    expect(page.locator("#owner")).to_contain_text("Thank you")
    assert in_every_width(page) == []


@pytest.mark.parametrize("language", ["ar", "ps", "ur", "pa", "so"])
def test_the_panel_in_other_scripts(open_page: OpenPage, adviser: Adviser, language: str) -> None:
    page = open_page(f"/?lang={language}")
    conversation = wait_for_person(page)
    page.evaluate("document.getElementById('needs').open = true")
    assert in_every_width(page) == []
    adviser.join()
    page.wait_for_selector("#owner.owner--adviser")
    adviser.write(conversation, "Hello")
    page.wait_for_selector(".turn--adviser")
    assert axe_findings(page) == []


def test_the_embedded_page_hears_the_adviser_without_a_cookie(open_page: OpenPage, adviser: Adviser) -> None:
    page = open_page("/?embed=1", width=400)
    conversation = wait_for_person(page)
    page.context.clear_cookies()
    adviser.join()
    page.wait_for_selector("#owner.owner--adviser")
    adviser.write(conversation, "Hello in the frame")
    page.wait_for_selector(".turn--adviser")
    page.context.set_offline(True)
    page.context.set_offline(False)
    adviser.write(conversation, "And again")
    expect(page.locator(".turn--adviser")).to_have_count(2)
    assert in_every_width(page) == []


def test_a_form_that_is_answered_late_takes_nobody_away_from_what_they_write(open_page: OpenPage, adviser: Adviser) -> None:
    page = open_page()
    wait_for_person(page)
    held: list[tuple[Route, APIResponse]] = []
    page.route(re.compile("/needs"), lambda route: held.append((route, route.fetch())))
    page.click("#needs summary")
    page.check("#needs-chosen-5")
    page.check("#needs-consent")
    page.click("#needs button")
    expect(page.locator("#needs")).to_contain_text("Staff who help you can see: More time")  # told by the stream
    page.focus("#message")
    page.keyboard.type("half a ")
    attempt = page.locator("#ask input[name=attempt]")
    before = attempt.input_value()
    until = time.monotonic() + 10
    while not held and time.monotonic() < until:
        page.wait_for_timeout(20)
    ((route, response),) = held
    route.fulfill(response=response)
    expect(attempt).not_to_have_value(before)  # the answer has been taken in
    page.keyboard.type("sentence")
    expect(page.locator("#message")).to_have_value("half a sentence")


def test_leaving_quickly_takes_the_conversation_away(open_page: OpenPage, server: Server) -> None:
    seat(server.guildhall, queue="domestic-abuse")
    page = open_page()
    page.fill("#message", "my husband hits me")
    page.click(".ask__send")
    page.wait_for_selector("#owner.owner--queue")
    page.context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="elsewhere"))
    page.click(".govuk-exit-this-page__button")
    page.wait_for_url("https://www.bbc.co.uk/**")
    wait_without_cookie(page)


def test_without_a_script_the_page_says_how_to_look_again(open_page: OpenPage, adviser: Adviser, server: Server) -> None:
    page = open_page(script=False)
    page.click(".person-bar__button")
    page.wait_for_selector("#owner.owner--queue")
    cookie = next(cookie for cookie in page.context.cookies())
    conversation = str(cookie.get("value", "")).partition(".")[0]
    adviser.join()
    page.click(".no-script a >> nth=0")
    page.wait_for_selector("#owner.owner--adviser")
    adviser.write(conversation, "Hello")
    page.click(".no-script a >> nth=0")
    page.wait_for_selector(".turn--adviser")
    assert server.guildhall.conversations.owner_of(ConversationId(conversation)) == Owner.ADVISER
