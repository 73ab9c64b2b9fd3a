"""The desk in a real browser: axe finds nothing, light and dark; the keyboard is enough; nothing typed is lost, and nothing is sent twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from guildhall.storage.changes import say_typing
from guildhall.storage.read_marks import RESIDENT
from guildhall.storage.threads import EntryKind
from guildhall.vocabulary.handoffs import AdviserStatus, Handoff, PassedBack, WrapUp
from guildhall.vocabulary.roles import Role
from tests.browser.conftest import Server, axe_findings
from tests.browser.test_accessibility import in_every_width
from tests.browser.two_browsers import tab_to
from tests.web.browser import Browser as Resident
from tests.web.desk.at_the_desk import Adviser, move, resident_asks
from tests.web.front_door import open_front_door

pytestmark = pytest.mark.browser


@dataclass
class AtDesk:
    """An adviser's page at a house of their own, and everything around it."""

    server: Server
    adviser: Adviser
    page: Page
    context: BrowserContext

    def go(self, path: str = "/desk") -> Page:
        self.page.goto(self.server.url + path)
        return self.page

    def asks(self, *words: str) -> tuple[Resident, Handoff]:
        return resident_asks(self.server.guildhall, *words)

    def takes(self, *words: str) -> tuple[Resident, Handoff]:
        """A resident asks, the adviser has them, and the conversation is open and live."""
        resident, handoff = self.asks(*words)
        house = self.server.guildhall
        house.desk.handoffs.accept(handoff.reference, self.adviser.id, house.house.clock())
        self.go(f"/desk/conversations/{handoff.conversation_id}")
        self.page.wait_for_selector("body[data-connection=open]")
        return resident, handoff

    def sent(self, handoff: Handoff) -> list[str]:
        """What the resident was sent by a person."""
        entries = self.server.guildhall.desk.threads.read(handoff.conversation_id)
        return [entry.text for entry in entries if entry.kind == EntryKind.MESSAGE]

    def draft(self, handoff: Handoff) -> str:
        return self.server.guildhall.desk.messages.unsent(handoff.conversation_id, self.adviser.id)

    def write(self, words: str) -> None:
        self.page.keyboard.press("r")
        self.page.keyboard.type(words)

    def until_kept(self, words: str) -> None:
        with self.page.expect_response(lambda response: response.url.endswith("/draft") and response.ok):
            self.page.keyboard.type(words)


