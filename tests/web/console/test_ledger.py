"""The ledger on the console: from an idea to a budget by three people; each act asks for its role; auditors read it all and change nothing."""

from dataclasses import replace
from typing import Any

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import new_id
from guildhall.bootstrap.ledger import Ledger, ledger_of
from guildhall.storage.ledger import ClaimDraft, LedgerStore
from guildhall.value.ledger.benefit import Borne
from guildhall.value.ledger.typed import NAMES
from guildhall.vocabulary.benefits import Bearer, CashAct, Stage
from guildhall.vocabulary.roles import Role
from guildhall.web.console.ledger.meanwhile import LABELS
from tests.storage.evidence_rows import freeze, lay_down
from tests.value.ledger.a_ledger import MEASURED, WHY, ready
from tests.web.console.staff import Staff, events_of

PATH = "/console/value/ledger"
DRAFT = ClaimDraft("CS-4410", "", CashAct.POST_DELETED, "P-1047", 2_000_000, "document:establishment-list")


class People:
    """Those who answer for money, signed in, and a ledger that they have written in."""

    def __init__(self, guildhall: Guildhall) -> None:
        self.guildhall = guildhall
        self.lead = Staff(guildhall, Role.PROGRAMME_LEAD, name="Lea Lead")
        self.partner = Staff(guildhall, Role.FINANCE_PARTNER, name="Fin Partner")
        self.officer = Staff(guildhall, Role.CHIEF_FINANCE_OFFICER, name="Cy Officer")
        self.evidence = lay_down(guildhall.database, guildhall.profile.slug)
        wired: Ledger = ledger_of(guildhall)
        store = LedgerStore(guildhall.database, guildhall.profile.slug, new_id, guildhall.house.clock)  # takes any reference
        self.ledger = replace(wired, store=store)

    def member(self, staff: Staff) -> Any:
        return staff.door.staff.by_name(staff.name)

    @property
    def draft(self) -> ClaimDraft:
        return replace(DRAFT, period=f"{self.ledger.today:%Y-%m}")

    def validated(self, **changes: Any) -> str:
        store, lead, partner = self.ledger.store, self.member(self.lead), self.member(self.partner)
        key = store.add(ready(**changes), lead).id
        for stage, by in ((Stage.IDENTIFIED, lead), (Stage.BASELINED, partner), (Stage.APPROVED, partner), (Stage.IN_DELIVERY, lead)):
            store.move(key, stage, by, WHY)
        store.change(key, replace(store.account(key).benefit.facts, **MEASURED), lead, WHY)
        store.move(key, Stage.MEASURED, lead, WHY)
        store.move(key, Stage.FINANCE_VALIDATED, partner, WHY)
        return key

    def taken(self, **changes: Any) -> str:
        key = self.validated(**changes)
        claim = self.ledger.store.claim(key, self.draft, self.member(self.partner))
        self.ledger.store.sign(claim.id, self.member(self.officer))
        self.ledger.store.move(key, Stage.BUDGET_TAKEN, self.member(self.officer), WHY)
        return key

    def stage(self, key: str) -> Stage:
        return self.ledger.store.account(key).benefit.stage


@pytest.fixture
def people(guildhall: Guildhall) -> People:
    return People(guildhall)


def test_an_empty_ledger_says_so_and_offers_a_beginning_to_those_who_may(people: People) -> None:
    assert "The ledger is empty. Enter the first benefit: a title is enough." in people.lead.open(PATH).text()
    assert "Enter" not in people.officer.open(PATH).text()


def test_a_benefit_is_entered_with_a_title_and_what_is_wrong_is_told_at_its_field(people: People) -> None:
    lead = people.lead
    lead.open(PATH + "/new").send(f"form[action='{PATH}/new']", title="No", planned_council_cash="lots")
    assert lead.status == 400
    assert "lots" in lead.text("#planned_council_cash-error") and lead.one("#title").attributes["value"] == "No"
    lead.send(f"form[action='{PATH}/new']", title="No", planned_council_cash="£1,000")
    assert "at least 5 characters" in lead.text("#title-error")
    lead.send(f"form[action='{PATH}/new']", title="Answer calls about bins")
    assert "is saved as an idea" in lead.text() and lead.heading == "Answer calls about bins"
    assert "Choose its class under the Government Efficiency Framework" in lead.text()
    (told,) = events_of(people.guildhall, "BenefitChanged")
    assert told["stage"] == "idea"


