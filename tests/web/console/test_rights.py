"""Requests with their clocks, the three checks, holds and erasures: read by many, acted on by the data protection officer alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.records.requests import Asked, RightsRequest
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.rights import RightsKind, RightsStep
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff, events_of, residents_ask
from tests.web.front_door import open_front_door

WORDS = Asked("<i>You kept</i> my number", "Sam Hollis", "sam@example.org", "letter")
READER_ROLES = (Role.BOARD_CHAIR, Role.SERVICE_MANAGER, Role.RULE_OWNER)
Later = tuple[Guildhall, FakeClock]


@pytest.fixture
def officer(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.DATA_PROTECTION_OFFICER)


@pytest.fixture
def later(tmp_path: Path) -> Iterator[Later]:
    clock = FakeClock()
    opened = open_front_door(tmp_path, clock)
    yield opened, clock
    opened.close()


def ask(guildhall: Guildhall, kind: RightsKind = RightsKind.ACCESS, conversations: tuple[str, ...] = ()) -> RightsRequest:
    return guildhall.rights.requests.register(kind, WORDS, conversations)


def page(request: RightsRequest, part: str = "") -> str:
    return f"/console/rights/requests/{request.reference}{part}"


def post(staff: Staff, path: str, **fields: str) -> Staff:
    token = staff.open("/console/rights").hidden(".who form")["token"]
    staff.take(staff.client.post(path, data={"token": token, **fields}))
    return staff


def test_with_nothing_asked_and_nothing_held_the_page_says_so(guildhall: Guildhall) -> None:
    staff = Staff(guildhall, Role.AUDITOR)
    staff.open("/console/rights")
    assert "No request is open." in staff.text(".empty")
    assert "Nothing is kept past its time." in staff.text()
    assert "Nothing has been erased yet." in staff.text()
    assert len(staff.all("[aria-label='How long what is kept'] tbody tr")) == 10
    assert "Example, not adopted" in staff.text()
    assert "No request has come yet" in staff.open("/console/rights?show=all").text(".empty")
    assert "No hold was ever placed" in staff.open("/console/rights/holds").text(".empty")
    for path in ("/console/rights/requests/R-NONE", "/console/rights/holds/hold_1", "/console/rights/certificates/x"):
        assert staff.open(path).status == 404


def test_overdue_requests_come_first_and_to_the_overview(later: Later) -> None:
    guildhall, clock = later
    complaint = ask(guildhall, RightsKind.COMPLAINT)
    clock.move(minutes=60 * 24 * 20)
    access = ask(guildhall)
    clock.move(minutes=60 * 24 * 15)
    staff = Staff(guildhall, Role.BOARD_CHAIR)
    staff.open("/console/rights")
    assert [link.text() for link in staff.all("[aria-label=Requests] th a")][-2:] == [complaint.reference, access.reference]
    assert "Overdue" in staff.text("[aria-label=Requests] tbody tr")
    assert "1 rights request is overdue" in staff.notices()
    assert len(staff.all(".attention__item--urgent")) >= 1
    assert complaint.reference in staff.open("/console/pack").text()


def test_no_words_of_anybody_are_on_a_page_until_a_purpose_is_recorded(guildhall: Guildhall, officer: Staff) -> None:
    request = ask(guildhall)
    for path in ("/console/rights", page(request), "/console/pack"):
        officer.open(path)
        assert "my number" not in officer.html and "Hollis" not in officer.html and "sam@example.org" not in officer.html
    officer.open(page(request)).send("form.closed")
    assert officer.status == 400 and "Choose why you need to see" in officer.text(".govuk-error-summary")
    assert events_of(guildhall, "PersonalDataRead") == []
    officer.send("form.closed", purpose="rights_request")
    assert "Sam Hollis" in officer.text() and "&lt;i&gt;You kept&lt;/i&gt;" in officer.html
    (read,) = events_of(guildhall, "PersonalDataRead")
    assert (read["purpose"], read["by"]) == ("rights_request", officer.door.staff.by_name("Pat Okafor").id)
    assert "Hollis" not in str(read)
    assert "Pat Okafor" in officer.open("/console/activity").text("tbody")


@pytest.mark.parametrize("role", READER_ROLES)
def test_who_reads_clocks_reads_no_words_and_takes_no_step(guildhall: Guildhall, role: Role) -> None:
    request = ask(guildhall)
    staff = Staff(guildhall, role)
    assert "not words" in staff.open(page(request)).text()
    assert not staff.all("main form")
    for part, fields in (("/words", {"purpose": "audit"}), ("/step", {"step": "answered"}), ("/check", {"check": "safe_delivery_check"})):
        assert post(staff, page(request, part), **fields).status == 403
    assert post(staff, "/console/rights/holds", kind="audit", target="everything", reason="an audit is coming").status == 403
    assert guildhall.rights.requests.get(request.reference).steps == ()
    assert guildhall.rights.holds.all() == ()
    assert events_of(guildhall, "PersonalDataRead") == []


def test_an_auditor_and_the_safeguarding_lead_open_words_and_change_nothing(guildhall: Guildhall) -> None:
    request = ask(guildhall)
    for role in (Role.AUDITOR, Role.SAFEGUARDING_LEAD):
        staff = Staff(guildhall, role, name=f"A {role}")
        staff.open(page(request)).send("form.closed", purpose="audit")
        assert "Sam Hollis" in staff.text()
        assert post(staff, page(request, "/step"), step="acknowledged").status == 403


def test_the_officer_acknowledges_and_answers_and_the_clock_stops(guildhall: Guildhall, officer: Staff) -> None:
    request = ask(guildhall, RightsKind.COMPLAINT)
    officer.open(page(request))
    assert "Extended" not in officer.text(), "the time for a complaint cannot be extended"
    officer.send(f"form[action='{page(request, '/step')}']")
    assert officer.status == 400 and "Choose what was done" in officer.text(".govuk-error-summary")
    officer.send(f"form[action='{page(request, '/step')}']", step="acknowledged", note="Called <her> back")
    assert "Recorded: acknowledged" in officer.text(".govuk-notification-banner")
    assert "Called" not in officer.html, "notes are closed as the words are"
    assert "Pat Okafor" in officer.text("[aria-label=Steps]")
    post(officer, page(request, "/step"), step="answered")
    assert "It is answered" in officer.text()
    assert post(officer, page(request, "/step"), step="answered").status == 400
    first, _ = guildhall.rights.requests.get(request.reference).steps
    assert (first.step, first.by, first.note) == (RightsStep.ACKNOWLEDGED, "Pat Okafor", "Called <her> back")
    assert [event["step"] for event in events_of(guildhall, "RightsRequestStepped")] == ["answered", "acknowledged"]
    officer.open(page(request)).send("form.closed", purpose="complaint")
    assert "Called &lt;her&gt; back" in officer.html


def test_the_three_checks_are_recorded_by_name_and_withhold_only_real_turns(guildhall: Guildhall, officer: Staff) -> None:
    resident = residents_ask(guildhall, "my husband hits me")
    request = ask(guildhall, conversations=(resident.conversation_id,))
    (turn,) = guildhall.conversations.transcript(resident.conversation_id)
    form = f"form[action='{page(request, '/check')}']"
    officer.open(page(request))
    assert officer.text("[aria-label='The three checks']").count("Not made yet") == 3
    assert "Choose which check" in officer.send(form).text(".govuk-error-summary")
    assert "Choose how the check" in officer.send(form, check="third_party_review").text(".govuk-error-summary")
    wrong = officer.send(form, check="third_party_review", answer="safe", withhold="turn_none")
    assert "Enter ids of what is held" in wrong.text(".govuk-error-summary")
    assert guildhall.rights.requests.get(request.reference).steps == ()
    early = officer.send(form, check="third_party_review", answer="safe", release=turn.id)
    assert "Only the serious-harm review" in early.text(".govuk-error-summary")
    officer.send(form, check="third_party_review", answer="safe", withhold=turn.id)
    assert "1 thing is withheld" in officer.text("[aria-label='The three checks']")
    officer.send(form, check="safe_delivery_check", answer="not_safe")
    assert "Not safe" in officer.text("[aria-label='The three checks']")
    assert post(officer, page(ask(guildhall, RightsKind.ERASURE), "/check"), check="safe_delivery_check", answer="safe").status == 400


def test_a_hold_is_placed_and_lifted_with_a_reason_and_stands_in_the_record(guildhall: Guildhall, officer: Staff) -> None:
    resident = residents_ask(guildhall, "let me talk to a person")
    form = "form[action='/console/rights/holds']"
    officer.open("/console/rights/holds").send(form, target="nobody", reason="short")
    assert officer.status == 400
    assert [link.attributes["href"] for link in officer.all(".govuk-error-summary a")] == ["#kind", "#target", "#reason"]
    assert officer.one("#target").attributes["value"] == "nobody"
    officer.send(form, kind="coroner", target=resident.conversation_id, reason="The coroner asked for it")
    assert "The hold is placed" in officer.text(".govuk-notification-banner")
    (hold,) = guildhall.rights.holds.all()
    assert (hold.target, hold.placed_by) == (resident.conversation_id, "Pat Okafor")
    chair = Staff(guildhall, Role.BOARD_CHAIR, name="Ann")
    assert "The coroner asked" not in chair.open("/console/rights/holds").html
    assert "1 hold keeps words past their time" in chair.open("/console/rights").text()
    assert post(chair, f"/console/rights/holds/{hold.id}", reason="It is not needed any more").status == 403
    officer.open(f"/console/rights/holds/{hold.id}").send("main form", reason="no")
    assert officer.status == 400
    officer.send("main form", reason="The coroner has finished")
    assert "The hold is lifted" in officer.text(".govuk-notification-banner")
    assert guildhall.rights.holds.all() == ()
    assert not officer.all("main form")
    assert len(events_of(guildhall, "HoldPlaced")) == len(events_of(guildhall, "HoldLifted")) == 1


def test_a_hold_on_everything_is_written_out(guildhall: Guildhall, officer: Staff) -> None:
    post(officer, "/console/rights/holds", kind="inquiry", target="Everything", reason="The inquiry said to keep all")
    assert "Everything" in officer.text("[aria-label=Holds] tbody")
    assert guildhall.rights.holds.all()[0].target == "everything"


def test_a_form_of_another_session_changes_nothing(guildhall: Guildhall, officer: Staff) -> None:
    request = ask(guildhall)
    token = Staff(guildhall, Role.AUDITOR, name="Eve").hidden(".who form")["token"]
    for path, fields in (
        (page(request, "/step"), {"step": "answered"}),
        ("/console/rights/holds", {"kind": "audit", "target": "everything"}),
    ):
        officer.take(officer.client.post(path, data={"token": token, "reason": "an audit is coming", **fields}))
        assert officer.status == 403 and officer.heading == "This form could not be checked"
    assert guildhall.rights.requests.get(request.reference).steps == ()
    assert guildhall.rights.holds.all() == ()


def test_an_erasure_has_a_certificate_and_retention_says_when_it_ran(later: Later) -> None:
    guildhall, clock = later
    resident = residents_ask(guildhall, "How much is bulky waste?")
    rights = guildhall.rights
    erasure = rights.erasing.decide((resident.conversation_id,), "UK GDPR Article 17", "They asked <us>", "Sam Officer")
    rights.erasing.carry_out(erasure)
    rights.retention.run()
    staff = Staff(guildhall, Role.AUDITOR)
    staff.open("/console/rights")
    assert "UK GDPR Article 17" in staff.text("[aria-label='Certificates of erasure']")
    assert "The schedules last ran" in staff.text()
    assert not any("retention" in notice for notice in staff.notices())
    staff.open(f"/console/rights/certificates/{erasure.id}")
    assert "They asked &lt;us&gt;" in staff.html and resident.conversation_id in staff.text()
    clock.move(minutes=60 * 24 * 4)
    staff.sign_in()
    assert "The retention schedules last ran 4 days ago" in staff.notices()


def test_erased_words_of_a_request_are_shown_as_erased(guildhall: Guildhall, officer: Staff) -> None:
    request = ask(guildhall, RightsKind.COMPLAINT)
    guildhall.rights.erasing.carry_out(guildhall.rights.erasing.decide((request.id,), "UK GDPR Article 17", "They asked", "Sam Officer"))
    officer.open(page(request)).send("form.closed", purpose="complaint")
    assert officer.status == 200 and "were erased" in officer.text(".erased")
