"""What every detector is, what it hears, and how they are run: evidence only, and a failing one never hides the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import numpy as np

from guildhall.understanding.detectors.time_limit import TimeLimit
from guildhall.understanding.linear import Floats
from guildhall.understanding.normalise import Reading, readings
from guildhall.understanding.ports import Reader
from guildhall.vocabulary.errors import GuildhallError, ProviderError
from guildhall.vocabulary.languages import Language, Script
from guildhall.vocabulary.signals import Detection, Signal

MOST_RECENT = 3
"""Utterances that are read together, this one included, to hear what was said over several turns."""


class DetectorError(GuildhallError):
    """A detector could not read this utterance; the message says why, and the pipeline treats it as a verdict of its own."""


class Features:
    """What the sentence encoder makes of the texts of one turn, each distinct text read once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[str, Floats] = {}

    def of(self, texts: Sequence[str]) -> Floats:
        """What the encoder makes of texts: float32 (n, m). Raises ProviderError when it does."""
        missing = list(dict.fromkeys(t for t in texts if t not in self._known))
        if missing:
            self._known.update(zip(missing, self._reader.features(missing), strict=True))
        return np.array([self._known[t] for t in texts], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance as detectors get it. `recent` are the resident's earlier utterances, oldest first."""

    text: str
    language: Language
    features: Features
    script: Script = Script.NATIVE
    recent: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = field(default=())

    @classmethod
    def of(cls, text: str, language: Language, features: Features, recent: Sequence[str] = (), script: Script = Script.NATIVE) -> "Heard":
        """An utterance with its readings made."""
        return cls(text, language, features, script, tuple(recent), readings(text))


class Detector(Protocol):
    """Finds one kind of evidence. Pure: the same words give the same signals."""

    @property
    def id(self) -> str:
        """Name and version, as in `phrases.explicit@3`."""
        ...

    @property
    def validated(self) -> frozenset[Language]:
        """The languages whose held-out results say that it may be relied on."""
        ...

    def detect(self, heard: Heard) -> tuple[Signal, ...]:
        """The signals found. Raises DetectorError, or ProviderError from the encoder."""
        ...


def run_detectors(detectors: Sequence[Detector], heard: Heard, limit: TimeLimit | None = None) -> Detection:
    """All signals, strongest first; detectors that failed, and those not validated for the language, are named.

    Under a limit of time a detector that hangs counts as failed, and so does one that breaks in a way it never said it would.
    """
    signals: list[Signal] = []
    failed: list[str] = []
    for detector in detectors:
        found = limit.run(partial(_run, detector, heard)) if limit else _run(detector, heard)
        if isinstance(found, BaseException):
            failed.append(detector.id)
        else:
            signals.extend(found)
    signals.sort(key=lambda s: (-s.strength, s.category, s.detector))
    unvalidated = tuple(d.id for d in detectors if heard.language not in d.validated)
    return Detection(tuple(signals), tuple(failed), unvalidated)


def _run(detector: Detector, heard: Heard) -> tuple[Signal, ...] | GuildhallError:
    try:
        return detector.detect(heard)
    except (DetectorError, ProviderError) as error:
        return error
