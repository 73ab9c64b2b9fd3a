"""What the encoder's branch is tuned on: which service, which signals, and whether several things are asked at once."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from guildhall.understanding.linear import Floats
from guildhall.understanding.training.augment import misspelt, plain
from guildhall.understanding.training.english import ordinary_texts
from guildhall.understanding.training.examples import Example, teaches
from guildhall.understanding.training.services import MULTI, RoutingLine, joined
from guildhall.understanding.training.signals import forms_of, labels_of

SERVICES: Final = "services"
SIGNALS: Final = "signals"
SEVERAL: Final = "several"
_JOINED: Final = 2400


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


def _shares(services: Sequence[str], place: dict[str, int]) -> Floats:
    target = np.zeros(len(place), np.float32)
    for key in services or ("",):
        target[place[key]] = 1 / max(len(services), 1)
    return target


def _joined(lines: Sequence[RoutingLine], place: dict[str, int]) -> list[EncoderLine]:
    made = joined(lines, _JOINED)
    return [EncoderLine(x.text, (), _shares(x.services, place), None, float(len(x.services) > 1)) for x in made]
