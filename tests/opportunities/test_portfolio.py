"""The optimiser is held to brute force on small instances, and every set it gives holds every rule."""

from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.opportunities.breaking import broken_rules, by_rank
from guildhall.opportunities.portfolio import Candidate, Constraints, Problem, Solved, solve

NAMES = [f"o{n}" for n in range(8)]
PLACES = ["Adults", "Place"]


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    count = draw(st.integers(1, 8))
    return [
        Candidate(
            NAMES[n],
            float(draw(st.integers(1, 60))),
            draw(st.integers(0, 20)) * 100_000,
            {"Digital": float(draw(st.integers(0, 5)))},
            draw(st.sampled_from(PLACES)),
            tuple(draw(st.lists(st.sampled_from([x for x in NAMES[:count] if x != NAMES[n]] or ["gone"]), max_size=1))),
            tuple(draw(st.lists(st.sampled_from([x for x in NAMES[:count] if x != NAMES[n]] or ["gone"]), max_size=1))),
            draw(st.integers(0, 9)) == 0,
        )
        for n in range(count)
    ]


rules = st.builds(
    Constraints,
    budget_pence=st.none() | st.integers(0, 60).map(lambda n: n * 100_000),
    at_most=st.none() | st.integers(0, 6),
    team_days=st.dictionaries(st.just("Digital"), st.integers(0, 15).map(float)),
    floors=st.dictionaries(st.sampled_from(PLACES), st.integers(0, 2)),
    ceilings=st.dictionaries(st.sampled_from(PLACES), st.integers(2, 4)),
)


def best_of_all(given_: list[Candidate], limits: Constraints) -> float | None:
    subsets = chain.from_iterable(combinations(given_, n) for n in range(len(given_) + 1))
    held = [sum(each.value for each in subset) for subset in subsets if not broken_rules(given_, limits, [each.id for each in subset])]
    return max(held, default=None)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(candidates(), rules)
def test_it_is_as_good_as_trying_every_set_and_breaks_no_rule(given_: list[Candidate], limits: Constraints) -> None:
    found, best = solve(given_, limits), best_of_all(given_, limits)
    if best is None:
        assert found.solved == Solved.IMPOSSIBLE
        return
    assert found.solved == Solved.OPTIMAL
    assert broken_rules(given_, limits, found.chosen) == ()
    assert abs(found.value - best) <= 1e-3 * max(best, 1)


def test_what_depends_on_nobody_here_is_never_chosen() -> None:
    assert solve([Candidate("a", 5, depends_on=("gone",)), Candidate("b", 1)], Constraints()).chosen == ("b",)


def test_forcing_one_out_and_in() -> None:
    problem = Problem([Candidate("a", 5, 100), Candidate("b", 1, 100)], Constraints(budget_pence=100))
    assert problem.solve().chosen == ("a",)
    assert problem.solve(fixed={"a": False}).chosen == ("b",)
    assert problem.solve(fixed={"a": True, "b": True}).solved == Solved.IMPOSSIBLE


def test_no_candidates_are_an_empty_portfolio() -> None:
    assert solve([], Constraints(budget_pence=5)).chosen == ()


def test_sorting_by_rank_breaks_what_the_optimiser_holds() -> None:
    three = [Candidate("a", 9, 900, depends_on=("c",)), Candidate("b", 8, 800, excludes=("a",)), Candidate("c", 1, 100)]
    limits = Constraints(budget_pence=1_000)
    ranked = by_rank(three, 2)
    assert {broken.rule for broken in broken_rules(three, limits, ranked.chosen)} == {"dependency", "exclusion", "budget"}
    assert broken_rules(three, limits, solve(three, limits).chosen) == ()
