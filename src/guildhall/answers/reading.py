"""A passage read once: its blocks and units with the words, facts, dates and ranges that choosing among them needs.

Passages repeat from question to question, so what was read is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from guildhall.answers.facts_in_text import LINK, facts_in
from guildhall.answers.intent import kinds_of_heading
from guildhall.answers.markdown_blocks import Block, BlockKind, blocks_of, cells
from guildhall.answers.ranges import Span, spans_in
from guildhall.answers.tampering import speaks_to_a_machine
from guildhall.answers.words import topic_words
from guildhall.vocabulary.passages import Passage

KEPT = 8192
CONTACT_UNITS = 2
LEANS = re.compile(r"(?:This|These|It|They|That|Those|He|She|Both|Neither|Such|Then|Otherwise|However|But|And|So|In that case)\b")
POINTS = re.compile(
    r"^(?:See|More about|Look at) |\]\([^)]*\) pages?\b|\bpages? about \[|\bown page\b|^\[[^]]*\]\([^)]*\) (?:explains?|lists?|says?)\b"
    r"|\b(?:tables?|lists?|fees|figures|order|dates) (?:below|above)\b|^The table ",
    re.IGNORECASE,
)
SEASONAL = re.compile(r"\bchristmas\b|\bnew year\b|\beaster\b|\bbank holidays?\b", re.IGNORECASE)
DURATION = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)(?: (?:full|clear|working|school|calendar))*[ -]"
    r"(?:minute|hour|day|night|week|fortnight|month|year)s?\b|\b(?:once|twice) (?:a|every) (?:day|week|month|year)\b",
    re.IGNORECASE,
)
FREE = re.compile(r"\bfree\b|\bno (?:charge|fee)\b|\bnothing\b|\bno council tax\b", re.IGNORECASE)
PLACE = re.compile(r"\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b")
FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, item or row. `signs` are the kinds of facts in it; `until` is its last full date."""

    text: str
    words: frozenset[str]
    label: frozenset[str]
    """The words of a row's first cell; the same as `words` elsewhere."""
    facts: frozenset[tuple[str, str]]
    signs: frozenset[str]
    until: date | None
    spans: tuple[Span, ...]
    length: int
    leans: bool
    """Whether the unit cannot be understood without the one before it."""
    points: bool
    """Whether the unit only says where to read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A block with its units read. `around` are words a block's header and lead-in add to every unit."""

    block: Block
    units: tuple[Unit, ...]
    around: frozenset[str]
    order: int

    @property
    def is_contact(self) -> bool:
        """Whether the block only says how to reach a team."""
        return self.kind == BlockKind.PARAGRAPH and len(self.units) <= CONTACT_UNITS and all("email" in unit.signs for unit in self.units)

    @property
    def kind(self) -> BlockKind:
        """What kind of block it is."""
        return self.block.kind


@dataclass(frozen=True, slots=True)
class PassageReading:
    """A passage's blocks, and the words and kinds of its headings. `is_lead`: nothing stands above it but the page's title."""

    blocks: tuple[Reading, ...]
    words: frozenset[str]
    heading: frozenset[str]
    title: frozenset[str]
    kinds: frozenset[str]
    is_case: bool
    """Whether the heading starts with `If`: what follows is for one case only."""
    is_lead: bool
    is_contact: bool
    is_seasonal: bool
    """Whether the passage is about holidays, and so answers nothing about ordinary days."""


def read(passage: Passage) -> PassageReading:
    """What a passage says, read at most once for each version of its text."""
    return _read(passage.id, passage.title, passage.section, passage.text)


@lru_cache(maxsize=KEPT)
def _read(_id: str, title: str, section: str, text: str) -> PassageReading:
    heading, of_title = topic_words(section), topic_words(title)
    blocks = tuple(_block(block, order) for order, block in enumerate(blocks_of(text)))
    said = frozenset[str]().union(*(unit.words | block.around for block in blocks for unit in block.units))
    kinds = kinds_of_heading(section)
    seasonal = bool(SEASONAL.search(f"{title} {section}"))
    return PassageReading(
        blocks=tuple(block for block in blocks if block.units),
        words=said | heading | of_title,
        heading=heading,
        title=of_title,
        kinds=kinds,
        is_case=section.startswith("If "),
        is_lead=not section,
        is_contact="contact" in kinds,
        is_seasonal=seasonal,
    )


def _block(block: Block, order: int) -> Reading:
    units = tuple(_unit(text, block) for text in block.units if not speaks_to_a_machine(text))
    return Reading(block, units, topic_words(block.header), order)


def _unit(text: str, block: Block) -> Unit:
    row = cells(text) if block.kind == BlockKind.TABLE else ()
    said = topic_words(LINK.sub(lambda match: match[1], text))
    if row and len(row[0]) == 1:  # a band's letter, read with its column's name
        said |= topic_words(f"{cells(block.header)[0]} {row[0]}")
    label = (topic_words(row[0]) | (said if len(row[0]) == 1 else frozenset())) if row else said
    facts = tuple(fact for fact in facts_in(text))
    return Unit(
        text,
        said,
        label,
        frozenset((fact.kind, fact.value) for fact in facts),
        _signs(text, [fact.kind for fact in facts]),
        _until([fact.value for fact in facts if fact.kind == "date"]),
        spans_in(row[0] if row else text),
        len(text.replace("|", " ").split()),
        block.kind == BlockKind.PARAGRAPH and bool(LEANS.match(text)),
        bool(POINTS.search(text)),
    )


def _signs(text: str, kinds: Sequence[str]) -> frozenset[str]:
    patterns = (("duration", DURATION), ("free", FREE), ("place", PLACE))
    return frozenset([*kinds, *(name for name, pattern in patterns if pattern.search(text))])


def _until(values: Sequence[str]) -> date | None:
    full = [date.fromisoformat(value) for value in values if FULL_DATE.fullmatch(value) and _is_date(value)]
    return max(full, default=None)


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
