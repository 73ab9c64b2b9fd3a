"""Wires the understanding room: weights and phrases of the baseline, and a council's router, trained once and kept."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from guildhall.bootstrap.knowledge import open_branched, open_multilingual, ordinary_words, say_to_terminal
from guildhall.bootstrap.training_files import NINE, digest_of_files, routing_files
from guildhall.bootstrap.understanding_weights import Weights, branch_path, load_weights, tuned_nine_path
from guildhall.councils.yaml_files import YamlReader
from guildhall.providers.embeddings.branched import BranchedMiniLm
from guildhall.settings import Settings
from guildhall.understanding.config import MisdirectionBound
from guildhall.understanding.detectors.classifier import ClassifierDetector
from guildhall.understanding.detectors.phrases import Phrase, PhraseDetector
from guildhall.understanding.detectors.time_limit import TimeLimit
from guildhall.understanding.heads import SINGLE
from guildhall.understanding.language import LanguageModels, LanguageRecogniser
from guildhall.understanding.linear import dense_from_arrays, from_arrays
from guildhall.understanding.ports import Reader, Readers
from guildhall.understanding.services import RouterCalibration, RouterModel, SecondVoice, ServiceRouter, Voice
from guildhall.understanding.several import SeveralHead
from guildhall.understanding.slips import Slips
from guildhall.understanding.small_talk import SmallTalk
from guildhall.understanding.topics import TopicIndex
from guildhall.understanding.understander import Faculties, Understander
from guildhall.vocabulary.errors import ConfigurationError, RefusedError
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.services import Service
from guildhall.vocabulary.signals import HAZARDS, Category, Grade

ROUTER_VERSION = 4
CERTAINTY = 0.95
Say = Callable[[str], None]


class Bound(Protocol):
    """A council's bound on misdirection."""

    @property
    def at_most(self) -> int:
        """So many …"""
        ...

    @property
    def in_every(self) -> int:
        """… in every so many."""
        ...


def open_understander(
    settings: Settings,
    embedder: object,
    services: Sequence[Service],
    slug: str,
    misdirection: Bound | None = None,
    say: Say = say_to_terminal,
) -> Understander:
    """The understander of a council. Fits its router on first use (about two minutes for 180 services), with progress, and keeps it."""
    baseline = settings.councils_dir / "_baseline"
    readers = open_readers(settings, embedder, say)
    weights = load_weights(baseline)
    phrases, small_talk = open_phrases(baseline, weights, settings.data_dir / "cache" / "yaml")
    classifier = ClassifierDetector(weights.signals, phrases, again=readers.others, version=weights.version, validated=weights.validated)
    topics = TopicIndex(services)
    fitted, name = open_router(settings, services, slug, topics, readers, bound_of(misdirection), say)
    words = {label: frozenset(found) for label, found in weights.telling.items()}
    faculties = Faculties(
        readers=readers,
        languages=LanguageRecogniser(LanguageModels(weights.languages, words)),
        detectors=(phrases, classifier),
        router=ServiceRouter(services, topics, fitted),
        several=SeveralHead(weights.several),
        small_talk=small_talk,
        slips=open_slips(settings, services),
        published=published_by(services),
        versions=(f"languages@{weights.version}", name),
        remember=settings.caches,
        limit=TimeLimit(settings.detector_timeout_seconds),
    )
    return Understander(faculties)


def open_slips(settings: Settings, services: Sequence[Service]) -> Slips:
    """What puts slips of spelling right before a service is looked for."""

    def spelt(word: str) -> bool:
        from guildhall.providers.speech.dictionary import is_spelt  # opened by the first word that nobody here knows

        return is_spelt(word)

    return Slips(services, ordinary_words(settings), spelt)


def bound_of(misdirection: Bound | None) -> MisdirectionBound:
    """The bound the router is fitted to; three in a hundred where a council says none."""
    if misdirection is None:
        return MisdirectionBound(at_most=3, in_every=100)
    return MisdirectionBound(at_most=max(misdirection.at_most, 1), in_every=max(misdirection.in_every, 10))


