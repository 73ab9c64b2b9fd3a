"""What this room needs from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from guildhall.vocabulary.languages import Language


class Reader(Protocol):
    """Reads texts with a sentence encoder that was tuned to understanding."""

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of features a text: float32 (n, m). Raises ProviderError when the model fails."""
        ...


@dataclass(frozen=True, slots=True)
class Readers:
    """Who hears which language: one reader for English; the other for the nine, and for English where the first is not sure."""

    english: Reader
    others: Reader

    def of(self, language: Language) -> Reader:
        """The reader that hears a language first."""
        return self.english if language == Language.ENGLISH else self.others
