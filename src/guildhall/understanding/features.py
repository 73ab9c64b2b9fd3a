"""Text as numbers for linear models: hashed character and word n-grams, computed in numpy so that a turn costs microseconds.

The hash is a multiply-and-mix over code points (MurmurHash3's finaliser), the same on every machine; weights depend on it, so
it may never change without retraining (`VERSION` is part of every card).
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.understanding.words import words_of

VERSION: Final = 1
_STEP: Final = np.uint32(0x01000193)
_MIX_1: Final = np.uint32(0x85EBCA6B)
_MIX_2: Final = np.uint32(0xC2B2AE35)
Indexes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Hashing:
    """Which n-grams are hashed, into 2 ** `bits` columns. Words are folded (case, accents, apostrophes) when `folded`."""

    bits: int
    characters: tuple[int, ...] = (2, 3, 4)
    words: tuple[int, ...] = (1, 2)
    folded: bool = True

    @property
    def columns(self) -> int:
        """Width of the feature space."""
        return 1 << self.bits

    def indexes(self, text: str) -> Indexes:
        """The distinct columns a text switches on, ascending: uint32 of shape (k,)."""
        found = words_of(text) if self.folded or self.words else []
        plain = " ".join(w.folded for w in found) if self.folded else " ".join(text.casefold().split())
        parts: list[Indexes] = []
        if self.characters and plain:
            parts.extend(_character_ngrams(plain, self.characters))
        if self.words and found:
            parts.extend(_word_ngrams([w.folded for w in found], self.words))
        if not parts:
            return np.zeros(0, dtype=np.uint32)
        return np.unique(np.concatenate(parts) & np.uint32(self.columns - 1))


def _mixed(values: Indexes, salt: int) -> Indexes:
    values = values ^ np.uint32((salt * 0x9E3779B1) & 0xFFFFFFFF)
    values ^= values >> np.uint32(16)
    values *= _MIX_1
    values ^= values >> np.uint32(13)
    values *= _MIX_2
    values ^= values >> np.uint32(16)
    return values


def _character_ngrams(text: str, sizes: Sequence[int]) -> list[Indexes]:
    codes = np.frombuffer(f" {text} ".encode("utf-32-le"), dtype=np.uint32)
    parts: list[Indexes] = []
    running = codes.copy()
    for size in range(1, max(sizes) + 1):
        if size > 1:
            if len(running) <= 1:
                break
            running = (running[:-1] * _STEP) ^ codes[size - 1 :]
        if size in sizes:
            parts.append(_mixed(running, size))
    return parts


def _word_ngrams(words: Sequence[str], sizes: Sequence[int]) -> list[Indexes]:
    codes = np.fromiter((zlib.crc32(w.encode()) for w in ("", *words, "")), dtype=np.uint32, count=len(words) + 2)
    parts: list[Indexes] = []
    if 1 in sizes:
        parts.append(_mixed(codes[1:-1], 101))
    if 2 in sizes:
        parts.append(_mixed((codes[:-1] * _STEP) ^ codes[1:], 102))
    if 3 in sizes and len(codes) > 2:  # one word apart: `end … life`
        parts.append(_mixed((codes[:-2] * _STEP) ^ codes[2:], 103))
    return parts
