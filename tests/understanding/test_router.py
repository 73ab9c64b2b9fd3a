"""The router: what it learns from a catalogue and lines, that it promises nothing without enough of them, and that it is pure."""

from guildhall.understanding.config import MisdirectionBound
from guildhall.understanding.services import RouterModel, ServiceRouter, group_numbers
from guildhall.understanding.topics import TopicIndex
from guildhall.understanding.training.services import RoutingLine, fit_router
from guildhall.vocabulary.ids import ServiceKey
from tests.understanding.plain_models import SERVICES, HashedEmbedder

TOPICS = TopicIndex(SERVICES)
BOUND = MisdirectionBound(at_most=3, in_every=100)


def lines(each: int) -> list[RoutingLine]:
    made = []
    for service in SERVICES:
        if service.key != "missed-bin":
            made += [RoutingLine(f"please help me with {service.name.lower()} number {n} thanks", (str(service.key),)) for n in range(each)]
    return [*made, *(RoutingLine(f"what is the capital of country {n} in song", ()) for n in range(each))]


def fitted(each: int) -> RouterModel | None:
    return fit_router(lines(each), SERVICES, TOPICS, HashedEmbedder(), BOUND, 0.95)


def test_it_finds_the_service_that_was_named_and_nothing_for_what_no_council_runs() -> None:
    router = ServiceRouter(SERVICES, TOPICS, fitted(60))
    features = HashedEmbedder().read(["please help me with potholes number 999", "what is the capital of song 7"])[1]
    assert router.match("please help me with potholes number 999", features[0])[0].key == "potholes"
    assert router.match("what is the capital of song 7", features[1]) == ()
    assert router.match("please help me with potholes number 999", features[0]) == router.match(
        "please help me with potholes number 999", features[0]
    )


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
    assert fit_router([], (), TopicIndex(()), HashedEmbedder(), BOUND, 0.95) is None
    assert ServiceRouter((), TopicIndex(()), None).match("anything", None) == ()


def test_services_of_one_national_id_are_one_group() -> None:
    numbers = group_numbers(("", "a", "b", "c"), {ServiceKey("a"): 524, ServiceKey("b"): 524, ServiceKey("c"): None})
    assert numbers[1] == numbers[2]
    assert len(set(numbers)) == 3
