"""Chosen units as text: Markdown for the eye, sentences for the ear. Words are quoted as they stand; only layout is added."""

from collections.abc import Iterator, Sequence

from guildhall.answers.choosing import Quote
from guildhall.answers.facts_in_text import LINK
from guildhall.answers.markdown_blocks import BlockKind, cells, said_cell
from guildhall.answers.words import topic_words

LOOKED_UP = "lookup:"
"""What the ids of passages begin with that were made for a place: the place stands in their first words."""
SIDES = ("yes", "no", "allowed", "not allowed")
"""First columns that are no label, but one side of a choice."""


def written(quote: Quote, is_first: bool) -> str:
    """The units as Markdown, under the words that lead them in where they would not be understood alone."""
    text = quote.reading.block.text_of(tuple(unit.text for unit in quote.units))
    lead = lead_in(quote, is_first)
    return f"{lead}\n\n{text}" if lead else text


def lead_in(quote: Quote, is_first: bool) -> str:
    """A list's own lead-in sentence, or its section's heading; a first table or procedure is clear from the question."""
    kind, section = quote.reading.kind, quote.passage.section
    if kind == BlockKind.PARAGRAPH:
        return ""
    if kind in (BlockKind.BULLETS, BlockKind.STEPS) and quote.reading.block.header:
        return quote.reading.block.header
    clear = kind != BlockKind.BULLETS and (is_first or quote.passage.id.startswith(LOOKED_UP))
    return f"**{section}**" if section and not clear else ""


def spoken_within(quotes: Sequence[Quote], question: str, words_at_most: int) -> Iterator[tuple[Quote, str]]:
    """The quotes for the ear, each with what is said of it, as far as the words go; at least a unit of the first."""
    left = words_at_most
    for place, quote in enumerate(quotes):
        text = spoken(quote, question)
        while len(text.split()) > left and len(quote.units) > 1:
            quote = quote.but(quote.units[:-1])
            text = spoken(quote, question)
        if place == 0 or len(text.split()) <= left:
            left -= len(text.split())
            yield quote, text


def spoken(quote: Quote, question: str) -> str:
    """The units for the ear: rows as `what: how much`, items and steps as sentences, links as their words."""
    if quote.reading.kind == BlockKind.TABLE:
        header = cells(quote.reading.block.header)
        said = " ".join(_row(header, cells(unit.text), topic_words(question)) for unit in quote.units)
    else:
        said = " ".join(_ended(unit.text) for unit in quote.units)
    lead = lead_in(quote, is_first=True).strip("*")
    if lead and not lead.endswith((":", "?")):
        lead = f"{lead}:"
    return LINK.sub(lambda match: match[1], f"{lead} {said}".strip())


def _row(header: tuple[str, ...], row: tuple[str, ...], asked: frozenset[str]) -> str:
    """One row as a sentence; of many columns, those the question names. A bare number or letter is said with its column's name."""
    if header[0].casefold() in SIDES:
        return " ".join(_ended(f"{name}: {cell}") for name, cell in zip(header, row, strict=False) if cell)
    label = f"{header[0]} {row[0]}" if len(row[0]) == 1 or row[0].isdigit() else row[0]
    columns = [(name, cell) for name, cell in zip(header[1:], row[1:], strict=False) if cell]
    if len(columns) <= 1:
        return _ended(": ".join((label, *(cell for _, cell in columns))))
    named = [(name, cell) for name, cell in columns if topic_words(name) & asked]
    told = ", ".join(said_cell(name, cell, " ") for name, cell in (named or columns))
    return _ended(f"{label}: {told}")


def _ended(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?", ":", " or", " and")) else f"{text.rstrip(',;')}."
