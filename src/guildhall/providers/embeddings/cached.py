"""Remembers the vectors of texts it has seen lately: real traffic repeats itself, and a repeat costs nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from guildhall.knowledge.ports import Embedder
from guildhall.providers.embeddings.remembered import Remembered


class CachedEmbedder:
    """An embedder in front of another. Keeps the last `keep` texts; safe to call from many threads."""

    def __init__(self, inner: Embedder, keep: int = 20_000) -> None:
        self._inner = inner
        self._kept = Remembered(keep)

    @property
    def identity(self) -> str:
        """That of the embedder behind it: a cache changes no vector."""
        return self._inner.identity

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return self._inner.width

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As the embedder behind it; each text is asked for at most once."""
        known = self._kept.known(texts)
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            made = dict(zip(fresh, self._inner.embed(fresh), strict=True))
            self._kept.add(made)
            known.update(made)
        return np.stack([known[text] for text in texts]) if texts else np.empty((0, self.width), np.float32)
