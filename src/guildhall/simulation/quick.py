"""What stands in for the models in a load test: it knows the simulator's own phrases and nothing else, and answers at once."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from guildhall.simulation.phrases import languages_known, phrases_in
from guildhall.testing.library import FakeLibrary, QuotingComposer
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.ids import PassageId, SourceId
from guildhall.vocabulary.passages import Passage
from guildhall.vocabulary.signals import Category, Grade

UNANSWERED_EVERY = 7
"""One service in seven has no passage, so that some questions find nothing."""


@dataclass(frozen=True)
class Quick:
    """Stand-ins for understanding, search and writing."""

    understanding: FakeUnderstanding
    library: FakeLibrary
    composers: tuple[QuotingComposer, ...]


def quick_minds(languages: Collection[str]) -> Quick:
    """Minds that know the phrases of these languages."""
    signals: dict[str, tuple[Category, Grade]] = {}
    services: dict[str, tuple[tuple[str, float], ...]] = {}
    passages: dict[str, Passage] = {}
    for language in sorted(languages_known() & set(languages)):
        phrases = phrases_in(language)
        for category, lines in phrases.distress.items():
            signals |= dict.fromkeys(map(known_by, lines), (Category(category), Grade.CONFIRM))
        signals |= dict.fromkeys(map(known_by, phrases.person), (Category.PERSON_REQUEST, Grade.CONFIRM))
        signals |= dict.fromkeys(map(known_by, phrases.attacks), (Category.ATTACK, Grade.CONFIRM))
        for number, (key, asked) in enumerate(phrases.services.items()):
            known = [known_by(line) for line in (*asked.ask, *asked.then)]
            services |= dict.fromkeys(known, ((key, 0.95),))
            if number % UNANSWERED_EVERY:
                passages |= _passages(key, known)
    return Quick(FakeUnderstanding(signals, services, versions=("quick@1",)), FakeLibrary(passages), (QuotingComposer(),))


def known_by(line: str) -> str:
    """The longest piece of a template without what is filled in: what it is known by."""
    return max((piece.strip(" .?!,") for piece in re.split(r"\{\w+\}", line)), key=len).casefold()


def _passages(key: str, lines: Iterable[str]) -> Mapping[str, Passage]:
    text = "You can ask for this online or by phone. We answer within 5 working days."
    passage = Passage(PassageId(f"quick-{key}"), SourceId("quick"), key.replace("-", " ").capitalize(), "", text, f"/{key}", "2026-01-01")
    return dict.fromkeys(lines, passage)
