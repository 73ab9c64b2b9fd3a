"""Which quotes make the answer: the one that answers best first, then what it lacks, mostly from the same page, nothing twice."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guildhall.answers.asked import Asked, asked_of
from guildhall.answers.choosing import ABOUT, Quote, quote_of
from guildhall.answers.fact_card import catalogue_entry
from guildhall.answers.intent import GENERAL
from guildhall.answers.markdown_blocks import BlockKind
from guildhall.answers.quoting import LOOKED_UP
from guildhall.answers.reading import PassageReading, Reading, Unit, read
from guildhall.answers.request import AnswerRequest, Evidence
from guildhall.vocabulary.passages import Found, Passage
from guildhall.vocabulary.services import Service

EVIDENCE_AT = 0.3
"""Search evidence below which a passage is no evidence at all."""
OWN_EVIDENCE = 0.7
"""The part of that which is enough on the pages of a service that is surely meant."""
CLOSE = 0.8
COOLING = 5.0
A_YEAR_OFF = 0.15
"""What a table or sentence loses for each year that its dates lie ahead: the next Christmas is meant, not the one after."""
COSINE = 13.0
"""The weight of meaning beside words in the search room's ranking (knowledge/search.py), so that its ranks can be weighed here."""
OWN = 7.0
ENTRY_BEHIND = 2.5
STATED = 0.5
"""What the main page's first lines gain when nothing is asked: who says what is wrong wants to know what the service does about it."""
LEAD, MAIN_LEAD = 0.15, 0.3
"""What the first lines of a page gain, and those of the page that the service's catalogue entry names."""
BLOCKS = 3
SUMMARY, CUT = 0.3, 0.3
"""What a catalogue entry's summary loses, which names the service and answers little, and a procedure too long to be said whole."""
STRANGE, UNSURE = 0.5, 0.6
"""A question of which neither pages nor service know half the words needs this much evidence."""
NEAR_ON_PAGE, NEAR_ELSEWHERE, NEAR_LEAD, IN_SECTION = 0.58, 0.85, 0.45, 0.5
"""The part of the best score that a further quote needs, by where it stands."""
NEW_SHARE, AS_FIT = 0.2, 0.65
"""The part of the question that a further quote must be the first to hold, or of the best fit if it has the facts that are wanted."""
SAID_ALREADY, MOSTLY = 0.5, 0.6
"""The part of a list that must be new, and the part of a sentence's words that make it a repetition."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may be quoted, read, and how close it is to the question, from 0 to 1."""

    found: Found
    reading: PassageReading
    closeness: float

    @property
    def passage(self) -> Passage:
        """The passage."""
        return self.found.passage


def quotes_for(evidence: Evidence, request: AnswerRequest, evidence_at: float = EVIDENCE_AT) -> tuple[Quote, ...]:
    """The quotes that answer a question, in reading order; none without evidence.

    Where a service is surely meant but nothing found speaks the resident's words, its catalogue entry says what it does and how to
    reach it: that is an answer, and not being understood is none. What was looked up for a place is said whole.
    """
    looked_up = [found for found in evidence.passages if found.passage.id.startswith(LOOKED_UP)]
    if looked_up:
        return tuple(Quote(block, block.units, f.passage, 1.0, 1.0, f.rank) for f in looked_up for block in read(f.passage).blocks)
    candidates = _candidates(evidence, evidence_at)
    asked = asked_of(evidence.question, request.language, [item.reading for item in candidates], evidence.service) if candidates else None
    weak = asked is None or (
        request.language == "en" and asked.strange >= STRANGE and max(item.found.score for item in candidates) < UNSURE
    )
    if asked is None or weak:
        return _entry(evidence, request.words_at_most)
    quotes = []
    longest = request.words_at_most * 6 // 10
    for item in candidates:
        for block in item.reading.blocks:
            units, fit = quote_of(block, item.reading, asked, request.today, longest)
            if units:
                score = fit + CLOSE * item.closeness + _standing(item, block, evidence.service, request.words_at_most)
                if asked.intent == GENERAL and _is_main_lead(item, block, evidence.service):
                    score += STATED
                score -= A_YEAR_OFF * _years_ahead(units, request.today)
                suits = block.kind in asked.intent.shapes and bool(item.reading.kinds & asked.intent.headings)
                about = asked.share(item.reading.heading) >= ABOUT
                quotes.append(Quote(block, units, item.passage, fit, score, item.found.rank, suits, about))
    return _selected(quotes, asked, request.words_at_most)


def _years_ahead(units: Sequence[Unit], today: date) -> float:
    """How many years ahead the soonest coming date of the units is; 0 for units without one."""
    coming = [unit.until for unit in units if unit.until and unit.until >= today]
    return (min(coming) - today).days / 365 if coming else 0.0


def _entry(evidence: Evidence, words_at_most: int) -> tuple[Quote, ...]:
    """What the catalogue says of the service that is surely meant: what it is, the first steps, how to reach the team."""
    entry = catalogue_entry(evidence.service, evidence.passages) if evidence.service else None
    if entry is None:
        return ()
    blocks = read(entry).blocks
    steps = [block for block in blocks[1:-1] if block.kind == BlockKind.STEPS]
    chosen = list(dict.fromkeys(block.order for block in (*blocks[:1], *steps[:1], *blocks[-1:])))
    quotes: list[Quote] = []
    for block in blocks:
        left = words_at_most - sum(quote.length for quote in quotes)
        if block.order in chosen and left > 0:
            quotes.append(_shortened(Quote(block, block.units, entry, 0.0, 0.0, 1), left))
    return tuple(quotes)


