"""What this room needs from outside: something that embeds, and somewhere that keeps passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from guildhall.knowledge.sources import KeptPassage, KeptSource
from guildhall.vocabulary.ids import SourceId
from guildhall.vocabulary.passages import Passage

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of length 1."""

    @property
    def identity(self) -> str:
        """Name and digest of the model: vectors of two identities are never compared."""

    @property
    def width(self) -> int:
        """How many numbers a vector has."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Float32 of shape (n, width), one row per text in order. Raises ProviderError when the supplier fails."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything stored for one council at one version. `vectors` has one row per passage, shape (n, width)."""

    version: int
    passages: tuple[Passage, ...]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Change:
    """A source as it is now, with all its passages: it takes the place of whatever was kept under its id."""

    source: KeptSource
    passages: tuple[KeptPassage, ...]


class PassageStore(Protocol):
    """Where one council's passages and vectors are kept."""

    def version(self) -> int:
        """A number that grows with every change, cheap to read; 0 when nothing was ever stored."""

    def holdings(self, embedder: str) -> Holdings:
        """All passages with their vectors of that embedder. A passage that lacks one has a row of zeros."""

    def sources(self) -> tuple[KeptSource, ...]:
        """Every source kept, without its passages, in the order of their ids."""

    def passage_owners(self) -> Mapping[str, tuple[SourceId, str]]:
        """The source and the text digest of every passage, by passage id."""

    def embedded(self, digests: Sequence[str], embedder: str) -> frozenset[str]:
        """Which of these passage digests already have a vector of that embedder."""

    def apply(self, changes: Sequence[Change], removed: Sequence[SourceId]) -> int:
        """Write all of it in one transaction and forget vectors nobody needs; returns the new version."""

    def missing(self, embedder: str) -> tuple[tuple[str, str], ...]:
        """(digest, text to embed) of every passage that has no vector of that embedder."""

    def add_vectors(self, vectors: Mapping[str, Vectors], embedder: str) -> None:
        """Keep vectors made later, for instance after the embedder was changed."""
