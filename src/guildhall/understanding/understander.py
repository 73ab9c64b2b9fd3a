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
from guildhall.understanding.services import RouterCalibration, ServiceRouter, features_of
from guildhall.understanding.small_talk import SmallTalk
from guildhall.understanding.splitting import Part, split
from guildhall.understanding.words import words_of
from guildhall.vocabulary.languages import Language, LanguageGuess
from guildhall.vocabulary.questions import Question, Redacted, Understanding
from guildhall.vocabulary.signals import Category, Detection, Grade, Signal
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
            return self._with_personal_data(text, run_detectors(self._has.detectors, heard))

        return self._remembering(("detect", text, language, tuple(recent)), detect)

    def _with_personal_data(self, text: str, detection: Detection) -> Detection:
        """The detection, and a signal for each piece of personal data that would be masked."""
        masks = self.redact(text).masks
        found = (Signal(Category.PERSONAL_DATA, Grade.SCREEN, 1.0, "personal_data@1", (mask.start, mask.end)) for mask in masks)
        return Detection((*detection.signals, *found), detection.failed, detection.unvalidated)

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
        found = split(text, self._has.router.topics)
        parts = [self._alone(part, [found.parts[place - 1].text] if place else earlier) for place, part in enumerate(found.parts)]
        asked = [read(alone if leans else part.text).text for part, alone, leans in parts]
        features: list[Floats | None] = [None] * len(asked)
        if language == Language.ENGLISH and asked:
            features = list(features_of(*self._has.embedder.read(asked)))
        questions = (
            Question(part.text, alone, self._has.router.match(words, feature))
            for (part, alone, _), words, feature in zip(parts, asked, features, strict=True)
        )
        return Understanding(tuple(questions), remainder=found.remainder)

    def _alone(self, part: Part, earlier: Sequence[str]) -> tuple[Part, str, bool]:
        """A part, the words it stands alone with, and whether it needs them to say what it is about."""
        topics = self._has.router.topics
        alone = f"{part.text} {part.context}".strip() if part.context else standalone(part.text, earlier, topics)
        leans = alone != part.text and not topics.find(words_of(part.text)) and is_follow_up(part.text, topics)
        return part, alone, leans

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
