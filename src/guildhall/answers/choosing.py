"""Which units of a block answer a question, and how well: sentences that belong together, whole procedures, the rows that are meant."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from guildhall.answers.asked import Asked
from guildhall.answers.markdown_blocks import BlockKind
from guildhall.answers.ranges import fits
from guildhall.answers.reading import PassageReading, Reading, Unit
from guildhall.answers.words import topic_words
from guildhall.vocabulary.passages import Passage

ROWS_SHOWN = 8
ITEMS_SHOWN = 6
WANTED = 0.45
HEADED = 0.45
IN_HEADING, IN_TITLE = 0.9, 0.4
UNASKED_STEPS, UNASKED_SEASON = 0.35, 1.0
FREE_FOR_PRICE = 0.5
UNASKED_CONTACT = 0.6
COMING = 0.4
UNASKED_CASE, UNASKED_TASK = 0.25, 0.3
PLAIN_TASKS = topic_words("apply ask book order report get start join claim request use")
"""What a procedure may be called without being another one than the resident asked for."""
ABOUT = 0.4
ROWS_AT_A_GLANCE = 6
WHOLE_LISTS = ("papers", "eligibility")
FEW_ROWS = 4
RIGHT_RANGE, WRONG_RANGE = 0.6, -0.4
POINTING = 0.8


@dataclass(frozen=True, slots=True)
class Quote:
    """Units of one block, chosen to be said. `fit` is how well they answer; `score` adds how close the passage is."""

    reading: Reading
    units: tuple[Unit, ...]
    passage: Passage
    fit: float
    score: float
    rank: int
    suits: bool = False
    """Whether the block has the shape and the heading that such questions want."""
    about: bool = False
    """Whether the section's heading says that all of it is about the question."""

    @property
    def length(self) -> int:
        """How many words the quote has."""
        return self.overhead + sum(unit.length for unit in self.units)

    @property
    def overhead(self) -> int:
        """How many of them are a table's header or a list's lead-in."""
        lead = self.reading.block.header or (self.passage.section if self.reading.kind == BlockKind.BULLETS else "")
        return len(lead.replace("|", " ").split())

    def but(self, units: Sequence[Unit]) -> "Quote":
        """The same quote with other units."""
        return replace(self, units=tuple(units))


def quote_of(reading: Reading, whole: PassageReading, asked: Asked, today: date, longest: int) -> tuple[tuple[Unit, ...], float]:
    """The units of a block to quote and their fit; no units when it says nothing. `longest`: the words of a paragraph to quote whole."""
    around = _around(reading, whole, asked)
    scores = [_fit(unit, reading, asked) for unit in reading.units]
    if reading.kind == BlockKind.TABLE:
        units = _rows(reading, whole, asked, today)
        best = max(scores) + (COMING if asked.soonest and units[0].until and units[0].until >= today else 0.0)
    elif reading.kind == BlockKind.STEPS:
        units, best = reading.units, max(scores)
    elif reading.kind == BlockKind.BULLETS:
        units, best = _items(reading, scores, asked), max(scores)
    else:
        units, best = _sentences(reading.units, scores, asked, longest, asked.share(whole.heading) >= ABOUT), max(scores)
    return units, best + around


def _around(reading: Reading, whole: PassageReading, asked: Asked) -> float:
    """What headings add: the question's words in them that no unit has to repeat, and a section made for such questions."""
    held = frozenset[str]().union(*(unit.words for unit in reading.units))
    heading = IN_HEADING * asked.share((whole.heading | reading.around) - held)
    title = IN_TITLE * asked.share(whole.title - held - whole.heading)
    around = heading + title
    if whole.kinds & asked.intent.headings:
        around += HEADED
    if reading.kind in asked.intent.shapes:
        around += asked.intent.shaped
    elif reading.kind == BlockKind.STEPS:
        around -= UNASKED_STEPS
    if (whole.is_contact or reading.is_contact) and not asked.contact:
        around -= UNASKED_CONTACT
    if "how" in whole.kinds and not whole.heading <= asked.weights.keys() | PLAIN_TASKS:
        around -= UNASKED_TASK
    if whole.is_case and not whole.heading <= asked.weights.keys():
        around -= UNASKED_CASE
    return around - (UNASKED_SEASON if whole.is_seasonal and not asked.season else 0.0)


def _fit(unit: Unit, reading: Reading, asked: Asked) -> float:
    fit = asked.share(unit.words)
    signs = asked.intent.signs & unit.signs
    if signs:
        fit += WANTED * (FREE_FOR_PRICE if signs == {"free"} and not asked.free else 1.0)
    held = fits(asked.numbers, unit.spans)
    if held is not None:
        fit += RIGHT_RANGE if held else (WRONG_RANGE if reading.kind == BlockKind.TABLE else 0.0)
    return fit - (POINTING if unit.points else 0.0)


