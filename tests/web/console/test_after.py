"""Safeguarding records, messages and what residents said, as staff see them; and the resident's side of them."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.satisfaction import SatisfactionStore
from guildhall.storage.schema import events
from guildhall.testing.house import FakeClock
from guildhall.testing.notifies import FakeNotifies
from guildhall.vocabulary.aftercare import FollowUpKind, Score
from guildhall.vocabulary.handoffs import Request, WrapUp
from guildhall.vocabulary.ids import ConversationId
from guildhall.vocabulary.notifications import Delivery, Outgoing
from guildhall.vocabulary.roles import Role
from guildhall.web.console.safeguarding import in_parts
from tests.web.browser import Browser
from tests.web.console.staff import Staff, events_of, residents_ask
from tests.web.front_door import open_front_door

HIT = "my husband hits me"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def guildhall(tmp_path: Path, clock: FakeClock) -> Iterator[Guildhall]:
    opened = open_front_door(tmp_path, clock)
    yield opened
    opened.close()


@pytest.fixture
def lead(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.SAFEGUARDING_LEAD)


def record_of(guildhall: Guildhall) -> str:
    return guildhall.after.safeguarding.open_ones()[0].id


# safeguarding


def test_an_escalation_is_told_acknowledged_and_closed(guildhall: Guildhall, clock: FakeClock, lead: Staff) -> None:
    residents_ask(guildhall, HIT, "How much is bulky waste?")
    assert guildhall.after.tick_and_wait(clock()).sent == 2
    lead.open("/console/safeguarding")
    (row,) = lead.all("tbody tr")
    assert "Domestic abuse" in row.text() and "Waits to be acknowledged" in row.text() and "Domestic abuse coordinator" in row.text()
    assert lead.notices()[0] == "1 safeguarding record waits to be acknowledged"
    clock.move(minutes=11)
    guildhall.after.tick_and_wait(clock())
    assert lead.notices()[0] == "1 safeguarding record was not acknowledged in time"
    lead.open(f"/console/safeguarding/{record_of(guildhall)}")
    assert "Adult safeguarding lead" in lead.text("[aria-label='What happened with this record']")
    lead.send(f"form[action$='{record_of(guildhall)}']")
    assert "You have it in hand" in lead.text()
    assert "11 minutes, by Pat Okafor" in lead.text()
    lead.send("form[action$=close]")
    assert "Choose what came of it" in lead.text(".govuk-error-summary")
    lead.send("form[action$=close]", outcome="referred", note="Referred to the IDVA.")
    assert "The record is closed" in lead.text()
    assert "Referred to the IDVA" not in lead.text(), "a note is opened for a purpose"
    assert [event["by"] for event in events_of(guildhall, "SafeguardingAcknowledged")] == [lead.door.staff.by_name("Pat Okafor").id]


def test_the_words_are_opened_for_a_purpose_that_is_recorded(guildhall: Guildhall, lead: Staff) -> None:
    residents_ask(guildhall, HIT)
    path = f"/console/safeguarding/{record_of(guildhall)}"
    lead.open(path)
    assert HIT not in lead.html
    lead.send("form[action*=words]")
    assert lead.status == 400 and HIT not in lead.html
    lead.send("form[action*=words]", purpose="safeguarding_review")
    assert HIT in lead.text("blockquote").replace("  ", " ")
    (read,) = events_of(guildhall, "PersonalDataRead")
    assert (read["what"], read["purpose"]) == ("safeguarding record", "safeguarding_review")


def test_two_dangers_in_one_breath_are_two_records(guildhall: Guildhall, clock: FakeClock) -> None:
    residents_ask(guildhall, "my husband hits me and I want to kill myself")
    found = {record.category for record in guildhall.after.safeguarding.open_ones()}
    assert found == {"domestic_abuse", "suicide_self_harm"}


def test_a_provider_that_stalls_holds_up_no_alerts_clock(guildhall: Guildhall, clock: FakeClock) -> None:
    answers = threading.Event()

    class Stalled(FakeNotifies):
        def send(self, message: Outgoing) -> Delivery:
            answers.wait(20)
            return super().send(message)

    stalled = Stalled()
    after = replace(guildhall.after, notifies=stalled, outbox=replace(guildhall.after.outbox, notifies=stalled))
    residents_ask(guildhall, HIT)
    after.tick(clock())
    clock.move(minutes=10)
    after.tick(clock())
    assert guildhall.after.safeguarding.open_ones()[0].step == 2
    answers.set()
    after.close()
    assert max(stalled.times.values()) == 1


@pytest.mark.parametrize("role", [Role.BOARD_CHAIR, Role.AUDITOR, Role.RULE_OWNER])
def test_who_only_reads_cannot_acknowledge(guildhall: Guildhall, role: Role) -> None:
    residents_ask(guildhall, HIT)
    staff = Staff(guildhall, role)
    path = f"/console/safeguarding/{record_of(guildhall)}"
    staff.open(path)
    assert staff.status == 200 and not staff.all("form[action$=close]")
    token = staff.hidden(".who form")["token"]
    staff.take(staff.client.post(path, data={"token": token}))
    assert staff.status == 403
    assert guildhall.after.safeguarding.open_ones()[0].acknowledged_at is None


def test_a_supervisor_acknowledges_and_an_adviser_does_not_come_in(guildhall: Guildhall) -> None:
    residents_ask(guildhall, HIT)
    path = f"/console/safeguarding/{record_of(guildhall)}"
    assert Staff(guildhall, Role.ADVISER, name="Ade Viser").open(path).status == 403
    supervisor = Staff(guildhall, Role.SUPERVISOR, name="Sue Pervisor")
    supervisor.open(path)
    supervisor.send(f"form[action='{path}']")
    assert "You have it in hand" in supervisor.text()


def test_a_line_that_nothing_can_be_sent_to_is_to_be_rung(guildhall: Guildhall, clock: FakeClock, lead: Staff) -> None:
    residents_ask(guildhall, HIT)
    for _ in range(3):
        guildhall.after.tick_and_wait(clock())
        clock.move(minutes=10)
    lead.sign_in().open(f"/console/safeguarding/{record_of(guildhall)}")
    assert "Ring the emergency duty team, 01632 960999" in lead.text()


def test_out_of_hours_the_on_call_route_is_told(tmp_path: Path) -> None:
    clock = FakeClock()
    clock.move(hours=14)
    night = open_front_door(tmp_path / "night", clock)
    residents_ask(night, HIT)
    night.after.tick_and_wait(clock())
    (record,) = night.after.safeguarding.open_ones()
    assert (record.out_of_hours, record.steps[0].route) == (True, "on-call")
    night.close()


def test_the_board_pack_has_safeguarding_messages_and_what_residents_said(guildhall: Guildhall, clock: FakeClock, lead: Staff) -> None:
    residents_ask(guildhall, HIT)
    guildhall.after.tick_and_wait(clock())
    lead.open("/console/pack")
    assert "1 safeguarding record, 1 of them open and 1 not acknowledged" in lead.text()
    assert "2 messages were sent" in lead.text()
    assert "Nobody said how it went" in lead.text()


def test_what_is_not_there_is_said_kindly(lead: Staff) -> None:
    for path in ("/console/safeguarding/none", "/console/messages/none", "/console/feedback/none"):
        assert lead.open(path).status == 404
        assert "not found" in lead.heading


def test_the_words_that_raised_a_record_are_marked() -> None:
    words = {"words": "he hits me and my son", "spans": [[0, 7], [15, 99]]}
    assert in_parts(words) == [("he hits", True), (" me and ", False), ("my son", True)]
    assert in_parts({}) == []


# messages


def followed_up(guildhall: Guildhall, clock: FakeClock, words: str = "I lost my badge") -> ConversationId:
    """A resident who asked, agreed to a summary and was helped by an adviser."""
    browser = residents_ask(guildhall, words)
    conversation = ConversationId(browser.conversation_id)
    reference = guildhall.people.request(conversation, "front-desk", "person_requested", "", False, clock())
    guildhall.desk.follow_ups.ask(conversation, FollowUpKind.TEXT, "07700 900123", "pl", clock())
    guildhall.desk.handoffs.accept(reference, "pat", clock())
    guildhall.desk.handoffs.close(reference, "pat", WrapUp.SIGNPOSTED, True, clock())
    return conversation


def test_a_follow_up_is_listed_without_words_and_shown_for_a_purpose(guildhall: Guildhall, clock: FakeClock) -> None:
    conversation = followed_up(guildhall, clock)
    assert guildhall.after.tick_and_wait(clock()).sent == 1
    staff = Staff(guildhall, Role.DATA_PROTECTION_OFFICER)
    staff.open("/console/messages")
    assert "Follow-up by text message" in staff.text("tbody") and "900123" not in staff.html
    staff.open(staff.one("tbody a").attributes["href"] or "")
    assert "900123" not in staff.html
    staff.send("form[action*=words]", purpose="demonstration")
    assert "07700 900123" in staff.text() and "Powiedzieliśmy, kto jeszcze może Ci pomóc." in staff.text()
    (read,) = events_of(guildhall, "PersonalDataRead")
    assert read["what"] == "message"
    assert conversation in next(iter((guildhall.settings.data_dir / "outbox").glob("*.json"))).name


def test_somebody_at_risk_gets_no_message_whoever_wraps_up(guildhall: Guildhall, clock: FakeClock) -> None:
    followed_up(guildhall, clock, HIT)
    assert [message.why for message in guildhall.after.messages.listed() if message.kind == "follow_up"] == []
    guildhall.after.follow_ups.tick(clock())
    (message,) = [message for message in guildhall.after.messages.listed() if message.kind == "follow_up"]
    assert (message.status, message.why) == ("withheld", "at_risk")
    assert not list((guildhall.settings.data_dir / "outbox").glob("conv*"))
    staff = Staff(guildhall, Role.SERVICE_MANAGER)
    staff.open("/console/messages?status=withheld")
    assert "Something was heard after which nothing is sent" in staff.text("tbody")


def waits_at_the_desk(guildhall: Guildhall, clock: FakeClock, words: str) -> Browser:
    """A resident whose conversation belongs to a queue, and what they see."""
    browser = residents_ask(guildhall, words)
    conversation = ConversationId(browser.conversation_id)
    guildhall.people.request(conversation, "front-desk", "person_requested", "", False, clock(), Request(live=True))
    return browser.open("/")


def test_a_summary_is_offered_where_it_is_safe_and_not_promised_where_it_is_not(guildhall: Guildhall, clock: FakeClock) -> None:
    browser = waits_at_the_desk(guildhall, clock, "I lost my badge")
    assert browser.all("#follow-up")
    form = {**browser.hidden("#follow-up form"), "contact": "07700 900123", "consent": "yes"}
    at_risk = waits_at_the_desk(guildhall, clock, HIT)
    assert not at_risk.all("#follow-up")
    token = at_risk.hidden("#ask")["token"]
    at_risk.take(at_risk.client.post("/follow-up", data={**form, "token": token}))
    assert guildhall.desk.follow_ups.asked(at_risk.conversation_id) is None


def test_what_is_on_the_page_is_sent_to_whoever_asks_for_it(guildhall: Guildhall, clock: FakeClock) -> None:
    browser = residents_ask(guildhall, "How much is bulky waste?")
    guildhall.desk.follow_ups.ask(browser.conversation_id, FollowUpKind.EMAIL, "sam@example.org", "en", clock())
    assert guildhall.after.tick_and_wait(clock()).sent == 1
    (file,) = (guildhall.settings.data_dir / "outbox").glob("*.json")
    text = file.read_text("utf-8")
    assert "You asked us to send you this" in text and "£" in text and "sam@example.org" in text


def test_a_failed_message_is_tried_again_by_a_person(guildhall: Guildhall, clock: FakeClock) -> None:
    followed_up(guildhall, clock)
    outbox = guildhall.settings.data_dir / "outbox"
    outbox.write_text("in the way")
    for _ in range(25):
        guildhall.after.tick_and_wait(clock())
        clock.move(hours=2)
    staff = Staff(guildhall, Role.SERVICE_MANAGER)
    assert "1 message could not be sent" in staff.notices()
    staff.open("/console/messages?status=failed")
    staff.open(staff.one("tbody a").attributes["href"] or "")
    outbox.unlink()
    staff.send("main form")
    assert "It waits to be sent again" in staff.text()
    assert guildhall.after.tick_and_wait(clock()).sent == 1


# what residents said


def judged(guildhall: Guildhall, clock: FakeClock, comment: str) -> ConversationId:
    conversation = followed_up(guildhall, clock)
    store = SatisfactionStore(guildhall.database, guildhall.record.keys, guildhall.house.new_id)
    assert store.give(conversation, Score.DISSATISFIED, comment, clock())
    return conversation


def test_a_comment_waits_is_opened_for_a_purpose_and_marked_as_read(guildhall: Guildhall, clock: FakeClock) -> None:
    judged(guildhall, clock, "nobody phoned <b>me</b>")
    clock.move(days=4)
    staff = Staff(guildhall, Role.SERVICE_MANAGER)
    assert "1 comment has waited more than three days for a reader" in staff.notices()
    staff.open("/console/feedback")
    assert "4 days Too long" in staff.text("[aria-label='Comments that nobody has read'] tbody")
    assert "0% 0 of 1; between 0% and 79%" in staff.text("[aria-label='Satisfied, by group'] tbody")
    staff.open(staff.one("[aria-label='Comments that nobody has read'] a").attributes["href"] or "")
    assert "nobody phoned" not in staff.html
    staff.send("form[action*=words]", purpose="feedback")
    assert "nobody phoned <b>me</b>" in staff.text("blockquote")
    staff.send("main form.reading", action="Phoned, said sorry.")
    assert "marked as read" in staff.text() and "Every comment has been read" in staff.text()
    assert [event["acted"] for event in events_of(guildhall, "CommentRead")] == [True]


@pytest.mark.parametrize("by", ["queue", "service", "language", "channel", "nonsense"])
def test_scores_are_shown_by_whatever_is_asked_for(guildhall: Guildhall, clock: FakeClock, by: str) -> None:
    judged(guildhall, clock, "")
    staff = Staff(guildhall, Role.SERVICE_MANAGER)
    assert staff.open(f"/console/feedback?by={by}").status == 200
    assert len(staff.all("[aria-label='Satisfied, by group'] tbody tr")) == 2


def agreements(guildhall: Guildhall) -> list[bool]:
    """Whether residents agreed to be recognised, in order."""
    query = select(events.c.facts).where(events.c.kind == "ContactRecognised").order_by(events.c.seq)
    with guildhall.database.reading() as connection:
        return [bool(json.loads(facts)["agreed"]) for facts in connection.execute(query).scalars()]


def test_a_resident_says_whether_they_may_be_recognised(guildhall: Guildhall, clock: FakeClock) -> None:
    browser = Browser(guildhall)
    browser.open("/").ask("let me talk to a person")
    browser.open("/")
    fields = {"name": "Sam", "phone": "07700 900123", "slot": "soonest", "safe": "yes", "needs": ""}
    browser.send("form[action*='/callback']", **fields, recognise="yes")
    assert agreements(guildhall) == [True]
    figure = guildhall.after.contacts.figure(clock() - timedelta(days=1), clock())
    assert (figure.closed, figure.within_day.of) == (0, 0)
    other = Browser(guildhall)
    other.open("/").ask("let me talk to a person")
    other.open("/")
    other.send("form[action*='/callback']", **fields)
    assert agreements(guildhall) == [True], "nobody is recognised who did not say yes"
