"""Answers to check: read before the resident does, then sent, changed or not sent; once, by whoever is first, and within the time."""

from datetime import timedelta
from typing import Any

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.outcomes import Outcome
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.supervision import DraftStatus
from tests.web.console.checking import a_resident_asks, adviser, supervise
from tests.web.console.staff import Staff, events_of


@pytest.fixture
def priya(guildhall: Guildhall) -> Staff:
    supervise(guildhall)
    return adviser(guildhall)


def read_by_resident(resident: Any) -> str:
    return str(resident.open("/").text("#conversation"))


def test_the_resident_is_told_at_once_and_the_draft_is_on_the_list_without_its_words(guildhall: Guildhall, priya: Staff) -> None:
    resident, draft = a_resident_asks(guildhall)
    assert "A colleague is checking the answer" in read_by_resident(resident) and "£32" not in read_by_resident(resident)
    priya.open("/console/drafts")
    assert priya.text("#count") == "1 answer waits."
    row = priya.text("[aria-label='Answers that wait'] tbody tr")
    assert "Bulky waste" in row and "3 minutes" in row and "nobody yet" in row
    assert "£32" not in priya.html and "How much" not in priya.html
    assert events_of(guildhall, "PersonalDataRead") == []
    assert priya.client.get("/console/drafts/waiting").json() == {"waiting": 1, "mine": 1, "newest": draft.id}


def test_whoever_checks_answers_is_at_the_desk(guildhall: Guildhall, priya: Staff) -> None:
    clock = guildhall.house.clock
    assert isinstance(clock, FakeClock)
    clock.move(minutes=2)
    assert guildhall.desk.present("front-desk", clock()) == 0
    priya.client.get("/console/drafts/waiting")
    assert guildhall.desk.present("front-desk", clock()) == 1


def test_opened_it_shows_question_draft_and_pages_once_the_record_knows_who_looks(guildhall: Guildhall, priya: Staff) -> None:
    _, draft = a_resident_asks(guildhall)
    priya.open(f"/console/drafts/{draft.id}")
    assert "£32" not in priya.html, "closed until it is opened"
    priya.send("main form")
    text = priya.text()
    assert "£32" in text and "How much is <b>bulky</b> waste?" in text and "Bulky waste collection: Cost" in text
    assert "<b>bulky</b>" not in priya.html
    (read,) = events_of(guildhall, "PersonalDataRead")
    assert (read["purpose"], read["what"]) == ("checking", "drafted answer")
    tom = adviser(guildhall, "Tom Webb")
    tom.open("/console/drafts")
    assert "Priya Shah" in tom.text("[aria-label='Answers that wait']")
    tom.send("[aria-label='Answers that wait'] form")
    assert "Priya Shah opened this too" in tom.text()


def test_approved_the_resident_reads_it_marked_as_checked_and_with_its_source(guildhall: Guildhall, priya: Staff) -> None:
    resident, _ = a_resident_asks(guildhall)
    priya.open("/console/drafts").send("[aria-label='Answers that wait'] form")
    priya.send("form[action$='/approve']")
    assert "It was sent to the resident as it was drafted." in priya.text(".govuk-notification-banner")
    assert priya.text(".empty") == "Nothing waits."
    page = read_by_resident(resident)
    assert "A colleague has checked this answer" in page and "£32" in page and "Bulky waste collection" in page
    loaded = guildhall.conversations.load(ConversationId(resident.conversation_id))
    assert loaded is not None and loaded.turns[-1].outcome == Outcome.ANSWERED
    assert "£32" in loaded.turns[-1].reply, "what is asked next may lean on it"
    (decided,) = events_of(guildhall, "DraftDecided")
    assert (decided["status"], decided["edit_distance"]) == ("approved", 0) and decided["seconds"] is not None


