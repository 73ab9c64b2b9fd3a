"""Which team instead: a pair of few contacts is shown neither by itself nor through the total."""

import pytest

from guildhall.web.console.value.misdirection import few_put_together

A, B, C, D = ("desk", "tax"), ("desk", "repairs"), ("tax", "desk"), ("tax", "care")


@pytest.mark.parametrize(
    ("pairs", "shown", "hidden"),
    [
        ({A: 12, B: 7}, [(A, 12), (B, 7)], 0),
        ({A: 12, B: 3, C: 2}, [(A, 12)], 5),
        ({A: 12, B: 9, C: 2}, [(A, 12)], 11),
        ({A: 12, B: 4}, [], 16),
        ({B: 4}, [], 4),
        ({}, [], 0),
    ],
)
def test_few_are_put_together_and_never_alone(pairs: dict[tuple[str, str], int], shown: list[object], hidden: int) -> None:
    assert few_put_together(pairs) == (shown, hidden)
