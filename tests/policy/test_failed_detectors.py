"""The patterns of the rules name detectors that really run, and when one of those fails a person is brought in."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from guildhall.bootstrap.understanding import open_phrases
from guildhall.bootstrap.understanding_weights import load_weights
from guildhall.councils.loading import read_pack
from guildhall.councils.yaml_files import YamlReader
from guildhall.policy.config import Condition, RuleFile
from guildhall.policy.evaluate import decide
from guildhall.policy.packs import Pack
from guildhall.understanding.detectors.classifier import ClassifierDetector
from guildhall.understanding.detectors.detector import Detector, DetectorError, Features, Heard, run_detectors
from guildhall.vocabulary.decisions import Effect, Facts, Stage
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.signals import Signal
from tests.understanding.plain_models import HashedReader

BASELINE = Path("councils/_baseline")
PACK: Pack = read_pack(YamlReader(), BASELINE, Path("councils/none"))
PERSONAL_DATA = "personal_data@1"


@pytest.fixture(scope="module")
def detectors() -> tuple[Detector, ...]:
    weights = load_weights(BASELINE)
    phrases, _ = open_phrases(BASELINE, weights, None)
    return (
        phrases,
        ClassifierDetector(weights.signals, phrases, again=HashedReader(broken=True), version=weights.version, validated=weights.validated),
    )


def patterns_in(condition: Condition) -> Iterator[str]:
    yield from filter(None, (condition.detector_failed, condition.unvalidated))
    for inner in (*(condition.any or ()), *(condition.all or ()), *((condition.not_,) if condition.not_ else ())):
        yield from patterns_in(inner)


def patterns_of(rule: RuleFile) -> set[str]:
    found = {pattern for case in rule.cases for pattern in patterns_in(case.when)}
    return found | set(rule.on_error.reads if rule.on_error else ())


def test_every_pattern_names_a_detector_that_runs(detectors: tuple[Detector, ...]) -> None:
    names = [*(detector.id for detector in detectors), PERSONAL_DATA]
    patterns = {pattern for rule in PACK.rules for pattern in patterns_of(rule)}
    assert patterns
    assert {pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in names)} == set()


def test_every_rule_about_distress_says_what_it_does_when_either_detector_fails(detectors: tuple[Detector, ...]) -> None:
    rules = [rule for rule in PACK.rules if rule.id.startswith(("safeguarding.", "hazard.", "person.requested"))]
    assert len(rules) > 20
    for rule in rules:
        assert all(any(fnmatchcase(detector.id, pattern) for pattern in patterns_of(rule)) for detector in detectors), rule.id


def test_a_broken_encoder_brings_in_a_person(detectors: tuple[Detector, ...]) -> None:
    heard = Heard.of("who do I leave my keys with", Language.ENGLISH, Features(HashedReader(broken=True)))
    detection = run_detectors(detectors, heard)
    assert detection.failed == (detectors[1].id,)
    decision = decide(Facts(stage=Stage.ON_INPUT, channel="web", language="en", failed_detectors=detection.failed), PACK)
    assert decision.effect == Effect.ESCALATE


class Broken:
    id = "phrases.explicit@0"
    validated = frozenset({Language.ENGLISH})

    def detect(self, heard: Heard) -> tuple[Signal, ...]:
        raise DetectorError("for a test")


def test_a_broken_phrase_reader_brings_in_a_person() -> None:
    detection = run_detectors([Broken()], Heard.of("hello", Language.ENGLISH, Features(HashedReader())))
    decision = decide(Facts(stage=Stage.ON_INPUT, channel="web", language="en", failed_detectors=detection.failed), PACK)
    assert decision.effect == Effect.ESCALATE


def test_where_a_detector_is_not_validated_a_person_and_an_interpreter_are_offered(detectors: tuple[Detector, ...]) -> None:
    heard = Heard.of("سلام", Language.PASHTO, Features(HashedReader()))
    unvalidated = run_detectors(detectors, heard).unvalidated
    assert unvalidated
    decision = decide(Facts(stage=Stage.ON_INPUT, channel="web", language="ps", unvalidated_detectors=unvalidated), PACK)
    assert [act.wording for act in decision.acts if act.effect == Effect.OFFER] == ["language.interpreter"]
