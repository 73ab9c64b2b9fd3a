from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.storage.waits import WaitReader
from guildhall.testing.house import FakeClock
from guildhall.vocabulary.roles import Role
from guildhall.web.console.sections import SECTIONS
from tests.web.console.staff import Staff, events_of, residents_ask
from tests.web.front_door import demo_profile, open_front_door


@pytest.fixture
def staff(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.BOARD_CHAIR, Role.SAFEGUARDING_LEAD, Role.DATA_PROTECTION_OFFICER)


@pytest.fixture
def later(tmp_path: Path) -> Iterator[tuple[Staff, FakeClock]]:
    """A console whose clock can be moved."""
    clock = FakeClock()
    guildhall = open_front_door(tmp_path, clock)
    yield Staff(guildhall, Role.BOARD_CHAIR, Role.SAFEGUARDING_LEAD, Role.DATA_PROTECTION_OFFICER), clock
    guildhall.close()


# the overview


def test_the_overview_names_what_needs_attention_urgent_first(later: tuple[Staff, FakeClock]) -> None:
    staff, clock = later
    assert staff.notices() == [
        "Nobody is on the board yet, so whoever edits the files makes the rules",
        "The kill switch has never been drilled",
        (
            "Detectors are not validated in 9 languages (Arabic, Czech, Punjabi, Polish, Pashto, Romanian, Slovak, Somali, Urdu); "
            "a person is offered there every time"
        ),
        "The fairness probes have never been run here",
        "The retention schedules have never run",
        "No assurance paper has been drafted yet",
        "The record has not been signed yet",
        "No outside witness signs the record",
        "The record has never been compared with what else is known",
    ]
    residents_ask(staff.guildhall, "my husband hits me")
    clock.move(minutes=31)
    staff.sign_in()
    assert staff.notices()[:2] == ["1 safeguarding record was not acknowledged in time", "1 urgent call is overdue"]
    assert len(staff.all(".attention__item--urgent")) == 2


def test_the_overview_counts_the_last_week(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall)
    staff.open("/console")
    figures = {box.css_first("dt").text(): box.css_first("dd").text() for box in staff.all(".figure")}  # type: ignore[union-attr]
    assert figures["Conversations"] == figures["Turns"] == "6"
    assert figures["Handed to a person"] == "50%"
    assert figures["Asked for a person out of hours"] == "0%"


def test_the_overview_leads_to_every_section_that_may_be_read(staff: Staff) -> None:
    staff.open("/console")
    assert {link.attributes["href"] for link in staff.all(".door a")} == {section.path for section in SECTIONS}


def test_roles_that_nobody_holds_are_named(guildhall: Guildhall) -> None:
    assert any("safeguarding lead" in notice for notice in Staff(guildhall, Role.AUDITOR).notices())


# the rule register


def test_the_register_has_every_rule(staff: Staff) -> None:
    staff.open("/console/rules")
    assert len(staff.all("tbody tr")) == len(demo_profile().pack.rules)
    assert "Someone may be thinking of suicide" in staff.text("tbody")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=suicide", 1),
        ("q=SUICIDE+care", 1),
        ("owner=data-protection-officer", 1),
        ("floor=1", 33),
        ("status=retired", 0),
        ("review=overdue", 0),
    ],
)
def test_the_register_is_filtered_by_the_address(staff: Staff, query: str, count: int) -> None:
    staff.open(f"/console/rules?{query}")
    assert len(staff.all("tbody tr")) == count
    assert bool(staff.all(".empty")) is (count == 0)


def test_the_register_is_sorted_by_links_that_keep_the_filter(staff: Staff) -> None:
    staff.open("/console/rules?floor=1&order=owner")
    owners = [row.css("td")[0].text() for row in staff.all("tbody tr")]
    assert owners == sorted(owners)
    (current,) = staff.all("th[aria-sort=ascending] a")
    assert current.attributes["href"] == "/console/rules?floor=1&order=owner&down=1"
    staff.open(current.attributes["href"] or "")
    assert [row.css("td")[0].text() for row in staff.all("tbody tr")] == sorted(owners, reverse=True)
    assert len(staff.all("th[aria-sort=descending]")) == 1


def test_a_rule_past_its_date_of_review_is_overdue_and_still_speaks(later: tuple[Staff, FakeClock]) -> None:
    staff, clock = later
    clock.now = clock.now.replace(year=2027, month=3, day=15)
    staff.sign_in()
    assert "35 rules are to be reviewed within 30 days" in staff.notices()
    clock.now = clock.now.replace(month=4)
    staff.sign_in()
    assert "35 rules are past the date of review" in staff.notices()
    staff.open("/console/rules?review=overdue")
    assert staff.text("tbody").count("Overdue") == staff.text("tbody").count("Enforced") == 35


