"""Near-duplicates are proposed, never merged by themselves; what is merged counts its volume once."""

from typing import Any

import numpy as np

from guildhall.opportunities.duplicates import merged, near_duplicates, words_of
from guildhall.opportunities.register import Deciding, Details, Status
from guildhall.testing.embedder import HashingEmbedder
from tests.opportunities.made import made

SAME: dict[str, Any] = {"service": "council-tax", "process_step": "Copy from the form"}


def test_alike_words_are_proposed_and_others_are_not() -> None:
    rows = [
        made("a", title="Copy change of address into the tax system", problem="Typed by hand"),
        made("b", title="Copy change of address into the tax system by hand", problem="Typed by hand"),
        made("c", title="Trees are inspected on paper", problem="Maps are lost"),
        made("d", Status.MERGED, title="Copy change of address into the tax system", problem="Typed by hand"),
    ]
    vectors = HashingEmbedder(256).embed([words_of(row) for row in rows])
    (pair,) = near_duplicates(rows, vectors)
    assert (pair.first, pair.second) == ("a", "b") and pair.alike > 0.75
    assert near_duplicates(rows, vectors, {("a", "b")}) == ()


def test_one_step_of_one_process_needs_less_likeness() -> None:
    vectors = np.array([[1.0, 0.0], [0.65, np.sqrt(1 - 0.65**2)]], dtype=np.float32)
    apart = [made("a"), made("b")]
    together = [made("a", **SAME), made("b", **SAME)]
    assert near_duplicates(apart, vectors) == ()
    assert near_duplicates(together, vectors)[0].same_process


def test_two_services_need_more_likeness_than_one() -> None:
    vectors = np.array([[1.0, 0.0], [0.85, np.sqrt(1 - 0.85**2)]], dtype=np.float32)
    assert near_duplicates([made("a", service="trees"), made("b", service="rents")], vectors) == ()
    assert len(near_duplicates([made("a", service="trees"), made("b", service="trees")], vectors)) == 1


def test_volume_is_counted_once_and_the_stricter_gate_stays() -> None:
    kept = Details("One", "p", volume_pa=900, minutes_each=10, data_classes=("personal",))
    gone = Details("Other", "p", volume_pa=1200, deciding=Deciding.SUGGESTS, data_classes=("children",), safeguarding_risk=True)
    both = merged(kept, gone)
    assert (both.title, both.volume_pa, both.minutes_each) == ("One", 1200, 10)
    assert both.deciding == Deciding.SUGGESTS and both.safeguarding_risk and both.data_classes == ("personal", "children")


def test_pounds_are_counted_once_and_figures_that_only_one_has_are_kept() -> None:
    one = made("a", volume_pa=100, minutes_each=10.0, staff_pence_an_hour=2_000, cash_pence_pa=0, resident_pence_pa=500).details
    other = made(
        "b", volume_pa=400, minutes_each=99.0, saves_percent=50, cash_pence_pa=7_000, cash_act="a contract ends", avoided_pence_pa=9
    ).details
    both = merged(one, other)
    assert (both.volume_pa, both.minutes_each, both.staff_pence_an_hour, both.saves_percent) == (400, 10.0, 2_000, 50)
    assert (both.cash_pence_pa, both.cash_act, both.avoided_pence_pa, both.resident_pence_pa) == (0, "", 9, 500)
