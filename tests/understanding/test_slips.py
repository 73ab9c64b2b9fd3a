"""Slips of spelling are put right for finding the service; words that are spelt rightly, names and other languages are left alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from guildhall.providers.embeddings.minilm import whole_words
from guildhall.providers.speech.dictionary import is_spelt
from guildhall.understanding.linear import Floats
from guildhall.understanding.ports import Readers
from guildhall.understanding.slips import Slips
from guildhall.understanding.small_talk import SmallTalk
from guildhall.understanding.topics import TopicIndex
from guildhall.understanding.understander import Faculties, Understander
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.services import Service, ServiceMatch
from tests.conversations.talk import profile

AVONMERE = Slips(tuple(profile().services.values()), whole_words(), is_spelt)


def service(*names: str) -> Service:
    return Service(ServiceKey("any"), names[0], "a team", "It does that.", synonyms=names[1:])


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("blu bage", "blue badge"),
        ("counsil tax", "council tax"),
        ("recyling", "recycling"),
        ("planing permision", "planning permission"),
        ("blu bage aplication", "blue badge application"),
        ("elctoral rol", "electoral roll"),
        ("How do I pay my counsil tax, please?", "How do I pay my council tax, please?"),
    ],
)
def test_a_slip_is_put_right_and_all_else_stays(said: str, meant: str) -> None:
    assert AVONMERE.put_right(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "blue badge",
        "my moped was towed while I was mowing",  # English, though no page says it
        "I am Priyesh Counsilman and I live on Recyling Row",  # names keep their capitals
        "owt for a nesh babby",  # dialect: short words are only put right with their neighbour
        "chcem prihlásiť dieťa do školy",
        "Jak zaplatim dan z nemovitosti obci",
        "asdfgh jkljkl qwertz uiopas recyling",  # more unknown words than slips explain
        "see www.recyling.example or write to recyling@counsil.example",
        "don't dont theyre",
        "",
        "42",
    ],
)
def test_what_may_be_meant_as_it_stands_is_left_alone(said: str) -> None:
    assert AVONMERE.put_right(said) == said


def test_where_two_words_are_equally_near_neither_is_taken() -> None:
    slips = Slips([service("parking fines", "parking finds")], (), lambda _: False)
    assert slips.put_right("parking finxs") == "parking finxs"


def test_a_pair_is_put_right_only_where_one_pair_of_the_names_is_near() -> None:
    slips = Slips([service("blue badge", "blue bags")], {"blue"}, lambda _: False)
    assert slips.put_right("blu bage") == "blu bage"


def test_without_services_nothing_is_put_right() -> None:
    assert Slips((), (), lambda _: False).put_right("recyling") == "recyling"


@pytest.mark.parametrize("word", ["mowing", "moped", "don't", "dont", "theyre", "a"])
def test_the_dictionary_knows_english(word: str) -> None:
    assert is_spelt(word)


@pytest.mark.parametrize("word", ["recyling", "counsil", "", "przepraszam", "42", "a b", "mowing "])
def test_the_dictionary_knows_nothing_else(word: str) -> None:
    assert not is_spelt(word)


class FakeReader:
    """Hears nothing in any text."""

    def features(self, texts: Sequence[str]) -> Floats:
        return np.zeros((len(texts), 2), np.float32)


@dataclass
class ListeningRouter:
    """Remembers what it was given to read."""

    topics: TopicIndex = field(default_factory=lambda: TopicIndex(()))
    heard: list[str] = field(default_factory=list)
    looks_twice: bool = True

    def match(self, question: str, language: Language, features: Floats, again: Floats | None = None) -> tuple[ServiceMatch, ...]:
        self.heard.append(question)
        return ()


class OneQuestion:
    """Hears one question in everything."""

    def chance(self, features: Floats) -> Floats:
        return np.zeros(len(features), np.float32)


def listening() -> tuple[Understander, ListeningRouter]:
    router, reader = ListeningRouter(), FakeReader()
    parts: dict[str, Any] = {"readers": Readers(reader, reader), "languages": None, "detectors": (), "router": router}
    return Understander(Faculties(**parts, several=OneQuestion(), small_talk=SmallTalk([]), slips=AVONMERE)), router  # type: ignore[arg-type]


def test_only_the_router_reads_what_was_put_right_and_the_residents_words_stay() -> None:
    understander, router = listening()
    (question,) = understander.understand("how do I pay my counsil tax?", "en").questions
    assert (question.text, question.standalone) == ("how do I pay my counsil tax?", "how do I pay my counsil tax?")
    assert set(router.heard) == {"how do I pay my council tax?"}


def test_in_another_language_nothing_is_put_right() -> None:
    understander, router = listening()
    understander.understand("counsil tax", "pl")
    assert set(router.heard) == {"counsil tax"}
