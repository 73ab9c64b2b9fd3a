"""How old a reader of English must be for a text: the Flesch-Kincaid grade and five years. Rough, and good for comparing like with like."""

import re
from typing import Final

_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[.!?:]\s|\n+")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_MARKUP: Final = re.compile(r"\]\([^)]*\)|[*_#|\[\]>-]+")


def reading_age(text: str) -> float | None:
    """Years of age, or None for a text with too few words to say."""
    plain = _MARKUP.sub(" ", text)
    words = _WORD.findall(plain)
    if len(words) < 8:
        return None
    sentences = max(1, sum(bool(_WORD.search(piece)) for piece in _SENTENCE.split(plain)))
    syllables = sum(map(_syllables, words))
    grade = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return max(5.0, grade + 5)


def _syllables(word: str) -> int:
    word = word.lower()
    count = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith("le") and count > 1
    return max(1, count - silent)
