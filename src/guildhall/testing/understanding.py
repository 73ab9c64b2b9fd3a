"""A fake of understanding that knows a handful of words, so that a test says exactly what is found."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.languages import Language, LanguageGuess
from guildhall.vocabulary.questions import Question, Redacted, Understanding
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Category, Detection, Grade, Signal
from guildhall.vocabulary.turns import PastTurn

SIGNALS: Mapping[str, tuple[Category, Grade]] = {
    "kill myself": (Category.SUICIDE_SELF_HARM, Grade.CONFIRM),
    "hits me": (Category.DOMESTIC_ABUSE, Grade.CONFIRM),
    "smell gas": (Category.HAZARD_GAS, Grade.CONFIRM),
    "talk to a person": (Category.PERSON_REQUEST, Grade.CONFIRM),
    "speak to a human": (Category.PERSON_REQUEST, Grade.CONFIRM),
}
SERVICES: Mapping[str, tuple[tuple[str, float], ...]] = {
    "bulky": (("bulky-waste", 0.95),),
    "council tax": (("council-tax", 0.95),),
    "permit": (("parking-permits", 0.95),),
    "badge": (("blue-badge", 0.4), ("parking-permits", 0.3)),
}


@dataclass(frozen=True)
class FakeUnderstanding:
    """Finds the words of its tables and nothing else; splits at question marks."""

    signals: Mapping[str, tuple[Category, Grade]] = field(default_factory=lambda: SIGNALS)
    services: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=lambda: SERVICES)
    answer_at: float = 0.6
    versions: tuple[str, ...] = ("fake@1",)

    def language(self, text: str, hint: str, history: Sequence[str]) -> LanguageGuess:
        """The hint; Arabic script is Urdu; else English."""
        if re.search("[\u0600-\u06ff]", text):
            return LanguageGuess(Language.URDU)
        return LanguageGuess(Language(hint) if hint else Language.ENGLISH)

    def detect(self, text: str, language: str, recent: Sequence[str]) -> Detection:
        """A signal for each phrase of the table."""
        low = text.casefold()
        return Detection(tuple(Signal(category, grade, 1.0, "fake@1") for words, (category, grade) in self.signals.items() if words in low))

    def redact(self, text: str) -> Redacted:
        """The words as they are."""
        return Redacted(text)

    def understand(self, text: str, language: str, past: Sequence[PastTurn]) -> Understanding:
        """One question for each question mark."""
        pieces = [piece.strip() for piece in re.findall(r"[^?]+\??", text) if piece.strip()]
        return Understanding(tuple(Question(piece, piece, self._matches(piece)) for piece in pieces))

    def _matches(self, text: str) -> tuple[ServiceMatch, ...]:
        low = text.casefold()
        return tuple(ServiceMatch(ServiceKey(key), sure) for words, keys in self.services.items() if words in low for key, sure in keys)
