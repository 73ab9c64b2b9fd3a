"""The cards of detectors: what each was measured to do on lines it had not seen, language by language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_CODE = re.compile(r"`([^`]*)`")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95% bounds, and the counts behind it."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Hits of all."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One category in one language: of messages that need a person, how many brought one; of weaker ones, how many an offer."""

    category: str
    brought: Rate | None
    offered: Rate | None
    confirm_at: float | None = None
    screen_at: float | None = None


@dataclass(frozen=True, slots=True)
class LanguageCard:
    """How a detector does in one language. `waits_for` says what it lacks to be relied on, or is empty."""

    language: str
    validated: bool
    waits_for: str
    brought: Rate | None
    false_alarms: Rate | None
    look_alikes: Rate | None
    heard: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class DetectorCard:
    """One detector."""

    key: str
    title: str
    version: int
    trained_on: str
    digest: str
    known_failures: tuple[str, ...]
    languages: tuple[LanguageCard, ...]
    validated_when: str = ""


Thresholds = Mapping[str, Mapping[str, float]]
"""For each language, each head's threshold as it is loaded: a logit."""


def read_card(key: str, card: Mapping[str, Any], thresholds: Thresholds) -> DetectorCard:
    """A card from its file. Fields that a card lacks are empty: a card is shown as it is, never made up."""
    held_out = card.get("held_out", {})
    languages = list(card.get("languages", ()))
    by_language = {languages[0]: held_out} if len(languages) == 1 else {code: held_out.get(code, {}) for code in languages}
    return DetectorCard(
        key,
        str(card.get("title", key)),
        int(card.get("version", 0)),
        str(card.get("trained_on", "")),
        str(card.get("training_digest", ""))[:12],
        tuple(_CODE.sub("\u201c\\1\u201d", str(failure)) for failure in card.get("known_failures", ())),
        tuple(_language(code, card, results, thresholds.get(code, {})) for code, results in by_language.items()),
        _CODE.sub("\u201c\\1\u201d", str(card.get("validated_when", ""))),
    )


def _language(code: str, card: Mapping[str, Any], results: Mapping[str, Any], at: Mapping[str, float]) -> LanguageCard:
    found, alarms = results.get("found", {}), results.get("false_alarms", {})
    validated = code in card.get("validated", ())
    good = code in card.get("good_enough_but_for_a_review", ())
    waits_for = "" if validated else "a native speaker's review" if good else "better results, and a native speaker's review"
    categories = dict.fromkeys(key.split(":")[0] for key in found)
    heard = tuple(_heard(category, found, at) for category in categories if category != "all")
    return LanguageCard(
        code,
        validated,
        waits_for,
        _rate(found, "all:confirm:brought"),
        _rate(alarms, "ordinary"),
        _rate(alarms, "idioms_and_look_alikes"),
        heard,
    )


def _heard(category: str, found: Mapping[str, Any], at: Mapping[str, float]) -> Heard:
    brought = _rate(found, f"{category}:confirm:brought") or _rate(found, f"{category}:confirm:found")
    offered = _rate(found, f"{category}:screen:offered") or _rate(found, f"{category}:screen:found")
    return Heard(category, brought, offered, at.get(f"{category}:confirm"), at.get(f"{category}:screen"))


def _rate(found: Mapping[str, Any], key: str) -> Rate | None:
    value = found.get(key)
    return Rate(int(value["hits"]), int(value["of"]), float(value["low"]), float(value["high"])) if value else None
