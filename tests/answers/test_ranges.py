"""A number in a question is matched to the range that a row is about."""

import pytest

from guildhall.answers.ranges import fits, numbers_asked, spans_in


@pytest.mark.parametrize(
    ("question", "label", "held"),
    [
        ("5 items", "4 to 6 items", True),
        ("5 items", "Up to 3 items", False),
        ("five items", "4 to 6 items", True),
        ("park for 2 hours", "City centre, up to 2 hours", True),
        ("empty for 2 years", "1 year to 5 years", True),
        ("empty for 12 years", "10 years or more", True),
        ("a 2 bed flat", "2-bedroom flat", True),
        ("a 3 year old", "3 and 4 years", True),
        ("5 items", "Mattress", None),
        ("5 items", "Within 3 hours", None),
    ],
)
def test_a_row_holds_the_number_or_does_not_or_is_about_something_else(question: str, label: str, held: bool | None) -> None:
    assert fits(numbers_asked(question), spans_in(label)) is held