def test_a_rule_reads_in_plain_words(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, "I want to kill myself")
    staff.open("/console/rules/safeguarding.suicide-self-harm")
    text = staff.text()
    assert "If there are clear signs of suicide or self-harm:" in text
    assert "A person is brought in from the duty team." in text
    assert "The words are kept from any language model, analytics and e-mailed transcripts." in text
    assert "You can talk" in text or "Samaritans" in staff.text(".wording")
    assert "116 123" in staff.text(".signposts")
    assert "“Nie chcę już żyć”" in text
    assert "Human rights Article 2, Care Act section 42, Public sector equality duty" in text
    assert "In 1 turn" in text


def test_a_rule_that_is_none_is_not_found(staff: Staff) -> None:
    assert staff.open("/console/rules/no.such-rule").status == 404


@pytest.mark.parametrize("rule", sorted(path.stem for path in Path("councils/_baseline/policy").glob("*.yaml")))
def test_every_rule_has_a_page(tmp_path_factory: pytest.TempPathFactory, rule: str) -> None:
    staff = _shared(tmp_path_factory)
    assert staff.open(f"/console/rules/{rule}").status == 200
    assert "None" not in staff.text()


SHARED: dict[str, Staff] = {}


def _shared(factory: pytest.TempPathFactory) -> Staff:
    if "staff" not in SHARED:
        SHARED["staff"] = Staff(open_front_door(factory.mktemp("shared")), Role.AUDITOR)
    return SHARED["staff"]


# detectors


def test_detector_cards_show_each_language_with_its_bounds(staff: Staff) -> None:
    staff.open("/console/detectors")
    assert len(staff.all("tbody tr")) == 10
    assert "600 of 669" in staff.text("tbody")
    assert staff.text("tbody").count("Not yet") == 9
    staff.open("/console/detectors/pl")
    assert "it waits for better results, and a native speaker's review" in staff.text()
    staff.open("/console/detectors/en")
    assert "Suicide or self-harm" in staff.text("tbody")
    assert staff.open("/console/detectors/xx").status == 404


# escalations and callbacks


def test_escalations_are_counted_with_the_time_until_the_promised_call(later: tuple[Staff, FakeClock]) -> None:
    staff, clock = later
    resident = residents_ask(staff.guildhall, "let me talk to a person")
    resident.send("#callback form", name="Sam Hollis", phone="01632 960001", safe="no", slot=_a_slot(resident))
    clock.now = clock.now.replace(hour=22)
    staff.sign_in()
    residents_ask(staff.guildhall, "speak to a human")
    staff.open("/console/escalations")
    row = staff.text("[aria-label='By team'] tbody tr")
    assert row.startswith("All teams 2 50% none recorded none recorded half within ")
    assert "(1 counted)" in row
    staff.open("/console/escalations?queue=duty")
    assert not staff.all("[aria-label=Requests]")


def _a_slot(resident: object) -> str:
    options = resident.all("#callback option")  # type: ignore[attr-defined]
    return next(option.attributes["value"] for option in options if option.attributes["value"] not in ("", "soonest"))  # type: ignore[no-any-return]


def test_an_adviser_who_takes_over_ends_the_wait(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, "let me talk to a person")
    (wait,) = WaitReader(guildhall.database, lambda *_: True).open_now()
    at = wait.requested_at + timedelta(minutes=7)
    guildhall.desk.handoffs.accept(wait.reference, "staf_1", at)
    staff.open("/console/escalations")
    assert "half within 7 minutes" in staff.text("[aria-label='By team'] tbody tr")


def test_callbacks_show_no_name_or_number_until_a_purpose_is_given(guildhall: Guildhall, staff: Staff) -> None:
    resident = residents_ask(guildhall, "let me talk to a person")
    resident.send("#callback form", name="Sam Hollis", phone="01632 960001", safe="no", slot="soonest")
    staff.open("/console/callbacks")
    assert "1 person is waiting" in staff.text()
    staff.open(staff.one("tbody th a").attributes["href"] or "")
    assert "Hollis" not in staff.html and "960001" not in staff.html
    staff.send("form.closed")
    assert staff.status == 400
    staff.send("form.closed", purpose="calling_back")
    assert "Sam Hollis" in staff.text() and "01632 960001" in staff.text()
    assert "Do not leave a message" in staff.text()
    (read,) = events_of(guildhall, "PersonalDataRead")
    assert (read["what"], read["purpose"]) == ("callback", "calling_back")
    assert "Hollis" not in str(read)


