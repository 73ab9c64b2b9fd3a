"""The committed weights: they load, they fit each other, and their cards are about the lines that are in the repository."""

from pathlib import Path

import numpy as np
import pytest

from guildhall.bootstrap.training_files import NINE, digest_of_files, language_files, routing_files, signal_files
from guildhall.bootstrap.understanding_weights import Weights, branch_path, card, load_weights, tuned_nine_path
from guildhall.providers.embeddings import multilingual
from guildhall.providers.embeddings.branched import FEATURES, TUNED, read_tuned, write_tuned
from guildhall.understanding.heads import GRAVE, HEADS
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.languages import Language

BASELINE = Path(__file__).parents[2] / "councils" / "_baseline"


@pytest.fixture(scope="module")
def weights() -> Weights:
    return load_weights(BASELINE)


def test_cards_are_about_the_lines_that_are_here() -> None:
    assert card(BASELINE, "signals-en")["training_digest"] == digest_of_files([*signal_files(BASELINE, "en"), *routing_files(BASELINE)])
    nine = [*(path for code in ("en", *NINE) for path in signal_files(BASELINE, code)), *routing_files(BASELINE)]
    assert card(BASELINE, "signals-nine")["training_digest"] == digest_of_files(nine)
    assert card(BASELINE, "languages")["training_digest"] == digest_of_files(language_files(BASELINE))


def test_weights_fit_each_other(weights: Weights) -> None:
    english = weights.signals[Language.ENGLISH]
    assert english.second is not None
    assert english.heads.dense.shape == english.second.heads.weights.shape == (FEATURES, len(HEADS))
    assert english.second.unsure_from.shape == (len(HEADS),)
    needs = np.isfinite(english.second.unsure_from)
    assert needs[GRAVE]
    assert (english.second.unsure_from[needs] <= english.thresholds[needs] + 3).all()
    assert weights.several.shape == (FEATURES + 1,)
    assert set(weights.signals) == {Language.ENGLISH, *(Language(code) for code in NINE)}
    for model in weights.signals.values():
        assert model.heads.labels == HEADS
        assert model.thresholds.shape == (len(HEADS),)
        assert np.isfinite(model.thresholds).all()


def test_the_branch_has_every_layer_it_says() -> None:
    layers = {name.split(".")[2] for name in read_tuned(branch_path(BASELINE))}
    assert layers == {str(index) for index in TUNED}
    layers = {name.split(".")[2] for name in read_tuned(tuned_nine_path(BASELINE))}
    assert layers == {str(index) for index in range(multilingual.SHARED + 1, multilingual.LAYERS)}


def test_kept_weights_come_back_within_a_step(tmp_path: Path) -> None:
    layers = {"encoder.layer.10.output.dense.weight": np.random.default_rng(1).normal(size=(8, 16)).astype(np.float32)}
    write_tuned(tmp_path / "branch.npz", layers)
    back = read_tuned(tmp_path / "branch.npz")
    kernel = layers["encoder.layer.10.output.dense.weight"]
    assert np.abs(back["encoder.layer.10.output.dense.weight"] - kernel).max() <= np.abs(kernel).max() / 127


def test_missing_weights_say_which_file_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"languages\.npz"):
        load_weights(tmp_path)
