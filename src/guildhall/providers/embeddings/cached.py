"""Remembers the vectors of texts it has seen lately: real traffic repeats itself, and a repeat costs nothing."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from guildhall.knowledge.ports import Embedder


class CachedEmbedder:
    """An embedder in front of another. Keeps the last `keep` texts; safe to call from many threads."""

    def __init__(self, inner: Embedder, keep: int = 20_000) -> None:
        self._inner, self._keep = inner, keep
        self._kept: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

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
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
            for text in known:
                self._kept.move_to_end(text)
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            made = self._inner.embed(fresh)
            with self._lock:
                for text, vector in zip(fresh, made, strict=True):
                    known[text] = self._kept[text] = vector
                while len(self._kept) > self._keep:
                    self._kept.popitem(last=False)
        return np.stack([known[text] for text in texts]) if texts else np.empty((0, self.width), np.float32)
