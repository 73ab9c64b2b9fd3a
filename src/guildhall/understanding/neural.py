"""One hidden layer over the encoder's layer means, in numpy: what the signal classifier reads sentences with."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from guildhall.understanding.linear import Floats


@dataclass(frozen=True, slots=True)
class HiddenLayer:
    """relu((x - centre) / spread @ first + first_bias) @ second + second_bias.

    `first` is int8 (inputs, hidden) with `scale` float32 (hidden,); `second` is float32 (hidden, K).
    """

    centre: Floats
    spread: Floats
    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats

    def scores(self, layers: Floats) -> Floats:
        """Scores of n sentences: float32 (n, K)."""
        hidden = ((layers - self.centre) / self.spread) @ self.first + self.first_bias
        result: Floats = np.maximum(hidden, 0) @ self.second + self.second_bias
        return result

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The arrays to keep in an .npz; the wide matrix as int8 with one scale a hidden unit."""
        scale = np.maximum(np.abs(self.first).max(axis=0), 1e-9) / 127
        return {
            f"{prefix}.centre": self.centre.astype(np.float16),
            f"{prefix}.spread": self.spread.astype(np.float16),
            f"{prefix}.first": np.rint(self.first / scale).astype(np.int8),
            f"{prefix}.scale": scale.astype(np.float32),
            f"{prefix}.first_bias": self.first_bias.astype(np.float32),
            f"{prefix}.second": self.second.astype(np.float16),
            f"{prefix}.second_bias": self.second_bias.astype(np.float32),
        }


def from_arrays(arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> HiddenLayer:
    """The layer kept under a prefix. Raises KeyError when it is not there."""
    return HiddenLayer(
        arrays[f"{prefix}.centre"].astype(np.float32),
        arrays[f"{prefix}.spread"].astype(np.float32),
        arrays[f"{prefix}.first"].astype(np.float32) * arrays[f"{prefix}.scale"].astype(np.float32),
        arrays[f"{prefix}.first_bias"].astype(np.float32),
        arrays[f"{prefix}.second"].astype(np.float32),
        arrays[f"{prefix}.second_bias"].astype(np.float32),
    )
