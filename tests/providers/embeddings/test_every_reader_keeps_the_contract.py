"""The conformance suite of readers: the encoders that were tuned to understanding."""

from pathlib import Path

import numpy as np
import pytest

from guildhall.bootstrap.understanding_weights import branch_path, tuned_nine_path
from guildhall.providers.embeddings.branched import BranchedMiniLm
from guildhall.providers.embeddings.multilingual import TunedE5
from guildhall.understanding.ports import Reader
from guildhall.vocabulary.errors import ConfigurationError

BASELINE = Path(__file__).parents[3] / "councils" / "_baseline"
TEXTS = ["Where do I take my old fridge?", "Kiedy wywożą śmieci?", "", "ਕੂੜਾ كتاب 🗑️", "word " * 2000, "\x00"]


@pytest.fixture(scope="module", params=["branched", "multilingual"])
def reader(request: pytest.FixtureRequest, models: Path) -> Reader:
    if request.param == "branched":
        return BranchedMiniLm(models, branch_path(BASELINE), threads=2)
    return TunedE5(models, tuned_nine_path(BASELINE), threads=2)


def test_each_text_gets_a_row_of_features(reader: Reader) -> None:
    features = reader.features(TEXTS)
    assert features.shape == (len(TEXTS), 768)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()


def test_no_texts_get_no_rows(reader: Reader) -> None:
    assert reader.features([]).shape == (0, 768)


def test_a_text_reads_the_same_alone_beside_others_and_again(reader: Reader) -> None:
    together = reader.features(TEXTS)
    assert np.array_equal(reader.features([TEXTS[0]])[0], together[0])
    assert np.array_equal(reader.features(TEXTS[::-1])[::-1], together)


def test_different_texts_read_differently(reader: Reader) -> None:
    one, other = reader.features(["parking permits for residents", "my husband hits me"])
    assert float(np.abs(one - other).max()) > 0.5


def test_missing_weights_are_named_with_the_fix(models: Path, tmp_path: Path) -> None:
    for open_one in (BranchedMiniLm, TunedE5):
        with pytest.raises(ConfigurationError, match="guildhall train"):
            open_one(models, tmp_path / "nothing.npz")
