"""Audited samples on the console: drawn by one, marked blind by others after their purpose is recorded, read by all, changed by no auditor."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from guildhall.bootstrap.auditing import audits_of
from guildhall.bootstrap.house import Guildhall
from guildhall.storage.auditing import AuditStore
from guildhall.testing.house import FakeClock
from guildhall.value.auditing.marking import Draw
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff, events_of, residents_ask
from tests.web.front_door import open_front_door

PATH = "/console/value/audits"
WORDS = ("How much is bulky waste?", "What about my dragon?")


class Audit:
    """A front door where residents asked things last month, and the people of an audit."""

    def __init__(self, path: Path, turns: int = 12) -> None:
        clock = FakeClock()
        self.guildhall: Guildhall = open_front_door(path, clock)
        residents_ask(self.guildhall, *(WORDS[at % 2] for at in range(turns)))
        self.day = clock().date()
        clock.move(days=7)
        self.lead = Staff(self.guildhall, Role.PROGRAMME_LEAD, name="Lea Lead")
        self.ann = Staff(self.guildhall, Role.SUPERVISOR, name="Ann Visor")
        self.ben = Staff(self.guildhall, Role.RULE_OWNER, name="Ben Owner")

    @property
    def store(self) -> AuditStore:
        return audits_of(self.guildhall)

    def drawn(self, double: str = "0", size: str = "10") -> str:
        self.lead.open(PATH + "/new").send(f"form[action='{PATH}/new']", **self.asked(double=double, size=size))
        assert self.lead.status == 200, self.lead.text()
        return self.draw.id

    def asked(self, **changed: str) -> dict[str, str]:
        day = self.day.isoformat()
        return {"since": day, "until": day, "size": "10", "floor": "3", "double": "0", **changed}

    @property
    def draw(self) -> Draw:
        return self.store.all()[0]

    def begin(self, staff: Staff, audit: str) -> Staff:
        return staff.open(f"{PATH}/{audit}/next").send("form.closed")

    def mark_all(self, staff: Staff, audit: str) -> None:
        while (item := self.store.get(audit).next_for(staff.door.staff.by_name(staff.name).id)) is not None:
            self.begin(staff, audit)
            good = "rightly_declined" if item.turn.group == "declined" else "right"
            staff.send("form.reading", mark=good, fault="")


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    made = Audit(tmp_path)
    yield made
    made.guildhall.close()


def test_before_the_first_sample_the_page_says_that_nobody_knows(audit: Audit) -> None:
    assert "nobody knows how often answers are right. Draw one for a month that has ended." in audit.lead.open(PATH).text(".empty")
    assert "A programme lead or board chair can draw one." in audit.ann.open(PATH).text(".empty")


def test_a_sample_is_drawn_with_its_seed_and_kinds_shown(audit: Audit) -> None:
    key = audit.drawn()
    said = audit.lead.text()
    assert "The sample is drawn." in said and "0 of 10 marks are in." in said and str(audit.draw.seed) in said
    assert "Answered, English, web" in said and "Declined, English, web" in said
    assert f"{audit.day.day} {audit.day:%B %Y}" in audit.lead.open(PATH).text(f"a[href='{PATH}/{key}']")


BAD = [
    ({"since": "soon"}, "since", "Enter the first day as a real date"),
    ({"until": ""}, "until", "Enter the last day as a real date"),
    ({"size": "many"}, "size", "whole number, such as 200"),
    ({"size": "9"}, "size", "A sample holds 10 to 2,000 turns, not 9"),
    ({"size": "10", "floor": "6"}, "size", "2 kinds of turns with at least 6 of each make 12"),
    ({"floor": "1"}, "floor", "At least 2 turns of each kind"),
    ({"double": "101"}, "double", "between 0 and 100"),
    ({"until": "2999-01-01"}, "until", "The period is not over"),
    ({"since": "2020-01-01", "until": "2020-01-31"}, "since", "There are no turns to mark"),
]


@pytest.mark.parametrize(("changed", "field", "said"), BAD)
def test_what_cannot_be_drawn_is_told_at_its_field(audit: Audit, changed: dict[str, str], field: str, said: str) -> None:
    audit.lead.open(PATH + "/new").send(f"form[action='{PATH}/new']", **audit.asked(**changed))
    assert audit.lead.status == 400 and said in audit.lead.text(f"#{field}-error")
    assert audit.lead.all(f".govuk-error-summary a[href='#{field}']") and audit.store.all() == ()


def test_nobody_reads_a_turn_before_the_purpose_is_in_the_record(audit: Audit) -> None:
    key = audit.drawn()
    audit.ann.open(f"{PATH}/{key}/next")
    assert audit.ann.heading == "Mark a turn" and "How much" not in audit.ann.html and "dragon" not in audit.ann.html
    assert events_of(audit.guildhall, "PersonalDataRead") == []
    audit.ann.send("form.closed")
    assert any(word in audit.ann.text(".said__words") for word in WORDS)
    (told,) = events_of(audit.guildhall, "PersonalDataRead")
    assert (told["purpose"], told["what"]) == ("audit", "turn of an audit, and the one before it")


def test_a_mark_is_kept_and_the_next_turn_comes(audit: Audit) -> None:
    key = audit.drawn()
    first = audit.draw.next_for("anybody")
    assert first is not None
    audit.begin(audit.ann, key).send("form.reading", mark="cannot_tell", fault="unclear_question")
    assert "Your mark is saved." in audit.ann.text() and first.id not in audit.ann.one("form.closed").attributes["action"]  # type: ignore[operator]
    assert audit.draw.given == 1


def test_a_mark_without_its_reason_is_told_at_the_field_and_what_was_chosen_stays(audit: Audit) -> None:
    key = audit.drawn()
    audit.begin(audit.ann, key).send("form.reading", mark="", fault="")
    assert audit.ann.status == 400 and "Choose one of" in audit.ann.text("#mark-error")
    audit.ann.send("form.reading", mark="cannot_tell", fault="")
    assert audit.ann.status == 400 and "Choose a reason for “cannot tell”" in audit.ann.text("#fault-error")
    assert audit.ann.one("input[name=mark][checked]").attributes["value"] == "cannot_tell"
    assert audit.ann.all(".said__words") and audit.draw.given == 0
    assert len(events_of(audit.guildhall, "PersonalDataRead")) == 3  # each time the words are shown is in the record


def test_the_results_are_shown_to_all_at_once_with_their_file(audit: Audit) -> None:
    key = audit.drawn()
    audit.begin(audit.ann, key).send("form.reading", mark="cannot_tell", fault="unclear_question")
    for staff in (audit.ann, audit.lead):
        assert "Everybody sees the results at the same time" in staff.open(f"{PATH}/{key}").text() and not staff.all("#turns")
    assert audit.lead.open(f"{PATH}/{key}/results.csv").status == 404
    audit.mark_all(audit.ann, key)
    said = audit.lead.open(f"{PATH}/{key}").text()
    assert "100.0% of answers were right in every part" in said and "1 turn could not be judged" in said
    assert len(audit.lead.all("#turns ~ * tbody tr, #turns + * tbody tr")) >= 10
    rows = list(csv.reader(io.StringIO(audit.lead.open(f"{PATH}/{key}/results.csv").html)))
    assert rows[0] == ["row", "name", "value", "low", "high", "judged", "stands_for", "undecided"]
    assert rows[1][:3] == ["share", "Right, of answers", "1.0"] and rows[1][6] == "6.0"
    assert "100.0%" in audit.lead.open(PATH).text("table")


def test_two_people_mark_blind_and_agreement_is_told(audit: Audit) -> None:
    key = audit.drawn(double="100")
    audit.mark_all(audit.ann, key)
    assert "That was the last turn for you" in audit.ann.text()
    audit.ben.open(f"{PATH}/{key}/next")
    assert audit.ben.heading == "Mark a turn"
    page = audit.begin(audit.ben, key).text()
    assert "Ann Visor" not in page and not audit.ben.all("input[name=mark][checked]")
    audit.mark_all(audit.ben, key)
    assert "Of 10 turns that two people marked, 10 got the same mark" in audit.lead.open(f"{PATH}/{key}").text()


def test_a_marker_corrects_their_own_mark_and_nobody_elses(audit: Audit) -> None:
    key = audit.drawn()
    audit.mark_all(audit.ann, key)
    item = next(one for one in audit.draw.in_order if one.turn.group == "answered")
    page = f"{PATH}/{key}/turns/{item.id}"
    audit.ben.open(page)
    assert "You do not need to mark this turn" in audit.ben.text()
    audit.ann.open(page)
    assert audit.ann.heading == "Correct your mark"
    audit.ann.send("form.closed").send("form.reading", mark="wrong", fault="out_of_date")
    assert "Your mark is corrected." in audit.ann.text() and "(corrected)" in audit.ann.text()
    assert "Out of date" in audit.lead.open(f"{PATH}/{key}").text()


def test_a_turn_whose_words_are_erased_is_replaced_and_counted(tmp_path: Path) -> None:
    audit = Audit(tmp_path, 16)
    key = audit.drawn()
    item = audit.draw.next_for("anybody")
    assert item is not None
    erasing = audit.guildhall.rights.erasing
    erasing.carry_out(erasing.decide([item.turn.conversation_id], "a rule", "a reason", "Pat Officer"))
    audit.ann.open(f"{PATH}/{key}/next").send("form.closed")
    assert "nobody can mark it. It is counted as erased, and another turn takes its place." in audit.ann.text()
    assert audit.draw.dropped == 1 and len(audit.draw.in_order) == 10
    audit.guildhall.close()


def test_a_sample_is_withdrawn_with_a_reason_and_its_days_can_be_drawn_again(audit: Audit) -> None:
    key = audit.drawn()
    audit.lead.open(f"{PATH}/{key}").send(f"form[action='{PATH}/{key}/withdraw']", why="")
    assert audit.lead.status == 400 and "Say in a sentence" in audit.lead.text("#why-error")
    audit.lead.send(f"form[action='{PATH}/{key}/withdraw']", why="The wrong size was asked for")
    assert "The wrong size was asked for" in audit.lead.text() and "Withdrawn" in audit.lead.text()
    assert audit.ann.open(f"{PATH}/{key}/next").status == 200 and "There is nothing for you to mark" in audit.ann.text()
    audit.drawn()
    assert len(audit.store.all()) == 2


def test_an_auditor_reads_it_all_and_marks_nothing(audit: Audit) -> None:
    key = audit.drawn()
    item = audit.draw.in_order[0]
    auditor = Staff(audit.guildhall, Role.AUDITOR, name="Au Ditor")
    assert auditor.open(f"{PATH}/{key}").status == 200 and not auditor.all(f"a[href='{PATH}/{key}/next']")
    token = auditor.hidden("form[action='/console/sign-out']")["token"]
    for path, data in (
        (f"{PATH}/new", audit.asked()),
        (f"{PATH}/{key}/turns/{item.id}", {"mark": "right"}),
        (f"{PATH}/{key}/turns/{item.id}/words", {}),
    ):
        auditor.take(auditor.client.post(path, data={**data, "token": token}))
        assert auditor.status == 403, path
    assert auditor.open(f"{PATH}/{key}/turns/{item.id}").status == 403


def test_who_draws_cannot_mark_and_who_marks_cannot_draw(audit: Audit) -> None:
    key = audit.drawn()
    assert audit.lead.open(f"{PATH}/{key}/next").status == 403 and audit.ann.open(f"{PATH}/new").status == 403


def test_a_sample_that_is_not_marked_is_on_the_overview(audit: Audit) -> None:
    audit.drawn()
    chair = Staff(audit.guildhall, Role.BOARD_CHAIR, name="Cha Ir")
    chair.open("/console")
    assert "1 audited sample is not fully marked, so no figure uses it yet" in chair.text(".attention")


def test_addresses_that_lead_nowhere_are_said(audit: Audit) -> None:
    key = audit.drawn()
    for path in (f"{PATH}/nothing", f"{PATH}/nothing/next", f"{PATH}/{key}/turns/nothing"):
        assert audit.ann.open(path).status == 404


def test_a_lead_closes_a_sample_whose_marks_do_not_come_and_the_page_says_what_is_undecided(audit: Audit) -> None:
    key = audit.drawn()
    page = f"{PATH}/{key}"
    assert not audit.lead.open(page).all(f"form[action='{page}/close']")  # nothing is marked: it can be withdrawn
    audit.begin(audit.ann, key).send("form.reading", mark="cannot_tell", fault="unclear_question")
    assert not audit.ann.open(page).all(f"form[action='{page}/close']")
    audit.lead.open(page).send(f"form[action='{page}/close']", why="")
    assert audit.lead.status == 400 and "Say in a sentence why it is closed" in audit.lead.text("#why-error")
    audit.lead.send(f"form[action='{page}/close']", why="Both markers have left")
    said = audit.lead.text()
    assert "Both markers have left" in said and "Nobody decided 9 of 10 turns" in said and "Closed early" in said
    assert "counted both ways" in said and "Undecided" in audit.lead.text("#turns + .table-scroll, main")
    rows = list(csv.DictReader(io.StringIO(audit.lead.open(f"{page}/results.csv").html)))
    assert sum(int(row["undecided"]) for row in rows if row["row"] == "kind") == 9
    assert "Closed early" in audit.lead.open(PATH).text("table")
    (told,) = events_of(audit.guildhall, "AuditClosed")
    assert told["undecided"] == 9
    audit.ann.open(f"{page}/next")
    assert "There is nothing for you to mark" in audit.ann.text()
