"""Slips of the fingers, as people make them on a phone's keyboard."""

from random import Random

SHORTEST = 5
"""Shorter words, and whatever has a digit or a capital inside, are left as they are."""


def mistyped(text: str, share: float, random: Random) -> str:
    """The text with about that share of its longer words mistyped, and now and then without capitals or its last mark."""
    if share <= 0:
        return text
    words = [_slip(word, random) if _may_slip(word) and random.random() < share else word for word in text.split(" ")]
    slipped = " ".join(words)
    if random.random() < share * 2:
        slipped = slipped.rstrip("?.!")
    return slipped


def _may_slip(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha() and word[1:].islower() and word.isascii()


def _slip(word: str, random: Random) -> str:
    place = random.randrange(1, len(word) - 2)
    kind = random.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place] + word[place:]
