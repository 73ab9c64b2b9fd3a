"""What is asked of a portfolio: read as people write it, and refused with the field and what would be right."""

import pytest

from guildhall.opportunities.asking import asked_of, form_of
from guildhall.opportunities.objective import Money, Unvalued
from guildhall.opportunities.scoring import Head
from guildhall.vocabulary.benefits import Column

RIGHT = {"budget": "£1,250,000", "at_most": "54", "team_days": "Digital 500\nData and integration: 300", "floors": "Housing 3", "ceilings": "Housing 9",
         "weight_financial": "40", "weight_service": "35", "weight_workforce": "25", "draws": "50", "seed": "7"}  # fmt: skip


def test_a_form_is_read_and_written_back() -> None:
    asked, wrong = asked_of(RIGHT)
    assert asked is not None and not wrong
    assert asked.constraints.budget_pence == 125_000_000
    assert asked.constraints.team_days == {"Digital": 500.0, "Data and integration": 300.0}
    assert asked.weights[Head.SERVICE] == 35.0 and (asked.doubt.draws, asked.doubt.seed) == (50, 7)
    assert asked_of(form_of(asked))[0] == asked


def test_what_is_left_out_is_no_rule() -> None:
    asked, _ = asked_of({"weight_service": "1"})
    assert asked is not None and asked.constraints.budget_pence is None and asked.doubt.draws == 200


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("budget", "a million", "whole number"), ("draws", "100000", "0 to 1,000"), ("team_days", "Digital", "does not end in a whole number"),
        ("ceilings", "Housing 2", "below the fewest promised"), ("value_spread", "-3", "whole number"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field(field: str, given: str, said: str) -> None:
    asked, wrong = asked_of(RIGHT | {field: given})
    assert asked is None and said in wrong[field]


def test_no_weight_at_all_is_refused() -> None:
    assert "weight_financial" in asked_of({})[1]


def test_an_objective_in_pounds_takes_the_councils_haircut_with_it() -> None:
    asked, _ = asked_of(RIGHT | {"objective": "council_cash", "unvalued": "left_out", "run_years": "3"}, 60)
    assert asked is not None and asked.money == Money(Column.COUNCIL_CASH, 60, Unvalued.LEFT_OUT) and asked.constraints.run_years == 3
    assert asked_of(form_of(asked), 60)[0] == asked
    for field, given in (("objective", "everything"), ("unvalued", "perhaps"), ("run_years", "11")):
        assert field in asked_of(RIGHT | {"objective": "council_cash"} | {field: given})[1]
