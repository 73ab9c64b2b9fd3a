from pathlib import Path

import pytest

from guildhall.bootstrap.training_data import reviewed_languages
from guildhall.bootstrap.understanding_weights import card
from guildhall.vocabulary.errors import ConfigurationError

BASELINE = Path(__file__).parents[2] / "councils" / "_baseline"


def test_no_language_is_validated_without_a_native_speakers_review() -> None:
    assert set(card(BASELINE, "signals-nine")["validated"]) <= reviewed_languages(BASELINE)


@pytest.mark.parametrize("written", ["", "reviewed: [pl]", "reviewed: {xx: 2027-01-12}"])
def test_a_broken_review_names_the_file_and_the_fix(tmp_path: Path, written: str) -> None:
    folder = tmp_path / "training" / "signals"
    folder.mkdir(parents=True)
    (folder / "native-review.yaml").write_text(written, "utf-8")
    with pytest.raises(ConfigurationError, match=r"native-review\.yaml"):
        reviewed_languages(tmp_path)
