"""The embedded composer: quotes the right passages' own sentences, steps and table rows, shaped to the question and the channel.

It needs no network and cannot invent: every unit it says stands in a passage. It is always the last composer to be tried.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guildhall.answers.fact_card import catalogue_entry, fact_card
from guildhall.answers.facts_in_text import facts_in
from guildhall.answers.intent import Intent, intent_of
from guildhall.answers.markdown_blocks import Block, BlockKind, blocks_of, cells
from guildhall.answers.request import AnswerRequest, Draft, Evidence
from guildhall.answers.wording import Wordings
from guildhall.answers.words import content_words
from guildhall.vocabulary.passages import Found, Passage

EVIDENCE_AT = 0.3
"""Search evidence below which a passage is no evidence at all."""
MAX_PASSAGES = 4
NEAR_THE_BEST = 0.55
ROWS_SHOWN = 8
VERSION = "extractive@1"


@dataclass(frozen=True, slots=True)
class Quote:
    """Units of one block, chosen to be said, and how well they fit the question."""

    block: Block
    units: tuple[str, ...]
    passage: Passage
    fit: float
    order: int


class ExtractiveComposer:
    """Answers by quoting. `evidence_at` is the search score below which passages are no evidence at all."""

    def __init__(self, wordings: Wordings, evidence_at: float = EVIDENCE_AT) -> None:
        self._wordings = wordings
        self._evidence_at = evidence_at

    @property
    def name(self) -> str:
        """Name and version."""
        return VERSION

    def compose(self, request: AnswerRequest) -> Iterator[Draft]:
        """One or more blocks for every question that has evidence."""
        for number, evidence in enumerate(request.evidence):
            yield from self._card(number, evidence, request.language)
            for quote in self._quotes(evidence, request):
                text = _spoken(quote) if request.channel == "phone" else quote.block.text_of(quote.units)
                yield Draft(number, text, (quote.passage.id,))

    def _card(self, number: int, evidence: Evidence, language: str) -> Iterator[Draft]:
        """In another language than the pages': the service and its contact facts first."""
        entry = catalogue_entry(evidence.service, evidence.passages) if evidence.service else None
        if language != "en" and evidence.service and entry:
            yield Draft(number, fact_card(evidence.service, language, self._wordings), (entry.id,), language=language)

    def _quotes(self, evidence: Evidence, request: AnswerRequest) -> tuple[Quote, ...]:
        passages = [found for found in evidence.passages if found.score >= self._evidence_at]
        if not passages:
            return ()
        question = evidence.question.standalone or evidence.question.text
        asked = content_words(question)
        intent = intent_of(evidence.question.text, request.language)
        best = passages[0].score
        near = [found for found in passages[:MAX_PASSAGES] if found.score >= NEAR_THE_BEST * best]
        quotes = [quote for found in near for quote in _candidates(found, asked, intent, best)]
        return _selected(quotes, request.words_at_most, intent)


def _candidates(found: Found, asked: frozenset[str], intent: Intent, best: float) -> Iterator[Quote]:
    """Every block of a passage, cut to the units that fit the question."""
    passage = found.passage
    heading = content_words(f"{passage.title} {passage.section}")
    closeness = found.score / best if best else 0.0
    heading_fit = 0.3 * len(asked & heading) / max(1, len(asked))
    for order, block in enumerate(blocks_of(passage.text)):
        fits = [_fit(unit, block, asked, intent) for unit in block.units]
        units, fit = _cut(block, fits, intent, asked)
        if units:
            lead = 0.12 if order == 0 else 0.0
            yield Quote(block, units, passage, fit + heading_fit + 0.9 * closeness + lead, (found.rank - 1) * 1000 + order)


def _fit(unit: str, block: Block, asked: frozenset[str], intent: Intent) -> float:
    said = content_words(unit)
    overlap = len(asked & said) / max(1, len(asked))
    kinds = {fact.kind for fact in facts_in(unit)}
    wanted = 0.45 if intent.facts and kinds & intent.facts else 0.0
    shape = 0.25 if block.kind in intent.shapes else 0.0
    return overlap + wanted + shape


def _cut(block: Block, fits: Sequence[float], intent: Intent, asked: frozenset[str]) -> tuple[tuple[str, ...], float]:
    """The units to quote: all steps of a list (half a procedure is worse than none), the rows or sentences that fit best."""
    if block.kind == BlockKind.STEPS or (block.kind == BlockKind.BULLETS and len(block.units) <= ROWS_SHOWN):
        return block.units, max(fits)
    if block.kind in (BlockKind.TABLE, BlockKind.BULLETS):
        if len(block.units) <= ROWS_SHOWN and not intent.narrow:
            return block.units, max(fits)
        bar = max(0.6 * max(fits), 0.05)
        kept = [unit for unit, fit in zip(block.units, fits, strict=True) if fit >= bar][:ROWS_SHOWN]
        return tuple(kept), max(fits)
    bar = max(0.5 * max(fits), 0.01)
    kept = [unit for unit, fit in zip(block.units, fits, strict=True) if fit >= bar]
    if kept and block.units[0] not in kept and len(block.units) <= 3:
        kept.insert(0, block.units[0])
    return tuple(kept) or block.units[:1], max(fits) if asked else 0.1


def _selected(quotes: Sequence[Quote], words_at_most: int, intent: Intent) -> tuple[Quote, ...]:
    """The best quotes that fit the length, at least one, in reading order; what a wanted list leads in with comes along."""
    chosen: list[Quote] = []
    words = 0
    seen: set[str] = set()
    for quote in sorted(quotes, key=lambda item: -item.fit):
        fresh = tuple(unit for unit in quote.units if unit not in seen)
        if not fresh:
            continue
        length = sum(len(unit.split()) for unit in fresh)
        if chosen and (words + length > words_at_most or quote.fit < 0.6 * chosen[0].fit or len(chosen) >= intent.blocks):
            continue
        chosen.append(Quote(quote.block, fresh, quote.passage, quote.fit, quote.order))
        seen |= set(fresh)
        words += length
    return tuple(_shortened(quote, words_at_most) for quote in sorted(chosen, key=lambda item: (item.order // 1000, item.order)))


def _shortened(quote: Quote, words_at_most: int) -> Quote:
    """A quote that is too long by itself loses units from the end, never words from a unit."""
    kept: list[str] = []
    words = 0
    for unit in quote.units:
        words += len(unit.split())
        if kept and words > words_at_most * 1.4:
            break
        kept.append(unit)
    return Quote(quote.block, tuple(kept), quote.passage, quote.fit, quote.order)


def _spoken(quote: Quote) -> str:
    """For the ear: rows as `what: how much`, steps as sentences."""
    if quote.block.kind == BlockKind.TABLE:
        return " ".join(f"{': '.join((row[0], ', '.join(row[1:])))}." for row in map(cells, quote.units))
    return " ".join(unit if unit.rstrip().endswith((".", "!", "?")) else f"{unit}." for unit in quote.units)
