"""Which parts of an utterance are about something that another body does: whole words, and weaker than the council's own services.

A clause that holds a body's phrase is set aside for it. A clause that also names a service of ours in two words or more stays ours: who needs a
passport to register a birth asks about the birth, but a refund of a TV licence is none of ours. A name of ours that is longer than the phrase and
lies over it hides it; one that is the same words is ours and theirs.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from guildhall.understanding.bare import names_nothing
from guildhall.understanding.detectors.phrase_matcher import PhraseMatcher
from guildhall.understanding.followups import points_back
from guildhall.understanding.splitting import is_ask
from guildhall.understanding.topics import TopicIndex, singular
from guildhall.understanding.words import Word, listed, sentences, words_of
from guildhall.vocabulary.services import Elsewhere

_JOIN: Final = re.compile(
    r"\s*[,;:]\s*(?:(?:and|also|plus|then|but|so|or)\b\s*)*|\s+(?:and|also|plus|&|then|but|or)\s+(?:(?:also|then)\s+)?", re.IGNORECASE
)
_SKIPPED: Final = listed("a an the my our your his her their this that")
_FEW: Final = 8
"""Words of an utterance up to which a bare name (`MOT`) is all that is meant by it."""
_BESIDE_ALONE: Final = listed("i need want help with please pls about question query info information for to hi hello can you get")


@dataclass(frozen=True, slots=True)
class SetAside:
    """The bodies that an utterance is about, each with the resident's words for it, and the words that are not about one."""

    bodies: tuple[tuple[Elsewhere, str], ...] = ()
    rest: str = ""
    asks: bool = False
    """Whether the rest is a question of its own by its words: it names a service of ours, or asks and points at nothing before it."""


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int
    end: int
    bodies: tuple[Elsewhere, ...]
    ours: bool


class ElsewhereIndex:
    """The phrases of what other bodies do, beside the names of a council's own services. Pure."""

    def __init__(self, entries: Sequence[Elsewhere], topics: TopicIndex) -> None:
        self._topics = topics
        found = [(pattern_of(phrase), entry) for entry in entries for phrase in entry.phrases]
        self._owners = [entry for _, entry in found]
        self._matcher = PhraseMatcher([pattern for pattern, _ in found])
        self._alone = {pattern_of(phrase): entry for entry in entries for phrase in entry.alone}

    def set_aside(self, text: str) -> SetAside:
        """The bodies meant, in the order they were said, and what is left for the council."""
        short = len(words_of(text)) <= _FEW
        clauses = [self._clause(text, start, end, short) for start, end in _clauses(text)]
        bodies: dict[Elsewhere, str] = {}
        for clause in clauses:
            for body in clause.bodies:
                bodies.setdefault(body, text[clause.start : clause.end].strip())
        if not bodies:
            return SetAside(rest=text, asks=True)
        rest = _kept(text, clauses)
        return SetAside(tuple(bodies.items()), rest, self._asks(rest))

    def _clause(self, text: str, start: int, end: int, short: bool) -> _Clause:
        words = [Word(singular(w.folded), w.start + start, w.end + start) for w in words_of(text[start:end])]
        telling = [word for word in words if word.folded not in _SKIPPED]
        hits = [(telling[h.first].start, telling[h.last].end, self._owners[h.number]) for h in self._matcher.find(telling)]
        bare = " ".join(word.folded for word in telling if word.folded not in _BESIDE_ALONE)
        if short and not hits and bare in self._alone:
            hits = [(telling[0].start, telling[-1].end, self._alone[bare])]
        ours = [(words[t.first].start, words[t.last].end) for t in self._topics.find(words)] if hits else []
        hits = [hit for hit in hits if not any(_overlap(hit, own) and _length(own) > _length(hit) for own in ours)]
        apart = any(" " in text[own[0] : own[1]] and not any(_overlap(hit, own) for hit in hits) for own in ours)
        same = any(_overlap(hit, own) and _length(own) == _length(hit) for hit in hits for own in ours)
        found = () if apart else tuple(dict.fromkeys(entry for _, _, entry in hits))
        return _Clause(start, end, found, ours=apart or same or not found)

    def _asks(self, text: str) -> bool:
        if not text or names_nothing(text):
            return False
        return bool(self._topics.find(words_of(text))) or (is_ask(text) and not points_back(text))


def pattern_of(phrase: str) -> str:
    """A phrase as it is compared: words in lower case and singular, without articles and `my`; empty when nothing is left."""
    return " ".join(word for w in words_of(phrase) if (word := singular(w.folded)) not in _SKIPPED)


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    for first, last in sentences(text):
        start = first
        for join in _JOIN.finditer(text, first, last):
            if join.start() > start:
                yield start, join.start()
            start = join.end()
        if start < last:
            yield start, last


def _kept(text: str, clauses: Sequence[_Clause]) -> str:
    """The clauses that are ours; those that stood together keep what joined them."""
    runs: list[list[int]] = []
    before = False
    for clause in clauses:
        if clause.ours and before:
            runs[-1][1] = clause.end
        elif clause.ours:
            runs.append([clause.start, clause.end])
        before = clause.ours
    return " ".join(text[start:end].strip() for start, end in runs)


def _overlap(one: tuple[int, ...] | tuple[int, int, Elsewhere], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _length(span: tuple[int, ...] | tuple[int, int, Elsewhere]) -> int:
    return span[1] - span[0]
