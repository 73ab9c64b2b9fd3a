"""Explicit statements, word by word, in ten languages. What these say can never be suppressed by weaker evidence.

Only three things lower a hit from `confirm` to `screen`, and none makes it silent: it is denied (`not going to …`), it is
told of long ago, or it stands in a request for papers about the subject. An idiom that holds the whole phrase and more
(`heart attack when I saw the bill`) is the longer reading, and wins.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from guildhall.understanding.detectors.detector import Heard
from guildhall.understanding.detectors.phrase_matcher import PhraseHit, PhraseMatcher
from guildhall.understanding.detectors.phrase_pattern import BEGIN, END
from guildhall.understanding.normalise import Reading
from guildhall.understanding.words import Word, words_of
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.signals import DISTRESS, Category, Grade, Signal

_STRENGTH: Final = {Grade.CONFIRM: 0.95, Grade.SCREEN: 0.5}
_DENIED: Final = re.compile(
    r"\b(?:not (?:going to|gonna|planning to|thinking (?:of|about)|about to)|(?:im|am|is|isnt|wasnt|arent|"
    r"hes|shes) not|isnt|wasnt|would never|wouldnt|wont|no intention of|nie|nu|neni|nie je) (?:\w+ )?$"
)
_LONG_AGO: Final = re.compile(
    r"\b(?:years ago|year ago|when i was|used to|in the past|as a (?:kid|child|teenager|teen|lad|girl|"
    r"boy)|back in (?:19|20)\d\d|(?:10|ten|five|5|twenty|20|thirty|30) years|decades ago|historic|"
    r"in (?:19|20)[0-2]\d)\b"
)
_ABOUT_PAPERS: Final = re.compile(
    r"\b(?:dissertation|essay|research|strategy|statistics|stats|policy|training course|"
    r"freedom of information|foi|leaflets?|posters?|module|coursework|novel|film|book club|play called|"
    r"museum|exhibition|lecture|webinar)\b"
)
_STILL: Final = re.compile(r"\b(?:now|still|again|tonight|today|anymore|any more)\b")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, what it is evidence of and how sure."""

    pattern: str
    category: Category
    grade: Grade


_KIN: Final = {
    Language.CZECH: (Language.SLOVAK,),
    Language.SLOVAK: (Language.CZECH,),
    Language.PUNJABI: (Language.URDU,),
    Language.URDU: (Language.PUNJABI,),
}
"""Languages of which a short line is easily taken for the other."""


class PhraseDetector:
    """Reads one lexicon a language, and that of its near kin; English is read beside every other, because residents mix."""

    def __init__(
        self,
        phrases: Mapping[Language, Sequence[Phrase]],
        idioms: Sequence[str] = (),
        *,
        version: int = 1,
        validated: frozenset[Language] = frozenset({Language.ENGLISH}),
    ) -> None:
        self._id, self._validated = f"phrases.explicit@{version}", validated
        self._phrases = {language: tuple(found) for language, found in phrases.items()}
        self._matchers = {language: PhraseMatcher([p.pattern for p in found]) for language, found in phrases.items()}
        self._idioms = PhraseMatcher(idioms)

    @property
    def id(self) -> str:
        """Name and version."""
        return self._id

    @property
    def validated(self) -> frozenset[Language]:
        """The languages it may be relied on in."""
        return self._validated

    def detect(self, heard: Heard) -> tuple[Signal, ...]:
        """One signal a category: its strongest hit."""
        best: dict[Category, Signal] = {}
        for reading in heard.readings:
            words = bounded(reading.text)
            for language in dict.fromkeys((heard.language, *_KIN.get(heard.language, ()), Language.ENGLISH)):
                for signal in self._signals(language, reading, words):
                    kept = best.get(signal.category)
                    if kept is None or signal.strength > kept.strength:
                        best[signal.category] = signal
        return tuple(best.values())

    def without_idioms(self, text: str) -> str:
        """The text with its idioms taken out; the text itself when it has none."""
        words = words_of(text)
        hits = self._idioms.find(words)
        if not hits:
            return text
        gone = {place for hit in hits for place in range(hit.first, hit.last + 1)}
        pieces, position = [], 0
        for place, word in enumerate(words):
            if place in gone:
                pieces.append(text[position : word.start])
                position = word.end
        pieces.append(text[position:])
        return " ".join("".join(pieces).split())

    def _signals(self, language: Language, reading: Reading, words: Sequence[Word]) -> list[Signal]:
        matcher = self._matchers.get(language)
        if matcher is None:
            return []
        hits = matcher.find(words)
        if not hits:
            return []
        idioms = self._idioms.find(words)
        folded = [w.folded for w in words]
        return [
            self._signal(self._phrases[language][hit.number], hit, reading, words, folded)
            for hit in hits
            if not any(_holds(idiom, hit) for idiom in idioms)
        ]

    def _signal(self, phrase: Phrase, hit: PhraseHit, reading: Reading, words: Sequence[Word], folded: Sequence[str]) -> Signal:
        grade, note = phrase.grade, f"phrase: {phrase.pattern[:60]}"
        if grade == Grade.CONFIRM and phrase.category in DISTRESS and (reason := _lowered(hit, folded)):
            grade, note = Grade.SCREEN, f"{note} ({reason})"
        span = reading.span(words[hit.first].start, words[hit.last].end)
        return Signal(phrase.category, grade, _STRENGTH[grade], self._id, span, note)


def bounded(text: str) -> list[Word]:
    """The words of a text between marks of its beginning and end, which phrases may ask for."""
    return [Word(BEGIN, 0, 0), *words_of(text), Word(END, len(text), len(text))]


def _holds(idiom: PhraseHit, hit: PhraseHit) -> bool:
    wider = idiom.last - idiom.first > hit.last - hit.first
    return wider and idiom.first <= hit.first and hit.last <= idiom.last


def _lowered(hit: PhraseHit, folded: Sequence[str]) -> str:
    """Why a hit is a screen only, or nothing."""
    before = " ".join(folded[max(0, hit.first - 4) : hit.first]) + " "
    if _DENIED.search(before):
        return "denied"
    around = " ".join(folded[max(0, hit.first - 14) : hit.last + 15])
    if _LONG_AGO.search(around) and not _STILL.search(around):
        return "long ago"
    if _ABOUT_PAPERS.search(around) and not re.search(r"\b(?:i|im|ive|me|my)\b", around):
        return "about papers"
    return ""
