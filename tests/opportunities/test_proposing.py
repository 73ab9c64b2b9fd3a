"""Proposals come with the exact words they rest on; a model's that quotes otherwise is dropped."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from guildhall.opportunities.figures import minutes_in, times_a_year
from guildhall.opportunities.model_extractor import ModelExtractor
from guildhall.opportunities.proposing import EmbeddedExtractor, Proposal, found_word_for_word, propose, sentences, title_of
from guildhall.vocabulary.errors import ProviderError

NOTES = """Workshop with the blue badge team

Badge officer: We copy every application from the form into the case system by hand. It takes 20 minutes and we get 60 a week.
Team leader: People ring again to ask where their badge is, because nobody tells them.

The room was warm and the coffee was good.
"""


class Services:
    def service_of(self, text: str) -> str:
        return "blue-badge" if "badge" in text or "application" in text else ""


class Model:
    def __init__(self, reply: Any) -> None:
        self.reply = reply if isinstance(reply, str) else json.dumps(reply)

    def write(self, instructions: str, material: str, schema: dict[str, Any]) -> Iterator[str]:
        yield from (self.reply[:5], self.reply[5:])


def test_each_proposal_has_its_quotes_by_role_and_small_talk_makes_none() -> None:
    first, second = EmbeddedExtractor(Services()).extract(NOTES)
    assert first.quotes[0] == ("Badge officer", "We copy every application from the form into the case system by hand.")
    assert (first.volume_pa, first.minutes_each, first.service) == (3000, 20, "blue-badge")
    assert second.quotes[0][0] == "Team leader"
    assert all(found_word_for_word(each, NOTES) for each in (first, second))


def test_every_sentence_stands_in_the_notes_exactly() -> None:
    assert all(said.text in NOTES for said in sentences(NOTES))


@pytest.mark.parametrize(
    ("text", "volume"),
    [("about 40 a week", 2000), ("1,200 forms every month", 14400), ("30 calls per day", 7500), ("a few a year", 0), ("12 a quarter", 48)],
)
def test_volumes_are_read_as_people_say_them(text: str, volume: int) -> None:
    assert times_a_year(text) == volume


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("it takes half an hour", 30), ("two and a half hours each", 150), ("15 minutes", 15), ("an hour", 60), ("soon", 0)],
)
def test_times_are_read_as_people_say_them(text: str, minutes: float) -> None:
    assert minutes_in(text) == minutes


def test_what_a_model_quotes_must_be_in_the_notes() -> None:
    true: dict[str, Any] = {
        "title": "Copying",
        "problem": "p",
        "quotes": [{"role": "Badge officer", "text": "It takes 20 minutes and we get 60 a week."}],
    }
    false = {"title": "Savings", "problem": "p", "quotes": [{"role": "", "text": "It would save £2 million a year."}]}
    mixed = {"title": "Half", "problem": "p", "quotes": [true["quotes"][0], false["quotes"][0]]}
    none = {"title": "Nothing", "problem": "p", "quotes": []}
    found = ModelExtractor(Model({"proposals": [false, true, mixed, none, "?", {"quotes": 3}]}), Services()).extract(NOTES)
    assert [(each.title, each.by, each.volume_pa) for each in found] == [("Copying", "model", 3000)]


@pytest.mark.parametrize("reply", ["no json", '{"proposals": '])
def test_a_model_that_writes_no_json_has_failed(reply: str) -> None:
    with pytest.raises(ProviderError):
        ModelExtractor(Model(reply), Services()).extract(NOTES)


def test_two_extractors_do_not_say_the_same_twice() -> None:
    once = propose(NOTES, [EmbeddedExtractor(Services())])
    assert propose(NOTES, [EmbeddedExtractor(Services()), EmbeddedExtractor(Services())]) == once


def test_broken_lines_are_no_other_words() -> None:
    assert found_word_for_word(Proposal("t", "p", (("", "get 60 a week"),)), "we get\n60 a  week")


def test_a_title_is_short() -> None:
    assert len(title_of("word " * 60)) < 100
