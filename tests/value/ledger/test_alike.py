"""Two spellings of one act are one, and two acts are two."""

import pytest

from guildhall.value.ledger.alike import alike


@pytest.mark.parametrize("again", ["P-1047", "p 1047", "P1047", " P\u20131047 ", "P.1047", "P\u200b-1047", "\uff30-1047"])
def test_spellings_of_one_act_are_one(again: str) -> None:
    assert alike(again) == "P1047"


@pytest.mark.parametrize(("one", "two"), [("1-11", "11-1"), ("P-1-047", "P-10-47"), ("AB-C", "A-BC"), ("P-1047", "P-1048")])
def test_two_acts_are_two(one: str, two: str) -> None:
    assert alike(one) != alike(two)


def test_what_has_no_letter_and_no_digit_is_no_number() -> None:
    assert alike(" – ") == ""
