"""The room's front: language, signals, redaction and questions of one utterance, each from what it was given, all of it pure.

Everything is remembered by the words that went in, because real traffic repeats itself and none of it depends on who asks.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np

from guildhall.understanding.detectors.detector import Detector, Features, Heard, run_detectors
from guildhall.understanding.detectors.time_limit import TimeLimit
from guildhall.understanding.followups import is_follow_up, points_back, standalone, utterances
from guildhall.understanding.language import LanguageRecogniser
from guildhall.understanding.linear import Floats
from guildhall.understanding.normalise import read
from guildhall.understanding.ports import Readers
from guildhall.understanding.redaction import redact
from guildhall.understanding.services import SURE_FROM, RouterCalibration, ServiceRouter
from guildhall.understanding.several import ONE_BELOW, SEVERAL_FROM, STANDS_FROM, SeveralHead, also_meant, gathered, pieces_of
from guildhall.understanding.slips import Slips
from guildhall.understanding.small_talk import SmallTalk
from guildhall.understanding.splitting import MOST, Part, Split, split
from guildhall.understanding.swearing import only_insults, without_emphasis
from guildhall.understanding.words import words_of
from guildhall.vocabulary.forgetting import may_forget
from guildhall.vocabulary.languages import Language, LanguageGuess
from guildhall.vocabulary.questions import Question, Redacted, Understanding
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Category, Detection, Grade, Signal
from guildhall.vocabulary.turns import PastTurn

_REMEMBERED: Final = 8192
_LONGEST_REMEMBERED: Final = 600
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Faculties:
    """What an understander is made of. `published` are the council's own phones, e-mails and addresses, never masked."""

    readers: Readers
    languages: LanguageRecogniser
    detectors: tuple[Detector, ...]
    router: ServiceRouter
    several: SeveralHead
    small_talk: SmallTalk
    slips: Slips | None = None
    published: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    remember: bool = True
    limit: TimeLimit | None = None


