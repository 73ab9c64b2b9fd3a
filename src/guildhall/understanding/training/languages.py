"""Fitting the language model, and measuring it on the lines kept out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from guildhall.understanding.features import Hashing
from guildhall.understanding.language import LanguageModels, LanguageRecogniser
from guildhall.understanding.linear import LinearModel, from_weights
from guildhall.understanding.scripts import script_of
from guildhall.understanding.training.examples import held_out
from guildhall.understanding.training.fit import fit, ngram_matrix, softmax_loss

HASHING: Final = Hashing(bits=14, characters=(1, 2, 3, 4), words=(1,), folded=False)


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """A sentence and its label: `en`, `pl`, `ur-latin`, `other` …"""

    text: str
    label: str


def label_of(language: str, script: str, text: str = "") -> str:
    """The label of a language in a script: only Arabic-script and Gurmukhi languages differ by script; Punjabi has three."""
    if language not in ("en", "ar", "cs", "pa", "pl", "ps", "ro", "sk", "so", "ur"):
        return "other"
    if language == "pa" and script == "native" and script_of(text)[0] == "arabic":
        return "pa-arabic"
    return f"{language}-latin" if script == "latin" and language in ("ar", "pa", "ps", "ur") else language


def fit_languages(lines: Sequence[LanguageLine]) -> LinearModel:
    """The model, from the lines that are not held out. Short pieces of each line are learned too."""
    train = [line for line in lines if not held_out(line.text)]
    texts: list[str] = []
    labels: list[str] = []
    for line in train:
        words = line.text.split()
        pieces = [line.text]
        if len(words) >= 6:
            pieces += [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]
        texts.extend(pieces)
        labels.extend([line.label] * len(pieces))
    names = tuple(sorted(set(labels)))
    places = np.array([names.index(label) for label in labels])
    targets = np.eye(len(names), dtype=np.float32)[places]
    counts = targets.sum(axis=0)
    weights = (len(texts) / (len(names) * counts))[places].astype(np.float32) ** np.float32(0.7)
    sparse, dense, bias = fit(
        ngram_matrix(texts, HASHING),
        np.zeros((len(texts), 0), dtype=np.float32),
        softmax_loss(targets, weights),
        len(names),
        ngram_penalty=0.02,
        dense_penalty=1.0,
    )
    return from_weights(names, HASHING, sparse, dense, bias)


def measure_languages(models: LanguageModels, lines: Sequence[LanguageLine]) -> Mapping[str, tuple[int, int]]:
    """(right, all) per label on held-out lines of at least three words, with no hint and no history."""
    recogniser = LanguageRecogniser(models)
    counts: dict[str, tuple[int, int]] = {}
    for line in lines:
        if not held_out(line.text) or len(line.text.split()) < 3:
            continue
        guess = recogniser.recognise(line.text)
        said = guess.language.value if guess.supported else "other"
        right, total = counts.get(line.label, (0, 0))
        counts[line.label] = (right + (said == line.label.split("-")[0]), total + 1)
    return counts
