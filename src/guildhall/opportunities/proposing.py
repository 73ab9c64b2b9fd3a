"""Proposes opportunities from a workshop's notes. Each has the exact words it comes from, and a person accepts it or leaves it out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from guildhall.opportunities.figures import minutes_in, times_a_year
from guildhall.opportunities.ports import Extracts, NamesService
from guildhall.vocabulary.sentences import capitalised

TITLE_AT_MOST: Final = 90
ENOUGH: Final = 2
"""Signs of trouble that a sentence needs before it is proposed."""
_LINE = re.compile(r"^[\s\-*•·–]*(?:(?P<role>[A-Z][\w &/'-]{1,40}):\s+)?(?P<text>.+?)\s*$")
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?!\s)[^.!?]*)*[.!?]?")
_SIGNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(re-?type|re-?key|copy|paste|by hand|manual(ly)?|twice|again|duplicate|double)",
        r"\b(chas(e|ing)|remind|wait(s|ing)?|backlog|queue|delay|late|overdue|weeks|held up)\b",
        r"\b(spreadsheet|paper|post(ed)?|fax|print(s|ed|ing)?|scan(s|ned)?|e-?mails?|pdf)\b",
        r"\b(same questions?|same thing|over and over|keep(s)? asking|ring(s)? (us )?(again|back|to ask)|phone(s)? (us )?(again|to ask))",
        r"\b(wrong|mistakes?|errors?|missing|incomplete|unclear|confus|nobody knows|do(es)? not know|can(not|'t) find)",
        r"\b(could|should|would be (good|better)|wish|if only|why (do|can't)|need(s)? to be able|want)\b",
        r"\b(minutes?|hours?|half a day|all day)\b",
        r"\b\d[\d,]* (?:\w+ ){0,4}(?:a|each|every|per) (?:day|week|month|quarter|year)\b",
        r"\b(automatic|assistant|summar|transcri|draft|template|look(s|ed)? up|search(es|ing)? for)",
        r"\b(read(s|ing)? (through|every)|go(es)? through|sort(s|ing)?|check(s|ing)? (every|each|whether))\b",
    )
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of the notes, exactly as it stands there, with the role of who said it and the paragraph it belongs to."""

    text: str
    role: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """One that may be an opportunity. `quotes` are (role, words), word for word in the notes."""

    title: str
    problem: str
    quotes: tuple[tuple[str, str], ...]
    service: str = ""
    volume_pa: int = 0
    minutes_each: float = 0.0
    by: str = "embedded"


def sentences(notes: str) -> Iterator[Said]:
    """Every sentence of the notes in order. A line such as `Housing officer: …` gives its role to what follows on it."""
    paragraph = 0
    for line in notes.splitlines():
        if not line.strip():
            paragraph += 1
            continue
        found = _LINE.match(line)
        if found is None:
            continue
        if found["role"]:
            paragraph += 1
        for match in _SENTENCE.finditer(found["text"]):
            if text := match[0].strip():
                yield Said(text, found["role"] or "", paragraph)


def signs(text: str) -> int:
    """How many kinds of trouble a sentence shows."""
    return sum(bool(sign.search(text)) for sign in _SIGNS)


class EmbeddedExtractor:
    """Goes by sentences that show trouble; neighbours in the same paragraph join them. The service is what the house's understanding makes of the words."""

    def __init__(self, services: NamesService) -> None:
        self._services = services

    def extract(self, notes: str) -> tuple[Proposal, ...]:
        """What the notes may hold, in their order."""
        paragraphs: dict[int, list[Said]] = {}
        for said in sentences(notes):
            paragraphs.setdefault(said.paragraph, []).append(said)
        found = []
        for together in paragraphs.values():
            strong = [said for said in together if signs(said.text) >= ENOUGH]
            if strong:
                best = max(strong, key=lambda said: signs(said.text))
                kept = [said for said in together if said in strong or signs(said.text)]
                found.append(self._proposal(best, kept))
        return tuple(found)

    def _proposal(self, best: Said, kept: Sequence[Said]) -> Proposal:
        words = " ".join(said.text for said in kept)
        return Proposal(
            title_of(best.text),
            words,
            tuple((said.role, said.text) for said in kept),
            self._services.service_of(words),
            max((times_a_year(said.text) for said in kept), default=0),
            max((minutes_in(said.text) for said in kept), default=0.0),
        )


def title_of(sentence: str) -> str:
    """A short name from a sentence: its first part, cut at a word."""
    text = re.split(r"[;:,]| because | so that ", sentence, maxsplit=1)[0].strip(" .!?")
    text = text if len(text) >= 25 else sentence.strip(" .!?")
    if len(text) > TITLE_AT_MOST:
        text = text[:TITLE_AT_MOST].rsplit(" ", 1)[0] + " …"
    return capitalised(text)


def found_word_for_word(proposal: Proposal, notes: str) -> bool:
    """Whether it has a quote, and every one stands in the notes exactly, but for how lines are broken."""
    whole = " ".join(notes.split())
    return bool(proposal.quotes) and all(text.strip() and " ".join(text.split()) in whole for _, text in proposal.quotes)


def propose(notes: str, extractors: Sequence[Extracts]) -> tuple[Proposal, ...]:
    """What the extractors propose, without those whose quotes are not in the notes, and without one whose quotes an earlier one has all."""
    found: list[Proposal] = []
    taken: set[str] = set()
    for extractor in extractors:
        for proposal in extractor.extract(notes):
            words = {" ".join(text.split()) for _, text in proposal.quotes}
            if found_word_for_word(proposal, notes) and not words <= taken:
                found.append(proposal)
                taken |= words
    return tuple(found)
