from pathlib import Path

import numpy as np
import pytest

from guildhall.providers.embeddings import e5_package, multilingual
from guildhall.providers.embeddings.branched import write_tuned
from guildhall.providers.embeddings.multilingual import TunedE5
from guildhall.vocabulary.errors import ProviderError


def test_a_block_is_a_scale_and_32_steps() -> None:
    steps = np.arange(32) % 16
    packed = (steps[:16] | (steps[16:] << 4)).astype(np.uint8)
    row = np.concatenate([np.array([0.5], np.float16).view(np.uint8), packed])
    assert np.array_equal(e5_package.unpacked(row[None], 32)[0], (steps - 8) * 0.5)


def test_a_file_that_is_something_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weights.bin").write_bytes(b"not a network at all")
    monkeypatch.setattr(e5_package, "weights_file", lambda: tmp_path / "weights.bin")
    e5_package.open_package.cache_clear()
    with pytest.raises(ProviderError, match=r"weights\.bin"):
        e5_package.open_package()
    monkeypatch.undo()
    e5_package.open_package.cache_clear()


def test_words_of_every_script_are_cut_between_a_beginning_and_an_end() -> None:
    polish, arabic, long = multilingual.tokens_of(["Gdzie  jest\tbiblioteka?", "أين المكتبة؟", "word " * 500], 64)
    assert (polish[0], polish[-1]) == (arabic[0], arabic[-1])
    assert polish == multilingual.tokens_of(["Gdzie jest biblioteka?"], 64)[0]
    assert len(long) == 64


def test_as_published_the_same_question_in_two_languages_reads_alike(tmp_path: Path) -> None:
    package = e5_package.open_package()
    untuned = {name: value for index in range(multilingual.SHARED + 1, package.layers) for name, value in package.layer(index).items()}
    write_tuned(tmp_path / "untuned.npz", untuned)
    reader = TunedE5(tmp_path, tmp_path / "untuned.npz", threads=1)
    asked = [
        "When is my bin collected?",
        "Kiedy wywożą moje śmieci?",
        "أريد أن أسجل ولادة طفلي",
        "I want to register the birth of my child",
    ]
    rows = reader.features(asked)[:, : e5_package.WIDTH]
    rows -= rows.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    alike = rows @ rows.T
    assert alike[0].argsort()[-2] == 1
    assert alike[2].argsort()[-2] == 3