def _rows(reading: Reading, whole: PassageReading, asked: Asked, today: date) -> tuple[Unit, ...]:
    """The rows that are meant: those that hold most of what sets rows apart, or all when nothing does. What has passed is left out."""
    rows = reading.units
    scores = _row_scores(rows, asked, whole.title | whole.heading | reading.around)
    best = max(scores)
    meant = [row for row, score in zip(rows, scores, strict=True) if score >= 0.75 * best] if best > 0 else list(rows)
    coming = [row for row in meant if row.until is None or row.until >= today]
    return tuple((coming or meant)[:ROWS_SHOWN])


def _row_scores(rows: tuple[Unit, ...], asked: Asked, topic: frozenset[str]) -> list[float]:
    """How much of the question each row holds. Words of the whole page's topic set no rows apart, and only settle ties."""
    ranges = [fits(asked.numbers, row.spans) for row in rows]
    tight = _tightest(rows, ranges)
    words = [word for word in asked.weights if word != "free" and any(word in row.words for row in rows)]
    telling = [word for word in words if word not in topic and _rarity(word, rows)]
    if len(rows) <= ROWS_AT_A_GLANCE and not asked.yes_or_no:  # few enough to be read at a glance: only a label narrows them
        telling = [word for word in telling if any(word in row.label for row in rows)]
    if True not in ranges and (not telling or (len(rows) <= FEW_ROWS and not asked.intent.signs)):
        return [0.0] * len(rows)
    scores = []
    for place, row in enumerate(rows):
        score = sum(_rarity(word, rows) * _part(word, row, topic) for word in words if word in row.words)
        if ranges[place] is not None and True in ranges:
            score += 2.0 if place in tight else -1.0
        scores.append(score)
    return scores


def _part(word: str, row: Unit, topic: frozenset[str]) -> float:
    return (1.0 if word in row.label else 0.7) * (0.25 if word in topic else 1.0)


def _tightest(rows: tuple[Unit, ...], ranges: Sequence[bool | None]) -> frozenset[int]:
    """Of the rows whose range holds the number, those with the narrowest: 2 hours is `up to 2 hours`, not `up to 4 hours`."""
    widths = {place: min(span.high - span.low for span in rows[place].spans) for place, held in enumerate(ranges) if held}
    least = min(widths.values(), default=0.0)
    return frozenset(place for place, width in widths.items() if width == least)


def _rarity(word: str, units: tuple[Unit, ...]) -> float:
    return math.log(len(units) / holding) if (holding := sum(word in unit.words for unit in units)) else 0.0


def _items(reading: Reading, scores: Sequence[float], asked: Asked) -> tuple[Unit, ...]:
    """A short list, or one that stands or falls together, is quoted whole; of a long one, the items that are meant."""
    together = reading.block.header.endswith(":") or any(unit.text.endswith((" or", " and")) for unit in reading.units)
    best = max(scores)
    meant = [unit for unit, score in zip(reading.units, scores, strict=True) if score >= 0.7 * best] if best > 0.3 else []
    if asked.yes_or_no and not together and 0 < len(meant) <= 2:
        return tuple(meant)
    if together or asked.intent.name in WHOLE_LISTS or len(reading.units) <= ITEMS_SHOWN or not meant:
        return reading.units
    return tuple(meant)


def _sentences(units: tuple[Unit, ...], scores: Sequence[float], asked: Asked, longest: int, from_start: bool) -> tuple[Unit, ...]:
    """The sentences that answer, each with the one it leans on; a short paragraph whole, but for lead-ins and pointers elsewhere.

    `from_start`: the section is about the question, and so its first sentence answers.
    """
    best = max(scores)
    if best <= 0:
        return ()
    kept = {place for place, score in enumerate(scores) if score >= 0.5 * best}
    if sum(unit.length for unit in units) <= longest:
        kept |= {place for place, unit in enumerate(units) if not unit.points}
    for place, unit in enumerate(units):
        if unit.leans and place - 1 in kept and unit.signs & asked.intent.signs:
            kept.add(place)
    if from_start and not units[0].points:
        kept.add(0)
    for place in sorted(kept, reverse=True):
        while units[place].leans and place and place - 1 not in kept:
            place -= 1
            kept.add(place)
    return tuple(units[place] for place in sorted(kept) if not units[place].text.endswith(":"))
