"""Stems are the same from many threads at once as from one."""

import sys
from concurrent.futures import ThreadPoolExecutor

import Stemmer

from guildhall.vocabulary.stems import stem

WORDS = ["collection", "recycling", "libraries", "registration", "housing", "overdue", "conditionally", "neighbourhoods"] * 400


def test_threads_do_not_spoil_each_others_stems() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads change places as often as they can
    alone = Stemmer.Stemmer("english")
    expected = {word: alone.stemWord(word) for word in set(WORDS)}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(stem, WORDS, chunksize=16))
    sys.setswitchinterval(interval)
    assert found == [expected[word] for word in WORDS]