@pytest.fixture
def at_desk(tmp_path: Path, chromium: Browser) -> Iterator[AtDesk]:
    running = Server(open_front_door(tmp_path))
    adviser = Adviser(running.guildhall).comes()
    context = chromium.new_context(viewport={"width": 1300, "height": 850})
    page = context.new_page()
    page.set_default_timeout(8000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{running.url}/console/sign-in/link?token={adviser.link()}")
    page.click("form button")
    yield AtDesk(running, adviser, page, context)
    context.close()
    running.stop()
    assert faults == []


def until(page: Page, expression: str) -> None:
    """Wait for something of the page's that is not in its document."""
    for _ in range(160):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never became true: {expression}")


def in_both_themes(page: Page) -> list[str]:
    """What axe finds in light and in dark, at the page's width and at 400% zoom."""
    size = page.viewport_size or {"width": 1300, "height": 850}
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        found += [f"{scheme}: {finding}" for finding in in_every_width(page)]
    page.set_viewport_size(size)
    return found


def test_every_state_of_the_list(at_desk: AtDesk) -> None:
    page = at_desk.go()
    assert in_both_themes(page) == []
    _, handoff = at_desk.asks("my husband hits me")
    at_desk.asks()
    house = at_desk.server.guildhall
    house.desk.handoffs.offer(handoff.reference, at_desk.adviser.id, house.house.clock())
    page.wait_for_selector(".row--offered")
    assert in_both_themes(page) == []
    page.click(".row--offered a")
    page.wait_for_selector("#offer")
    assert in_both_themes(page) == []
    page.click("#offer button >> nth=0")
    page.wait_for_selector("#thread")
    house.desk.handoffs.snooze(handoff.reference, at_desk.adviser.id, house.house.clock(), house.house.clock())
    at_desk.go()
    page.wait_for_selector(".row--snoozed")
    assert in_both_themes(page) == []


@pytest.mark.parametrize("path", ["/desk/keys", "/desk/choices", "/desk?said=gone", "/desk/conversations/none"])
def test_the_small_pages(at_desk: AtDesk, path: str) -> None:
    assert in_both_themes(at_desk.go(path)) == []


def test_every_state_of_a_conversation(at_desk: AtDesk) -> None:
    resident, _ = at_desk.takes("How much is bulky waste?", "my husband hits me")
    page = at_desk.page
    assert in_both_themes(page) == []
    at_desk.write("I am Ada. Are you safe?")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry--message:not([data-pending])")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert in_both_themes(page) == []
    page.keyboard.type("She is at her sister's")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry--note:not([data-pending])")
    resident.ask("I want to kill myself")
    page.wait_for_selector(".alarm")
    page.click("#panel-wrap-up summary")
    assert in_both_themes(page) == []
    page.click("#panel-wrap-up button")
    page.wait_for_selector("#panel-wrap-up .govuk-error-message")
    assert in_both_themes(page) == []
    page.keyboard.press("?")
    page.wait_for_selector("#keys-overlay[open]")
    assert in_both_themes(page) == []


def test_the_break_that_is_offered_and_the_one_that_is_on(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes("my husband hits me")
    house = at_desk.server.guildhall
    move(house, minutes=1)
    house.desk.handoffs.close(handoff.reference, at_desk.adviser.id, WrapUp.REFERRED, True, house.house.clock())
    page = at_desk.go()
    assert in_both_themes(page) == []
    page.click("text=Take a break")
    page.wait_for_selector("text=You are on a break")
    assert in_both_themes(page) == []


def test_who_has_no_place_and_who_lost_a_conversation(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    at_desk.write("I was about to")
    house = at_desk.server.guildhall
    house.desk.handoffs.pass_back(handoff.reference, PassedBack.WENT_QUIET, house.house.clock())
    at_desk.page.wait_for_selector("#lost")
    assert in_both_themes(at_desk.page) == []
    newcomer = Adviser(house, "New Here", profile=False)
    at_desk.page.click(".bar__links button")
    at_desk.go(f"/console/sign-in/link?token={newcomer.link()}")
    at_desk.page.click("form button")
    assert "no place at the desk yet" in (at_desk.page.text_content("h1") or "")
    assert in_both_themes(at_desk.page) == []


def test_a_whole_conversation_by_keyboard_alone(at_desk: AtDesk) -> None:
    resident, handoff = at_desk.asks("my husband hits me")
    page, press = at_desk.go(), at_desk.page.keyboard.press
    page.wait_for_selector("body[data-connection=open]")
    press("t")
    page.wait_for_selector("body[data-ready] #offer")
    assert "my husband hits me" in (page.text_content("#brief") or "")
    press("a")
    page.wait_for_selector("body[data-ready] #thread")
    press("r")
    page.keyboard.type("I am Ada. Are you safe?")
    press("Control+Enter")
    page.wait_for_selector(".entry--message:not([data-pending])")
    resident.ask("Yes, he is out")
    page.wait_for_selector(".entry--said:has-text('Yes, he is out')")
    press("Escape")
    press("n")
    page.keyboard.type("Safe until six")
    press("Control+Enter")
    page.wait_for_selector(".entry--note:not([data-pending])")
    press("Escape")
    press("e")
    assert page.evaluate("document.activeElement.name") == "wrap_up"
    press("ArrowDown")
    tab_to(page, "input[name=right_team]")
    press("Space")
    tab_to(page, "#panel-wrap-up button[type=submit]")
    press("Enter")
    page.wait_for_selector("body[data-ready] #rest section")
    press("x")
    page.wait_for_selector("#rest section", state="detached")
    assert at_desk.sent(handoff) == ["I am Ada. Are you safe?"]
    closed = at_desk.server.guildhall.desk.handoffs.get(handoff.reference)
    assert (closed.wrap_up, closed.right_team) == ("signposted", True)


def test_going_from_conversation_to_conversation_by_key(at_desk: AtDesk) -> None:
    at_desk.takes()
    at_desk.takes()
    page = at_desk.page
    here = page.url
    page.keyboard.press("k")
    page.wait_for_url(lambda url: url != here)
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("j")
    page.wait_for_url(here)
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("i")
    page.wait_for_url("**/desk")


def test_letters_do_nothing_in_a_field_or_when_they_are_off(at_desk: AtDesk) -> None:
    at_desk.takes()
    page = at_desk.page
    page.click("#write")
    page.keyboard.type("jknri?")
    assert page.input_value("#write") == "jknri?"
    at_desk.go("/desk/choices")
    page.check("#keys-off")
    page.click("text=Keep these")
    page.wait_for_selector("body[data-keys=off][data-ready]")
    page.keyboard.press("?")
    page.keyboard.press("i")
    assert page.locator("#keys-overlay[open]").count() == 0
    assert "said=kept" in page.url


def test_what_is_typed_is_there_after_a_reload_as_what_it_was_to_be(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page = at_desk.page
    page.keyboard.press("n")
    at_desk.until_kept("Between us")
    page.reload()
    assert page.input_value("#write") == "Between us"
    assert page.is_checked("input[value=note]")
    assert at_desk.draft(handoff) == "Between us"


def test_a_message_whose_answer_was_lost_is_there_once(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page = at_desk.page
    tries: list[str] = []

    def lose_the_first(route: Route) -> None:
        tries.append(route.request.post_data or "")
        answer = route.fetch()
        if len(tries) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/messages", lose_the_first)
    at_desk.write("Only once")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry--message:not([data-pending])")
    assert at_desk.sent(handoff) == ["Only once"]
    until(page, "sessionStorage.length === 0")
    assert len(tries) == 2 and tries[0] == tries[1]
    assert page.locator(".entry--message").count() == 1


def test_without_a_network_it_says_so_keeps_the_words_and_sends_them_later(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page = at_desk.page
    at_desk.context.set_offline(True)
    page.wait_for_selector("#line:has-text('Reconnecting')")
    at_desk.write("When there is a network")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry__state:has-text('Not sent yet')")
    assert axe_findings(page) == []
    assert at_desk.sent(handoff) == []
    at_desk.context.set_offline(False)
    page.wait_for_selector(".entry--message:not([data-pending])", timeout=20000)
    page.wait_for_selector("#line", state="hidden", timeout=20000)
    assert at_desk.sent(handoff) == ["When there is a network"]


def test_what_waits_for_a_network_is_sent_after_a_reload_too_and_only_by_who_wrote_it(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page = at_desk.page
    page.route("**/messages", lambda route: route.abort())
    at_desk.write("Across a reload")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry__state:has-text('Not sent yet')")
    page.evaluate(
        "() => { const kept = sessionStorage.getItem('guildhall-desk-outbox'); sessionStorage.setItem('other', kept.replace(/staff_[^\"]*/, 'staff_other')) }"
    )
    page.unroute("**/messages")
    page.reload()
    page.wait_for_selector(".entry--message:not([data-pending])")
    assert at_desk.sent(handoff) == ["Across a reload"]
    assert page.input_value("#write") == ""
    page.evaluate("sessionStorage.setItem('guildhall-desk-outbox', sessionStorage.getItem('other'))")
    page.reload()
    page.wait_for_selector("body[data-connection=open]")
    assert at_desk.sent(handoff) == ["Across a reload"]


def test_what_is_typed_while_the_session_has_ended_is_there_after_signing_in_again(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page, door = at_desk.page, at_desk.adviser.door
    door.entrance.sign_out_everywhere(door.staff.by_name(at_desk.adviser.name))
    at_desk.write("Half a sentence")
    page.wait_for_selector("#line:has-text('You are signed out')")
    until(page, "sessionStorage.length === 1")
    page.goto(f"{at_desk.server.url}/console/sign-in/link?token={at_desk.adviser.link()}")
    page.click("form button")
    at_desk.go(f"/desk/conversations/{handoff.conversation_id}")
    assert page.input_value("#write") == "Half a sentence"
    until(page, "sessionStorage.length === 0")
    assert at_desk.draft(handoff) == "Half a sentence"


def test_an_offer_that_somebody_else_took_leaves_the_page(at_desk: AtDesk) -> None:
    _, handoff = at_desk.asks()
    page, house = at_desk.go(), at_desk.server.guildhall
    page.keyboard.press("t")
    page.wait_for_selector("#offer")
    page.wait_for_selector("body[data-connection=open]")
    house.desk.handoffs.pass_back(handoff.reference, PassedBack.NOT_TAKEN, house.house.clock())
    page.wait_for_url("**/desk?said=gone")
    assert "Somebody else took it" in (page.text_content("main") or "")


def test_the_first_page_says_at_once_that_somebody_is_offered(at_desk: AtDesk) -> None:
    page, house = at_desk.go(), at_desk.server.guildhall
    page.wait_for_selector("body[data-connection=open]")
    assert "Nobody needs you this moment" in (page.text_content("#advice") or "")
    _, handoff = at_desk.asks()
    house.desk.handoffs.offer(handoff.reference, at_desk.adviser.id, house.house.clock())
    page.wait_for_selector("#advice:has-text('Somebody is offered to you')")
    page.keyboard.press("a")
    page.wait_for_selector("#offer")


def test_signing_out_throws_nothing_away_unasked(at_desk: AtDesk) -> None:
    at_desk.takes()
    page = at_desk.page
    page.route("**/messages", lambda route: route.abort())
    at_desk.write("Still on its way")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry__state:has-text('Not sent yet')")
    page.click(".bar__links button")
    page.wait_for_selector("#line:has-text('A message is not sent yet')")
    page.click(".bar__links button")
    page.wait_for_url("**/console/sign-in**")
    assert page.evaluate("sessionStorage.length") == 0


def test_when_the_conversation_is_lost_nothing_more_is_sent_and_the_words_stay(at_desk: AtDesk) -> None:
    resident, handoff = at_desk.takes()
    page, house = at_desk.page, at_desk.server.guildhall
    at_desk.write("Let me look that up for")
    other = Adviser(house, "Ben Stone").comes()
    house.desk.handoffs.pass_back(handoff.reference, PassedBack.WENT_QUIET, house.house.clock())
    house.desk.handoffs.accept(handoff.reference, other.id, house.house.clock())
    page.wait_for_selector("#lost:has-text('Ben Stone has this conversation now')")
    assert page.input_value("#write") == "Let me look that up for"
    assert page.locator("#send").count() == 0
    resident.ask("Something for Ben only")
    page.wait_for_timeout(500)
    assert "Something for Ben only" not in page.content()
    assert at_desk.sent(handoff) == []
    page.reload()
    assert page.input_value("#write") == "Let me look that up for"


def test_a_message_that_came_too_late_gives_its_words_back(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page, house = at_desk.page, at_desk.server.guildhall

    def lose_it_first(route: Route) -> None:
        house.desk.handoffs.pass_back(handoff.reference, PassedBack.WENT_QUIET, house.house.clock())
        route.continue_()

    page.route("**/messages", lose_it_first)
    at_desk.write("Too late")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#lost")
    assert page.input_value("#write") == "Too late"
    assert at_desk.sent(handoff) == []


def test_typing_and_seen_are_shown_as_they_happen(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    page, house = at_desk.page, at_desk.server.guildhall
    at_desk.write("Hello")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry--message:not([data-pending])")
    say_typing(house.database, handoff.conversation_id, RESIDENT, house.house.clock())
    page.wait_for_selector("#typing:visible")
    house.desk.marks.mark(handoff.conversation_id, RESIDENT, house.desk.threads.last(handoff.conversation_id), house.house.clock())
    page.wait_for_selector("text=Seen by the resident")


def test_a_sign_of_danger_stands_out_and_brings_approved_words(at_desk: AtDesk) -> None:
    resident, handoff = at_desk.takes()
    page = at_desk.page
    resident.ask("I want to kill myself")
    page.wait_for_selector(".alarm")
    assert "I want to kill myself" in (page.text_content(".alarm") or "")
    move(at_desk.server.guildhall, seconds=10)
    page.click(".alarm button")
    assert "Are you safe right now?" in page.input_value("#write")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".alarm", state="detached")
    assert len(at_desk.sent(handoff)) == 1


def test_what_happens_in_my_other_conversations_shows_in_the_list_and_the_title(at_desk: AtDesk) -> None:
    other, one = at_desk.takes()
    at_desk.takes()
    page = at_desk.page
    other.ask("Are you there?")
    page.wait_for_selector(f"#row-{one.reference}:has-text('1 new')")
    assert page.title().startswith("(1) ")


def test_news_does_not_take_the_focus_or_what_is_half_filled_in(at_desk: AtDesk) -> None:
    resident, handoff = at_desk.takes()
    page = at_desk.page
    page.keyboard.press("e")
    page.keyboard.press("ArrowDown")
    resident.ask("Are you there?")
    page.wait_for_selector(".entry--said:has-text('Are you there?')")
    assert page.evaluate("document.activeElement.name") == "wrap_up"
    assert page.locator("#panel-wrap-up input:checked").count() == 1
    assert handoff.waits


def test_closing_the_page_makes_the_adviser_absent(at_desk: AtDesk) -> None:
    at_desk.go().wait_for_selector("body[data-connection=open]")
    house = at_desk.server.guildhall
    assert house.desk.present("front-desk", house.house.clock()) == 1
    at_desk.page.close()
    house.house.clock.move(seconds=61)  # type: ignore[attr-defined]
    assert house.desk.present("front-desk", house.house.clock()) == 0
    found = house.desk.advisers.get(at_desk.adviser.id)
    assert found is not None and found.status == AdviserStatus.AVAILABLE


def test_without_a_script_a_conversation_is_answered_too(at_desk: AtDesk, chromium: Browser) -> None:
    _, handoff = at_desk.asks()
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(8000)
    page.goto(f"{at_desk.server.url}/console/sign-in/link?token={at_desk.adviser.link()}")
    page.click("form button")
    page.click("text=Look at the next one")
    page.click("#offer button >> nth=0")
    page.fill("#write", "By forms alone")
    page.click("#send")
    assert "By forms alone" in (page.text_content(".entry--message") or "")
    assert at_desk.sent(handoff) == ["By forms alone"]
    context.close()


def test_the_theme_that_was_chosen_wins_over_the_computers(at_desk: AtDesk) -> None:
    page = at_desk.go("/desk/choices")
    page.check("#theme-dark")
    with page.expect_navigation():
        page.click("text=Keep these")
    page.wait_for_selector("html[data-theme=dark]")
    page.emulate_media(color_scheme="light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 25, 28)"
    assert axe_findings(page) == []


def test_who_runs_the_desk_may_read_and_write_notes(at_desk: AtDesk) -> None:
    _, handoff = at_desk.takes()
    house = at_desk.server.guildhall
    lead = Adviser(house, "Sam Lead", roles=(Role.SUPERVISOR,), profile=False)
    at_desk.page.click(".bar__links button")
    at_desk.go(f"/console/sign-in/link?token={lead.link()}")
    at_desk.page.click("form button")
    page = at_desk.go(f"/desk/conversations/{handoff.conversation_id}")
    page.wait_for_selector("body[data-connection=open]")
    page.keyboard.press("n")
    page.keyboard.type("Well handled")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry--note:not([data-pending])")
    assert at_desk.sent(handoff) == []
    assert in_both_themes(page) == []
