"""A benefit as people type it: every field comes back as it was, and what cannot be read is told at its field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.value.ledger.benefit import BenefitFacts, Borne, DisBenefit, Released, Worth
from guildhall.value.ledger.typed import NAMES, as_typed, typed
from guildhall.vocabulary.benefits import Bearer, EvidenceLevel, HoursWent
from tests.value.ledger.a_ledger import MEASURED, ready

PENCE = st.integers(0, 10**12)
WORTH = st.builds(Worth, PENCE, PENCE, PENCE, PENCE)


@given(WORTH, st.none() | WORTH, st.none() | PENCE, st.integers(0, 100), st.sampled_from(EvidenceLevel))
def test_what_is_typed_comes_back(planned: Worth, measured: Worth | None, cost: int | None, share: int, level: EvidenceLevel) -> None:
    facts = ready(
        planned=planned, measured=measured, run_cost_pence=cost, attribution_percent=share, evidence=level,
        borne=(Borne(Bearer.STAFF, cost, "two people move"), Borne(Bearer.PARTNERS)), no_dis_benefits=False,
        dis_benefits=(DisBenefit("Longer calls", 5), DisBenefit("Less practice")),
        workforce=(Released("Adviser", 1200, HoursWent.BACKLOG), Released("Team leader", 0)), evidence_refs=("evaluation:a", "figure:b"),
    )  # fmt: skip
    text = as_typed(facts)
    assert set(text) == set(NAMES)
    assert typed(text, BenefitFacts(title="")) == (facts, ())
    assert typed({}, facts) == (facts, ())


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("gef_class", "cashable", "choose one of cash_releasing"),
        ("evidence", "E9", "choose one of e0"),
        ("outputs", "fewer", "choose one of more, same, less"),
        ("attribution_percent", "101", "whole percentage"),
        ("attribution_percent", "a third", "whole percentage"),
        ("starts_on", "1 April", "write a day as 2026-04-01"),
        ("planned_council_cash", "lots", "no amount of money"),
        ("planned_council_cash", "-5", "0 or more"),
        ("run_cost", "-5", "0 or more"),
        ("borne", "the public | 5", "begin each line with one of nobody"),
        ("workforce", "Adviser", "role | hours a year"),
        ("workforce", "Adviser | 5 | home", "say where the hours went"),
        ("wealth", "5", "there is no field “wealth”"),
        ("title", "x" * 300, "at most 200"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(field: str, text: str, said: str) -> None:
    _, (wrong,) = typed({field: text}, ready())
    assert wrong.field == field
    assert said in wrong.text


def test_who_and_where_are_read_as_people_write_them() -> None:
    facts, wrong = typed({"borne": "Care recipients | 5\nstaff", "workforce": "Adviser | 40 | Leaver not replaced"}, ready())
    assert not wrong
    assert [one.by for one in facts.borne] == ["care_recipients", "staff"]
    assert [one.went for one in facts.workforce] == ["leaver_not_replaced"]


def test_an_emptied_measurement_is_none_and_levels_are_read_in_capitals_too() -> None:
    emptied, _ = typed(
        {f"measured_{name}": "" for name in ("council_cash", "avoided_cost", "reinvested_capacity", "resident_benefit")}, ready(**MEASURED)
    )
    assert emptied.measured is None
    assert typed({"evidence": "E3", "measured_council_cash": "0"}, ready())[0].measured == Worth()


def test_lines_as_a_browser_sends_them_are_no_change() -> None:
    facts = ready(power="At least 20%\nby month 6", counterfactual="One\n\ntwo")
    sent = {name: text.replace("\n", "\r\n") for name, text in as_typed(facts).items()}
    assert typed(sent, facts) == (facts, ())
