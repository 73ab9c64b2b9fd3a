"""Shares by the weights of the draw, intervals that hold what they promise, and how far markers agree."""

from dataclasses import replace

import numpy as np
import pytest

from guildhall.value.auditing.estimating import results
from guildhall.value.measures.intervals import Part, of_share, of_strata
from guildhall.vocabulary.auditing import Fault, Mark
from tests.value.auditing.made import AT, drawn

WEB, PHONE, NO = "answered/english/web", "answered/english/phone", "declined/english/web"
R, P = ("ann", Mark.RIGHT, None), ("ann", Mark.PARTLY_RIGHT, Fault.MISSED_PART)
W = ("ann", Mark.WRONG, Fault.SHOULD_HAVE_DECLINED)
OK, SHOULD = ("ann", Mark.RIGHTLY_DECLINED, None), ("ann", Mark.SHOULD_HAVE_ANSWERED, Fault.NOT_FOUND)

Marks = list[tuple[str, Mark, Fault | None]]


def test_a_kind_counts_by_how_many_of_it_there_are_and_partly_right_is_wrong() -> None:
    marks: dict[str, Marks] = {f"{WEB}:1": [R], f"{WEB}:2": [R], f"{PHONE}:1": [P], f"{PHONE}:2": [W], f"{NO}:1": [OK], f"{NO}:2": [SHOULD]}
    found = results(drawn({WEB: (900, 2), PHONE: (100, 2), NO: (10, 2)}, marks))
    assert found.accuracy.estimate.value == pytest.approx(0.9) and (found.accuracy.n, found.accuracy.stands_for) == (4, 1000)
    assert found.declined_rightly.estimate.value == pytest.approx(0.5)
    assert found.should_have_declined.estimate.value == pytest.approx(0.05)
    assert found.faults == ((Fault.MISSED_PART, 1, 50.0), (Fault.SHOULD_HAVE_DECLINED, 1, 50.0), (Fault.NOT_FOUND, 1, 5.0))
    assert found.finished


def test_nothing_marked_is_nothing_known() -> None:
    found = results(drawn({WEB: (900, 2)}, {}))
    assert found.accuracy.estimate.value is None and found.accuracy.n == 0 and not found.finished
    assert found.agreement.kappa is None and found.agreement.enough is None


def test_kappa_is_cohens() -> None:
    """Of 50 pairs 35 are alike, 0.7; chance alone makes 0.5 alike by these margins: (0.7 - 0.5) / (1 - 0.5)."""
    pairs = [("right", "right")] * 20 + [("right", "wrong")] * 5 + [("wrong", "right")] * 10 + [("wrong", "wrong")] * 15
    marks: dict[str, Marks] = {
        f"{WEB}:{at}": [("ann", Mark(one), None), ("ben", Mark(other), None), *([("cat", Mark.RIGHT, None)] if one != other else [])]
        for at, (one, other) in enumerate(pairs, 1)
    }
    found = results(drawn({WEB: (900, 50)}, marks, double=100)).agreement
    assert (found.pairs, found.same) == (50, 35)
    assert found.kappa == pytest.approx(0.4) and found.enough is False
    assert found.low is not None and found.high is not None and found.low < 0.4 < found.high


def test_where_all_marks_are_alike_there_is_no_kappa() -> None:
    marks: dict[str, Marks] = {f"{WEB}:{at}": [R, ("ben", Mark.RIGHT, None)] for at in range(1, 4)}
    found = results(drawn({WEB: (900, 3)}, marks, double=100)).agreement
    assert (found.pairs, found.same, found.kappa) == (3, 3, None)


def test_one_stratum_of_many_is_a_plain_share() -> None:
    made, plain = of_strata([Part(400, 300, 1e9)]), of_share(300, 400)
    assert made.value == plain.value
    assert made.low == pytest.approx(plain.low, abs=1e-3) and made.high == pytest.approx(plain.high, abs=1e-3)


def test_when_all_were_judged_there_is_nothing_left_to_chance() -> None:
    made = of_strata([Part(10, 9, 10), Part(5, 1, 5)])
    assert made.value == made.low == made.high == pytest.approx(10 / 15)


