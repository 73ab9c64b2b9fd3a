"""Okapi BM25 (Robertson and Zaragoza 2009) with every weight worked out when the index is built, so that a query only adds.

The idea of eager scoring is BM25S's (Lù 2024); ours keeps the rows as plain numpy arrays.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
K1: Final = 1.2


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term row r: the texts `texts[starts[r]:starts[r+1]]` that hold it, and what it adds to each (`impacts`)."""

    rows: Mapping[int, int]
    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    impacts: NDArray[np.float32]
    idf: NDArray[np.float32]
    size: int

    def score(self, terms: Iterable[tuple[int, float]]) -> Scores:
        """BM25 of every text for weighted terms, shape (size,)."""
        scores = np.zeros(self.size, np.float32)
        for term, weight in terms:
            row = self.rows.get(term)
            if row is not None:
                start, end = self.starts[row], self.starts[row + 1]
                scores[self.texts[start:end]] += weight * self.impacts[start:end]
        return scores

    def rarity(self, term: int) -> float:
        """The inverse document frequency of a term; 0 for a term no text holds."""
        row = self.rows.get(term)
        return 0.0 if row is None else float(self.idf[row])

    def rarity_of(self, spread: int) -> float:
        """The inverse document frequency a term would have if `spread` texts held it."""
        return float(np.log1p((self.size - spread + 0.5) / (spread + 0.5)))


def build_postings(texts: Sequence[Sequence[int]], *, length_share: float = 0.75) -> Postings:
    """Postings of texts given as term numbers. `length_share` is BM25's b: how much long texts are held back."""
    size = len(texts)
    lengths = np.array([len(text) for text in texts], np.float64)
    total = int(lengths.sum())
    terms = np.fromiter((term for text in texts for term in text), np.int64, total)
    owners = np.repeat(np.arange(size, dtype=np.int64), lengths.astype(np.int64))
    pairs, counts = np.unique(terms * max(size, 1) + owners, return_counts=True)
    pair_terms, pair_texts = np.divmod(pairs, max(size, 1))
    distinct, starts, spread = np.unique(pair_terms, return_index=True, return_counts=True)
    idf = np.log1p((size - spread + 0.5) / (spread + 0.5))
    average = lengths.mean() if total else 1.0
    hold = K1 * (1 - length_share + length_share * lengths[pair_texts] / average)
    impacts = np.repeat(idf, spread) * counts * (K1 + 1) / (counts + hold)
    return Postings(
        rows={int(term): row for row, term in enumerate(distinct)},
        starts=np.append(starts, len(pairs)).astype(np.int64),
        texts=pair_texts.astype(np.int32),
        impacts=impacts.astype(np.float32),
        idf=idf.astype(np.float32),
        size=size,
    )
