"""Groups of like questions: by average likeness, the same every time, and those that are like nothing stay alone."""

import numpy as np
from numpy.typing import NDArray

from guildhall.learning.meaning import ALIKE_FROM, FEW, MeaningSpace, grouped, joined


def clouds(sizes: list[int], noise: float = 0.3) -> NDArray[np.float32]:
    """Vectors of length 1 around as many directions as there are sizes."""
    drawn = np.random.default_rng(7)
    rows = [np.eye(32)[place] + noise * drawn.standard_normal(32) / 5 for place, size in enumerate(sizes) for _ in range(size)]
    stacked = np.array(rows, np.float32)
    return np.asarray(stacked / np.linalg.norm(stacked, axis=1, keepdims=True), np.float32)


def test_what_lies_together_is_one_group_and_a_stray_is_alone() -> None:
    assert grouped(clouds([5, 4, 1])) == [[0, 1, 2, 3, 4], [5, 6, 7, 8], [9]]


def test_many_are_grouped_as_few_are() -> None:
    groups = grouped(clouds([FEW, 10, 1]))
    assert [len(group) for group in groups] == [FEW, 10, 1]


def test_grouping_is_the_same_every_time() -> None:
    vectors = clouds([6, 6, 6], noise=1.5)
    assert all(grouped(vectors) == grouped(vectors) for _ in range(3))


def test_none_and_one_need_no_grouping() -> None:
    assert grouped(np.zeros((0, 4), np.float32)) == []
    assert grouped(np.ones((1, 4), np.float32)) == [[0]]


def test_a_question_joins_the_group_that_it_is_most_alike_or_none() -> None:
    vectors = clouds([3, 3])
    sums = np.stack([vectors[:3].sum(0), vectors[3:].sum(0)])
    stray = np.eye(32, dtype=np.float32)[20:21]
    assert joined(np.concatenate([vectors, stray]), sums, [3, 3]) == [0, 0, 0, 1, 1, 1, -1]
    assert joined(vectors, np.zeros((0, 32), np.float32), []) == [-1] * 6


def test_half_of_a_large_group_is_not_enough() -> None:
    """The average counts: one like question among many unlike ones draws nobody in."""
    one, other = np.eye(4, dtype=np.float32)[:1], np.eye(4, dtype=np.float32)[1]
    assert joined(one, np.stack([one[0] + 9 * other]), [10]) == [-1]
    assert ALIKE_FROM > 1 / 10


def test_a_space_tells_texts_apart_that_raw_features_hold_for_alike() -> None:
    drawn = np.random.default_rng(3)
    known = (10 + drawn.standard_normal((50, 256))).astype(np.float32)
    raw = (10 + drawn.standard_normal((2, 256))).astype(np.float32)
    lengths = np.linalg.norm(raw, axis=1)
    assert raw[0] @ raw[1] / (lengths[0] * lengths[1]) > 0.9
    placed = MeaningSpace(known).place(raw)
    assert abs(placed[0] @ placed[1]) < 0.3
    assert np.allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-5)
