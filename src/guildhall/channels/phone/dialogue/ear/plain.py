"""Markdown into sentences that can be said: lists as sentences, tables row by row, links by their words, signs and short forms in full."""

import re
from collections.abc import Iterator
from typing import Final

from guildhall.answers.facts_in_text import LINK
from guildhall.answers.markdown_blocks import Block, BlockKind, blocks_of, cells, said_cell, sentences
from guildhall.channels.phone.dialogue.ear.short_forms import in_full

CITATION: Final = re.compile(r"\[\^?\d{1,3}\](?!\()")
EMPHASIS: Final = re.compile(r"(\*{1,3}|(?<!\w)_{1,2}|_{1,2}(?!\w)|`+|~~)")
PLURAL: Final = re.compile(r"(?<=\w)\((s|es)\)")
IN_BRACKETS: Final = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
RANGED: Final = r"(£?\d{1,3}(?:,\d{3})*(?:[:.]\d\d)?(?:\s?[ap]m)?|(?:19|20)\d\d)"
RANGE: Final = re.compile(rf"(?<![\w/-]){RANGED}\s?-\s?{RANGED}(?![\w/-]|,\d)", re.IGNORECASE)
LONG_RANGE: Final = re.compile(r"(?<=[\w%])\s?–\s?(?=[£\d])")
SCALE_WORDS: Final = {"m": "million", "million": "million", "bn": "billion", "billion": "billion", "k": "thousand"}
POUNDS_A_MILLION: Final = re.compile(r"(£\s?[\d.,]+)\s?(m|million|bn|billion|k)\b", re.IGNORECASE)


def sentences_of_markdown(text: str) -> tuple[str, ...]:
    """What is to be said, sentence by sentence, values still as they are written."""
    found = [sentence for block in blocks_of(text) for sentence in _of_block(block)]
    return tuple(tidy for sentence in found if (tidy := _tidy(sentence)))


def _of_block(block: Block) -> Iterator[str]:
    if block.kind == BlockKind.PARAGRAPH:
        yield from block.units
    elif block.kind == BlockKind.STEPS:
        for number, unit in enumerate(block.units, 1):
            first, *rest = sentences(unit) or ("",)
            yield f"Step {number}: {first}"
            yield from rest
    elif block.kind == BlockKind.BULLETS:
        for unit in block.units:
            yield from sentences(unit)
    else:
        titles = cells(block.header)
        for row in block.units:
            yield _of_row(titles, cells(row))


def _of_row(titles: tuple[str, ...], row: tuple[str, ...]) -> str:
    """A row without its table: what it is, then each column, by its name where there are several."""
    columns = [(title, cell) for title, cell in zip(titles[1:], row[1:], strict=False) if cell]
    named = [said_cell(title, cell, ", ") for title, cell in columns] if len(columns) > 1 else [cell for _, cell in columns]
    return f"{row[0]}: {'; '.join(named)}" if named else row[0]


def _tidy(sentence: str) -> str:
    text = LINK.sub(lambda match: match[1], sentence)
    text = EMPHASIS.sub("", CITATION.sub("", text))
    text = PLURAL.sub(r"\1", text)
    text = POUNDS_A_MILLION.sub(lambda match: f"{match[1]} {SCALE_WORDS[match[2].lower()]}", text)
    text = in_full(LONG_RANGE.sub(" to ", RANGE.sub(r"\1 to \2", text)))
    text = re.sub(r"\s*[–—]\s*", ", ", text)
    text = IN_BRACKETS.sub(r", \1,", text)
    text = re.sub(r"[“”\"‘<>|*]|(?<!\w)'|'(?!\w)", "", text)
    text = re.sub(r"…|\.{3}", ".", text)
    return _punctuated(text)


def _punctuated(text: str) -> str:
    """Commas and blanks in order, and an end: a voice falls at a full stop."""
    text = " ".join(text.split())
    text = re.sub(r"\s+([,.;:!?؟۔।])", r"\1", text)
    text = re.sub(r",(?:\s*,)+", ",", text)
    text = re.sub(r",\s*([.;:!?])", r"\1", text).strip(" ,;")
    if not re.search(r"\w", text):
        return ""
    return text if text[-1] in ".!?؟۔।" else f"{text.rstrip(':')}."
