"""A short line of one language is easily taken for its near kin: what it says of danger is heard all the same."""

import pytest

from guildhall.understanding.detectors.detector import Features, Heard
from guildhall.understanding.detectors.phrases import Phrase, PhraseDetector
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.signals import Category, Grade
from tests.understanding.plain_models import HashedReader

DETECTOR = PhraseDetector({Language.CZECH: [Phrase("bije .. syna", Category.CHILD_AT_RISK, Grade.CONFIRM)], Language.SLOVAK: [], Language.ENGLISH: [], Language.POLISH: []})  # fmt: skip


@pytest.mark.parametrize(("language", "heard"), [(Language.CZECH, True), (Language.SLOVAK, True), (Language.POLISH, False)])
def test_the_near_kin_is_read_too(language: Language, heard: bool) -> None:
    signals = DETECTOR.detect(Heard.of("Soused bije svého malého syna", language, Features(HashedReader())))
    assert bool(signals) == heard
