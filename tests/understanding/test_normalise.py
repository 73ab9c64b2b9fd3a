"""Disguises are undone, and every span still points at the resident's own characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.understanding.normalise import LONGEST, read, readings


@pytest.mark.parametrize(
    ("said", "read_as"),
    [
        ("I want to k i l l myself", "I want to kill myself"),
        ("kіll mуself", "kill myself"),
        ("Ｉ ｎｅｅｄ ｈｅｌｐ", "I need help"),
        ("he\u200blp me", "help me"),
        ("heeeeelp", "heelp"),
        ("he has a 🔪", "he has a  knife "),
        ("don’t", "don't"),
        ("Підкажіть", "Підкажіть"),
    ],
)
def test_a_disguise_is_undone(said: str, read_as: str) -> None:
    assert read(said).text == read_as


def test_leetspeak_is_a_second_reading_and_the_first_stays() -> None:
    assert [r.text for r in readings("su1cid3 now")] == ["su1cid3 now", "suicide now"]


@pytest.mark.parametrize("text", ["bins at AV1 1GH", "3wks running", "9am to 5pm", "thanks!!", "form CT2", "2nd bin"])
def test_postcodes_times_and_counts_are_not_taken_for_leetspeak(text: str) -> None:
    assert len(readings(text)) == 1


def test_a_span_points_at_the_residents_own_characters() -> None:
    said = "please k\u200bi\u200bl\u200bl the lights"
    reading = read(said)
    start = reading.text.index("kill")
    assert said[slice(*reading.span(start, start + 4))] == "k\u200bi\u200bl\u200bl"


def test_what_is_too_long_to_read_is_owned_up_to() -> None:
    assert read("a " * LONGEST).cut is True


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_spans_stay_inside_it(text: str) -> None:
    for reading in readings(text):
        for place in range(0, len(reading.text), 7):
            start, end = reading.span(place, min(place + 3, len(reading.text)))
            assert 0 <= start <= end <= len(text)