def test_over_the_api_the_checked_answer_is_in_the_turn_that_asked_for_it(guildhall: Guildhall, priya: Staff) -> None:
    started = priya.client.post("/api/v1/conversations", json={}).json()
    headers = {"Authorization": f"Bearer {started['token']}"}
    path = f"/api/v1/conversations/{started['id']}"
    turn = priya.client.post(f"{path}/utterances", json={"text": "How much is bulky waste?"}, headers=headers).json()
    assert (turn["outcome"], turn["reason"], turn["person"]) == ("handed_over", "being_checked", "offered")
    assert [part["wording"] for part in turn["parts"]] == ["supervised.being_checked"]
    priya.open("/console/drafts").send("[aria-label='Answers that wait'] form")
    priya.send("form[action$='/approve']")
    (read,) = priya.client.get(path, headers=headers).json()["turns"]
    assert [part["wording"] for part in read["parts"]][:2] == ["supervised.being_checked", "supervised.checked"]
    assert read["parts"][-1]["kind"] == "answer" and read["parts"][-1]["citations"]


def test_an_edit_is_shown_beside_the_draft_before_it_goes(guildhall: Guildhall, priya: Staff) -> None:
    resident, draft = a_resident_asks(guildhall)
    priya.open("/console/drafts").send("[aria-label='Answers that wait'] form")
    before = priya.one("#text").text()
    priya.send("form[action$='/edit']", text=before, code="tone")
    assert (priya.status, "Change something, or approve it as it is" in priya.text(".govuk-error-summary")) == (400, True)
    changed = before.replace("You can book", "You may book")
    priya.send("form[action$='/edit']", text=changed, code="")
    assert "Choose why it was changed" in priya.text(".govuk-error-summary") and "You may book" in priya.one("#text").text()
    priya.send("form[action$='/edit']", text=changed, code="tone")
    assert priya.heading == "Send these words?"
    assert ("can" in priya.text("del"), "may" in priya.text("ins")) == (True, True)
    assert priya.text(".all-well") == "Every figure in it stands in the cited pages."
    assert guildhall.supervised.drafts.get(draft.id).status == DraftStatus.WAITING
    priya.send("form[action$='/edit']", text=changed, step="send")
    assert "Your text was sent" in priya.text(".govuk-notification-banner")
    assert "You may book" in read_by_resident(resident)
    assert (guildhall.supervised.drafts.get(draft.id).reason, guildhall.supervised.drafts.get(draft.id).edit_distance) == ("tone", 2)


def test_a_figure_that_no_page_holds_needs_a_yes_and_a_reason(guildhall: Guildhall, priya: Staff) -> None:
    resident, draft = a_resident_asks(guildhall)
    priya.open("/console/drafts").send("[aria-label='Answers that wait'] form")
    text = "1 to 3 items cost £39."
    priya.send("form[action$='/edit']", text=text, code="out_of_date")
    assert "£39" in priya.text("main .govuk-list--bullet")
    priya.send("form[action$='/edit']", text=text, step="send")
    assert (priya.status, "Say that you want to send it, and why" in priya.text(".govuk-error-summary")) == (400, True)
    assert "£39" not in read_by_resident(resident)
    priya.send("form[action$='/edit']", text=text, step="send", ticked="yes", why="The Cabinet set it on Monday")
    assert "£39" in read_by_resident(resident) and "Cabinet" not in read_by_resident(resident)
    assert guildhall.supervised.drafts.get(draft.id).warnings == 1


def test_not_sent_the_resident_gets_a_person_and_is_told_so(guildhall: Guildhall, priya: Staff) -> None:
    resident, draft = a_resident_asks(guildhall)
    priya.open("/console/drafts").send("[aria-label='Answers that wait'] form")
    priya.send("form[action$='/reject']", note="Ask about the lift")
    assert "Choose why it is not sent" in priya.text(".govuk-error-summary") and "Ask about the lift" in priya.one("#note").text()
    priya.send("form[action$='/reject']", reject_code="needs_a_person", note="Ask about the lift")
    assert "The resident was told that a person will answer" in priya.text(".govuk-notification-banner")
    page = read_by_resident(resident)
    assert "would rather that a person answers you" in page and "£32" not in page and "lift" not in page
    assert guildhall.supervised.drafts.get(draft.id).reference in page
    (handoff,) = guildhall.desk.handoffs.waiting()
    assert (handoff.reason, handoff.queue, handoff.live, handoff.service) == ("draft_rejected", "front-desk", True, "bulky-waste")
    priya.open(f"/console/drafts/{draft.id}")
    assert "It needs a conversation" in priya.text()


