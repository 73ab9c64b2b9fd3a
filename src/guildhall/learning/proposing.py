"""What a proposed phrase must be: short, nobody's data, and something that can be tested. Each trouble says what would be right."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from guildhall.knowledge.analyser import STOP_WORDS, words
from guildhall.knowledge.config import Lexicon
from guildhall.learning.phrased import with_entries
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.outcomes import Outcome
from guildhall.vocabulary.phrases import PhraseKind
from guildhall.vocabulary.signals import Category

MOST_WORDS: Final = 5
LONGEST_WORD: Final = 60
LONGEST_QUESTION: Final = 600
NO_SERVICE: Final = "none"


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody typed into the form, or gave to a command."""

    kind: str
    text: str
    means: str = ""
    service: str = ""
    outcome: str = ""
    category: str = ""
    language: str = ""

    @property
    def expected(self) -> Mapping[str, Any]:
        """What a case expects, as the keys of an evaluation line."""
        found = {"lang": self.language, "service": self.service, "outcome": self.outcome, "category": self.category}
        return {name: value for name, value in found.items() if value} if self.kind == PhraseKind.CASE else {}


def troubles(given: Given, lexicon: Lexicon, services: Collection[str], mask: Callable[[str], str]) -> list[tuple[str, str]]:
    """What is wrong with a proposal, by field; nothing when it can be proposed."""
    if given.kind not in set(PhraseKind):
        return [("kind", "Choose what it should become")]
    if given.kind == PhraseKind.CASE:
        return _case_troubles(given, services, mask)
    return _word_troubles(given, lexicon, mask)


def _word_troubles(given: Given, lexicon: Lexicon, mask: Callable[[str], str]) -> list[tuple[str, str]]:
    said, meant = words(given.text), words(given.means)
    found: list[tuple[str, str]] = []
    if not said or len(said) > MOST_WORDS or len(given.text) > LONGEST_WORD:
        found.append(("text", f"Enter the word alone, or a few words: at most {MOST_WORDS}"))
    elif all(word in STOP_WORDS for word in said):
        found.append(("text", "This word stands in every other question, so it cannot have a meaning of its own"))
    elif mask(given.text) != given.text:
        found.append(("text", "This looks like somebody’s personal data; a lexicon holds none"))
    if not meant or len(meant) > MOST_WORDS or len(given.means) > LONGEST_WORD:
        found.append(("means", f"Enter the words that the council’s pages use: at most {MOST_WORDS}"))
    elif said == meant:
        found.append(("means", "Enter other words than those that residents use"))
    if not found and with_entries(lexicon, [(PhraseKind(given.kind), given.text, given.means)]) == lexicon:
        found.append(("text", "The lexicon has this already"))
    return found


def _case_troubles(given: Given, services: Collection[str], mask: Callable[[str], str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not words(given.text) or len(given.text) > LONGEST_QUESTION:
        found.append(("text", f"Enter the question, in at most {LONGEST_QUESTION} characters"))
    elif mask(given.text) != given.text:
        found.append(("text", "Take out what could say who it is: a name, a number, an address"))
    if given.service not in {"", NO_SERVICE, *services}:
        found.append(("service", "Choose a service from the list"))
    if given.outcome not in {"", *Outcome}:
        found.append(("outcome", "Choose an outcome from the list"))
    if given.category not in {"", *Category}:
        found.append(("category", "Choose a kind of need from the list"))
    if given.language not in {"", *Language}:
        found.append(("language", "Choose a language from the list"))
    if not found and not (given.service or given.outcome or given.category):
        found.append(("service", "Say what should come of it: a service, an outcome or a kind of need"))
    return found