def _standing(item: Candidate, block: Reading, service: Service | None, words_at_most: int) -> float:
    """What a block's place speaks for it: the first lines of a page answer most often; a procedure that must be cut, never well."""
    if block.order == 0 and item.passage.id.startswith("service:"):
        return -SUMMARY
    if block.order == 0 and item.reading.is_lead:
        return MAIN_LEAD if _is_main_lead(item, block, service) else LEAD
    too_long = block.kind == BlockKind.STEPS and sum(unit.length for unit in block.units) > words_at_most
    return -CUT if too_long else 0.0


def _is_main_lead(item: Candidate, block: Reading, service: Service | None) -> bool:
    """Whether a block is the first of the page that the service's catalogue entry names."""
    return block.order == 0 and item.reading.is_lead and service is not None and item.passage.url == service.contact.url


def _candidates(evidence: Evidence, evidence_at: float) -> tuple[Candidate, ...]:
    """Passages with evidence. Where a service is surely meant, its own pages need less of it and come far ahead of others."""
    service = evidence.service
    sure = service is not None and any(found.passage.id == f"service:{service.key}" for found in evidence.passages)
    own = {found.passage.id for found in evidence.passages if sure and service and service.key in found.passage.services}
    kept = [f for f in evidence.passages if f.score >= evidence_at * (OWN_EVIDENCE if f.passage.id in own else 1.0)]
    if not kept:
        return ()
    places = [_place(found, service) + (OWN if found.passage.id in own else 0.0) for found in kept]
    best = max(place for place in places if place > -math.inf) if any(p > -math.inf for p in places) else 0.0
    behind = [best - place if place > -math.inf else ENTRY_BEHIND for place in places]
    return tuple(Candidate(found, read(found.passage), math.exp(-far / COOLING)) for found, far in zip(kept, behind, strict=True))


def _place(found: Found, service: Service | None) -> float:
    """Where search would place a passage, in its log units; a catalogue entry was never searched for."""
    if service and found.passage.id == f"service:{service.key}":
        return -math.inf
    if found.dense or found.lexical:
        return found.lexical + COSINE * found.dense
    return 8 * found.score - 0.3 * found.rank


def _selected(quotes: Sequence[Quote], asked: Asked, words_at_most: int) -> tuple[Quote, ...]:
    ranked = sorted(quotes, key=lambda quote: -quote.score)
    if not ranked:
        return ()
    chosen = [_shortened(ranked[0], words_at_most)]
    for quote in ranked[1:]:
        if len(chosen) >= BLOCKS:
            break
        fresh = _fresh(quote, chosen)
        left = words_at_most - sum(item.length for item in chosen)
        if fresh and fresh.length <= left and _adds(fresh, chosen, asked):
            chosen.append(fresh)
    if not _has_wanted(chosen[0], asked):  # what was asked for comes first, what lies around it after
        chosen.sort(key=lambda quote: not _has_wanted(quote, asked))
    rest = sorted(chosen[1:], key=lambda quote: (quote.passage.id != chosen[0].passage.id, quote.rank, quote.reading.order))
    return (chosen[0], *rest)


def _has_wanted(quote: Quote, asked: Asked) -> bool:
    """Whether a quote holds facts of the kind that is asked for; true when no kind is."""
    wanted = asked.intent.signs - (frozenset() if asked.free else {"free"})
    return not wanted or any(wanted & unit.signs for unit in quote.units)


def _fresh(quote: Quote, chosen: Sequence[Quote]) -> Quote | None:
    """The quote without sentences that have been said. A list or table is said whole or, when it brings nothing new, not at all."""
    said = [unit for item in chosen for unit in item.units]
    fresh = [unit for unit in quote.units if not any(_repeats(unit, other) for other in said)]
    if quote.reading.kind != BlockKind.PARAGRAPH:
        return quote if len(fresh) > SAID_ALREADY * len(quote.units) else None
    facts = frozenset[tuple[str, str]]().union(*(unit.facts for unit in said))
    fresh = [unit for unit in fresh if not unit.facts or not unit.facts <= facts]
    return quote.but(fresh) if fresh else None


def _repeats(unit: Unit, said: Unit) -> bool:
    """Whether a unit says what another has said: the same words, nearly all of its words, or a row with the same label."""
    if unit.label is not unit.words and unit.label == said.label:
        return True
    return unit.text == said.text or (unit.facts <= said.facts and len(unit.words & said.words) >= MOSTLY * len(unit.words))


def _adds(quote: Quote, chosen: Sequence[Quote], asked: Asked) -> bool:
    """Whether a further quote earns its place: near the best, about the question, and with something asked for that is not yet said."""
    first = chosen[0]
    same_page = quote.passage.source_id == first.passage.source_id
    near = NEAR_ON_PAGE if same_page and not asked.yes_or_no else NEAR_ELSEWHERE
    if same_page and not quote.passage.section and not asked.yes_or_no:
        near = NEAR_LEAD
    if first.about and quote.passage.id == first.passage.id and quote.score >= IN_SECTION * first.score:
        return True
    if quote.score < near * first.score:
        return False
    if quote.suits and not any(item.suits for item in chosen):
        return True
    told = frozenset[str]().union(*(unit.words for item in chosen for unit in item.units))
    new_words = frozenset[str]().union(*(unit.words for unit in quote.units)) - told
    signs = frozenset[str]().union(*(unit.signs for unit in quote.units)) - (frozenset() if asked.free else {"free"})
    return asked.share(new_words) >= NEW_SHARE or (bool(asked.intent.signs & signs) and quote.fit >= AS_FIT * first.fit)


def _shortened(quote: Quote, words_at_most: int) -> Quote:
    """A quote that is too long by itself loses units from the end, never words from a unit."""
    kept: list[Unit] = []
    words = 0
    for unit in quote.units:
        words += unit.length
        if kept and words > words_at_most - quote.overhead:
            break
        kept.append(unit)
    return quote.but(kept)
