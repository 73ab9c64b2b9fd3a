"""A resident without a script waits for a person, talks with one, and says how it went; every sentence on the page is true."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from guildhall.storage.people import NOT_TAKEN
from guildhall.testing.house import FakeClock
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.aftercare import FollowUpKind, Need, Score
from guildhall.vocabulary.handoffs import AdviserStatus, HandoffStatus, PassedBack
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.outcomes import Reason
from guildhall.vocabulary.turns import Owner
from guildhall.web.contacts import contact_of
from tests.web.browser import Browser
from tests.web.desk import Adviser, seat
from tests.web.front_door import demo_profile, open_front_door

DETAILS = {"name": "Sam", "phone": "01632 960001", "safe": "no", "slot": "soonest"}


@pytest.fixture
def adviser(browser: Browser) -> Adviser:
    return seat(browser.guildhall)


@pytest.fixture(autouse=True)
def places_are_looked_up_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guildhall.web.standings.FRESH_SECONDS", 0.0)


def waits(browser: Browser) -> str:
    """Ask for a person while somebody is there; the conversation's id."""
    browser.ask("", path="/person")
    return browser.conversation_id


def owner(browser: Browser) -> Owner | None:
    return browser.guildhall.conversations.owner_of(ConversationId(browser.conversation_id))


def test_who_waits_reads_the_place_the_team_and_what_happens_when_nobody_comes(browser: Browser, adviser: Adviser) -> None:
    waits(Browser(browser.guildhall))
    cast(FakeClock, browser.guildhall.house.clock).move(seconds=20)
    waits(browser)
    panel = browser.text("#owner")
    assert "You are waiting for a person" in panel
    assert "You are number 2 in the queue for the customer services team." in panel
    assert "within 30 minutes of your request" in panel
    assert "about" not in browser.text("#place")  # nobody knows how long, so nothing is said
    assert browser.one("label[for=message]").text(strip=True) == "Write a message"


def test_the_button_waits_in_the_conversation_even_when_nothing_is_understood(tmp_path: Path) -> None:
    browser = Browser(open_front_door(tmp_path, understanding=FakeUnderstanding(signals={})))
    seat(browser.guildhall)
    browser.ask("qwertz", path="/person")
    assert owner(browser) == Owner.QUEUE
    assert "You are number 1" in browser.text("#place")
    (handoff,) = browser.guildhall.desk.handoffs.waiting()
    assert (handoff.live, handoff.reason, handoff.language) == (True, Reason.PERSON_REQUESTED.value, "en")


def test_when_the_last_adviser_goes_the_page_says_so(browser: Browser, adviser: Adviser) -> None:
    waits(browser)
    browser.guildhall.desk.advisers.set_status(adviser.id, AdviserStatus.BREAK, adviser.now)
    assert "No adviser from this team is free" in browser.open().text("#place")


def test_a_page_that_checks_by_itself_does_so_only_when_asked_and_takes_no_words(browser: Browser, adviser: Adviser) -> None:
    waits(browser)
    assert not browser.all("meta[http-equiv=refresh]")
    browser.open("/?wait=1")
    assert "http-equiv" in browser.html
    assert not browser.all("#message")
    adviser.join()
    browser.open("/?wait=1")
    assert "http-equiv" not in browser.html
    assert browser.all("#message")


def test_an_adviser_joins_and_both_sides_stand_in_one_order_each_with_a_name(browser: Browser, adviser: Adviser) -> None:
    conversation = waits(browser)
    browser.ask("It is about my rent")
    adviser.join()
    adviser.write(conversation, "Hello, I am Priya.\n\nWhat is your flat number?")
    browser.open().ask("Flat 4")
    who = [
        " ".join(node.text().split()[:2])
        for node in browser.all("#conversation .turn__who, #conversation .turn__notice")
        if node.text(strip=True)
    ]
    assert who == [
        "You",
        "Automated assistant",
        "You",
        "Automated assistant",
        "Adviser Priya",
        "Adviser Priya",
        "You",
        "Automated assistant",
    ]
    assert len(browser.all(".turn--adviser .block p")) == 2
    assert "Shah" not in browser.html
    assert [node.attributes.get("hidden", "shown") for node in browser.all("article:last-child .turn__reply")] == [None]
    assert "Adviser Priya from the customer services team reads and answers here." in browser.text("#owner")


