"""What may be said of money: claims, attribution, haircuts, headlines and totals."""

from datetime import date

import pytest

from guildhall.value.ledger.attribution import share_left
from guildhall.value.ledger.benefit import Borne, Worth
from guildhall.value.ledger.headline import headline, headlines, net
from guildhall.value.ledger.moving import LackingError
from guildhall.value.ledger.periods import months_after, period_of
from guildhall.value.ledger.retests import retests
from guildhall.value.ledger.totals import together, totals
from guildhall.vocabulary.benefits import Bearer, Column, EvidenceLevel, GefClass, Stage, Standing
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.money import pence_of, pounds
from tests.value.ledger.a_ledger import LEAD, OFFICER, PARTNER, TODAY, Book, ready


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("2026-10", ("2026-10",)),
        ("2026-27-q1", ("2026-04", "2026-05", "2026-06")),
        ("2026-27-Q4", ("2027-01", "2027-02", "2027-03")),
        ("2099-00-Q2", ("2099-07", "2099-08", "2099-09")),
    ],
)
def test_a_period_is_a_month_or_a_quarter_of_a_financial_year(text: str, months: tuple[str, ...]) -> None:
    assert period_of(text).months == months


@pytest.mark.parametrize("text", ["2026", "2026-13", "Q1", "2026-28-Q1", "2026-27-Q5", "", "April 2026"])
def test_other_periods_are_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(RefusedError, match="2026-27"):
        period_of(text)


def test_the_end_of_a_month_stays_the_end() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2026, 11, 27), 24) == date(2028, 11, 27)


def test_money_is_read_as_it_is_typed_and_said_in_pounds() -> None:
    assert [pence_of(text) for text in ("1234", "£1,234.50", "£7.5m", "200k", "-£20", "3.925M")] == [
        123_400, 123_450, 750_000_000, 20_000_000, -2_000, 392_500_000,
    ]  # fmt: skip
    assert [pounds(pence) for pence in (0, 123_450, -2_000, 750_000_000)] == ["£0", "£1,234.50", "−£20", "£7,500,000"]
    for text in ("", "about £7m", "1.2345", "1,23", "£", "7,5m"):
        with pytest.raises(ValueError, match=r"no amount of money|parts of a penny"):
            pence_of(text)


def test_a_claim_says_which_line_which_act_and_which_evidence() -> None:
    book = Book()
    key = book.to_validated()
    with pytest.raises(LackingError) as refused:
        book.claim(key, act_reference=" ", amount_pence=0, budget_code="CS-9999")
    assert [lack.field for lack in refused.value.lacks] == ["act_reference", "amount", "budget_code"]
    with pytest.raises(LackingError, match="has not begun"):
        book.claim(key, period="2026-12")
    with pytest.raises(RefusedError, match="takes the role of finance partner"):
        book.claim(key, LEAD)


def test_no_more_is_claimed_in_a_year_than_was_validated_and_attributed() -> None:
    book = Book()
    key = book.to_validated(attribution_percent=50)
    book.claim(key, amount_pence=4_000_000)
    with pytest.raises(LackingError, match=r"£45,000 was validated in 2026-27 and £40,000 is claimed: at most £5,000 is left"):
        book.claim(key, amount_pence=500_001, period="2026-27-Q1")
    book.claim(key, amount_pence=500_000, period="2026-27-Q1")
    book.claim(key, amount_pence=4_500_000, period="2026-03")


def test_nothing_is_claimed_before_finance_has_validated_it() -> None:
    book = Book()
    key = book.add(ready())
    with pytest.raises(RefusedError, match="it is idea: money can be claimed only after finance has validated"):
        book.claim(key)


def test_a_claim_that_was_taken_back_counts_nothing_and_can_be_signed_no_more() -> None:
    book = Book()
    key = book.to_validated()
    claim = book.claim(key)
    book.sign(claim)
    assert book.accounts[key].cash_pence == 100_000
    book.reverse(claim)
    assert book.accounts[key].cash_pence == 0
    for act in (book.sign, book.reverse):
        with pytest.raises(RefusedError, match="taken back"):
            act(claim)


def test_all_benefits_on_one_line_have_at_most_all_of_its_change() -> None:
    book = Book()
    first = book.to_validated(attribution_percent=70)
    second = book.add(ready(attribution_percent=40, budget_code="cs-4410"))
    book.move(second, Stage.IDENTIFIED, LEAD)
    book.move(second, Stage.BASELINED, PARTNER)
    with pytest.raises(LackingError, match="other benefits have 70% of this budget line, so at most 30% is left"):
        book.move(second, Stage.APPROVED, PARTNER)
    book.change(first, delivered_by="A cut that was planned before")
    book.move(first, Stage.SUBSTITUTED, PARTNER)
    assert share_left([account.benefit for account in book.accounts.values()], "CS 4410") == 100
    book.move(second, Stage.APPROVED, PARTNER)