def test_from_finance_validated_to_a_budget_by_three_people(people: People) -> None:
    key = people.validated(borne=(Borne(Bearer.CARE_RECIPIENTS, 290_000_000),))
    page = f"{PATH}/{key}"
    people.officer.open(page).send(f"form[action='{page}/move']", to="budget_taken", why=WHY)
    assert people.officer.status == 400 and "time saved is not cash without a named act" in people.officer.text("#to-error").lower()
    draft = people.draft
    fields = {
        "amount": "£20,000",
        "period": draft.period,
        "act": "post_deleted",
        "act_reference": "p-1047",
        "budget_code": "cs-4410",
        "evidence_ref": draft.evidence_ref,
    }
    people.partner.open(page).send(f"form[action='{page}/claim']", **fields)
    assert "It counts when the chief finance officer has signed the claim" in people.partner.text()
    assert "Not signed: does not count yet" in people.partner.text()
    people.partner.send(f"form[action='{page}/claim']", **fields)
    assert people.partner.status == 400 and "a pound is claimed once" in people.partner.text("#amount-error")
    people.officer.open(page).send(f"form[action='{page}/sign']")
    assert "The claim is signed" in people.officer.text()
    people.officer.send(f"form[action='{page}/move']", to="budget_taken", why=WHY)
    assert people.stage(key) == Stage.BUDGET_TAKEN
    said = people.officer.open(page).text()
    assert "£20,000 of council cash at stage budget taken, evidence E3, as at" in said
    assert "People who receive care, £2,900,000" in said
    assert "Council cash: £120,000 planned, £90,000 measured" in said
    assert "Signed by Cy Officer" in said
    people.partner.open(page).send(
        f"form[action='{page}/reverse']", why="The post was half funded by a grant", claim=people.ledger.store.account(key).claims[0].id
    )
    assert "Taken back by Fin Partner" in people.partner.text() and people.ledger.store.account(key).cash_pence == 0


def test_the_list_has_a_column_for_each_kind_of_worth_and_who_bears_the_cost_on_the_line(people: People) -> None:
    people.taken(borne=(Borne(Bearer.CARE_RECIPIENTS, 290_000_000),), title="Delivered and paid by others")
    people.lead.open(PATH)
    line = people.lead.text("main table tbody tr")
    assert (
        "Budget taken" in line and "£20,000" in line and "£17,000 after haircut" in line and "People who receive care, £2,900,000" in line
    )
    assert "never added" in people.lead.text()
    for query, count in (
        ("stage=budget_taken", 1),
        ("stage=idea", 0),
        ("gef_class=income_gain", 0),
        ("service=council-tax", 1),
        ("evidence=e3", 1),
    ):
        people.lead.open(f"{PATH}?{query}")
        assert ("No benefit matches your filters" in people.lead.text()) == (count == 0), query


def test_an_auditor_reads_everything_and_can_do_nothing(people: People) -> None:
    key = people.taken()
    auditor = Staff(people.guildhall, Role.AUDITOR, name="Au Ditor")
    for page in (PATH, f"{PATH}/{key}"):
        assert auditor.open(page).status == 200
        assert auditor.all("main form[method=post]") == []
    for name in ("benefits", "history", "claims"):
        assert auditor.client.get(f"{PATH}/{name}.csv").headers["content-type"] == "text/csv; charset=utf-8"
    auditor.open(f"{PATH}/new")
    assert "You do not have the role for this" in auditor.heading


def test_an_adviser_does_not_see_the_ledger(people: People) -> None:
    adviser = Staff(people.guildhall, Role.ADVISER, name="Ann Adviser")
    assert "You do not have the role" in adviser.open(PATH).heading