class Understander:
    """What was meant, as evidence only. Safe to call from many threads."""

    def __init__(self, faculties: Faculties) -> None:
        self._has = faculties
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()
        may_forget(self)

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
            heard = Heard.of(text, Language(language), Features(self._has.readers.of(Language(language))), recent)
            return self._with_personal_data(text, run_detectors(self._has.detectors, heard, self._has.limit))

        return self._remembering(("detect", text, language, tuple(recent)), detect)

    def _with_personal_data(self, text: str, detection: Detection) -> Detection:
        """The detection, and a signal for each piece of personal data that would be masked."""
        masks = self.redact(text).masks
        found = (Signal(Category.PERSONAL_DATA, Grade.SCREEN, 1.0, "personal_data@1", (mask.start, mask.end)) for mask in masks)
        return Detection((*detection.signals, *found), detection.failed, detection.unvalidated)

    def redact(self, text: str) -> Redacted:
        """The utterance as it may leave the house."""
        return self._remembering(("redact", text), lambda: redact(text, self._has.published))

    def likeness(self, one: str, other: str) -> float:
        """How alike two texts of any of the ten languages are in meaning, from -1 to 1. Raises ProviderError from the encoder."""
        rows = self._has.readers.others.features([one, other])
        return float(rows[0] @ rows[1] / (np.linalg.norm(rows[0]) * np.linalg.norm(rows[1]) or 1.0))

    def understand(self, text: str, language: str, past: Sequence[PastTurn] = ()) -> Understanding:
        """The questions asked, at most eight, each with the services that may be meant; the words beyond are the `remainder`."""
        earlier = tuple(utterances(past))
        return self._remembering(("understand", text, language, earlier), lambda: self._understand(text, Language(language), earlier))

    def _understand(self, text: str, language: Language, earlier: Sequence[str]) -> Understanding:
        plain = read(text).text
        if self._has.small_talk.is_all(plain):
            return Understanding((), small_talk=True)
        if language == Language.ENGLISH:
            text = without_emphasis(text)
        found = split(text, self._has.router.topics)
        if language == Language.ENGLISH and found.parts:
            return self._heard(text, found, earlier)
        parts = self._alones(found, earlier)
        matched = self._matched([words for _, _, words in parts], language)
        questions = (Question(part.text, alone, matches) for (part, alone, _), matches in zip(parts, matched, strict=True))
        return Understanding(tuple(questions), remainder=found.remainder)

    def _heard(self, text: str, found: Split, earlier: Sequence[str]) -> Understanding:
        """English: the cut is weighed against what the encoder hears in the whole, and in each part."""
        whole = float(self._chances_of_several([text])[0])
        if len(found.parts) > 1 and whole < ONE_BELOW and not found.listed:
            found = Split((Part(text.strip()),))
        elif len(found.parts) == 1 and whole >= SEVERAL_FROM:
            pieces = pieces_of(text.strip())
            if len(texts := gathered(pieces, self._matched(pieces), self._group)) > 1:
                found = Split(tuple(Part(t) for t in texts[:MOST]), " ".join(texts[MOST:]))
        found = Split(tuple(part for part in found.parts if not only_insults(part.text)) or found.parts, found.remainder, found.listed)
        parts = [self._standing(place, part) for place, part in enumerate(self._alones(found, earlier))]
        words = [w for _, _, w in parts]
        several = self._chances_of_several(words)
        questions: list[Question] = []
        for made, matches, chance in zip(parts, self._surely_matched(words), several, strict=True):
            questions.extend(self._questions(made, matches, float(chance)))
        return Understanding(tuple(questions[:MOST]), remainder=found.remainder)

    def _questions(self, made: tuple[Part, str, str], matches: tuple[ServiceMatch, ...], chance: float) -> list[Question]:
        """One part as a question, or as several when the encoder hears several in it and the router a service in each."""
        part, alone, words = made
        if chance >= SEVERAL_FROM and words == part.text:
            pieces = pieces_of(part.text)
            if len(texts := gathered(pieces, self._matched(pieces), self._group)) > 1:
                return [Question(text, text, found) for text, found in zip(texts, self._surely_matched(texts), strict=True)]
        rankings = also_meant(matches, self._group) if chance >= SEVERAL_FROM else []
        return [Question(part.text, alone, ranking) for ranking in rankings or [matches]]

    def _standing(self, place: int, made: tuple[Part, str, str]) -> tuple[Part, str, str]:
        """A later part that is surely about a service of its own needs no words of the part before it."""
        part, _, words = made
        if place == 0 or words == part.text or points_back(part.text):
            return made
        own = self._matched([part.text])[0]
        return (part, part.text, part.text) if own and own[0].confidence >= STANDS_FROM else made

    def _matched(self, texts: Sequence[str], language: Language = Language.ENGLISH) -> list[tuple[ServiceMatch, ...]]:
        """The services of texts in a language."""
        plain = [self._read(text, language) for text in texts]
        features = self._has.readers.of(language).features(plain)
        return [self._has.router.match(words, language, row) for words, row in zip(plain, features, strict=True)]

    def _read(self, text: str, language: Language) -> str:
        """What the router reads: English without its slips of spelling. Nothing else reads it, and nothing is said of it."""
        plain = read(text).text
        return self._has.slips.put_right(plain) if self._has.slips and language == Language.ENGLISH else plain

    def _surely_matched(self, texts: Sequence[str]) -> list[tuple[ServiceMatch, ...]]:
        """The services of English texts; where the first encoder is not sure, the other one is asked too."""
        router, plain = self._has.router, [self._read(text, Language.ENGLISH) for text in texts]
        features, found = self._has.readers.english.features(plain), self._matched(texts)
        unsure = [place for place, matches in enumerate(found) if not matches or matches[0].confidence < SURE_FROM]
        if router.looks_twice and unsure:
            again = self._has.readers.others.features([plain[place] for place in unsure])
            for place, row in zip(unsure, again, strict=True):
                found[place] = router.match(plain[place], Language.ENGLISH, features[place], row)
        return found

    def _chances_of_several(self, texts: Sequence[str]) -> Floats:
        return self._has.several.chance(self._has.readers.english.features([read(text).text for text in texts]))

    def _group(self, match: ServiceMatch) -> object:
        return match.key if match.lgsl is None else match.lgsl

    def _alones(self, found: Split, earlier: Sequence[str]) -> list[tuple[Part, str, str]]:
        """Each part, the words search is given for it, and the words the router is given."""
        made = []
        for place, found_part in enumerate(found.parts):
            part, alone, leans = self._alone(found_part, [found.parts[place - 1].text] if place else earlier)
            made.append((part, alone, alone if leans else part.text))
        return made

    def _alone(self, part: Part, earlier: Sequence[str]) -> tuple[Part, str, bool]:
        """A part, the words it stands alone with, and whether it needs them to say what it is about."""
        topics = self._has.router.topics
        alone = f"{part.text} {part.context}".strip() if part.context else standalone(part.text, earlier, topics)
        leans = alone != part.text and not topics.find(words_of(part.text)) and is_follow_up(part.text, topics)
        return part, alone, leans

    def forget(self) -> None:
        """Remember nothing of what was said until now."""
        with self._lock:
            self._kept.clear()

    def holds(self, text: str) -> bool:
        """Whether the text is part of an utterance that is remembered."""
        with self._lock:
            return any(text in str(key) for key in self._kept)

    def _remembering(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        if not self._has.remember or len(str(key[1])) > _LONGEST_REMEMBERED:
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
