"""Labelled lines, and which of them are never trained on."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

HELD_OUT_BELOW: Final = 26
"""A line is held out when the first byte of SHA-256 of its text is below this: about one in ten, the same for ever."""


CALIBRATING_BELOW: Final = 64
"""From `HELD_OUT_BELOW` to below this a line sets thresholds and confidence, and teaches no weights: about 15 in 100."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled line of signal training data. `category` may be a hazard (`hazard_gas`), `none`, or any Category."""

    text: str
    category: str
    grade: str
    style: str = ""
    language: str = "en"
    script: str = "native"


def held_out(text: str) -> bool:
    """Whether a line is kept out of training."""
    return hashlib.sha256(text.encode("utf-8")).digest()[0] < HELD_OUT_BELOW


def calibrating(text: str) -> bool:
    """Whether a line is kept for setting thresholds and confidence."""
    return HELD_OUT_BELOW <= hashlib.sha256(text.encode("utf-8")).digest()[0] < CALIBRATING_BELOW


def teaches(text: str) -> bool:
    """Whether weights may be learned from a line."""
    return hashlib.sha256(text.encode("utf-8")).digest()[0] >= CALIBRATING_BELOW


def digest_of(texts: Iterable[str]) -> str:
    """SHA-256 over training files in name order: what a card quotes so that stale weights are noticed."""
    total = hashlib.sha256()
    for text in texts:
        total.update(hashlib.sha256(text.encode("utf-8")).digest())
    return total.hexdigest()


def signal_example(line: str, language: str) -> Example | None:
    """One line of a signals file. None for a line that carries no text."""
    row = json.loads(line)
    text = str(row.get("text", "")).strip()
    if not text:
        return None
    category = str(row.get("category", "none"))
    hazard = str(row.get("hazard", "") or "")
    if hazard and category in ("hazard", "none"):
        category = hazard if hazard.startswith("hazard_") else f"hazard_{hazard}"
    return Example(text, category, str(row.get("grade", "none")), str(row.get("style", "")), language, str(row.get("script", "native")))
