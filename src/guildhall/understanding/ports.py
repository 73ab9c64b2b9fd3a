"""What this room needs from outside."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Embedder(Protocol):
    """Reads English texts with a sentence encoder."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector a text: float32 of shape (n, d). Raises ProviderError when the model fails."""
        ...

    def read(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Unit vectors (n, d) and the features of the branch tuned to understanding (n, m), in one run. Raises ProviderError."""
        ...
