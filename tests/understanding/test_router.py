"""The router: what it learns from a catalogue and lines, that it promises nothing without enough of them, and that it is pure."""

from pathlib import Path

import pytest

from guildhall.bootstrap.understanding import read_router, write_router
from guildhall.understanding.config import MisdirectionBound
from guildhall.understanding.services import RouterModel, ServiceRouter, group_numbers
from guildhall.understanding.topics import TopicIndex
from guildhall.understanding.training.services import RoutingLine, fit_router
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.languages import Language
from tests.understanding.plain_models import READERS, SERVICES

TOPICS = TopicIndex(SERVICES)
BOUND = MisdirectionBound(at_most=3, in_every=100)


def lines(each: int) -> list[RoutingLine]:
    made = []
    for service in SERVICES:
        if service.key != "missed-bin":
            made += [RoutingLine(f"please help me with {service.name.lower()} number {n} thanks", (str(service.key),)) for n in range(each)]
    return [*made, *(RoutingLine(f"what is the capital of country {n} in song", ()) for n in range(each))]


def fitted(each: int) -> RouterModel | None:
    return fit_router(lines(each), SERVICES, TOPICS, READERS, BOUND, 0.95)


def test_it_finds_the_service_that_was_named_and_nothing_for_what_no_council_runs() -> None:
    router = ServiceRouter(SERVICES, TOPICS, fitted(60))
    asked, song = "please help me with potholes number 999", "what is the capital of song 7"
    features = READERS.english.features([asked, song])
    assert router.match(asked, Language.ENGLISH, features[0])[0].key == "potholes"
    assert router.match(song, Language.ENGLISH, features[1]) == ()
    assert router.match(asked, Language.ENGLISH, features[0]) == router.match(asked, Language.ENGLISH, features[0])


def test_each_voice_hears_its_own_languages() -> None:
    polish = [RoutingLine(f"proszę pomóc w sprawie dziur {n}", ("potholes",), "pl") for n in range(60)]
    router = ServiceRouter(SERVICES, TOPICS, fit_router([*lines(60), *polish], SERVICES, TOPICS, READERS, BOUND, 0.95))
    asked = "proszę pomóc w sprawie dziur 999"
    features = READERS.others.features([asked])[0]
    assert router.match(asked, Language.POLISH, features)[0].key == "potholes"
    english = router.match(asked, Language.ENGLISH, features)
    assert not english or english[0].confidence < router.match(asked, Language.POLISH, features)[0].confidence


def test_the_confidence_it_answers_from_keeps_the_bound_on_lines_that_did_not_teach() -> None:
    model = fitted(60)
    assert model is not None
    assert model.calibration.asked > 60
    assert model.calibration.upper <= BOUND.rate or model.calibration.answer_at > 1


def test_with_few_lines_it_promises_nothing() -> None:
    model = fitted(3)
    assert model is not None
    assert model.calibration.answer_at > 1


def test_without_services_it_matches_nothing() -> None:
    assert fit_router([], (), TopicIndex(()), READERS, BOUND, 0.95) is None
    assert ServiceRouter((), TopicIndex(()), None).match("anything", Language.ENGLISH, READERS.english.features(["anything"])[0]) == ()


def test_services_of_one_national_id_are_one_group() -> None:
    numbers = group_numbers(("", "a", "b", "c"), {ServiceKey("a"): 524, ServiceKey("b"): 524, ServiceKey("c"): None})
    assert numbers[1] == numbers[2]
    assert len(set(numbers)) == 3


def test_a_second_look_is_kept_and_changes_only_what_is_asked_again(tmp_path: Path) -> None:
    model = fitted(60)
    assert model is not None
    assert model.second is not None
    write_router(tmp_path / "router.npz", model)
    router, again = ServiceRouter(SERVICES, TOPICS, model), ServiceRouter(SERVICES, TOPICS, read_router(tmp_path / "router.npz"))
    asked = "please help me with potholes number 999"
    row = READERS.english.features([asked])[0]
    assert router.looks_twice
    once, twice = router.match(asked, Language.ENGLISH, row), router.match(asked, Language.ENGLISH, row, row)
    assert once[0].key == twice[0].key == "potholes"
    assert once[0].confidence != twice[0].confidence
    assert again.match(asked, Language.ENGLISH, row, row)[0].confidence == pytest.approx(twice[0].confidence, abs=0.01)
