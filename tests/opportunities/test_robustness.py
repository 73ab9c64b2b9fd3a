"""What is robust stays under other weights and estimates; the same seed gives the same draws; turning points are exact."""

import pytest

from guildhall.opportunities.choosing import Asked, judge, points, run
from guildhall.opportunities.gates import Gate, GateState
from guildhall.opportunities.objective import Judged, Objective
from guildhall.opportunities.portfolio import Candidate, Constraints, Problem
from guildhall.opportunities.register import Answer, Deciding, Status
from guildhall.opportunities.robustness import Doubt, frontier, robustness, weighted
from guildhall.opportunities.scoring import Head
from tests.opportunities.made import made

EVEN = {Head.FINANCIAL: 1.0, Head.SERVICE: 1.0, Head.WORKFORCE: 1.0}


def judged() -> list[Judged]:
    best = Judged(Candidate("best", 0, 100_00), dict.fromkeys(Head, 95.0))
    money = Judged(Candidate("money", 0, 100_00), {Head.FINANCIAL: 80.0, Head.SERVICE: 10.0, Head.WORKFORCE: 20.0})
    care = Judged(Candidate("care", 0, 100_00), {Head.FINANCIAL: 10.0, Head.SERVICE: 80.0, Head.WORKFORCE: 20.0})
    worst = Judged(Candidate("worst", 0, 100_00), dict.fromkeys(Head, 1.0))
    return [best, money, care, worst]


TWO = Constraints(budget_pence=250_00, at_most=2)


def test_the_sure_one_is_robust_and_two_rivals_are_contested() -> None:
    asked = Asked(TWO, EVEN, Doubt(draws=80, seed=4, value_spread=0.2, cost_spread=0.0))
    found = run(judged(), asked)
    standing = {each.id: each for each in found.robust.standings}
    assert standing["best"].robust and not standing["worst"].contested
    assert standing["money"].contested and standing["care"].contested
    assert standing["money"].leans[Head.FINANCIAL] > 0 > standing["money"].leans[Head.SERVICE]
    assert found.headline == "robust 1, contested 2"


def test_the_same_seed_gives_the_same_draws_and_another_gives_others() -> None:
    def inclusions(seed: int) -> list[float]:
        found = robustness(Objective(judged(), EVEN), TWO, ["best", "money"], Doubt(draws=60, seed=seed))
        return [each.inclusion for each in found.standings]

    assert inclusions(1) == inclusions(1)
    assert inclusions(1) != inclusions(2)


def test_draws_in_which_nothing_meets_the_rules_are_counted_apart() -> None:
    must = [Judged(Candidate("must", 0, 100_00, must_have=True), dict.fromkeys(Head, 50.0))]
    found = robustness(Objective(must, EVEN), Constraints(budget_pence=100_00), ["must"], Doubt(draws=50, seed=2, cost_spread=0.5))
    assert 10 < found.without < 40
    assert found.standings[0].inclusion == 1.0


def test_more_budget_never_buys_less() -> None:
    problem = Problem(weighted(Objective(judged(), EVEN)), Constraints(budget_pence=250_00))
    values = [point.value for point in frontier(problem, problem.solve())]
    assert len(values) > 3 and values == sorted(values)


def test_progress_only_grows_and_ends_within_its_total() -> None:
    told: list[tuple[int, int]] = []
    run(judged(), Asked(TWO, EVEN, Doubt(draws=10)), lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert all(done <= total for done, total in told)


def test_gates_exclude_and_are_never_points() -> None:
    alone = made("alone", deciding=Deciding.SOLELY_AUTOMATED)
    risky = made("risky", safeguarding_risk=True)
    stopped, unasked, proposed = made("stopped", answer=Answer.STOP), made("unasked", answer=None), made("new", Status.PROPOSED)
    plain = made("plain")
    everything = [alone, risky, stopped, unasked, proposed, plain]
    top = {each.id: dict.fromkeys(Head, 5.0) for each in everything}
    opened = {"alone": dict.fromkeys(Gate, GateState.OPEN)}
    chosen, out = judge(everything, top, opened)
    assert [each.candidate.id for each in chosen] == ["plain"]
    assert out["alone"][0].for_good and "safeguarding gate has to be opened" in out["risky"][0].text
    chosen, _ = judge(everything, top, {"risky": {Gate.SAFEGUARDING: GateState.OPEN}})
    assert [each.candidate.id for each in chosen] == ["risky", "plain"]
    _, out = judge([plain], top, {"plain": {Gate.LEGAL: GateState.CLOSED}})
    assert "law gate is closed" in out["plain"][0].text


def test_what_nobody_scored_may_not_be_chosen() -> None:
    assert judge([made("a")], {}, {})[0] == ()


def test_what_needs_one_that_may_not_be_chosen_may_not_either_and_says_which() -> None:
    everything = [
        made("top", depends_on=("middle",)),
        made("middle", depends_on=("alone",)),
        made("alone", deciding=Deciding.SOLELY_AUTOMATED),
        made("free"),
    ]
    chosen, out = judge(everything, {each.id: dict.fromkeys(Head, 5.0) for each in everything}, {})
    assert [each.candidate.id for each in chosen] == ["free"]
    assert out["top"][0].text == "It needs “Title of middle”, which cannot be chosen."


def test_without_a_budget_the_frontier_ends_at_what_the_best_set_costs() -> None:
    problem = Problem(weighted(Objective(judged(), EVEN)), Constraints(at_most=2))
    best = problem.solve()
    found = frontier(problem, best)
    assert found[-1].budget_pence == best.cost_pence and set(found[-1].chosen) == set(best.chosen)


@pytest.mark.parametrize(("score", "worth"), [(1, 0), (3, 50), (5, 100)])
def test_scores_are_points(score: float, worth: float) -> None:
    assert points({Head.SERVICE: score}) == {Head.SERVICE: worth}