def open_readers(settings: Settings, embedder: object = None, say: Say = say_to_terminal) -> Readers:
    """Who hears which language: the embedder itself when it reads English, else MiniLM; multilingual E5 for the nine others."""
    english: Reader = embedder if isinstance(embedder, BranchedMiniLm) else open_branched(settings, say)
    return Readers(english, open_multilingual(settings, say))


def published_by(services: Sequence[Service]) -> tuple[str, ...]:
    """Phones, e-mails and addresses that the council publishes: they are nobody's personal data."""
    found: dict[str, None] = {}
    for service in services:
        body = service.other_body
        for value in (service.contact.phone, service.contact.email, service.contact.address, body.phone if body else ""):
            if value:
                found[value] = None
    return tuple(found)


def open_phrases(baseline: Path, weights: Weights, cache: Path | None) -> tuple[PhraseDetector, SmallTalk]:
    """The phrase detector of all ten languages, and what it takes to tell small talk."""
    reader = YamlReader(cache)
    english_file = baseline / "training" / "signals" / "phrases-en.yaml"
    english = reader.plain(english_file)
    found = {Language.ENGLISH: _phrases(english["explicit"], english_file)}
    nine_file, everyday_file = baseline / "training" / "signals" / "phrases-nine.yaml", baseline / "detectors" / "everyday-nine.yaml"
    nine, everyday = reader.plain(nine_file), reader.plain(everyday_file)
    chases = reader.plain(baseline / "detectors" / "chase.yaml")
    for code in NINE:
        language = Language(code)
        found[language] = [*_stems(nine.get(code, {}), nine_file, language, weights), *_everyday(everyday.get(code, {}), everyday_file)]
    for code, patterns in chases.items():
        found[Language(code)] += [Phrase(pattern, Category.CHASE, Grade.SCREEN) for pattern in patterns]
    talk = [p.pattern for phrases in found.values() for p in phrases if p.category in (Category.GREETING, Category.THANKS)]
    try:
        detector = PhraseDetector(found, english["idioms"], version=int(english["version"]), validated=weights.validated)
    except RefusedError as error:
        raise ConfigurationError(str(error), file=english_file, fix="Write the phrase as the head of the file says.") from error
    return detector, SmallTalk(talk)


def _phrases(explicit: dict[str, dict[str, list[str]]], file: Path) -> list[Phrase]:
    return [
        Phrase(pattern, _category(category, file), Grade(grade))
        for category, grades in explicit.items()
        for grade, patterns in grades.items()
        for pattern in patterns
    ]


def _everyday(kinds: dict[str, list[str]], file: Path) -> list[Phrase]:
    return [
        Phrase(pattern, _category(kind, file), Grade.CONFIRM if kind == "asks_if_human" else Grade.SCREEN)
        for kind, patterns in kinds.items()
        for pattern in patterns
    ]


def _stems(categories: dict[str, dict[str, list[str]]], file: Path, language: Language, weights: Weights) -> list[Phrase]:
    """Plain phrases: the last word may end in any way; in Arabic script the first may carry `and`."""
    found: list[Phrase] = []
    for category, grades in categories.items():
        for grade, patterns in grades.items():
            for plain in patterns:
                words = plain.replace("(", " ").replace(")", " ").replace("|", " ").replace("[", " ").replace("]", " ").split()
                if not words:
                    continue
                kind = _hazard(plain, language, weights) if category == "hazard" else _category(category, file)
                last = words[-1] + "*" if len(words[-1]) >= 4 else words[-1]
                found.append(Phrase(" ".join([*words[:-1], last]), kind, Grade(grade)))
                if language == Language.ARABIC:
                    found.append(
                        Phrase(
                            " ".join(["و" + words[0] if len(words) > 1 else "و" + last, *words[1:-1], *([last] if len(words) > 1 else [])]),
                            kind,
                            Grade(grade),
                        )
                    )
    return found