def test_a_council_may_keep_names_to_itself(tmp_path: Path) -> None:
    profile = demo_profile()
    handoffs = profile.handoffs.model_copy(update={"desk": profile.handoffs.desk.model_copy(update={"adviser_name": "role"})})
    browser = Browser(open_front_door(tmp_path, profile=replace(profile, handoffs=handoffs)))
    adviser = seat(browser.guildhall)
    adviser.write(waits(browser) and adviser.join(), "Hello")
    assert "Priya" not in browser.open().html
    assert "An adviser has joined the conversation." in browser.text("#conversation")


def test_what_an_adviser_writes_is_escaped_and_links_only_where_the_council_allows(browser: Browser, adviser: Adviser) -> None:
    waits(browser)
    website = browser.guildhall.profile.council.website.rstrip("/")
    text = f"<script>alert(1)</script> **not bold**\nSee {website}/bins. Not https://evil.example/pay"
    citation = {"passage": "p1", "title": "Bins", "section": "When", "url": f"{website}/bins#when", "updated": ""}
    adviser.write(adviser.join(), text, citations=[citation])
    browser.open()
    block = browser.one(".turn--adviser .block")
    assert "<script>alert" not in (block.html or "")
    assert "**not bold**" in block.text()
    assert [link.attributes["href"] for link in block.css("a")] == [f"{website}/bins"]
    assert "https://evil.example/pay" in block.text()
    assert browser.one(".turn--adviser .sources a").attributes["href"] == f"{website}/bins#when"


def test_a_message_in_urdu_stands_from_the_right_and_says_that_a_program_translated_it(browser: Browser, adviser: Adviser) -> None:
    waits(browser)
    adviser.write(adviser.join(), "آپ کا نمبر 01632 960001 ہے", language="ur", original="Your number is 01632 960001")
    block = browser.open().one(".turn--adviser .block")
    assert (block.attributes["lang"], block.attributes["dir"]) == ("ur", "rtl")
    assert '<bdi dir="ltr">01632 960001</bdi>' in (block.html or "")
    assert "Translated by a computer program. The adviser wrote: Your number is" in browser.text(".turn--adviser")


def test_what_was_said_to_a_person_is_sent_and_then_seen(browser: Browser, adviser: Adviser) -> None:
    conversation = waits(browser)
    adviser.join()
    browser.open().ask("Are you there?")
    assert browser.text("#latest .turn__status") == "Sent"
    adviser.read(conversation)
    assert browser.open().text("#latest .turn__status") == "Seen"


def test_looking_at_the_page_tells_the_adviser_that_it_was_read(browser: Browser, adviser: Adviser) -> None:
    conversation = waits(browser)
    adviser.join()
    adviser.write(conversation, "Hello")
    marks = browser.guildhall.desk.marks
    newest = browser.guildhall.desk.threads.last(conversation)
    assert marks.of(conversation).get("resident", 0) < newest
    browser.open()
    assert marks.of(conversation)["resident"] == newest


def test_words_sent_twice_to_an_adviser_arrive_once(browser: Browser, adviser: Adviser) -> None:
    waits(browser)
    adviser.join()
    fields = browser.open().hidden() | {"message": "Flat 4"}
    for _ in range(2):
        browser.take(browser.client.post("/ask", data=fields))
    assert [node.text() for node in browser.all(".turn__words")].count("Flat 4") == 1


@pytest.mark.parametrize(
    ("why", "queue", "said"),
    [
        (PassedBack.WENT_QUIET, "", "Adviser Priya had to leave. You keep your place"),
        (PassedBack.TRANSFERRED, "revenues", "Adviser Priya is passing you to the council tax and benefits team"),
    ],
)
def test_the_resident_is_told_who_left_and_where_they_wait_now(
    browser: Browser, adviser: Adviser, why: PassedBack, queue: str, said: str
) -> None:
    conversation = waits(browser)
    adviser.join()
    adviser.pass_back(conversation, why, queue)
    assert said in browser.open().text("#conversation")
    assert "You are waiting for a person" in browser.text("#owner")