def test_whoever_is_second_or_too_late_is_told_and_nothing_more_is_sent(guildhall: Guildhall, priya: Staff) -> None:
    tom = adviser(guildhall, "Tom Webb")
    a_resident_asks(guildhall)
    for each in (priya, tom):
        each.open("/console/drafts").send("[aria-label='Answers that wait'] form")
    priya.send("form[action$='/approve']")
    tom.send("form[action$='/reject']", reject_code="tone")
    assert (tom.status, tom.heading) == (409, "This answer is not waiting any more")
    assert "Priya Shah" in tom.text() and guildhall.desk.handoffs.waiting() == ()
    _, second = a_resident_asks(guildhall, "How much is bulky waste, please?")
    priya.open("/console/drafts").send("[aria-label='Answers that wait'] form")
    guildhall.house.clock.move(seconds=181)  # type: ignore[attr-defined]
    priya.send("form[action$='/approve']")
    assert (priya.status, "Nobody checked it in time" in priya.text()) == (409, True)
    assert guildhall.supervised.drafts.get(second.id).status == DraftStatus.TIMED_OUT


def test_when_nobody_checks_in_time_the_resident_is_told_the_truth(guildhall: Guildhall, priya: Staff) -> None:
    resident, _ = a_resident_asks(guildhall)
    guildhall.supervised.tick(guildhall.house.clock() + timedelta(seconds=180))
    page = read_by_resident(resident)
    assert "Nobody could check the answer to this in time" in page and "The customer services team is open now" in page, (
        "nobody was heard of for a minute"
    )
    priya.open("/console/drafts")
    assert "Not checked in time" in priya.text("[aria-label='Answers that were decided']")


def test_with_nobody_at_the_desk_the_resident_goes_to_a_person_at_once(guildhall: Guildhall) -> None:
    supervise(guildhall)
    from tests.web.browser import Browser

    resident = Browser(guildhall)
    resident.open("/").ask("How much is bulky waste?")
    assert "none is free now" in read_by_resident(resident) and "Your reference is" in read_by_resident(resident)
    assert guildhall.supervised.drafts.waiting() == ()


def test_another_teams_adviser_sees_that_it_waits_and_cannot_open_it_but_a_supervisor_can(guildhall: Guildhall, priya: Staff) -> None:
    _, draft = a_resident_asks(guildhall)
    other = adviser(guildhall, "Ola Obi", "registrars")
    other.open("/console/drafts")
    assert "another team’s" in other.text() and not other.all("[data-check]")
    assert other.client.get("/console/drafts/waiting").json()["mine"] == 0
    other.take(other.client.post(f"/console/drafts/{draft.id}", data={"token": other.hidden(".who form")["token"]}))
    assert other.status == 403 and "£32" not in other.html
    supervisor = Staff(guildhall, Role.SUPERVISOR, name="Sue Price")
    supervisor.open("/console/drafts").send("[aria-label='Answers that wait'] form")
    assert "£32" in supervisor.text()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.BOARD_CHAIR, Role.SAFEGUARDING_LEAD])
def test_who_governs_sees_the_list_and_not_a_word(guildhall: Guildhall, priya: Staff, role: Role) -> None:
    _, draft = a_resident_asks(guildhall)
    staff = Staff(guildhall, role)
    assert staff.open("/console/drafts").status == 200 and not staff.all("[data-check], script")
    token = staff.hidden(".who form")["token"]
    for what in ("", "/approve", "/edit", "/reject"):
        staff.take(staff.client.post(f"/console/drafts/{draft.id}{what}", data={"token": token}))
        assert staff.status == 403 and "£32" not in staff.html
    assert staff.open("/console/drafts/none").status == 404


def test_a_page_that_changed_since_is_marked_and_what_came_since_is_counted(guildhall: Guildhall, priya: Staff) -> None:
    resident, _ = a_resident_asks(guildhall)
    guildhall.house.clock.move(seconds=5)  # type: ignore[attr-defined]
    resident.ask("How do I pay council tax?")
    priya.open("/console/drafts").send("[aria-label='Answers that wait'] form")
    assert "Taken out since" in priya.text(".govuk-details"), "the fake library's page is in no store"
    assert "more entries have come into the conversation" in priya.text()
