"""What is known of every model and detector that is loaded: weights by digest, training lines, languages, results, known failures."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from guildhall.assurance.config import ModelEntry, OnlyWhen
from guildhall.assurance.facts import Fact, Known, Missing, Source, SourceKind, in_words, on_day
from guildhall.assurance.live import LiveModel
from guildhall.assurance.tables import measures
from guildhall.bootstrap.evidence import Evidence, package_version
from guildhall.settings import Settings
from guildhall.vocabulary.figures import Figures

MODELS = "councils/_baseline/assurance/models.yaml"
REVIEW = "councils/_baseline/training/signals/native-review.yaml"
OPERATOR = "whoever runs the service"
TRAINER = "whoever trains the models"


def loaded_models(
    entries: Mapping[str, ModelEntry], settings: Settings, evidence: Evidence, figures: Figures | None, places: Mapping[str, str]
) -> tuple[LiveModel, ...]:
    """A card for each model that these settings load. `places` fill in paths: `{slug}`, `{router}`."""
    loaded = {key: entry for key, entry in entries.items() if entry.when is None or _holds(entry.when, settings)}
    return tuple(_card(key, entry, settings, evidence, figures, places) for key, entry in loaded.items())


def _holds(when: OnlyWhen, settings: Settings) -> bool:
    value = str(getattr(settings, when.setting))
    return value in when.is_ if when.is_ else value not in when.is_not


def _card(
    key: str, entry: ModelEntry, settings: Settings, evidence: Evidence, figures: Figures | None, places: Mapping[str, str]
) -> LiveModel:
    here = Source(SourceKind.FILE, f"{MODELS}#{key}")
    proof = tuple(Source.parse(text) for text in entry.proof)
    card = evidence.value(entry.card) if entry.card else None
    facts: dict[str, Known] = {
        f"model.{name}": Fact(getattr(entry, name), here, proof) for name in ("name", "task", "input", "output", "architecture")
    }
    facts |= {
        "model.version": _version(entry, settings, evidence, places),
        "model.loaded": _seen(entry, figures),
        "model.weights": _weights(entry, evidence, places, here),
        "model.lines": _lines(entry, evidence, here),
        "model.data_cards": _data_cards(entry, here),
        "model.trained_on": _trained(entry, card, here),
        "model.languages": _languages(entry, card, here),
        "model.validated": _validated(entry, card, here),
        "model.review": _review(evidence),
        "model.failures": _failures(entry, card, here),
    }
    results = measures(f"{entry.name}: measured results", entry.results, evidence.results, here)
    return LiveModel(key, entry.name, facts, {"model.results": results})


def _version(entry: ModelEntry, settings: Settings, evidence: Evidence, places: Mapping[str, str]) -> Known:
    source = Source.parse(entry.version_from.format(**places))
    value: Any = None
    if source.kind is SourceKind.FILE:
        value = evidence.value(source.ref) if "#" in source.ref else digest_of(evidence.path(source.ref))[:12]
    elif source.kind is SourceKind.CODE:
        value = evidence.constant(source.ref)
    elif source.kind is SourceKind.SETTING:
        value = str(getattr(settings, source.ref.removeprefix("GUILDHALL_").lower()))
    elif source.kind is SourceKind.PACKAGE:
        value = package_version(source.ref)
        source = Source(SourceKind.PACKAGE, f"{source.ref}@{value}")
    return Fact(str(value), source) if value else Missing(f"Which version of “{entry.name}” is this?", OPERATOR)


def _seen(entry: ModelEntry, figures: Figures | None) -> Known:
    names = figures.versions if figures else ()
    name = next((version for version in names if version.partition("@")[0] == entry.recorded_as), "")
    if not name or not figures:
        return Missing(f"Has “{entry.name}” been seen at work in a recorded turn?", OPERATOR)
    return Fact(f"{name}, in the latest recorded turn", Source(SourceKind.RECORD, "versions"), taken_at=figures.until)


def _weights(entry: ModelEntry, evidence: Evidence, places: Mapping[str, str], here: Source) -> Known:
    paths = [path.format(**places) for path in entry.files]
    gone = [path for path in paths if not evidence.path(path).is_file()]
    if gone:
        return Missing(f"{', '.join(gone)}: the file is not there.", OPERATOR)
    listed = [f"{path}, SHA-256 {digest_of(evidence.path(path))}" for path in paths]
    packages = [(name, package_version(name)) for name in entry.packages]
    listed += [f"package {name} {version or 'not installed'}" for name, version in packages]
    sources = [Source(SourceKind.FILE, path) for path in paths]
    sources += [Source(SourceKind.PACKAGE, f"{name}@{version}") for name, version in packages if version]
    if not listed:
        return Fact("no weights: it is written out as rules in code", here, tuple(Source.parse(text) for text in entry.proof))
    return Fact(listed, sources[0], tuple(sources[1:]))


def _lines(entry: ModelEntry, evidence: Evidence, here: Source) -> Known:
    if not entry.lines:
        return Fact("none: it was not trained by this project", here)
    counts = {path: _count(evidence.path(path)) for path in entry.lines}
    sources = [Source(SourceKind.FILE, path) for path in counts]
    total = f"{sum(counts.values()):,} lines"
    each = [f"{path}: {count:,} lines" for path, count in counts.items()]
    return Fact([total, *each] if len(each) > 1 else [*each], sources[0], tuple(sources[1:]))


def _count(path: Path) -> int:
    files = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path] if path.exists() else []
    return sum(sum(1 for line in file.read_text("utf-8").splitlines() if line.strip()) for file in files)


def _data_cards(entry: ModelEntry, here: Source) -> Known:
    if not entry.data_cards:
        return Fact("none: there is no training data of this project", here)
    sources = [Source(SourceKind.FILE, path) for path in entry.data_cards]
    return Fact(list(entry.data_cards), sources[0], tuple(sources[1:]))


def _trained(entry: ModelEntry, card: Any, here: Source) -> Known:
    if not entry.card:
        return Fact("Not trained by this project, or tuned with the detectors that use it", here)
    value = card.get("trained_on") if isinstance(card, Mapping) else None
    asked = Missing(f"When was “{entry.name}” trained?", TRAINER)
    return Fact(f"Trained on {on_day(date.fromisoformat(value))}", Source(SourceKind.FILE, f"{entry.card}#trained_on")) if value else asked


def _languages(entry: ModelEntry, card: Any, here: Source) -> Known:
    if isinstance(card, Mapping) and card.get("languages"):
        return Fact(f"Languages: {', '.join(card['languages'])}", Source(SourceKind.FILE, f"{entry.card}#languages"))
    return Fact(f"Languages: {', '.join(entry.languages) or 'any'}", here)


def _validated(entry: ModelEntry, card: Any, here: Source) -> Known:
    if not isinstance(card, Mapping) or "validated" not in card:
        return Fact("Validated: not graded by language", here)
    source = Source(SourceKind.FILE, f"{entry.card}#validated")
    none_yet = "none yet, so a person with an interpreter is offered every time"
    return Fact(f"Validated in: {', '.join(card['validated']) or none_yet}", source)


def _review(evidence: Evidence) -> Known:
    reviewed = evidence.value(f"{REVIEW}#reviewed")
    source = Source(SourceKind.FILE, f"{REVIEW}#reviewed")
    if not reviewed:
        return Fact("Reviewed by native speakers who know safeguarding: no language beside English yet", source)
    return Fact(f"Reviewed by native speakers who know safeguarding: {in_words(reviewed)}", source)


def _failures(entry: ModelEntry, card: Any, here: Source) -> Known:
    known: Sequence[str] = card.get("known_failures", ()) if isinstance(card, Mapping) else ()
    sources = [Source(SourceKind.FILE, f"{entry.card}#known_failures")] if known else []
    sources += [here] if entry.limits else []
    if not sources:
        return Missing(f"Where is “{entry.name}” known to fail?", TRAINER)
    return Fact([*known, *entry.limits], sources[0], tuple(sources[1:]))


def digest_of(path: Path) -> str:
    """SHA-256 (hex) of a file; empty when it is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