def test_nobody_waiting_is_said_so(staff: Staff) -> None:
    assert staff.open("/console/callbacks").text(".empty") == "Nobody is waiting."
    assert staff.open("/console/callbacks/ABCD-EFGH").status == 404
    assert staff.open("/console/escalations").text(".empty") == "Nobody needed a person in this time."


# misses


def test_a_miss_is_recorded_looked_into_and_closed(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall, "What about my dragon?")
    staff.open("/console/turns").open(staff.one("tbody th a").attributes["href"] or "")
    staff.open(next(link.attributes["href"] for link in staff.all("main a") if link.text() == "Record a miss in this turn") or "")
    staff.send("main form")
    assert (staff.status, len(staff.all(".govuk-error-summary li"))) == (400, 2)
    staff.send("main form", kind="not_heard", category="child_at_risk", found_by="sampling")
    assert "The miss is recorded." in staff.text(".govuk-notification-banner")
    assert "1 miss is waiting to be looked into" in staff.notices()
    staff.open("/console/misses")
    assert "a child at risk" in staff.text("tbody")
    staff.open(staff.one("tbody th a").attributes["href"] or "")
    staff.send("main form", learned="short")
    assert staff.status == 400
    assert staff.one("textarea").text() == "short"
    staff.send("main form", learned="Two phrases were added to the list for children.")
    assert "The case is closed." in staff.text(".govuk-notification-banner")
    assert not staff.all("main form")
    assert "1 miss is waiting to be looked into" not in staff.notices()
    (recorded,), (closed,) = events_of(guildhall, "MissRecorded"), events_of(guildhall, "MissClosed")
    assert recorded["category"] == "child_at_risk" and recorded["miss"] == closed["miss"]
    assert "phrases" not in str(closed), "free text stays out of the record"


def test_a_miss_of_a_turn_that_is_none_is_not_found(staff: Staff) -> None:
    assert staff.open("/console/misses/new/conv_1/turn_1").status == 404
    assert staff.open("/console/misses/miss_1").status == 404


# activity, staff and the pack


def test_activity_says_who_did_what(guildhall: Guildhall, staff: Staff) -> None:
    staff.open("/console/activity?kind=StaffSignedIn")
    row = staff.text("tbody tr")
    assert "Staff signed in" in row and "Pat Okafor" in row
    assert "method: single-use link" in row and "more than one factor: no" in row
    assert staff.open("/console/activity?kind=nonsense").status == 200


def test_a_session_is_ended_from_the_outside(guildhall: Guildhall, staff: Staff) -> None:
    other = Staff(guildhall, Role.AUDITOR, name="Sam Reed")
    staff.open("/console/staff")
    form = next(form for form in staff.all("tbody form") if "Sam Reed" in form.text())
    token = staff.hidden("tbody form")["token"]
    staff.take(staff.client.post(form.attributes["action"] or "", data={"token": token}))
    assert "Their sessions are ended." in staff.text(".govuk-notification-banner")
    assert other.open("/console").response.url.path == "/console/sign-in"
    assert events_of(guildhall, "StaffSignedOut")[0]["sessions"] == 1


def test_the_board_pack_has_a_part_of_every_section_that_gives_one(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall)
    staff.open("/console/pack?days=90")
    headings = [heading.text() for heading in staff.all(".pack-part h2")]
    assert headings == ["What needs attention", *(section.pack_title for section in SECTIONS if section.paper)]
    assert "nobody typed it" in staff.text(".pack-head")
    assert staff.one("#days option[selected]").attributes["value"] == "90"
    assert staff.open("/console/pack?days=-5").one("#days option[selected]").attributes["value"] == "30"


def test_no_page_has_a_script_or_a_style_of_its_own(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall)
    for path in ("/console", "/console/pack", *(section.path for section in SECTIONS)):
        staff.open(path)
        assert not staff.all("script, style, [style], [onclick]"), path
        assert "default-src 'self'" in staff.response.headers["content-security-policy"]
        assert staff.response.headers["cache-control"] == "no-store"


def test_every_table_has_a_caption_and_every_page_one_heading_of_its_title(guildhall: Guildhall, staff: Staff) -> None:
    residents_ask(guildhall)
    for path in ("/console", "/console/pack", *(section.path for section in SECTIONS)):
        staff.open(path)
        assert len(staff.all("h1")) == 1
        assert len(staff.all("table")) == len(staff.all("table caption")), path
        assert staff.text("title").endswith("– Avonmere City Council console")
