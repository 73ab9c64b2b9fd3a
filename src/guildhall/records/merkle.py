"""The Merkle tree of RFC 6962 (and 9162): one hash stands for the whole record, and short proofs show what is in it and that it only grew.

A leaf is SHA-256 of 0x00 and the record's bytes; a node is SHA-256 of 0x01 and its two children.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
HASH_BYTES: Final = 32


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf that holds these bytes."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The right edge of a growing tree: one hash for each complete subtree, biggest first. Appending and the root cost O(log n)."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Take in the next leaf's hash (or, of a tree over subtrees, the next subtree's root)."""
        size, peaks = self.size, self.peaks
        while size & 1:  # each complete pair becomes one
            leaf = node_hash(peaks.pop(), leaf)
            size >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root over everything appended so far."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order."""
    frontier = Frontier()
    for item in hashes:
        frontier.append(item)
    return frontier.root()


class StoredHashes(Protocol):
    """Where the hashes of complete subtrees are kept: `levels` names the heights kept, 0 (the leaves) among them."""

    @property
    def levels(self) -> Sequence[int]:
        """The heights that are kept, smallest first."""
        ...

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        """The roots of the subtrees of that height, from number `start` up to, not including, `end`."""
        ...


@dataclass(frozen=True)
class LeavesInMemory:
    """Leaf hashes in a list: enough for tests and small trees."""

    leaves: Sequence[bytes]
    levels: Sequence[int] = (0,)

    def read(self, level: int, start: int, end: int) -> Sequence[bytes]:
        """The leaves asked for."""
        return self.leaves[start:end]


def range_root(hashes: StoredHashes, start: int, end: int) -> bytes:
    """The root over leaves `start` to `end`, where `start` begins a subtree at least as wide as the range."""
    if start == end:
        return EMPTY_ROOT
    level = max(kept for kept in hashes.levels if 1 << kept <= end - start)
    first, whole = start >> level, (end - start) >> level
    inner, after = hashes.read(level, first, first + whole), start + (whole << level)
    # what is left over hangs as the last, incomplete child beside its whole neighbours
    return root_of([*inner, range_root(hashes, after, end)] if after < end else inner)


def inclusion_path(hashes: StoredHashes, index: int, size: int) -> list[bytes]:
    """RFC 6962 2.1.1: the hashes that lead from leaf `index` to the root of the first `size` leaves, nearest first."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(hashes, middle, end))
            end = middle
        else:
            path.append(range_root(hashes, start, middle))
            start = middle
    return path[::-1]


def consistency_path(hashes: StoredHashes, first: int, second: int) -> list[bytes]:
    """RFC 6962 2.1.2: the hashes that show the tree of `first` leaves to be the beginning of the tree of `second`."""
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {first} leaves is not the beginning of one of {second}")
    if first in (0, second):
        return []
    path: list[bytes] = []
    start, end, whole = 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(range_root(hashes, middle, end))
            end = middle
        else:
            path.append(range_root(hashes, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(range_root(hashes, start, end))
    return path[::-1]


def includes(root: bytes, size: int, index: int, leaf: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162 2.1.3.2: whether the path leads from the leaf at `index` to the root of a tree of `size`."""
    if not 0 <= index < size:
        return False
    place, last, reached = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            reached = node_hash(step, reached)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            reached = node_hash(reached, step)
        place, last = place >> 1, last >> 1
    return last == 0 and reached == root


def consistent(first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162 2.1.4.2: whether the path shows that the tree of `second` begins with the tree of `first`."""
    if first > second or first < 0:
        return False
    if first == second:
        return not path and first_root == second_root
    if first == 0:
        return not path and first_root == EMPTY_ROOT
    steps = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not steps:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(width: int) -> int:
    """The largest power of two below a width of at least two."""
    return 1 << ((width - 1).bit_length() - 1)
