"""The committed weights of the understanding room and their cards, in `councils/_baseline/detectors`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from guildhall.understanding import linear
from guildhall.understanding.detectors.classifier import SecondLook, SignalModel
from guildhall.understanding.linear import LinearModel
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.languages import Language

NAMES = ("languages", "signals-en", "signals-nine")


@dataclass(frozen=True, slots=True)
class Weights:
    """All learned weights. `telling` lists, for each language label, words only it has; `validated` comes from the cards."""

    languages: LinearModel
    telling: Mapping[str, tuple[str, ...]]
    signals: Mapping[Language, SignalModel]
    validated: frozenset[Language]
    version: int
    several: NDArray[np.float32]
    """What tells several questions from one: weights over the encoder's features, the bias last, (m + 1,)."""


def card(baseline: Path, name: str) -> dict[str, Any]:
    """The card of a set of weights. Raises ConfigurationError when it is missing."""
    path = baseline / "detectors" / f"{name}.json"
    if not path.exists():
        raise ConfigurationError(
            "the card of these weights is missing.", file=path, fix="Run `guildhall train signals` and `guildhall train languages`."
        )
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError:
        raise ConfigurationError(
            "the card of these weights is broken.", file=path, fix="Restore the file, or run `guildhall train`."
        ) from None
    return found


def load_weights(baseline: Path) -> Weights:
    """Read the weights. Raises ConfigurationError naming the file that is missing or broken."""
    languages, english, nine = (_arrays(baseline / "detectors" / f"{name}.npz") for name in NAMES)
    cards = {name: card(baseline, name) for name in NAMES}
    signals = {Language.ENGLISH: _signal_model(english, "en")}
    pooled = linear.from_arrays(nine, "nine")
    for code in cards["signals-nine"]["languages"]:
        signals[Language(code)] = SignalModel(pooled, nine[f"{code}.thresholds"].astype(np.float32))
    validated = frozenset(Language(code) for name in ("signals-en", "signals-nine") for code in cards[name]["validated"])
    telling = json.loads(str(languages["telling"]))
    several = english["en.several"].astype(np.float32)
    return Weights(linear.from_arrays(languages, "languages"), telling, signals, validated, int(cards["signals-en"]["version"]), several)


def branch_path(baseline: Path) -> Path:
    """The weights of the encoder's tuned branch."""
    return baseline / "detectors" / "encoder-en.npz"


def tuned_nine_path(baseline: Path) -> Path:
    """The weights of the multilingual encoder's tuned layers."""
    return baseline / "detectors" / "encoder-nine.npz"


def _signal_model(arrays: Mapping[str, Any], prefix: str) -> SignalModel:
    second = SecondLook(linear.dense_from_arrays(arrays, f"{prefix}.second"), arrays[f"{prefix}.second.unsure"].astype(np.float32))
    return SignalModel(linear.from_arrays(arrays, prefix), arrays[f"{prefix}.thresholds"].astype(np.float32), second)


def _arrays(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:  # numpy leaves a broken file open that it opened itself
            return {name: kept[name] for name in kept.files}
    except (BadZipFile, ValueError, OSError) as error:
        raise ConfigurationError(
            "these weights are missing or broken.", file=path, fix="Restore the file, or run `guildhall train`."
        ) from error