def test_no_page_lets_anybody_take_a_budget_but_the_officer(people: People) -> None:
    key = people.validated()
    people.ledger.store.sign(people.ledger.store.claim(key, people.draft, people.member(people.partner)).id, people.member(people.officer))
    page = f"{PATH}/{key}"
    for staff in (people.lead, people.partner):
        staff.open(page)
        token = staff.one("input[name=token]").attributes["value"]
        answer = staff.client.post(
            f"{page}/move", data={"token": token, "to": "budget_taken", "why": WHY}, headers={"origin": people.guildhall.settings.address}
        )
        assert answer.status_code == 400 and "it takes the role of chief finance officer" in answer.text
    assert people.stage(key) == Stage.FINANCE_VALIDATED


def test_nobody_signs_a_benefit_that_was_changed_after_they_opened_it(people: People) -> None:
    store, key = people.ledger.store, people.validated()
    page = f"{PATH}/{key}"
    people.partner.open(page)
    store.change(key, replace(store.account(key).benefit.facts, about="It is worth less"), people.member(people.lead), WHY)
    people.partner.send(f"form[action='{page}/move']", to="reversed", why=WHY)
    assert people.partner.status == 409 and people.stage(key) == Stage.FINANCE_VALIDATED
    assert "It is worth less" in people.partner.text("#meanwhile") and "You have not signed anything" in people.partner.text("#meanwhile")
    assert people.partner.text("#move-why").strip() == WHY
    people.partner.send(f"form[action='{page}/move']", to="reversed", why=WHY)
    assert people.stage(key) == Stage.REVERSED


def test_every_field_that_may_be_typed_is_called_what_its_form_calls_it(people: People) -> None:
    people.lead.open(PATH + "/new")
    for field, label in LABELS.items():
        assert label in people.lead.text("form.reading"), field
    assert set(LABELS) == set(NAMES)


def test_somebody_elses_change_is_not_written_over(people: People) -> None:
    key = people.validated()
    people.lead.open(f"{PATH}/{key}/change")
    people.ledger.store.change(
        key, replace(people.ledger.store.account(key).benefit.facts, about="Said by another"), people.member(people.partner), WHY
    )
    people.lead.send(f"form[action='{PATH}/{key}/change']", about="Said by me", delivered_by="", why=WHY)
    assert people.lead.status == 409 and "Somebody else changed it after you looked at it" in people.lead.text(".govuk-error-summary")
    said = people.lead.text("#meanwhile")
    assert "saved a change on" in said and "You both changed it" in said and "Said by me" in said
    assert people.lead.text("#about").strip() == "Said by me" and people.lead.text("#why").strip() == WHY
    assert people.ledger.store.account(key).benefit.facts.about != "Said by me"
    people.lead.send(f"form[action='{PATH}/{key}/change']", about="Said by both", why=WHY)  # onto what was shown just now
    assert people.ledger.store.account(key).benefit.facts.about == "Said by both"
    people.lead.open(f"{PATH}/{key}/change").send(f"form[action='{PATH}/{key}/change']", budget_code="CS-9", why=WHY)
    assert "cannot change any more, because the benefit is finance-validated" in people.lead.text("#budget_code-error")
    people.lead.open(f"{PATH}/{key}/change").send(f"form[action='{PATH}/{key}/change']", about="Said by me", why=WHY)
    assert "Your changes are saved" in people.lead.text()


def test_overdue_retests_and_unsigned_claims_are_on_the_first_page_and_in_the_board_pack(people: People) -> None:
    taken = people.taken(attribution_percent=50)
    people.ledger.store.claim(
        people.validated(attribution_percent=50), replace(people.draft, act_reference="P-2"), people.member(people.partner)
    )
    board = Staff(people.guildhall, Role.BOARD_CHAIR, name="Bo Chair")
    assert "1 claim is waiting for the chief finance officer to sign" in board.open("/console").text()
    assert "overdue" not in board.text()
    people.guildhall.house.clock.move(days=190)  # type: ignore[attr-defined]
    board = Staff(people.guildhall, Role.BOARD_CHAIR, name="Bo Chair the second")
    assert "1 re-test of a benefit is overdue" in board.open("/console").text()
    pack = board.open("/console/pack").text()
    assert "Benefits ledger" in pack and "Overdue" in pack and "£20,000" in pack
    assert "Re-test overdue" in board.open(PATH).text() and "due on" in board.open(f"{PATH}/{taken}").text()