def test_a_headline_never_stands_without_stage_evidence_and_day() -> None:
    book = Book()
    key = book.to_validated(attribution_percent=50)
    said = headline(book.accounts[key], Column.COUNCIL_CASH, TODAY)
    assert str(said) == "£90,000 of council cash at stage finance-validated, evidence E3, as at 27 November 2026"
    assert (said.attributed_pence, said.haircut_percent, said.after_haircut_pence) == (4_500_000, 15, 3_825_000)
    what_is_left = net(book.accounts[key], TODAY)
    assert what_is_left is not None
    assert (what_is_left.first_year_pence, what_is_left.later_years_pence) == (825_000, 2_825_000)


def test_cash_that_is_delivered_is_what_was_claimed_and_signed_and_nothing_else() -> None:
    book = Book()
    key = book.to_taken()
    assert [one.pence for one in headlines(book.accounts[key], TODAY)] == [100_000]
    unsigned = book.claim(key, act_reference="AG-2")
    assert [one.pence for one in headlines(book.accounts[key], TODAY)] == [100_000]
    book.sign(unsigned)
    assert [one.pence for one in headlines(book.accounts[key], TODAY)] == [200_000]


def test_what_something_else_delivered_keeps_its_money_and_loses_its_attribution() -> None:
    book = Book()
    key = book.to_taken()
    book.change(key, delivered_by="A cut that was planned before", borne=(Borne(Bearer.CARE_RECIPIENTS, 290_000_000),))
    book.move(key, Stage.SUBSTITUTED, OFFICER)
    (said,) = headlines(book.accounts[key], TODAY)
    assert (said.pence, said.attributed_pence, said.after_haircut_pence) == (100_000, 0, 0)


def test_hopes_and_money_are_not_one_sum_and_neither_are_columns() -> None:
    book = Book()
    hoped = book.add(ready(budget_code="CS-1", planned=Worth(council_cash_pence=5, reinvested_capacity_pence=7)))
    book.move(hoped, Stage.IDENTIFIED, LEAD)
    taken = book.to_taken()
    cells = totals(list(book.accounts.values()), TODAY)
    cash = [one for one in cells if one.column == Column.COUNCIL_CASH]
    assert {one.stage: (one.pence, one.rows) for one in cash} == {
        Stage.IDENTIFIED: (5, (hoped,)),
        Stage.BUDGET_TAKEN: (100_000, (taken,)),
    }
    with pytest.raises(RefusedError, match="hoped for and delivered"):
        together(cash)
    with pytest.raises(RefusedError, match="columns are not added: council cash and reinvested capacity"):
        together(one for one in cells if one.standing == Standing.HOPED)


def test_what_was_delivered_is_tested_again_and_marked_when_it_is_late() -> None:
    book = Book()
    key = book.to_taken()
    (coming,) = retests(list(book.accounts.values()), TODAY)
    assert (coming.months, coming.due_on, coming.overdue) == (6, date(2027, 5, 27), False)
    assert retests(list(book.accounts.values()), date(2027, 5, 28))[0].overdue
    book.change(key, PARTNER, evidence_refs=("evaluation:calls-2026", "evaluation:calls-2027"))
    with pytest.raises(LackingError, match="too early to test it again: the next re-test may be signed from 26 April 2027"):
        book.move(key, Stage.SUSTAINED, PARTNER)
    book.today = date(2027, 5, 27)
    book.move(key, Stage.SUSTAINED, PARTNER)
    assert retests(list(book.accounts.values()), book.today)[0].months == 12
    assert retests([], TODAY) == ()


def test_an_income_gain_is_sustained_without_a_budget_and_tested_again() -> None:
    book = Book()
    key = book.add(ready(gef_class=GefClass.INCOME_GAIN, borne=(Borne(Bearer.RESIDENTS_WHO_PAY, 5),)))
    assert not retests(list(book.accounts.values()), TODAY)
    for stage, by in ((Stage.IDENTIFIED, LEAD), (Stage.BASELINED, PARTNER), (Stage.APPROVED, PARTNER), (Stage.IN_DELIVERY, LEAD)):
        book.move(key, stage, by)
    book.change(key, measured=Worth(council_cash_pence=300), evidence=EvidenceLevel.E2, evidence_refs=("evaluation:x",))
    book.move(key, Stage.MEASURED, LEAD)
    book.move(key, Stage.FINANCE_VALIDATED, PARTNER)
    assert retests(list(book.accounts.values()), TODAY)[0].months == 6
    with pytest.raises(RefusedError, match="only a cash-releasing"):
        book.move(key, Stage.BUDGET_TAKEN, OFFICER)