def test_an_offer_that_was_declined_is_nobodys_business(browser: Browser, adviser: Adviser) -> None:
    conversation = waits(browser)
    desk, reference = browser.guildhall.desk, adviser.waiting()
    desk.handoffs.offer(reference, adviser.id, adviser.now)
    adviser.pass_back(conversation, PassedBack.DECLINED)
    assert not browser.open().all(".turn__notice")


def test_going_on_with_the_assistant_ends_the_wait_and_starts_with_a_clean_sheet(browser: Browser, adviser: Adviser) -> None:
    waits(browser)
    browser.send(".owner__leave", to="assistant")
    assert owner(browser) == Owner.ASSISTANT
    assert "You went on with the assistant." in browser.text("#conversation")
    assert not browser.all("#owner")
    browser.ask("How much is bulky waste?")
    assert "bulky" in browser.text("#latest .turn__blocks").lower()
    assert not browser.guildhall.desk.handoffs.waiting()


def test_leaving_twice_is_leaving_once(browser: Browser, adviser: Adviser) -> None:
    waits(browser)
    form = browser.hidden(".owner__leave") | {"to": "assistant"}
    for _ in range(2):
        browser.take(browser.client.post("/leave", data=form))
    assert len(browser.all(".turn__notice")) == 1


def test_booking_a_callback_ends_the_wait_in_the_conversation(browser: Browser, adviser: Adviser) -> None:
    waits(browser)
    browser.send("#callback form", **DETAILS)
    assert owner(browser) == Owner.ASSISTANT
    assert not browser.all("#owner")
    assert browser.all(".booked")
    (handoff,) = browser.guildhall.desk.handoffs.waiting()
    assert (handoff.status, handoff.live) == (HandoffStatus.BOOKED, False)


def test_the_callback_form_stays_while_an_adviser_is_asked_and_goes_when_one_has_come(browser: Browser, adviser: Adviser) -> None:
    waits(browser)
    browser.guildhall.desk.handoffs.offer(adviser.waiting(), adviser.id, adviser.now)
    assert HandoffStatus.OFFERED in NOT_TAKEN
    form = browser.open().hidden("#callback form") | DETAILS
    adviser.join(browser.guildhall.desk.handoffs.waiting()[0].reference)
    assert not browser.open().all("#callback form")
    browser.take(browser.client.post("/callback", data=form))
    assert browser.status == 404
    assert owner(browser) == Owner.ADVISER


def test_ending_asks_how_it_went_once_and_writing_again_starts_afresh(browser: Browser, adviser: Adviser) -> None:
    conversation = waits(browser)
    adviser.join()
    browser.open().send(".owner__leave", to="closed")
    assert "This conversation has ended" in browser.text("#owner")
    assert browser.send("form#satisfaction", score="").status == 400
    assert "Choose how satisfied you were." in browser.text(".govuk-error-summary")
    browser.send("form#satisfaction", score="dissatisfied", comment="Too slow")
    assert "Thank you. We have your answer." in browser.text("#owner")
    assert not browser.all("form#satisfaction")
    (answer,) = browser.guildhall.desk.satisfaction.of(conversation)
    assert (answer.score, answer.comment, answer.adviser) == (Score.DISSATISFIED, "Too slow", adviser.id)
    browser.ask("How much is bulky waste?")
    assert owner(browser) == Owner.ASSISTANT
    assert not browser.all("#owner")


def test_a_conversation_an_adviser_closed_can_be_judged_too(browser: Browser, adviser: Adviser) -> None:
    conversation = waits(browser)
    adviser.join()
    adviser.close(conversation)
    assert "Adviser Priya has ended the conversation." in browser.open().text("#conversation")
    browser.send("form#satisfaction", score="very_satisfied")
    assert browser.guildhall.desk.satisfaction.of(conversation)[0].score == Score.VERY_SATISFIED


