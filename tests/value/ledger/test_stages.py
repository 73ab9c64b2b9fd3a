"""One row goes from idea to a budget by named people; each step says what it lacks, and some steps need two people."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from guildhall.value.ledger.benefit import NO_BASELINE, BenefitFacts, Borne, Worth
from guildhall.value.ledger.moving import LackingError
from guildhall.value.ledger.stages import MOVES, moves_from
from guildhall.vocabulary.benefits import Bearer, CashAct, EvidenceLevel, GefClass, Stage
from guildhall.vocabulary.errors import RefusedError
from tests.value.ledger.a_ledger import AUDITOR, EVERYTHING, LEAD, OFFICER, PARTNER, Book, ready


def refused_fields(book: Book, key: str, to: Stage, by: Any) -> set[str]:
    with pytest.raises(LackingError) as refused:
        book.move(key, to, by)
    return {lack.field for lack in refused.value.lacks}


def test_one_row_goes_all_the_way_and_a_retest_sustains_it() -> None:
    book = Book()
    key = book.to_taken()
    book.today = date(2027, 5, 20)
    with pytest.raises(LackingError, match="add the evidence of the re-test"):
        book.move(key, Stage.SUSTAINED, PARTNER)
    book.change(key, PARTNER, evidence_refs=("evaluation:calls-2026", "evaluation:calls-2027"))
    book.move(key, Stage.SUSTAINED, PARTNER)
    stages = [entry.stage.value for entry in book.accounts[key].entries if entry.moved]
    assert stages == ["identified", "baselined", "approved", "in_delivery", "measured", "finance_validated", "budget_taken", "sustained"]


def test_a_title_is_enough_for_an_idea_and_the_next_step_says_all_it_lacks() -> None:
    book = Book()
    key = book.add(BenefitFacts(title="Answer calls about bins"))
    assert refused_fields(book, key, Stage.IDENTIFIED, LEAD) == {
        "gef_class", "gef_type", "recurrence", "outputs", "measure", "borne", "dis_benefits",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outputs": "less"}, "outputs"),
        ({"planned": Worth()}, "planned"),
        ({"gef_class": GefClass.NON_CASH_MONETISABLE}, "planned"),
        ({"gef_class": GefClass.INCOME_GAIN}, "borne"),
        ({"borne": (Borne(Bearer.NOBODY), Borne(Bearer.STAFF))}, "borne"),
        ({"profile_pence": (1_000_000,) * 11}, "profile_pence"),
    ],
)
def test_what_cannot_be_identified(changes: dict[str, Any], field: str) -> None:
    book = Book()
    key = book.add(ready(**changes))
    assert refused_fields(book, key, Stage.IDENTIFIED, LEAD) == {field}


def test_a_baseline_is_named_or_it_is_said_that_there_is_no_comparison() -> None:
    book = Book()
    key = book.add(ready(baseline=""))
    book.move(key, Stage.IDENTIFIED, LEAD)
    assert refused_fields(book, key, Stage.BASELINED, PARTNER) == {"baseline"}
    book.change(key, baseline="we remember it well")
    assert refused_fields(book, key, Stage.BASELINED, PARTNER) == {"baseline"}
    book.change(key, baseline=NO_BASELINE)
    book.move(key, Stage.BASELINED, PARTNER)
    assert book.stage(key) == Stage.BASELINED


def test_approval_needs_an_owner_a_finance_partner_a_budget_code_and_a_word_on_what_could_be_seen() -> None:
    book = Book()
    lacking = {"owner": "", "finance_partner": "", "budget_code": "", "power": "", "run_cost_pence": None, "attribution_percent": 0}
    key = book.add(ready(**lacking))
    book.move(key, Stage.IDENTIFIED, LEAD)
    book.move(key, Stage.BASELINED, PARTNER)
    assert refused_fields(book, key, Stage.APPROVED, PARTNER) == set(lacking)


def test_measured_needs_better_than_an_estimate_and_a_reference_to_what_it_rests_on() -> None:
    book = Book()
    key = book.to_validated()
    book.move(key, Stage.REVERSED, PARTNER)
    key = book.add(ready(budget_code="CS-2"))
    for stage, by in ((Stage.IDENTIFIED, LEAD), (Stage.BASELINED, PARTNER), (Stage.APPROVED, PARTNER), (Stage.IN_DELIVERY, LEAD)):
        book.move(key, stage, by)
    assert refused_fields(book, key, Stage.MEASURED, LEAD) == {"measured", "evidence", "evidence_refs"}
    book.change(key, measured=Worth(), evidence=EvidenceLevel.E1, evidence_refs=("the consultant said so",))
    assert refused_fields(book, key, Stage.MEASURED, LEAD) == {"evidence_refs"}


@pytest.mark.parametrize("level", [EvidenceLevel.E2, EvidenceLevel.E3, EvidenceLevel.E4])
def test_without_a_baseline_nothing_is_better_than_what_people_say(level: EvidenceLevel) -> None:
    book = Book()
    key = book.to_validated(baseline=NO_BASELINE)
    book.move(key, Stage.REVERSED, PARTNER)
    key = book.add(replace(ready(baseline=NO_BASELINE), budget_code="CS-3"))
    for stage, by in ((Stage.IDENTIFIED, LEAD), (Stage.BASELINED, PARTNER), (Stage.APPROVED, PARTNER), (Stage.IN_DELIVERY, LEAD)):
        book.move(key, stage, by)
    book.change(key, measured=Worth(council_cash_pence=1), evidence=level, evidence_refs=("evaluation:x",))
    assert refused_fields(book, key, Stage.MEASURED, LEAD) == {"evidence"}


def test_one_person_with_every_role_gets_nowhere_near_the_money_alone() -> None:
    book = Book()
    key = book.add(ready(), EVERYTHING)
    book.move(key, Stage.IDENTIFIED, EVERYTHING)
    book.move(key, Stage.BASELINED, EVERYTHING)
    with pytest.raises(RefusedError, match=r"Al Everything signed “identified”, so another person"):
        book.move(key, Stage.APPROVED, EVERYTHING)
    book.move(key, Stage.APPROVED, PARTNER)
    book.move(key, Stage.IN_DELIVERY, EVERYTHING)
    book.change(key, EVERYTHING, measured=Worth(council_cash_pence=9_000_000), evidence=EvidenceLevel.E3, evidence_refs=("evaluation:x",))
    book.move(key, Stage.MEASURED, EVERYTHING)
    with pytest.raises(RefusedError, match=r"Al Everything signed “measured”"):
        book.move(key, Stage.FINANCE_VALIDATED, EVERYTHING)
    book.move(key, Stage.FINANCE_VALIDATED, PARTNER)
    claim = book.claim(key, EVERYTHING)
    with pytest.raises(RefusedError, match="made this claim"):
        book.sign(claim, EVERYTHING)
    book.sign(claim, OFFICER)
    with pytest.raises(RefusedError, match=r"signed “measured”"):
        book.move(key, Stage.BUDGET_TAKEN, EVERYTHING)


def test_whoever_entered_the_measured_amounts_does_not_validate_them_whoever_signed_that_they_are_measured() -> None:
    book = Book()
    key = book.add(ready())
    for stage, by in ((Stage.IDENTIFIED, LEAD), (Stage.BASELINED, PARTNER), (Stage.APPROVED, PARTNER), (Stage.IN_DELIVERY, LEAD)):
        book.move(key, stage, by)
    book.change(key, PARTNER, measured=Worth(council_cash_pence=1), evidence=EvidenceLevel.E3, evidence_refs=("evaluation:x",))
    book.move(key, Stage.MEASURED, LEAD)
    with pytest.raises(RefusedError, match="Fin Partner entered the measured amounts"):
        book.move(key, Stage.FINANCE_VALIDATED, PARTNER)
    book.move(key, Stage.FINANCE_VALIDATED, EVERYTHING)


def test_the_role_is_asked_for_by_name() -> None:
    book = Book()
    with pytest.raises(RefusedError, match="it takes the role of programme lead or finance partner"):
        book.add(ready(), AUDITOR)
    key = book.to_validated()
    book.sign(book.claim(key))
    for by in (LEAD, PARTNER, AUDITOR):
        with pytest.raises(RefusedError, match="it takes the role of chief finance officer"):
            book.move(key, Stage.BUDGET_TAKEN, by)


@pytest.mark.parametrize("gef_class", [gef_class for gef_class in GefClass if gef_class != GefClass.CASH_RELEASING])
def test_only_a_cash_releasing_efficiency_reaches_a_budget(gef_class: GefClass) -> None:
    book = Book()
    plan = Worth(council_cash_pence=100) if gef_class == GefClass.INCOME_GAIN else Worth(resident_benefit_pence=100)
    key = book.add(ready(gef_class=gef_class, planned=plan, borne=(Borne(Bearer.RESIDENTS_WHO_PAY),)))
    for stage, by in ((Stage.IDENTIFIED, LEAD), (Stage.BASELINED, PARTNER), (Stage.APPROVED, PARTNER), (Stage.IN_DELIVERY, LEAD)):
        book.move(key, stage, by)
    book.change(key, measured=plan, evidence=EvidenceLevel.E2, evidence_refs=("evaluation:x",))
    book.move(key, Stage.MEASURED, LEAD)
    book.move(key, Stage.FINANCE_VALIDATED, PARTNER)
    with pytest.raises(RefusedError, match="only a cash-releasing efficiency can be taken"):
        book.move(key, Stage.BUDGET_TAKEN, OFFICER)
    with pytest.raises(RefusedError, match="only a cash-releasing efficiency can be claimed"):
        book.claim(key)
    assert Stage.SUSTAINED in {move.to for move in moves_from(Stage.FINANCE_VALIDATED, gef_class)}


def test_time_saved_is_no_cash_without_a_named_act_that_is_signed() -> None:
    book = Book()
    key = book.to_validated()
    assert refused_fields(book, key, Stage.BUDGET_TAKEN, OFFICER) == {"claims"}
    with pytest.raises(LackingError, match="never cash"):
        book.claim(key, act=CashAct.DEMAND_GROWTH_ABSORBED)
    claim = book.claim(key)
    with pytest.raises(LackingError, match="a claim that is signed"):
        book.move(key, Stage.BUDGET_TAKEN, OFFICER)
    book.sign(claim)
    book.move(key, Stage.BUDGET_TAKEN, OFFICER)


def test_what_was_approved_is_fixed_and_what_tells_more_may_always_be_said() -> None:
    book = Book()
    key = book.to_validated()
    with pytest.raises(LackingError, match="“planned” cannot change any more, because the benefit is finance-validated"):
        book.change(key, planned=Worth(council_cash_pence=20_000_000))
    with pytest.raises(LackingError, match="“measured” cannot change any more"):
        book.change(key, measured=Worth(council_cash_pence=20_000_000))
    with pytest.raises(LackingError, match="“evidence_refs” cannot change any more"):
        book.change(key, evidence_refs=("evaluation:another",))
    book.change(key, borne=(Borne(Bearer.STAFF, 50_000, "two people had to move"),))
    assert book.accounts[key].benefit.facts.borne[0].by == Bearer.STAFF


def test_what_is_reversed_has_its_claims_taken_back_first_and_what_is_substituted_says_what_did_it() -> None:
    book = Book()
    key = book.to_taken()
    with pytest.raises(LackingError, match="1 claim stands: take it back first"):
        book.move(key, Stage.REVERSED, OFFICER)
    with pytest.raises(LackingError, match="say what delivered it instead"):
        book.move(key, Stage.SUBSTITUTED, PARTNER)
    book.change(key, delivered_by="A change of the rota that was planned before")
    book.move(key, Stage.SUBSTITUTED, PARTNER)
    with pytest.raises(RefusedError, match="it has come to its end"):
        book.move(key, Stage.SUSTAINED, PARTNER)


def test_nothing_leads_out_of_an_end_and_no_stage_is_jumped() -> None:
    assert not [move for move in MOVES.values() if move.was in (Stage.REVERSED, Stage.SUBSTITUTED)]
    order = list(Stage)
    forward = [m for m in MOVES.values() if m.to not in (Stage.REVERSED, Stage.SUBSTITUTED) and order.index(m.to) > order.index(m.was) + 1]
    assert [(move.was, move.to) for move in forward] == [(Stage.FINANCE_VALIDATED, Stage.SUSTAINED)]
    assert [m.roles for m in MOVES.values() if m.to == Stage.BUDGET_TAKEN] == [OFFICER.roles]