def _hazard(phrase: str, language: Language, weights: Weights) -> Category:
    """Which hazard a phrase of the list without kinds is about, as the learned heads hear it."""
    model = weights.signals[language].heads
    scores = dict(zip(model.labels, model.ngram_scores(model.hashing.indexes(phrase)), strict=True))
    return max((c for c in SINGLE if c in HAZARDS), key=lambda c: float(scores[f"{c.value}:confirm"]))


def _category(name: str, file: Path) -> Category:
    try:
        return Category(name)
    except ValueError:
        raise ConfigurationError(
            f"`{name}` is not a kind of signal.", file=file, key=name, fix=f"Use one of: {', '.join(Category)}."
        ) from None


def open_router(
    settings: Settings, services: Sequence[Service], slug: str, topics: TopicIndex, readers: Readers, bound: MisdirectionBound, say: Say
) -> tuple[RouterModel | None, str]:
    """The fitted router and its name; from the council's folder or the data folder when the same lines and catalogue made it before."""
    if not services:
        return None, "router@none"
    digest, (shipped, path) = router_files(settings, services, slug, bound)
    for kept in (shipped, path):
        if kept.exists():
            return read_router(kept), f"router@{digest}"
    from guildhall.bootstrap.training_data import routing_lines  # with all of training: a second that serving can do without
    from guildhall.understanding.training.services import fit_router

    fitted = fit_router(routing_lines(settings.councils_dir / "_baseline"), services, topics, readers, bound, CERTAINTY, say)
    if fitted is not None:
        write_router(path, fitted)
    return fitted, f"router@{digest}"


def router_files(settings: Settings, services: Sequence[Service], slug: str, bound: MisdirectionBound) -> tuple[str, tuple[Path, Path]]:
    """The digest of what a council's router is made of, and where it is kept: in the council's folder, or in the data folder."""
    baseline = settings.councils_dir / "_baseline"
    read = digest_of_files([*routing_files(baseline), branch_path(baseline), tuned_nine_path(baseline)])
    made_of = f"{ROUTER_VERSION}|{read}|{tuple(services)!r}|{bound.rate}|{CERTAINTY}"
    digest = hashlib.sha256(made_of.encode()).hexdigest()[:12]
    name = f"router-{slug}-{digest}.npz"
    return digest, (settings.councils_dir / slug / "models" / name, settings.data_dir / "models" / name)


def write_router(path: Path, fitted: RouterModel) -> None:
    """Keep a router; a crash half-way leaves no broken file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part.npz")
    numbers = {
        "english": [fitted.english.temperature, fitted.english.bonus],
        "nine": [fitted.nine.temperature, fitted.nine.bonus],
        "calibration": asdict(fitted.calibration),
    }
    models = {**fitted.english.model.arrays("english"), **fitted.nine.model.arrays("nine")}
    if fitted.second is not None:
        numbers["second"] = [fitted.second.scale, fitted.second.temperature, fitted.second.bonus]
        models |= fitted.second.model.arrays("second")
    kept: dict[str, Any] = {**models, "numbers": np.array(json.dumps(numbers))}
    np.savez(draft, **kept)
    draft.replace(path)


def read_router(path: Path) -> RouterModel:
    """A kept router."""
    with np.load(path, allow_pickle=False) as arrays:
        numbers = json.loads(str(arrays["numbers"]))
        calibration = numbers["calibration"]
        calibration["by_language"] = {k: tuple(v) for k, v in calibration["by_language"].items()}
        english, nine = (Voice(from_arrays(arrays, name), *numbers[name]) for name in ("english", "nine"))
        second = SecondVoice(dense_from_arrays(arrays, "second"), *numbers["second"]) if "second" in numbers else None
        return RouterModel(english, nine, RouterCalibration(**calibration), second)
