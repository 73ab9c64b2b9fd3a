"""What an adviser reaches for, without a script: replies by code, content with its source, labels, transfers, putting aside, wrapping up."""

from datetime import timedelta

from sqlalchemy import update

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.schema import handoffs
from guildhall.storage.threads import EntryKind
from guildhall.vocabulary.handoffs import Handoff, HandoffStatus
from tests.web.console.staff import events_of
from tests.web.desk.at_the_desk import Adviser, resident_asks


def has_one(guildhall: Guildhall) -> tuple[Adviser, Handoff]:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    return adviser.takes(handoff), handoff


def now(guildhall: Guildhall, handoff: Handoff) -> Handoff:
    return guildhall.desk.handoffs.get(handoff.reference)


def test_a_reply_by_its_code_goes_behind_what_was_typed_and_is_not_sent(guildhall: Guildhall) -> None:
    adviser, handoff = has_one(guildhall)
    adviser.press("#insert-code", code="/anything-else", text="It costs £30.")
    box = adviser.one("#write").text()
    assert box.startswith("It costs £30.\n\nIs there anything else") and handoff.reference in box
    assert guildhall.desk.handoffs.get(handoff.reference).last_adviser_at is None


def test_a_reply_is_offered_in_the_residents_language_and_says_what_nobody_has_checked(guildhall: Guildhall) -> None:
    adviser, handoff = has_one(guildhall)
    with guildhall.database.writing() as connection:
        connection.execute(update(handoffs).where(handoffs.c.reference == handoff.reference).values(language="pl"))
    adviser.open(f"/desk/conversations/{handoff.conversation_id}")
    listed = adviser.text("#code")
    assert "/hello: Greeting that saves repeating (draft, not checked by a speaker)" in listed
    assert "/relay: Relay UK and sign language (in English)" in listed
    adviser.press("#insert-code", code="hello")
    assert "nazywam się Ada" in adviser.one("#write").text()


def test_a_code_that_is_not_there_loses_nothing(guildhall: Guildhall) -> None:
    adviser, _ = has_one(guildhall)
    adviser.press("#insert-code", code="nope", text="Half a sentence")
    assert adviser.one("#write").text() == "Half a sentence"
    assert "Choose a reply or a macro" in adviser.text("#composer")


def test_a_macro_labels_links_and_writes_but_sends_nothing(guildhall: Guildhall) -> None:
    adviser, handoff = has_one(guildhall)
    adviser.press("#insert-code", code="tax-trouble")
    assert "Many people fall behind" in adviser.one("#write").text()
    assert guildhall.tools.labels.of(handoff.conversation_id) == {"vulnerable"}
    assert now(guildhall, handoff).service == "council-tax-arrears"
    assert "labelled it vulnerable" in adviser.text("#thread")
    assert events_of(guildhall, "MessageSent") == []


def test_a_macro_that_ends_or_puts_aside_waits_until_its_words_are_sent(guildhall: Guildhall) -> None:
    adviser, handoff = has_one(guildhall)
    adviser.press("#insert-code", code="finished")
    assert adviser.one("#panel-wrap-up input[value=resolved]").attributes.get("checked", "no") != "no"
    assert "open" in adviser.one("#panel-wrap-up").attributes
    adviser.press("#insert-code", code="chase")
    assert adviser.one("#snooze-hour").attributes.get("checked", "no") != "no"
    assert now(guildhall, handoff).status == HandoffStatus.ACCEPTED


def test_content_is_found_and_goes_in_with_its_source_which_the_message_keeps(guildhall: Guildhall) -> None:
    adviser, handoff = has_one(guildhall)
    adviser.press("#content-search button", q="permit")
    assert "Residents' parking permits" in adviser.text("#content-results") and "Evidence 90%" in adviser.text("#content-results")
    adviser.press(".found__insert", text="You asked about permits.")
    assert adviser.one("#write").text() == "You asked about permits.\n\nA first permit costs £60 a year. You need proof of address."
    assert "Residents' parking permits" in adviser.text("#cited-sources")
    adviser.writes(adviser.one("#write").text())
    sent = [e for e in guildhall.desk.threads.read(handoff.conversation_id) if e.kind == EntryKind.MESSAGE]
    assert sent[0].words["citations"] == [
        {"passage": "p3", "title": "Residents' parking permits", "section": "", "url": "https://elsewhere.example/permits", "updated": ""}
    ]
    assert "Residents' parking permits" in " ".join(node.text() for node in adviser.all("#thread .sources"))
    assert not adviser.all("#cited-sources li")


