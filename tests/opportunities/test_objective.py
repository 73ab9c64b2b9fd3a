"""A run in pounds counts one column after the haircut; what has no figures is never a nought unseen; both worths are shown whichever decides."""

from dataclasses import replace
from typing import Any

from guildhall.opportunities.choosing import Asked, for_money, judge, run
from guildhall.opportunities.gates import Barred
from guildhall.opportunities.objective import Judged, Money, Objective, Unvalued, explained
from guildhall.opportunities.portfolio import Candidate, Constraints
from guildhall.opportunities.register import Opportunity
from guildhall.opportunities.robustness import Doubt
from guildhall.opportunities.scoring import Head
from guildhall.opportunities.sums import sums_of
from guildhall.opportunities.worth import Pounds
from guildhall.vocabulary.benefits import Column
from tests.opportunities.made import made

EVEN = dict.fromkeys(Head, 1.0)
CASH, CAPACITY = Money(Column.COUNCIL_CASH, 60), Money(Column.REINVESTED_CAPACITY, 45)


def one(name: str, points: float, pounds: Pounds | None = None, run: int = 0, **known: Any) -> Judged:
    return Judged(Candidate(name, 0, **({"cost_pence": 100_00} | known)), dict.fromkeys(Head, points), pounds, run)


LIKED = one("liked", 95, Pounds(reinvested_capacity=1_000_00))
PAYS = one("pays", 20, Pounds(council_cash=9_000_00), run=600_00)
UNKNOWN = one("unknown", 90)
THREE = [LIKED, PAYS, UNKNOWN]


def test_the_objective_decides_and_both_worths_are_there_either_way() -> None:
    rules = Constraints(budget_pence=100_00)
    by_points = run(THREE, Asked(rules, EVEN, Doubt(draws=5)))
    by_cash = run(THREE, Asked(rules, EVEN, Doubt(draws=5), CASH))
    assert (by_points.portfolio.chosen, by_cash.portfolio.chosen) == (("liked",), ("pays",))
    assert by_cash.portfolio.value == 9_000_00 * 0.4 - 600_00
    sums = sums_of(THREE, EVEN, by_cash.portfolio.chosen)
    assert round(sums.points) == 20 and sums.columns[Column.COUNCIL_CASH] == 9_000_00 and sums.run_cost_pence_pa == 600_00
    assert sums.after(Column.COUNCIL_CASH, 60) == 3_600_00


def test_running_costs_come_off_cash_and_off_no_other_column() -> None:
    each = [one("a", 50, Pounds(1_000_00, 1_000_00, 1_000_00, 1_000_00), run=100_00)]
    values = {column: float(Objective(each, EVEN, Money(column, 50)).values()[0]) for column in Column}
    assert values == {column: 400_00 if column == Column.COUNCIL_CASH else 500_00 for column in Column}


def test_a_column_that_would_not_pay_its_running_is_not_chosen_though_there_is_money_left() -> None:
    found = run(
        [PAYS, one("dear", 90, Pounds(council_cash=1_000_00), run=500_00)],
        Asked(Constraints(budget_pence=900_00), EVEN, Doubt(draws=3), CASH),
    )
    assert found.portfolio.chosen == ("pays",)


def test_what_has_no_figures_is_chosen_only_where_something_asks_for_it() -> None:
    groundwork, built = one("groundwork", 10), one("built", 10, Pounds(council_cash=50_000_00), depends_on=("groundwork",))
    free = replace(UNKNOWN, candidate=replace(UNKNOWN.candidate, cost_pence=0))
    found = run([groundwork, built, free], Asked(Constraints(budget_pence=900_00), EVEN, Doubt(draws=3), CASH))
    assert set(found.portfolio.chosen) == {"groundwork", "built"} and found.portfolio.value == 50_000_00 * 0.4
    assert sums_of([groundwork, built, free], EVEN, found.portfolio.chosen).unvalued == ("groundwork",)


def known_by(*each: Judged) -> dict[str, Opportunity]:
    return {one.candidate.id: made(one.candidate.id, volume_pa=4) for one in each}


def test_left_out_says_what_is_missing_and_takes_along_what_needs_it_but_nothing_that_must_be_done() -> None:
    built = one("built", 10, Pounds(council_cash=1), depends_on=("unknown",))
    must, base = one("must", 5, must_have=True, depends_on=("base",)), one("base", 5)
    everything = [PAYS, UNKNOWN, built, must, base]
    judged, out = for_money(everything, {"gone": (Barred("closed"),)}, replace(CASH, unvalued=Unvalued.LEFT_OUT), known_by(*everything))
    assert [each.candidate.id for each in judged] == ["pays", "must", "base"]
    assert "Nobody has said how many minutes of staff time each takes, what an hour of staff time costs" in out["unknown"][0].text
    assert "It needs “Title of unknown”" in out["built"][0].text and out["gone"][0].text == "closed"
    for money in (None, CASH):
        assert for_money(everything, {}, money, {}) == (tuple(everything), {})


def test_the_budget_covers_the_years_of_running_that_are_asked() -> None:
    asked = Asked(Constraints(budget_pence=700_00, run_years=1), EVEN, Doubt(draws=3), CASH)
    assert run([PAYS], asked).portfolio.cost_pence == 700_00
    assert run([PAYS], replace(asked, constraints=Constraints(budget_pence=700_00, run_years=2))).portfolio.chosen == ()


def test_inclusion_and_frontier_are_in_the_objective() -> None:
    rivals = [
        one("sure", 1, Pounds(council_cash=90_000_00)),
        one("near", 1, Pounds(council_cash=40_000_00)),
        one("far", 99, Pounds(council_cash=38_000_00)),
    ]
    found = run(rivals, Asked(Constraints(budget_pence=200_00), EVEN, Doubt(draws=40, cost_spread=0.0), CASH))
    standing = {each.id: each for each in found.robust.standings}
    assert standing["sure"].robust and standing["near"].contested and standing["far"].contested and not standing["near"].leans
    assert found.frontier[-1].value == (90_000_00 + 40_000_00 + 38_000_00) * 0.4 or found.frontier[-1].budget_pence == 300_00
    assert [point.value for point in found.frontier] == sorted(point.value for point in found.frontier)


def test_pounds_go_from_the_register_to_the_candidate() -> None:
    each = made("a", volume_pa=600, minutes_each=10.0, staff_pence_an_hour=2_000, saves_percent=50, run_cost_pence_pa=7)
    (judged,), _ = judge([each], {"a": dict.fromkeys(Head, 3.0)}, {})
    assert judged.pounds == Pounds(reinvested_capacity=100_000) and judged.run_cost_pence_pa == 7


def test_what_was_counted_is_said() -> None:
    assert "less 60% because it is an estimate" in explained(CASH) and "Running costs are taken off" in explained(CASH)
    assert "Running costs" not in explained(CAPACITY) and "decide nothing here" in explained(None)
