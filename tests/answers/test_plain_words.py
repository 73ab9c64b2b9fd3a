"""What an adviser puts into a message reads as words, and loses no fact."""

import pytest

from guildhall.answers.plain_words import plain_words

TABLE = """It costs:

| Items | Cost |
|---|---:|
| 1 to 3 items | £32 |
| 4 or 5 items | £46 |

1. Choose the items."""


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("See [ways to pay](/council-tax/pay) and **phone** us.", "See ways to pay and phone us."),
        ("Use `A1` or *both*, 2 * 3 * 4 and snake_case_name.", "Use A1 or both, 2 * 3 * 4 and snake_case_name."),
        ("- one\n- **two**", "- one\n- two"),
        ("Open 9am - 5pm", "Open 9am - 5pm"),
        (TABLE, "It costs:\n\nItems – Cost\n1 to 3 items – £32\n4 or 5 items – £46\n\n1. Choose the items."),
    ],
)
def test_marks_go_and_words_stay(markdown: str, words: str) -> None:
    assert plain_words(markdown) == words
