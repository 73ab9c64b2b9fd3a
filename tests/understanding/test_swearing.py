"""Swearing says how somebody feels: it changes no question, and an insult is none."""

import pytest

from guildhall.understanding.bare import names_nothing
from guildhall.understanding.swearing import only_insults, without_emphasis


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("where the fuck is my bin", "where is my bin"),
        ("For fuck's sake, just tell me when the tip opens", "just tell me when the tip opens"),
        ("bloody hell how much is a brown bin", "how much is a brown bin"),
        ("the bloody light is out again", "the light is out again"),
    ],
)
def test_a_question_is_read_past_its_swearing(said: str, asked: str) -> None:
    assert without_emphasis(said) == asked


@pytest.mark.parametrize(
    "said", ["dog shit on the path", "my nose is bloody", "fuck off", "where is hell lane", "how do I pay council tax duck"]
)
def test_words_that_may_mean_something_stay(said: str) -> None:
    assert without_emphasis(said) == said


def test_only_names_that_we_are_called_are_no_question() -> None:
    assert only_insults("You lot are useless")
    assert not only_insults("Your useless bin lorry has gone past again")
    assert not only_insults("When is my bin day?")


@pytest.mark.parametrize("said", ["how much is it", "When are you open?", "what time is it", "help", "I need a form", "is it free"])
def test_a_question_can_name_nothing(said: str) -> None:
    assert names_nothing(said)


@pytest.mark.parametrize("said", ["bin", "how much is a skip", "is the tip open now", "tax", "", "kiedy?"])
def test_one_word_of_what_it_is_about_is_enough(said: str) -> None:
    assert not names_nothing(said)
