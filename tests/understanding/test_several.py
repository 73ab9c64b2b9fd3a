"""Telling several questions from one: pieces, what joins what, and the confidence of services asked for together."""

import numpy as np
import pytest

from guildhall.understanding.several import SeveralHead, also_meant, gathered, pieces_of
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import ServiceMatch


def match(key: str, confidence: float, lgsl: int | None = None) -> ServiceMatch:
    return ServiceMatch(ServiceKey(key), confidence, lgsl)


def by_key(found: ServiceMatch) -> object:
    return found.key if found.lgsl is None else found.lgsl


def test_a_head_tells_how_likely_several_questions_are() -> None:
    head = SeveralHead(np.array([2.0, 0.0, -1.0], np.float32))
    chances = head.chance(np.array([[2.0, 9.0], [-2.0, 9.0]], np.float32))
    assert chances[0] > 0.9
    assert chances[1] < 0.1


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("need a permit and my bin was missed", ["need a permit and", "my bin was missed"]),
        ("how do i join the library n can i print there", ["how do i join the library n", "can i print there"]),
        ("Rent's gone up. Shower leaks, next door shout", ["Rent's gone up.", "Shower leaks,", "next door shout"]),
        ("when is my bin day", []),
        (", ".join(["one two"] * 40), []),
    ],
)
def test_a_text_falls_into_pieces_that_could_be_questions(text: str, pieces: list[str]) -> None:
    assert pieces_of(text) == pieces


def test_no_word_is_lost_in_pieces() -> None:
    text = "my permit ran out, the bin was missed and also is the library open or else the tip; thanks - bye for now"
    assert " ".join(pieces_of(text)).split() == text.split()


def test_pieces_about_the_same_service_stay_together_and_the_unsure_join_their_neighbour() -> None:
    pieces = ["hello there", "my permit ran out", "it was the blue one", "where do I renew the permit, and", "the bin was missed"]
    matches = [
        (),
        (match("parking-permits", 0.9),),
        (match("new-bin", 0.2),),
        (match("parking-permits", 0.8),),
        (match("missed-bin", 0.7),),
    ]
    assert gathered(pieces, matches, by_key) == [
        "hello there my permit ran out it was the blue one where do I renew the permit",
        "the bin was missed",
    ]


def test_services_asked_for_together_share_one_chance_and_get_it_back() -> None:
    rankings = also_meant([match("a", 0.45), match("b", 0.4), match("c", 0.05)], by_key)
    assert [ranking[0].key for ranking in rankings] == ["a", "b"]
    assert [ranking[0].confidence for ranking in rankings] == pytest.approx([0.9, 0.8])


def test_one_service_under_two_names_is_one_thing_asked() -> None:
    assert also_meant([match("a", 0.5, 524), match("b", 0.3, 524)], by_key) == []