def test_a_kind_without_a_miss_is_not_taken_for_sure() -> None:
    made = of_strata([Part(20, 20, 2000), Part(10, 10, 100)])
    assert made.value == made.high == 1.0 and made.low is not None and made.low < 0.95


POPULATIONS = {
    "twelve kinds": (
        [4000, 900, 300, 250, 120, 80, 700, 200, 60, 150, 40, 30], [0.9, 0.9, 0.85, 0.8, 0.8, 0.7, 0.6, 0.6, 0.5, 0.7, 0.7, 0.7],
        [60, 16, 9, 8, 6, 6, 14, 7, 6, 7, 5, 5],
    ),
    "nearly all right": ([4000, 900, 300, 250], [0.98, 0.97, 0.95, 0.95], [80, 20, 10, 10]),
    "few of many": ([700, 200, 60], [0.8, 0.6, 0.5], [14, 7, 6]),
    "rare": ([4000, 900, 300, 250, 120, 80], [0.02, 0.05, 0.05, 0.1, 0.1, 0.1], [60, 16, 9, 8, 6, 6]),
}  # fmt: skip


@pytest.mark.parametrize("name", POPULATIONS)
def test_the_interval_holds_the_truth_about_as_often_as_it_says(name: str) -> None:
    sizes, shares, drawn_of = POPULATIONS[name]
    rng, right = np.random.default_rng(20261101), [round(size * share) for size, share in zip(sizes, shares, strict=True)]
    truth, runs, held = sum(right) / sum(sizes), 1500, 0
    for _ in range(runs):
        hits = [int(rng.hypergeometric(good, size - good, n)) for good, size, n in zip(right, sizes, drawn_of, strict=True)]
        made = of_strata([Part(n, hit, size) for n, hit, size in zip(drawn_of, hits, sizes, strict=True)])
        assert made.low is not None and made.high is not None
        held += made.low <= truth <= made.high
    assert 0.93 <= held / runs <= 0.99, held / runs


def test_a_sample_that_was_closed_counts_what_nobody_decided_both_ways() -> None:
    right: dict[str, Marks] = {f"{WEB}:{at}": [R] for at in range(1, 9)}
    marks: dict[str, Marks] = right | {f"{WEB}:9": [W], f"{WEB}:10": [R, ("ben", *W[1:])]}
    open_one = drawn({WEB: (900, 10), PHONE: (100, 2)}, {**marks, f"{PHONE}:1": [R]}, double=100)
    assert not open_one.finished
    closed = replace(open_one, closed_at=AT, closed_by="lead", closed_why="nobody is left")
    assert closed.finished and closed.next_for("cat") is None and closed.wanted == closed.given == 12
    one_each = replace(
        drawn({WEB: (900, 10), PHONE: (100, 2)}, {**{f"{WEB}:{at}": [R] for at in range(1, 9)}, f"{WEB}:9": [W], f"{PHONE}:1": [R]}),
        closed_at=AT,
    )
    assert one_each.undecided == {f"{WEB}:10", f"{PHONE}:2"}
    found = results(one_each)
    figure, fault = found.accuracy, found.should_have_declined
    assert (figure.n, figure.undecided, found.undecided, figure.stands_for) == (12, 2, 2, 1000)
    assert figure.lowest == pytest.approx(0.9 * 0.8 + 0.1 * 0.5) and figure.highest == pytest.approx(0.9 * 0.9 + 0.1 * 1.0)
    assert figure.estimate.value == pytest.approx((0.77 + 0.91) / 2)
    assert fault.lowest == pytest.approx(0.09) and fault.highest == pytest.approx(0.9 * 0.2 + 0.1 * 0.5)
    assert [(one.judged, one.good, one.undecided) for one in found.strata] == [(9, 8, 1), (1, 1, 1)]


def test_the_interval_of_what_is_counted_both_ways_holds_both() -> None:
    lowest, highest = of_strata([Part(100, 80, 1000)]), of_strata([Part(100, 90, 1000)])
    both = of_strata([Part(100, 80, 1000, undecided=10)])
    assert (both.low, both.high) == (lowest.low, highest.high) and both.value == pytest.approx(0.85)
    nobody = of_strata([Part(100, 0, 1000, undecided=100)])
    assert nobody.low == 0.0 and nobody.high == 1.0
