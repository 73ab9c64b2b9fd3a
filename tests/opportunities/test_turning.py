"""What would have to be true is tried on the solver: past each turning point the decision is the other one, and before it it is not."""

from dataclasses import replace
from typing import Any

import pytest

from guildhall.opportunities.choosing import Asked
from guildhall.opportunities.objective import Judged, Money, Objective
from guildhall.opportunities.portfolio import Candidate, Constraints, Problem
from guildhall.opportunities.robustness import Standing, weighted
from guildhall.opportunities.scoring import Head
from guildhall.opportunities.tables import what_would_have_to_be_true
from guildhall.opportunities.turning import Turning, Turns
from guildhall.opportunities.worth import Pounds
from guildhall.vocabulary.benefits import Column

EVEN = dict.fromkeys(Head, 1.0)


def judged(name: str, money: float, service: float, cost: int = 100_00, **known: Any) -> Judged:
    return Judged(Candidate(name, 0, cost, **known), {Head.FINANCIAL: money, Head.SERVICE: service, Head.WORKFORCE: 50.0})


def turns(*found: Judged, rules: Constraints, money: Money | None = None) -> tuple[Turns, Problem]:
    objective = Objective(found, EVEN, money)
    problem = Problem(weighted(objective), rules)
    return Turns(problem, problem.solve(), objective), problem


def standing(name: str, chosen: bool, **leans: float) -> Standing:
    return Standing(name, 0.5, chosen, {Head(head): lean for head, lean in leans.items()})


def test_value_turns_exactly_where_the_two_sets_are_equal() -> None:
    found, _ = turns(judged("a", 90, 80), judged("b", 60, 50), rules=Constraints(budget_pence=150_00))
    stays, comes = found.at("a"), found.at("b")
    assert (stays.chosen, comes.chosen) == (True, False)
    assert stays.value == pytest.approx((60 + 50 + 50) / 3) and comes.value == pytest.approx((90 + 80 + 50) / 3)
    assert stays.factor == round(160 / 220, 3) and comes.factor == 1.375 and not stays.tried


def test_no_value_brings_in_what_no_rule_allows() -> None:
    found, _ = turns(judged("a", 90, 80), judged("dear", 60, 50, 900_00), rules=Constraints(budget_pence=150_00))
    assert (found.at("dear").value, found.at("dear").factor) == (None, None)


def test_a_cost_at_which_it_turns_does_turn_it_and_one_nearer_by_far_does_not() -> None:
    given = [judged("a", 90, 80, 100_00), judged("b", 60, 50, 100_00)]
    rules = Constraints(budget_pence=160_00)
    found, _ = turns(*given, rules=rules)
    comes = found.at("b", standing("b", False))
    assert comes.tried and comes.cost_pence is not None and 57_00 <= comes.cost_pence <= 60_00

    def chosen(cost: int) -> bool:
        changed = [given[0], replace(given[1], candidate=replace(given[1].candidate, cost_pence=cost))]
        return "b" in Problem(weighted(Objective(changed, EVEN)), rules).solve().chosen

    assert chosen(comes.cost_pence) and not chosen(comes.cost_pence + 400)


def test_weights_at_which_it_turns_do_turn_it() -> None:
    given = [judged("money", 90, 20), judged("care", 20, 80)]
    found, problem = turns(*given, rules=Constraints(budget_pence=100_00))
    assert problem.solve().chosen == ("money",)
    comes = found.at("care", standing("care", False, service=0.2, financial=-0.2))
    assert comes.head == Head.SERVICE and comes.weight is not None and 1 / 3 < comes.weight < 0.75

    def best(service: float) -> tuple[str, ...]:
        rest = (1 - service) / 2
        return (
            Problem(
                weighted(Objective(given, {Head.SERVICE: service, Head.FINANCIAL: rest, Head.WORKFORCE: rest})),
                Constraints(budget_pence=100_00),
            )
            .solve()
            .chosen
        )

    assert best(comes.weight) == ("care",) and best(comes.weight - 0.02) == ("money",)


def test_what_was_tried_in_vain_is_said_and_what_was_not_tried_is_not() -> None:
    row = {"by_optimiser": False, "turning_value": 40.0, "turning_factor": 1.3, "turning_cost_pence": None, "turning_weight": None, "turning_head": None,
           "tried": True, "cost_pence": 500_00, "run_cost_pence_pa": 100_00}  # fmt: skip
    asked = Asked(Constraints(), EVEN)
    assert (
        what_would_have_to_be_true(row, asked)
        == "It is chosen if it is worth 30% more than was scored. No change of its cost or of the weights alone was found that would change the choice."
    )
    assert what_would_have_to_be_true(row | {"tried": False}, asked) == "It is chosen if it is worth 30% more than was scored."
    dear = row | {"turning_cost_pence": 300_00, "turning_head": "service", "turning_weight": 0.5}
    said = what_would_have_to_be_true(dear, replace(asked, constraints=Constraints(run_years=2)))
    assert "is chosen if it costs £300 instead of £700." in said and "service heading has 50% of the weight instead of 33%" in said
    assert "A rule keeps it out" in what_would_have_to_be_true(row | {"turning_value": None}, asked)


def test_in_pounds_it_turns_at_an_amount_also_for_one_without_figures() -> None:
    money = Money(Column.COUNCIL_CASH, 60)
    some = replace(judged("some", 0, 0), pounds=Pounds(council_cash=10_000_00), run_cost_pence_pa=500_00)
    none = judged("none", 100, 100)
    found, problem = turns(some, none, rules=Constraints(budget_pence=100_00), money=money)
    assert problem.solve().chosen == ("some",) and problem.solve().value == 3_500_00
    comes: Turning = found.at("none", standing("none", False))
    assert (comes.value, comes.factor, comes.head) == (3_500_00, None, None)
    row = {
        "by_optimiser": False,
        "turning_value": comes.value,
        "turning_factor": None,
        "turning_cost_pence": None,
        "turning_weight": None,
        "tried": False,
    }
    assert (
        what_would_have_to_be_true(row, Asked(Constraints(), EVEN, money=money))
        == "It is chosen if it is worth £3,500 a year or more after the haircut and running costs."
    )
