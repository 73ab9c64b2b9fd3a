"""What other bodies do is told from what the council does, by whole words, and the council's own services come first."""

import pytest

from guildhall.understanding.elsewhere import ElsewhereIndex, pattern_of
from guildhall.understanding.topics import TopicIndex
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import Elsewhere, Service
from tests.conversations.talk import profile


def entry(key: str, *phrases: str, alone: tuple[str, ...] = ()) -> Elsewhere:
    return Elsewhere(key, key, f"the {key} office", "Go there.", "https://www.gov.uk/", phrases=phrases, alone=alone)


def service(key: str, *synonyms: str) -> Service:
    return Service(ServiceKey(key), key.replace("-", " "), "a team", "It does that.", synonyms=synonyms)


INDEX = ElsewhereIndex(
    [
        entry("driving", "driving licence"),
        entry("passport", "renew my passport"),
        entry("mot", "MOT test", alone=("MOT",)),
        entry("power", "power cut"),
    ],
    TopicIndex(
        [
            service("blue-badge"),
            service("taxi", "taxi driving licence"),
            service("emergencies", "power cut"),
            service("births", "register a birth"),
        ]
    ),
)


def found(text: str) -> tuple[list[str], str]:
    aside = INDEX.set_aside(text)
    return [body.key for body, _ in aside.bodies], aside.rest


@pytest.mark.parametrize(
    ("text", "bodies", "rest"),
    [
        ("how do I change my driving licence", ["driving"], ""),
        ("DRIVING LICENCES", ["driving"], ""),
        ("Renew the passport please", ["passport"], ""),
        ("my driving licence and a blue badge", ["driving"], "a blue badge"),
        ("blue badge, and renew my passport, and my driving licence", ["passport", "driving"], "blue badge"),
        ("MOT", ["mot"], ""),
        ("MOT and blue badge", ["mot"], "blue badge"),
        ("power cut", ["power"], "power cut"),
        ("", [], ""),
    ],
)
def test_a_body_is_found_and_the_rest_is_left(text: str, bodies: list[str], rest: str) -> None:
    assert found(text) == (bodies, rest)


@pytest.mark.parametrize(
    "text",
    [
        "renew my taxi driving licence",  # a longer name of ours around the phrase
        "do I need my driving licence to register a birth",  # what it is asked for is ours
        "a driving lesson and a licence",  # the words, but not together
        "motor show",  # no whole word
        "the mot in my eye that nobody at all ever seems to have seen before",  # a bare name counts only where little else is said
        "when are my bins collected",
    ],
)
def test_what_is_ours_or_only_like_it_is_left_alone(text: str) -> None:
    assert found(text) == ([], text)


def test_only_a_rest_that_asks_by_itself_is_a_question_of_its_own() -> None:
    assert INDEX.set_aside("renew my passport and when is the market on?").asks
    assert not INDEX.set_aside("renew my passport, it ran out in June").asks
    assert not INDEX.set_aside("how do I renew my passport and how long does it take?").asks


@pytest.mark.parametrize("phrase", ["the", "", "…", "my"])
def test_a_phrase_without_a_telling_word_has_no_pattern(phrase: str) -> None:
    assert pattern_of(phrase) == ""


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("renew my driving licence", "driving-licence"),
        ("where do I tax my car", "vehicle-tax"),
        ("when is my MOT due", "mot"),
        ("lost my passport", "passport"),
        ("how do I claim Universal Credit", "universal-credit"),
        ("state pension age", "state-pension"),
        ("what income tax do I owe", "income-tax"),
        ("I need a doctors appointment", "doctor"),
        ("my hospital appointment", "hospital"),
        ("I want to report a crime", "police"),
        ("jury service", "jury-service"),
        ("tv licence refund", "tv-licence"),
        ("my water bill is wrong", "water"),
        ("train times", "trains"),
        ("where is my parcel", "post"),
        ("jak wymienić prawo jazdy", "driving-licence"),
    ],
)
def test_the_baseline_knows_what_residents_ask_for_most(text: str, key: str) -> None:
    assert [body.key for body, _ in profile().elsewhere.set_aside(text).bodies] == [key]


@pytest.mark.parametrize(
    "text",
    [
        "I need a blue badge",
        "register a birth",
        "I moved from Leeds, how do I register for council tax",
        "on Universal Credit, do I claim council tax reduction off you or them?",
        "renew my library books",
        "taxi driver licence",
        "my food parcel",
        "tax",
    ],
)
def test_what_avonmere_does_itself_is_never_sent_away(text: str) -> None:
    assert profile().elsewhere.set_aside(text).bodies == ()
