"""The facts of a decision as the record keeps them: small, without words, and read back to exactly what was judged.

A recorded turn says its channel, language, signals and detectors once. Each of its decisions keeps only what its own facts have
beyond that, under `facts`. What verification found in a draft is kept as numbers: the words themselves may be personal data.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from guildhall.vocabulary.decisions import DraftFacts, Facts, Stage
from guildhall.vocabulary.errors import GuildhallError
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Category, Grade, Signal

DIGITS: Final = 4
WORD: Final = "-"
"""Stands for each of the words that are not kept."""
PLAIN: Final = {"audience": "resident", "failed_turns": 0, "desk_open": False, "language_supported": True}
"""What the facts of a decision are unless it says otherwise."""
NAMES: Final = {
    "channel": "channel",
    "language": "language",
    "failed_detectors": "detectors_failed",
    "unvalidated_detectors": "detectors_unvalidated",
}
"""Fields of the facts and where the turn says them."""
FOUND: Final = ("unsupported", "links_off_list", "personal_data")


class StoredFactsError(GuildhallError):
    """Recorded facts cannot be read back; the message says of which turn and what is wrong with them."""


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One decision of the record. `facts` is None when the turn was recorded without what a replay needs."""

    turn_id: str
    facts: Facts | None
    pack: str
    effect: str
    rules: tuple[str, ...]
    """The rules that spoke, as `id@version#case`, most protective first."""
    beside: tuple[str, ...] = ()


def recordable(facts: Facts) -> Facts:
    """The facts as the record can keep them. Turns are judged on these, so that a replay judges the very same."""
    draft = facts.draft
    if draft is not None:
        unsupported, links, personal = ((WORD,) * len(getattr(draft, name)) for name in FOUND)
        draft = replace(draft, unsupported=unsupported, links_off_list=links, personal_data=personal)
    return replace(
        facts,
        signals=tuple(replace(signal, strength=round(signal.strength, DIGITS), note="") for signal in facts.signals),
        services=tuple(replace(match, confidence=round(match.confidence, DIGITS)) for match in facts.services),
        draft=draft,
    )


def facts_as_json(facts: Facts, turn: Mapping[str, Any]) -> dict[str, Any]:
    """What the facts of one decision have beyond the recorded `turn` they stand in."""
    own: dict[str, Any] = {name: getattr(facts, name) for name, plain in PLAIN.items() if getattr(facts, name) != plain}
    for name, key in NAMES.items():
        value = getattr(facts, name)
        value = list(value) if isinstance(value, tuple) else value
        if value != turn[key]:
            own[name] = value
    signals = [signal_as_json(signal) for signal in facts.signals]
    if signals != turn["signals"]:
        own["signals"] = signals
    if facts.services:
        own["services"] = [[match.key, round(match.confidence, DIGITS), match.lgsl] for match in facts.services]
    if facts.draft is not None:
        own["draft"] = _draft_as_json(facts.draft)
    return own


def facts_from_json(own: Mapping[str, Any], stage: str, turn: Mapping[str, Any], signals: tuple[Signal, ...] | None = None) -> Facts:
    """The inverse of `facts_as_json`. `signals` are those of the turn where they are read already. Raises StoredFactsError."""
    try:
        if "signals" in own or signals is None:
            signals = _signals(own.get("signals", turn["signals"]))
        values = {name: own.get(name, plain) for name, plain in PLAIN.items()}
        return Facts(
            stage=Stage(stage),
            channel=own.get("channel", turn["channel"]),
            language=own.get("language", turn["language"]),
            signals=signals,
            failed_detectors=tuple(own.get("failed_detectors", turn["detectors_failed"])),
            unvalidated_detectors=tuple(own.get("unvalidated_detectors", turn["detectors_unvalidated"])),
            services=tuple(ServiceMatch(ServiceKey(key), confidence, lgsl) for key, confidence, lgsl in own.get("services", ())),
            draft=_draft_from_json(own["draft"]) if "draft" in own else None,
            **values,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoredFactsError(f"the facts of a recorded decision cannot be read: {type(error).__name__} at {error}") from error


def stored_decisions(turn_id: str, turn: Mapping[str, Any]) -> Iterator[StoredDecision]:
    """Every decision of a recorded turn (the facts of its `TurnCompleted` event). Raises StoredFactsError."""
    try:
        decisions: Sequence[Mapping[str, Any]] = turn["decisions"]
        replayable = any("facts" in decision for decision in decisions)
        signals = _signals(turn["signals"]) if replayable else ()
        for decision in decisions:
            own = decision.get("facts")
            facts = None if own is None else facts_from_json(own, decision["stage"], turn, signals)
            beside = tuple(decision.get("beside", ()))
            yield StoredDecision(turn_id, facts, decision["pack"], decision["effect"], tuple(decision["rules"]), beside)
    except (KeyError, TypeError, ValueError, AttributeError, StoredFactsError) as error:
        raise StoredFactsError(f"turn {turn_id}: {error}") from error


def signal_as_json(signal: Signal) -> dict[str, Any]:
    """A signal without the words it was found in."""
    return {
        "category": signal.category.value,
        "grade": signal.grade.value,
        "strength": round(signal.strength, DIGITS),
        "detector": signal.detector,
        "span": list(signal.span) if signal.span else None,
    }


def _signals(data: Sequence[Mapping[str, Any]]) -> tuple[Signal, ...]:
    return tuple(
        Signal(
            Category(item["category"]),
            Grade(item["grade"]),
            item["strength"],
            item["detector"],
            (item["span"][0], item["span"][1]) if item["span"] else None,
        )
        for item in data
    )


def _draft_as_json(draft: DraftFacts) -> dict[str, Any]:
    counts = {name: len(getattr(draft, name)) for name in FOUND} | {"words": draft.words}
    return {name: count for name, count in counts.items() if count} | ({} if draft.cited else {"cited": False})


def _draft_from_json(data: Mapping[str, Any]) -> DraftFacts:
    found = {name: (WORD,) * data.get(name, 0) for name in FOUND}
    return DraftFacts(cited=data.get("cited", True), words=data.get("words", 0), **found)
