"""A note reaches whom it names, and nobody else."""

import pytest

from guildhall.handoffs.mentioning import mentioned

NAMES = {"s1": "Ann", "s2": "Ann Marie Smith", "s3": "Tomáš Novák", "s4": "Sam Jones", "s5": "Sam Jones"}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Ann could you look?", ("s1",)),
        ("@Ann Marie Smith could you look?", ("s2",)),
        ("ask @tomáš novák, then @Ann.", ("s3", "s1")),
        ("@Ann and @Ann again", ("s1",)),
        ("@Annabel is somebody else", ()),
        ("write to ann@Ann.example", ()),
        ("@Sam Jones", ("s4", "s5")),
        ("@Tomáš please", ("s3",)),
        ("@Sam please", ()),
        ("no one here", ()),
    ],
)
def test_whom_a_note_mentions(text: str, who: tuple[str, ...]) -> None:
    assert mentioned(text, NAMES) == who


def test_a_desk_without_anybody_mentions_nobody() -> None:
    assert mentioned("@Ann", {}) == ()
