"""Cutting text into words and sentences, and folding words so that spelling variants of one word compare equal."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from guildhall.vocabulary.forgetting import remembering

# Python's \w leaves out combining vowel signs, without which Gurmukhi and Devanagari words fall apart.
_MARKS: Final = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0a01-\u0a03\u0a3c-\u0a51\u0a70\u0a71\u200c"
WORD: Final = re.compile(rf"[\w{_MARKS}]+(?:['’][\w{_MARKS}]+)*", re.UNICODE)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?؟۔।])[\s\"')\]]+|(?<=[;…])\s+|\n+|\s+\|\s+")
_ABBREVIATION: Final = re.compile(r"\b(?:mr|mrs|ms|dr|st|rd|no|approx|e\.g|i\.e|etc|p|ul|nr|str)\.$", re.IGNORECASE)
_ARABIC_FOLD: Final = {
    ord(variant): plain
    for plain, variants in {"ا": "أإآٱ", "ی": "ىئيےېۍ", "ک": "كګڪ", "ه": "ةۀہھۃ", "و": "ؤ", "گ": "ڭ"}.items()
    for variant in variants
}
_LATIN_FOLD: Final = str.maketrans("łđøßæœı", "ldosaoi")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as folded for comparing, and where it stands (start, end) in the text it was cut from."""

    folded: str
    start: int
    end: int


@remembering(65536)
def fold(word: str) -> str:
    """Lower case without apostrophes, accents or Arabic letter variants: `Don’t` and `dont`, `żyć` and `zyc` become equal."""
    plain = word.casefold().replace("'", "").replace("’", "")
    if plain.isascii():
        return plain
    stripped = "".join(c for c in unicodedata.normalize("NFD", plain) if not _is_accent(c))
    return unicodedata.normalize("NFC", stripped).translate(_ARABIC_FOLD).translate(_LATIN_FOLD)


def _is_accent(character: str) -> bool:
    code = ord(character)
    return 0x300 <= code <= 0x36F or 0x610 <= code <= 0x61A or 0x64B <= code <= 0x65F or code in (0x670, 0x640, 0x200C)


def words_of(text: str) -> list[Word]:
    """The words of a text, folded, with their places."""
    return [Word(fold(m.group()), m.start(), m.end()) for m in WORD.finditer(text)]


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence that holds a word. Line breaks end one too; `Mr.` does not."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text[max(start, match.start() - 8) : match.start()]):
            continue
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return [(a, b) for a, b in spans if WORD.search(text, a, b)]


def stretches(text: str, longest: int = 60, step: int = 40) -> list[tuple[int, int]]:
    """The whole text, or, beyond `longest` words, overlapping stretches of so many, one every `step` words.

    An encoder reads a line of distress best in what stands around it; only what is too long for it is cut.
    """
    places = [(m.start(), m.end()) for m in WORD.finditer(text)]
    if len(places) <= longest:
        return [(0, len(text))]
    spans = []
    for first in range(0, len(places), step):
        last = min(first + longest, len(places)) - 1
        spans.append((places[first][0], places[last][1]))
        if last == len(places) - 1:
            break
    return spans


def listed(words: str) -> frozenset[str]:
    """A set of words written as one line of text."""
    return frozenset(words.split())
