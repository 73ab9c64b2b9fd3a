"""A detector that hangs or breaks counts as failed, hides no other's findings, and leaves no more than so many threads behind."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from guildhall.councils.loading import read_pack
from guildhall.councils.yaml_files import YamlReader
from guildhall.policy.evaluate import decide
from guildhall.understanding.detectors.detector import Detector, Features, Heard, run_detectors
from guildhall.understanding.detectors.time_limit import TimeLimit
from guildhall.vocabulary.decisions import Effect, Facts, Stage
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.signals import Category, Grade, Signal
from tests.understanding.plain_models import HashedReader

HEARD = Heard.of("I want to kill myself", Language.ENGLISH, Features(HashedReader()))
FOUND = Signal(Category.SUICIDE_SELF_HARM, Grade.CONFIRM, 1.0, "phrases.explicit@3")


class Works:
    id = "phrases.explicit@3"
    validated = frozenset({Language.ENGLISH})

    def detect(self, heard: Heard) -> tuple[Signal, ...]:
        return (FOUND,)


class Hangs:
    id = "classifier.signals@2"
    validated = frozenset({Language.ENGLISH})

    def __init__(self) -> None:
        self.go_on, self.runs = threading.Event(), 0

    def detect(self, heard: Heard) -> tuple[Signal, ...]:
        self.runs += 1
        self.go_on.wait(30)
        return ()


class Breaks(Hangs):
    def detect(self, heard: Heard) -> tuple[Signal, ...]:
        raise MemoryError


@contextmanager
def hanging() -> Iterator[Hangs]:
    detector = Hangs()
    try:
        yield detector
    finally:
        detector.go_on.set()


def test_a_detector_that_hangs_fails_and_the_others_are_heard() -> None:
    with hanging() as detector:
        started = time.monotonic()
        detection = run_detectors([detector, Works()], HEARD, TimeLimit(0.1))
    assert time.monotonic() - started < 5
    assert (detection.signals, detection.failed) == ((FOUND,), (detector.id,))


@pytest.mark.parametrize("order", [1, -1])
def test_a_detector_that_breaks_in_a_way_nobody_foresaw_fails_and_the_others_are_heard(order: int) -> None:
    detectors: list[Detector] = [Breaks(), Works()]
    detection = run_detectors(detectors[::order], HEARD, TimeLimit(5.0))
    assert (detection.signals, detection.failed) == ((FOUND,), (Breaks.id,))


def test_a_hanging_detector_brings_in_a_person() -> None:
    pack = read_pack(YamlReader(), Path("councils/_baseline"), Path("councils/none"))
    with hanging() as detector:
        failed = run_detectors([detector], HEARD, TimeLimit(0.1)).failed
    decision = decide(Facts(stage=Stage.ON_INPUT, channel="web", language="en", failed_detectors=failed), pack)
    assert decision.effect == Effect.ESCALATE


def test_when_every_thread_hangs_runs_fail_at_once_until_one_comes_back() -> None:
    limit = TimeLimit(0.1, most=2)
    with hanging() as detector:
        for _ in range(2):
            run_detectors([detector], HEARD, limit)
        assert limit.hanging == 2
        threads, started = threading.active_count(), time.monotonic()
        for _ in range(50):
            assert run_detectors([detector], HEARD, limit).failed == (detector.id,)
        assert time.monotonic() - started < 0.1 * 50
        assert threading.active_count() <= threads
        assert detector.runs == 2
    until = time.monotonic() + 5
    while limit.hanging and time.monotonic() < until:
        time.sleep(0.01)
    assert run_detectors([Works()], HEARD, limit).signals == (FOUND,)


def test_what_was_left_behind_does_not_come_into_a_later_turn() -> None:
    with hanging() as detector:
        first = run_detectors([detector], HEARD, TimeLimit(0.05))
    assert first.signals == ()
