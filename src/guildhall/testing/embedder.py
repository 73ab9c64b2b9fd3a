"""A fake embedder: no model, no weights, the same vector for the same words on every machine."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from guildhall.knowledge.analyser import words


class HashingEmbedder:
    """Adds up hashed words and three-letter pieces: texts that share words point the same way.

    `embedded` lists every text it was asked for, so that a test can see what was embedded and what was not.
    """

    def __init__(self, width: int = 64, name: str = "hashing") -> None:
        self.width = width
        self.identity = f"{name}.{width}@fake"
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Float32 of shape (n, width), each row of length 1."""
        self.embedded.extend(texts)
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.width), np.float32)

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.width, np.float32)
        for word in words(text) or [" "]:
            pieces = [word, *(f"{word[i : i + 3]}_" for i in range(len(word) - 2))]
            for piece in pieces:
                digest = hashlib.blake2b(piece.encode(), digest_size=8).digest()
                vector[int.from_bytes(digest[:4], "big") % self.width] += 1.0 if digest[4] & 1 else -1.0
        length = float(np.linalg.norm(vector))
        if not length:
            vector[0] = length = 1.0
        return np.asarray(vector / length, np.float32)
