"""What the encoders are tuned on: which service, which signals, and whether several things are asked at once."""

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from guildhall.understanding.linear import Floats
from guildhall.understanding.training.augment import buried, misspelt, plain
from guildhall.understanding.training.examples import Example, teaches
from guildhall.understanding.training.services import MULTI, RoutingLine, joined
from guildhall.understanding.training.signals import forms_of, labels_of
from guildhall.understanding.training.thresholds import ordinary_texts

SERVICES: Final = "services"
SIGNALS: Final = "signals"
SEVERAL: Final = "several"
_JOINED: Final = 2400
_ACCENTED: Final = frozenset({"cs", "pl", "ro", "sk"})
"""Languages that are often typed without their accents."""


@dataclass(frozen=True, slots=True)
class EncoderLine:
    """One text, its other forms, and what is known of it: services (shares that add up to 1), signals, several; None where nothing is."""

    text: str
    forms: tuple[tuple[str, float], ...] = ()
    services: Floats | None = None
    signals: tuple[Floats, Floats] | None = None
    several: float | None = None


def encoder_lines(examples: Sequence[Example], routing: Sequence[RoutingLine], labels: Sequence[str]) -> list[EncoderLine]:
    """Every English line that teaches, and pairs and triples of questions joined. `labels` are service keys, none of ours among them."""
    place = {label: i for i, label in enumerate(labels)}
    ordinary = ordinary_texts(examples)
    signals = {e.text: e for e in examples if teaches(e.text)}
    lines: list[EncoderLine] = []
    single: list[RoutingLine] = []
    for line in routing:
        if line.language != "en" or not teaches(line.text):
            continue
        several = 1.0 if line.style == MULTI else 0.0 if len(line.services) <= 1 else None
        if several == 0.0:
            single.append(line)
        example = signals.pop(line.text, None)
        chance = random.Random(line.text)
        forms = ((plain(line.text) or line.text, 1.0), (misspelt(line.text, chance) or line.text, 1.0))
        lines.append(EncoderLine(line.text, forms, _shares(line.services, place), labels_of(example) if example else None, several))
    lines.extend(EncoderLine(e.text, tuple(forms_of(e, ordinary)), signals=labels_of(e)) for e in signals.values())
    return [*lines, *_joined(single, place)]


def other_lines(examples: Sequence[Example], routing: Sequence[RoutingLine], labels: Sequence[str]) -> list[EncoderLine]:
    """Every line that teaches in one of the nine other languages. A question about a service that appears among the examples is ordinary."""
    place = {label: i for i, label in enumerate(labels)}
    known = {e.text: e for e in examples if teaches(e.text)}
    ordinary: dict[str, list[str]] = {}
    for example in known.values():
        if example.category == "none" and len(example.text) < 90:
            ordinary.setdefault(example.language, []).append(example.text)
    lines: list[EncoderLine] = []
    for line in routing:
        if line.language != "en" and teaches(line.text):
            found = known.pop(line.text, None)
            several = 1.0 if line.style == MULTI else None
            shares, signals = _shares(line.services, place), labels_of(found) if found else None
            lines.append(EncoderLine(line.text, _other_forms(line.text, line.language, ()), shares, signals, several))
    for example in known.values():
        hide = ordinary.get(example.language, []) if example.grade != "none" else ()
        lines.append(EncoderLine(example.text, _other_forms(example.text, example.language, hide), signals=labels_of(example)))
    return lines


def _other_forms(text: str, language: str, ordinary: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """As speech recognition gives it, in haste, without accents, and buried among `ordinary` lines where there are any."""
    chance = random.Random(text)
    found = [plain(text), misspelt(text, chance)]
    if language in _ACCENTED:
        found.append(plain("".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))))
    found.extend(buried(text, ordinary, chance) for _ in range(2 if ordinary else 0))
    return tuple((form, 1.0) for form in found if form.strip())


def thinned(lines: Sequence[EncoderLine], seed: int = 3) -> list[EncoderLine]:
    """English lines beside which the nine languages are tuned: all about signals alone, and some of the others, so that it takes half as long."""
    chance = random.Random(seed)
    return [
        line
        for line in lines
        if (line.signals is not None and not (line.services is not None and chance.random() > 0.5)) or chance.random() < 0.35
    ]


def _shares(services: Sequence[str], place: dict[str, int]) -> Floats:
    target = np.zeros(len(place), np.float32)
    for key in services or ("",):
        target[place[key]] = 1 / max(len(services), 1)
    return target


def _joined(lines: Sequence[RoutingLine], place: dict[str, int]) -> list[EncoderLine]:
    made = joined(lines, _JOINED)
    return [EncoderLine(x.text, (), _shares(x.services, place), None, float(len(x.services) > 1)) for x in made]