def test_the_resident_sees_the_source_as_they_see_the_assistants(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    resident, handoff = resident_asks(guildhall)
    adviser.takes(handoff).press("#content-search button", q="council tax")
    adviser.press(".found__insert").writes(adviser.one("#write").text())
    message = next(node for node in resident.open("/").all(".turn--adviser"))
    assert "Pay by Direct Debit" in message.text() or "You can pay by Direct Debit" in message.text()
    assert [link.attributes["href"] or "" for link in message.css(".sources a, .block--sources a, ol a, ul a")][-1].endswith(
        "/council-tax/pay#ways"
    )


def test_a_part_of_a_page_goes_in_alone_and_a_source_can_be_taken_off(guildhall: Guildhall) -> None:
    adviser, _ = has_one(guildhall)
    adviser.press("#content-search button", q="bulky")
    adviser.press("#content-results .found__parts li:nth-child(3) button")
    assert adviser.one("#write").text() == "1. Choose the items.\n2. Pay by card.\n3. Put the items out by 7am."
    adviser.press("#cited-sources button", text="My own words")
    assert adviser.one("#write").text() == "My own words" and not adviser.all("#cited-sources li")


def test_what_the_page_claims_to_cite_is_looked_up_and_never_believed(guildhall: Guildhall) -> None:
    adviser, handoff = has_one(guildhall)
    adviser.writes("Trust me", cited="p1 made-up p1")
    sent = [e for e in guildhall.desk.threads.read(handoff.conversation_id) if e.kind == EntryKind.MESSAGE]
    assert [c["passage"] for c in sent[0].words["citations"]] == ["p1"]


def test_labels_and_service_are_chosen_from_the_councils_own(guildhall: Guildhall) -> None:
    adviser, handoff = has_one(guildhall)
    adviser.press("#panel-labels button", **{"label:praise": "yes", "label:Mrs Smith": "yes"}, service="bulky-waste")
    assert adviser.status == 400 and "`Mrs Smith` is not a label" in adviser.text()
    adviser.open(f"/desk/conversations/{handoff.conversation_id}").press(
        "#panel-labels button", **{"label:praise": "yes"}, service="bulky-waste"
    )
    assert guildhall.tools.labels.of(handoff.conversation_id) == {"praise"}
    adviser.press("#panel-labels button", service="no-such-service")
    assert guildhall.tools.labels.of(handoff.conversation_id) == frozenset()
    assert now(guildhall, handoff).service == "bulky-waste"


def test_a_colleague_is_asked_reads_why_and_takes_over(guildhall: Guildhall) -> None:
    tom = Adviser(guildhall, "Tom Reed").comes()
    ada, handoff = has_one(guildhall)
    ada.press("#panel-transfer form button", to=tom.id)
    assert "Choose a colleague, and say why" in ada.text("#panel-transfer")
    ada.press("#panel-transfer form[action$=colleague] button", to=tom.id, reason="Knows about mattresses")
    assert "You asked Tom Reed to take it over" in ada.text("#panel-transfer")
    ada.writes("Still with you")
    assert ada.status == 200
    tom.open(f"/desk/conversations/{handoff.conversation_id}")
    assert "Ada Marsh asks you to take this over" in tom.text("#asked") and "Knows about mattresses" in tom.text("#thread")
    tom.press("#asked button")
    tom.writes("Hello, Tom here")
    assert "Hello, Tom here" in tom.text("#thread") and now(guildhall, handoff).adviser_id == tom.id
    ada.open(f"/desk/conversations/{handoff.conversation_id}")
    assert ada.status == 403
    told = [e for e in guildhall.desk.threads.read(handoff.conversation_id) if e.kind == EntryKind.NOTICE]
    assert told[0].parts[0].wording == "transfer.taken"


def test_a_colleague_who_declines_or_is_too_late_changes_nothing(guildhall: Guildhall) -> None:
    tom = Adviser(guildhall, "Tom Reed").comes()
    ada, handoff = has_one(guildhall)
    path = f"/desk/conversations/{handoff.conversation_id}"
    ada.press("#panel-transfer form[action$=colleague] button", to=tom.id, reason="Could you?")
    tom.open(path).press("#asked form[action$=decline] button")
    assert now(guildhall, handoff).adviser_id == ada.id
    ada.open(path).press("#panel-transfer form[action$=colleague] button", to=tom.id, reason="Please?")
    tom.open(path)
    later = guildhall.house.clock() + timedelta(seconds=guildhall.profile.handoffs.desk.transfer_seconds)
    assert guildhall.tools.transfers.lapse(later) == 1
    tom.press("#asked button")
    assert tom.status == 409 and now(guildhall, handoff).adviser_id == ada.id


def test_somebody_who_was_not_asked_cannot_take_it(guildhall: Guildhall) -> None:
    tom, eve = Adviser(guildhall, "Tom Reed").comes(), Adviser(guildhall, "Eve Cole").comes()
    ada, handoff = has_one(guildhall)
    path = f"/desk/conversations/{handoff.conversation_id}"
    ada.press("#panel-transfer form[action$=colleague] button", to=tom.id, reason="Could you?")
    ada.writes("@Eve please look", mode="note")
    token = eve.open(path).hidden("#compose")["token"]
    assert not eve.all("#asked")
    eve.take(eve.client.post(f"{path}/transfer/take", data={"token": token}))
    assert eve.status == 409 and now(guildhall, handoff).adviser_id == ada.id


def test_passed_to_a_team_the_resident_is_told_and_waits_there_with_their_place(guildhall: Guildhall) -> None:
    ada, handoff = has_one(guildhall)
    ada.press("#panel-transfer form[action$=team] button", queue="revenues", reason="It is about council tax")
    passed = now(guildhall, handoff)
    assert (passed.queue, passed.status, passed.requested_at) == ("revenues", HandoffStatus.REQUESTED, handoff.requested_at)
    told = [e for e in guildhall.desk.threads.read(handoff.conversation_id) if e.kind == EntryKind.NOTICE]
    assert "council tax and benefits team" in told[0].parts[0].text
    assert "You passed it on" in ada.text()


def test_the_resident_is_told_once_that_they_are_passed_on(guildhall: Guildhall) -> None:
    ada = Adviser(guildhall).comes()
    resident, handoff = resident_asks(guildhall)
    ada.takes(handoff).press("#panel-transfer form[action$=team] button", queue="revenues", reason="It is about council tax")
    page = resident.open("/").text()
    assert page.count("passing you to the council tax and benefits team") == 1
    assert "It is about council tax" not in resident.html


def test_put_aside_it_leaves_the_list_and_comes_back(guildhall: Guildhall) -> None:
    ada, handoff = has_one(guildhall)
    path = f"/desk/conversations/{handoff.conversation_id}"
    ada.press("#panel-snooze button")
    assert "Choose until when" in ada.text("#panel-snooze")
    ada.press("#panel-snooze button", snooze="tomorrow")
    until = now(guildhall, handoff).snoozed_until
    assert until is not None and "Put aside" in ada.text("#list")
    assert guildhall.profile.calendar.is_open(guildhall.profile.handoffs.queues[handoff.queue].hours, until)
    ada.open(path).press("#panel-snooze button")
    assert now(guildhall, handoff).status == HandoffStatus.ACCEPTED


def test_wrapping_up_asks_which_team_was_right_and_can_be_undone(guildhall: Guildhall) -> None:
    ada, handoff = has_one(guildhall)
    ada.press("#panel-wrap-up button", wrap_up="referred", right_team="no")
    assert "which team it was for" in ada.text("#panel-wrap-up")
    ada.press("#panel-wrap-up button", wrap_up="referred", right_team="no", right_queue="repairs", note="A leak", look="yes")
    assert now(guildhall, handoff).status == HandoffStatus.CLOSED
    assert [look.reference for look in guildhall.tools.endings.to_look_at()] == [handoff.reference]
    assert guildhall.tools.endings.endings(handoff.requested_at)[0].right_queue == "repairs"
    ada.press(".undo button")
    assert now(guildhall, handoff).status == HandoffStatus.ACCEPTED and "took the wrap-up back" in ada.text("#thread")
    assert "A leak" in ada.text("#thread")


def test_a_form_of_a_conversation_one_does_not_have_changes_nothing(guildhall: Guildhall) -> None:
    ada, handoff = has_one(guildhall)
    eve = Adviser(guildhall, "Eve Cole").comes()
    token = ada.hidden("#compose")["token"]
    path = f"/desk/conversations/{handoff.conversation_id}"
    eve.open("/desk")
    own = eve.one("input[name=token]").attributes["value"] or ""
    for form, fields in (
        ("reply", {"code": "hello"}),
        ("cite", {"cite": "p1"}),
        ("labels", {"label:praise": "yes"}),
        ("snooze", {"snooze": "hour"}),
    ):
        eve.take(eve.client.post(f"{path}/{form}", data={"token": own, **fields}))
        assert eve.status == 409, form
        eve.take(eve.client.post(f"{path}/{form}", data={"token": token, **fields}))
        assert eve.status == 403, form
    assert now(guildhall, handoff).status == HandoffStatus.ACCEPTED
