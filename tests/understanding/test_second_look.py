"""Where the first encoder is not sure, the other one is asked: it can raise, it can quieten, and its failure is told."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from guildhall.understanding.detectors.classifier import ClassifierDetector, SecondLook, SignalModel
from guildhall.understanding.detectors.detector import Features, Heard, run_detectors
from guildhall.understanding.detectors.phrases import PhraseDetector
from guildhall.understanding.heads import HEADS
from guildhall.understanding.linear import DenseModel, LinearModel
from guildhall.understanding.training.signals import HASHING
from guildhall.vocabulary.errors import ProviderError
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.signals import Category

PLACE = HEADS.index("domestic_abuse:confirm")
SAID = "he came home again last night and the children went very quiet as they do when he is like that with us"


class Says:
    """A reader that gives every text the same single feature, and counts how often it is asked."""

    def __init__(self, value: float) -> None:
        self.value, self.asked = value, 0

    def features(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += len(texts)
        if np.isnan(self.value):
            raise ProviderError("the other encoder could not run: for a test")
        return np.full((len(texts), 1), self.value, np.float32)


def own_heads() -> LinearModel:
    dense = np.zeros((1, len(HEADS)), np.float32)
    dense[0, PLACE] = 1.0
    none = np.zeros((2**HASHING.bits, len(HEADS)), np.int8)
    bias = np.full(len(HEADS), -5.0, np.float32)
    bias[PLACE] = 0.0
    return LinearModel(HEADS, HASHING, none, np.ones(len(HEADS), np.float32), dense, bias)


def found(first: float, other: Says) -> tuple[set[Category], tuple[str, ...]]:
    heads = own_heads()
    look = SecondLook(DenseModel(heads.dense, heads.bias), np.zeros(len(HEADS), np.float32))
    model = SignalModel(heads, np.full(len(HEADS), 2.0, np.float32), look)
    phrases = PhraseDetector({}, (), version=1, validated=frozenset())
    detector = ClassifierDetector({Language.ENGLISH: model}, phrases, again=other, version=1, validated=frozenset(Language))
    detection = run_detectors([detector], Heard.of(SAID, Language.ENGLISH, Features(Says(first))))
    return {s.category for s in detection.signals}, detection.failed


@pytest.mark.parametrize(
    ("first", "other", "heard", "asked"),
    [
        (1.0, 5.0, True, True),  # too weak alone, strong to the other: the mean is over the threshold
        (3.0, -3.0, False, True),  # over it alone, but the other hears nothing
        (3.0, 3.0, True, True),
        (-1.0, 9.0, False, False),  # sure that there is nothing: the other is not asked
    ],
)
def test_the_mean_counts_where_the_first_is_not_sure(first: float, other: float, heard: bool, asked: bool) -> None:
    reader = Says(other)
    categories, failed = found(first, reader)
    assert (Category.DOMESTIC_ABUSE in categories) == heard
    assert bool(reader.asked) == asked
    assert not failed


def test_when_the_other_encoder_fails_the_detector_is_named_as_failed() -> None:
    categories, failed = found(1.0, Says(float("nan")))
    assert not categories
    assert failed == ("classifier.signals@1",)
