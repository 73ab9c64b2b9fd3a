"""What every detector is, what it hears, and how they are run: evidence only, and a failing one never hides the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from guildhall.understanding.linear import Floats
from guildhall.understanding.normalise import Reading, readings
from guildhall.understanding.ports import Embedder
from guildhall.vocabulary.errors import GuildhallError, ProviderError
from guildhall.vocabulary.languages import Language, Script
from guildhall.vocabulary.signals import Detection, Signal

MOST_RECENT = 3
"""Utterances that are read together, this one included, to hear what was said over several turns."""


class DetectorError(GuildhallError):
    """A detector could not read this utterance; the message says why, and the pipeline treats it as a verdict of its own."""


class Vectors:
    """What the sentence encoder makes of the texts of one turn, each distinct text read once. Raises ProviderError when it does."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, tuple[Floats, Floats]] = {}

    def read(self, texts: Sequence[str]) -> None:
        """Read the texts not read yet, in one batch."""
        missing = list(dict.fromkeys(t for t in texts if t not in self._known))
        if missing:
            vectors, features = self._embedder.read(missing)
            self._known.update((t, (vectors[i], features[i])) for i, t in enumerate(missing))

    def vector(self, text: str) -> Floats:
        """The unit vector of a text: float32 (d,)."""
        self.read([text])
        return self._known[text][0]

    def features(self, texts: Sequence[str]) -> Floats:
        """What the tuned branch makes of texts: float32 (n, m)."""
        self.read(texts)
        return np.array([self._known[t][1] for t in texts], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance as detectors get it. `recent` are the resident's earlier utterances, oldest first."""

    text: str
    language: Language
    vectors: Vectors
    script: Script = Script.NATIVE
    recent: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = field(default=())

    @classmethod
    def of(cls, text: str, language: Language, vectors: Vectors, recent: Sequence[str] = (), script: Script = Script.NATIVE) -> "Heard":
        """An utterance with its readings made."""
        return cls(text, language, vectors, script, tuple(recent), readings(text))


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
        """The signals found. Raises DetectorError, or ProviderError from the embedder."""
        ...


def run_detectors(detectors: Sequence[Detector], heard: Heard) -> Detection:
    """All signals, strongest first; detectors that failed, and those not validated for the language, are named."""
    signals: list[Signal] = []
    failed: list[str] = []
    for detector in detectors:
        try:
            signals.extend(detector.detect(heard))
        except (DetectorError, ProviderError):
            failed.append(detector.id)
    signals.sort(key=lambda s: (-s.strength, s.category, s.detector))
    unvalidated = tuple(d.id for d in detectors if heard.language not in d.validated)
    return Detection(tuple(signals), tuple(failed), unvalidated)