def test_an_act_that_is_claimed_on_another_line_too_is_shown_to_whoever_looks(people: People) -> None:
    first, other = people.validated(), people.validated(budget_code="CS-7", title="The other half of the post")
    people.ledger.store.claim(first, people.draft, people.member(people.partner))
    people.ledger.store.claim(other, replace(people.draft, budget_code="CS-7"), people.member(people.partner))
    assert "on the budget line CS-7, for The other half of the post" in people.lead.open(f"{PATH}/{first}").text()


def test_what_is_not_there_is_said_to_be_not_there(people: People) -> None:
    for page in ("none", "none/change", "nothing.csv"):
        assert people.lead.open(f"{PATH}/{page}").status == 404


def test_a_baseline_that_nobody_froze_is_none(people: People) -> None:
    key = people.ledger.store.add(ready(baseline="baseline:hoped"), people.member(people.lead)).id
    people.ledger.store.move(key, Stage.IDENTIFIED, people.member(people.lead), WHY)
    page = f"{PATH}/{key}"
    people.partner.open(page).send(f"form[action='{page}/move']", to="baselined", why=WHY)
    assert people.partner.status == 400 and "There is no baseline “hoped”" in people.partner.text("#to-error")


def test_evidence_that_no_longer_stands_is_marked_wherever_it_is_named(people: People) -> None:
    key = people.taken()
    chair = Staff(people.guildhall, Role.BOARD_CHAIR, name="Bo Chair")
    for page in (PATH, f"{PATH}/{key}", "/console", "/console/value/summary"):
        assert "no longer stands" not in chair.open(page).text(), page
    people.evidence.withdraw("establishment-list", "It was of last year", "staff-fin")
    freeze(people.guildhall.database, people.guildhall.profile.slug, "calls-again", supersedes="calls-2025")
    assert "Evidence no longer stands" in chair.open(PATH).text("main table")
    said = chair.open(f"{PATH}/{key}").text()
    assert "rests on the baseline calls-2025, which was superseded by calls-again" in said and "was withdrawn: It was of last year" in said
    assert "Evidence no longer stands" in chair.text("main table")
    assert "1 benefit relies on evidence that no longer stands" in chair.open("/console").text()
    page = chair.open("/console/value/evidence").text()
    assert "No longer stands" in page and "Withdrawn" in page and chair.all("main form[method=post]") == []


def test_a_document_is_named_and_withdrawn_by_those_who_answer_for_money(people: People) -> None:
    partner, form = people.partner, "form[action='/console/value/evidence']"
    partner.open("/console/value/evidence").send(form, name="Agency invoices, October", sha256="short", dated="soon")
    assert partner.status == 400 and "Write a day as 2026-10-31" in partner.text("#dated-error")
    partner.send(form, name="Agency invoices, October", sha256="short", dated="2026-10-31")
    assert "64 hexadecimal digits" in partner.text("#sha256-error")
    partner.send(form, name="Agency invoices, October", sha256="CD" * 32, dated="2026-10-31")
    assert "The document is named" in partner.text() and "document:agency-invoices-october" in partner.text()
    withdraw = "form[action='/console/value/evidence/agency-invoices-october/withdraw']"
    partner.send(withdraw, why="no")
    assert "at least 10 characters" in partner.text("#why-agency-invoices-october-error")
    partner.send(withdraw, why="Another month was meant")
    assert "Another month was meant" in partner.text() and len(events_of(people.guildhall, "DocumentWithdrawn")) == 1
