"""The tree: RFC 6962's own hashes, and proofs that hold for every size and for nothing else."""

import hashlib

import pytest

from guildhall.records.merkle import (
    EMPTY_ROOT,
    Frontier,
    LeavesInMemory,
    consistency_path,
    consistent,
    includes,
    inclusion_path,
    leaf_hash,
    node_hash,
    range_root,
    root_of,
)

# The inputs and roots that certificate transparency's implementations share.
INPUTS = [
    bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
LEAVES = [leaf_hash(data) for data in INPUTS]
MANY = [leaf_hash(str(number).encode()) for number in range(70)]


def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1 as it is written."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(by_the_book(leaves[:split]), by_the_book(leaves[split:]))


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_the_known_roots(size: int, root: str) -> None:
    assert root_of(LEAVES[:size]).hex() == root


@pytest.mark.parametrize("size", range(len(MANY) + 1))
def test_a_growing_root_is_the_one_by_the_book(size: int) -> None:
    frontier = Frontier()
    for leaf in MANY[:size]:
        frontier.append(leaf)
    assert frontier.root() == by_the_book(MANY[:size])
    assert len(frontier.peaks) == size.bit_count()


@pytest.mark.parametrize("levels", [(0,), (0, 2, 4)])
def test_roots_from_kept_subtrees_are_the_same(levels: tuple[int, ...]) -> None:
    kept = Kept(levels)
    assert [range_root(kept, 0, size) for size in range(len(MANY) + 1)] == [by_the_book(MANY[:size]) for size in range(len(MANY) + 1)]
    assert range_root(kept, 64, 70) == by_the_book(MANY[64:70])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 33, 64, 70])
def test_every_leaf_has_a_path_that_holds_only_for_it(size: int) -> None:
    hashes, root = Kept((0, 2, 4)), by_the_book(MANY[:size])
    for index in range(size):
        path = inclusion_path(hashes, index, size)
        assert includes(root, size, index, MANY[index], path)
        assert not includes(root, size, index, leaf_hash(b"other"), path)
        assert not includes(root, size, (index + 1) % (size + 1), MANY[index], path)
        assert not includes(root, size, index, MANY[index], [*path, root])
        assert not path or not includes(root, size, index, MANY[index], path[:-1])


def test_every_earlier_tree_is_shown_to_be_the_beginning_of_every_later_one() -> None:
    hashes = Kept((0, 2, 4))
    roots = [by_the_book(MANY[:size]) for size in range(34)]
    for second in range(34):
        for first in range(second + 1):
            path = consistency_path(hashes, first, second)
            assert consistent(first, roots[first], second, roots[second], path)
            if 0 < first < second:
                assert not consistent(first, leaf_hash(b"other"), second, roots[second], path)
                assert not consistent(first, roots[first], second, leaf_hash(b"other"), path)
                assert not consistent(first, roots[first], second, roots[second], path[:-1])
                assert not consistent(first, roots[first], second, roots[second], [*path, roots[1]])


def test_a_tree_does_not_shrink_and_the_empty_one_begins_every_other() -> None:
    assert not consistent(2, root_of(MANY[:2]), 1, root_of(MANY[:1]), [])
    assert consistent(0, EMPTY_ROOT, 5, root_of(MANY[:5]), [])
    assert not consistent(0, EMPTY_ROOT, 5, root_of(MANY[:5]), [MANY[0]])
    with pytest.raises(ValueError, match="no leaf 5 in a tree of 5"):
        inclusion_path(LeavesInMemory(MANY), 5, 5)
    with pytest.raises(ValueError, match="not the beginning"):
        consistency_path(LeavesInMemory(MANY), 6, 5)


class Kept:
    """Subtrees of some heights, as the store keeps them."""

    def __init__(self, levels: tuple[int, ...]) -> None:
        self.levels = levels

    def read(self, level: int, start: int, end: int) -> list[bytes]:
        width = 1 << level
        assert end * width <= len(MANY)
        return [by_the_book(MANY[number * width : (number + 1) * width]) for number in range(start, end)]
