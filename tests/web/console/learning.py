"""A console whose council has something to learn: residents who were not answered, and the gap that they make."""

import threading
from dataclasses import replace
from typing import Any

from guildhall.bootstrap import learning as wiring
from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.learning import Learning, open_learning
from guildhall.vocabulary.gaps import Gap
from tests.learning.house import FakeEncoder, PlainSpace
from tests.web.console.staff import residents_ask

DRAGONS = ("May I fly my dragon here", "Where to fly a dragon", "Can a dragon fly here, ring Sam")


def with_fake_encoder(monkeypatch: Any) -> None:
    """No model is opened: meaning goes by words."""
    monkeypatch.setattr(wiring, "MultilingualMeaning", lambda _settings: FakeEncoder())
    monkeypatch.setattr(wiring, "MeaningSpace", lambda _known: PlainSpace())


def a_gap(guildhall: Guildhall) -> Gap:
    """Three residents asked the same and were not answered, and somebody looked."""
    residents_ask(guildhall, *DRAGONS)
    learning = open_learning(guildhall)
    object.__setattr__(learning, "encoder", FakeEncoder())
    replace(learning.gathering(), space=PlainSpace()).look()
    return learning.gaps.gaps()[0]


def finished(learning: Learning, kind: str, about: str) -> None:
    """Wait for long work that a page began."""
    for thread in threading.enumerate():
        if thread.name == f"long-work-{kind}":
            thread.join(30)
    job = learning.jobs.latest(kind, about)
    assert job is not None and job.state == "done", job
