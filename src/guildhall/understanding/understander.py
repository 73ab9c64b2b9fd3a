"""The room's front: language, signals, redaction and questions of one utterance, each from what it was given, all of it pure.

Everything is remembered by the words that went in, because real traffic repeats itself and none of it depends on who asks.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from guildhall.understanding.detectors.detector import Detector, Heard, Vectors, run_detectors
from guildhall.understanding.followups import is_follow_up, standalone, utterances
from guildhall.understanding.language import LanguageRecogniser
from guildhall.understanding.linear import Floats
from guildhall.understanding.normalise import read
from guildhall.understanding.ports import Embedder
from guildhall.understanding.redaction import redact
from guildhall.understanding.services import RouterCalibration, ServiceRouter
from guildhall.understanding.small_talk import SmallTalk
from guildhall.understanding.splitting import Part, split
from guildhall.understanding.words import words_of
from guildhall.vocabulary.languages import Language, LanguageGuess
from guildhall.vocabulary.questions import Question, Redacted, Understanding
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Detection
from guildhall.vocabulary.turns import PastTurn

_REMEMBERED: Final = 8192
_LONGEST_REMEMBERED: Final = 600
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Faculties:
    """What an understander is made of. `published` are the council's own phones, e-mails and addresses, never masked."""

    embedder: Embedder
    languages: LanguageRecogniser
    detectors: tuple[Detector, ...]
    router: ServiceRouter
    small_talk: SmallTalk
    published: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()


class Understander:
    """What was meant, as evidence only. Safe to call from many threads."""

    def __init__(self, faculties: Faculties) -> None:
        self._has = faculties
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def answer_at(self) -> float:
        """Service confidence from which an answer keeps the council's bound on misdirection."""
        return self._has.router.calibration.answer_at

    @property
    def calibration(self) -> RouterCalibration:
        """What the router is held to and what it measured."""
        return self._has.router.calibration

    @property
    def versions(self) -> tuple[str, ...]:
        """Detector and model versions, for the record."""
        return (*(d.id for d in self._has.detectors), *self._has.versions)

    def language(self, text: str, hint: str = "", history: Sequence[str] = ()) -> LanguageGuess:
        """The language of an utterance; `hint` is the conversation's or the page's, `history` earlier utterances, oldest first."""
        return self._remembering(("language", text, hint, tuple(history)), lambda: self._has.languages.recognise(text, hint, history))

    def detect(self, text: str, language: str, recent: Sequence[str] = ()) -> Detection:
        """Signals in an utterance; `recent` are the resident's earlier utterances, oldest first."""

        def detect() -> Detection:
            heard = Heard.of(text, Language(language), Vectors(self._has.embedder), recent)
            return run_detectors(self._has.detectors, heard)

        return self._remembering(("detect", text, language, tuple(recent)), detect)

    def redact(self, text: str) -> Redacted:
        """The utterance as it may leave the house."""
        return redact(text, self._has.published)

    def understand(self, text: str, language: str, past: Sequence[PastTurn] = ()) -> Understanding:
        """The questions asked, at most eight, each with the services that may be meant; the words beyond are the `remainder`."""
        earlier = tuple(utterances(past))
        return self._remembering(("understand", text, language, earlier), lambda: self._understand(text, Language(language), earlier))

    def _understand(self, text: str, language: Language, earlier: Sequence[str]) -> Understanding:
        plain = read(text).text
        if self._has.small_talk.is_all(plain):
            return Understanding((), small_talk=True)
        topics = self._has.router.topics
        found = split(text, topics)
        questions: list[tuple[Part, str, bool]] = []
        for place, part in enumerate(found.parts):
            before = [found.parts[place - 1].text] if place else earlier
            alone = f"{part.text} {part.context}".strip() if part.context else standalone(part.text, before, topics)
            leans = not topics.find(words_of(part.text)) and is_follow_up(part.text, topics) and alone != part.text
            questions.append((part, alone, leans))
        asked = [read(alone if leans else part.text).text for part, alone, leans in questions]
        vectors: list[Floats | None] = (
            list(self._has.embedder.embed(asked)) if language == Language.ENGLISH and asked else [None] * len(asked)
        )
        return Understanding(
            tuple(
                Question(part.text, alone, self._matched(question, vector))
                for (part, alone, _), question, vector in zip(questions, asked, vectors, strict=True)
            ),
            remainder=found.remainder,
        )

    def _matched(self, question: str, vector: Floats | None) -> tuple[ServiceMatch, ...]:
        return self._has.router.match(question, vector)

    def _remembering(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        if len(str(key[1])) > _LONGEST_REMEMBERED:
            return make()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                known: T = self._kept[key]
                return known
        made = make()
        if isinstance(made, Detection) and made.failed:
            return made  # a failure may pass: it is never remembered
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        return made
