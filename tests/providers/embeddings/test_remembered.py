import numpy as np

from guildhall.providers.embeddings.remembered import Remembered


def test_it_keeps_the_texts_asked_for_lately_and_no_more() -> None:
    kept = Remembered(2)
    kept.add({"one": np.ones(3, np.float32), "two": np.ones(3, np.float32)})
    assert set(kept.known(["one", "nobody"])) == {"one"}
    kept.add({"three": np.zeros(3, np.float32)})
    assert set(kept.known(["one", "two", "three"])) == {"one", "three"}


def test_rows_may_be_kept_small() -> None:
    kept = Remembered(2, np.float16)
    kept.add({"one": np.ones(3, np.float32)})
    assert kept.known(["one"])["one"].dtype == np.float16