def test_needs_are_told_only_with_consent_and_taken_back(browser: Browser, adviser: Adviser) -> None:
    conversation = waits(browser)
    needs = browser.guildhall.desk.needs
    form = "#needs form"
    assert browser.send(form, need="slower").status == 400
    assert "Tick the box to agree" in browser.text(".govuk-error-summary")
    assert needs.of(conversation) is None
    assert browser.one("input[value=slower]").attributes.get("checked", "no") != "no"
    assert browser.send(form, consent="yes").status == 400
    browser.send(form, need="slower", other="I lip-read", consent="yes")
    known = needs.of(conversation)
    assert known is not None
    assert (known.needs, known.other) == ((Need.SLOWER, Need.OTHER), "I lip-read")
    assert "Staff who help you can see: More time; I lip-read" in browser.text("#needs")
    browser.send(form)
    assert needs.of(conversation) is None
    assert "no longer shown" in browser.text("#needs")


def test_a_summary_is_asked_for_with_a_contact_that_works_and_consent(browser: Browser, adviser: Adviser) -> None:
    conversation = waits(browser)
    form, follow_ups = "#follow-up form", browser.guildhall.desk.follow_ups
    assert browser.send(form, contact="sam at example", consent="yes").status == 400
    assert "Enter an e-mail address" in browser.text(".govuk-error-summary")
    assert browser.send(form, contact="sam@example.com").status == 400
    assert follow_ups.asked(conversation) is None
    browser.send(form, contact=" sam@Example.com ", consent="yes")
    asked = follow_ups.asked(conversation)
    assert asked is not None
    assert (asked.kind, asked.contact) == (FollowUpKind.EMAIL, "sam@example.com")
    assert "A summary goes to sam@example.com." in browser.text("#follow-up")
    browser.send(form)
    assert follow_ups.asked(conversation) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sam@example.com", (FollowUpKind.EMAIL, "sam@example.com")),
        ("o'neil+x@Sub.Example.co.uk", (FollowUpKind.EMAIL, "o'neil+x@sub.example.co.uk")),
        ("07700 900001", (FollowUpKind.TEXT, "07700 900001")),
        ("+44 7700 900001", (FollowUpKind.TEXT, "07700 900001")),
        ("01632 960001", None),
        ("sam@localhost", None),
        ("a..b@example.com", None),
        ("sam@example.com\nBcc: all@example.com", None),
        ("x" * 300 + "@example.com", None),
        ("", None),
    ],
)
def test_a_contact_is_an_email_address_or_a_number_that_takes_texts(text: str, found: tuple[FollowUpKind, str] | None) -> None:
    assert contact_of(text) == found


@pytest.mark.parametrize("path", ["/leave", "/satisfaction", "/needs", "/needs/withdraw", "/follow-up", "/follow-up/withdraw"])
def test_a_form_from_elsewhere_or_of_another_conversation_changes_nothing(browser: Browser, adviser: Adviser, path: str) -> None:
    waits(browser)
    fields = {"to": "closed", "score": "neither", "need": "slower", "consent": "yes", "contact": "sam@example.com"}
    stranger = browser.client.post(path, data=fields | {"token": "0" * 64})
    elsewhere = browser.client.post(path, data=fields | browser.hidden(), headers={"sec-fetch-site": "cross-site"})
    assert (stranger.status_code, elsewhere.status_code) == (403, 403)
    assert owner(browser) == Owner.QUEUE


def test_the_panel_is_in_the_residents_language(browser: Browser, adviser: Adviser) -> None:
    browser.open("/?lang=pl")
    waits(browser)
    assert "Oczekiwanie na człowieka" in browser.text("#owner")
    adviser.join()
    assert "Do rozmowy dołącza: \u2068" not in browser.open("/?lang=pl").text("#conversation")
    assert "Do rozmowy dołącza: Doradca Priya." in browser.text("#conversation")


def test_the_embedded_page_can_do_the_same_without_a_cookie(browser: Browser, adviser: Adviser) -> None:
    browser.open("/?embed=1").ask("", path="/person")
    browser.client.cookies.clear()
    browser.send(".owner__leave", to="closed")
    assert "This conversation has ended" in browser.text("#owner")
    browser.send("form#satisfaction", score="neither")
    assert "Thank you" in browser.text("#owner")


def test_out_of_hours_nobody_waits_in_the_conversation(tmp_path: Path) -> None:
    browser = Browser(open_front_door(tmp_path, clock=FakeClock(FakeClock().now.replace(hour=3))))
    seat(browser.guildhall)
    waits(browser)
    assert owner(browser) == Owner.ASSISTANT
    assert not browser.all("#owner")
    assert browser.all("#callback form")
