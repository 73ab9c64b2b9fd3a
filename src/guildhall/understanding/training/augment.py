"""Honest variants of training lines: how the same words come by phone, in haste, or buried in another matter. Seeded by text."""

import random
import re
from collections.abc import Callable, Sequence
from typing import Final

_HOMOPHONES: Final = {
    "here": "hear", "there": "their", "their": "there", "your": "you're", "to": "too", "too": "to", "hole": "whole", "knife": "nife",
    "know": "no", "write": "right", "bail": "bale", "son": "sun", "weak": "week", "hear": "here", "through": "threw", "brake": "break",
    "die": "dye", "week": "weak", "pain": "pane", "self": "shelf", "harm": "arm", "bill": "bell", "rent": "went", "scared": "scarred",
    "police": "please", "anymore": "any more", "cant": "can't", "wont": "want", "debt": "det",
    "bailiff": "bay leaf", "bailiffs": "bay leafs",
}  # fmt: skip
_FILLERS: Final = ("um", "erm", "yeah", "like", "you know", "er", "so")


def plain(text: str) -> str:
    """Lower case, no punctuation: what speech recognition gives."""
    return " ".join(re.sub(r"[^\w\s'’]", " ", text.lower()).split())


def misspelt(text: str, chance: random.Random) -> str:
    """One to three slips of the fingers."""
    letters = list(text)
    for _ in range(1 + min(2, len(text) // 40)):
        places = [i for i in range(1, len(letters) - 2) if letters[i].isalpha() and letters[i + 1].isalpha()]
        if not places:
            break
        place = chance.choice(places)
        kind = chance.randrange(3)
        if kind == 0:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
        elif kind == 1:
            del letters[place]
        else:
            letters.insert(place, letters[place])
    return "".join(letters)


def misheard(text: str, chance: random.Random) -> str:
    """Speech recognition with a wrong word or two and a filler."""
    words = plain(text).split()
    for i, word in enumerate(words):
        if word in _HOMOPHONES and chance.random() < 0.4:
            words[i] = _HOMOPHONES[word]
    words.insert(chance.randrange(len(words) + 1), chance.choice(_FILLERS))
    return " ".join(words)


def buried(text: str, ordinary: Sequence[str], chance: random.Random) -> str:
    """The line before, after or between ordinary matters, sometimes without a full stop."""
    first, second = chance.choice(ordinary), chance.choice(ordinary)
    order = chance.choice(([first, text], [text, first], [first, text, second]))
    if chance.random() < 0.5:
        return " ".join(plain(piece) for piece in order)
    return " ".join(piece if piece.rstrip()[-1:] in ".?!" else piece.rstrip() + "." for piece in order)


def variants(text: str, ordinary: Sequence[str]) -> list[str]:
    """One or two variants of a line, always the same for the same line."""
    chance = random.Random(text)
    makers: list[Callable[[], str]] = [
        lambda: plain(text),
        lambda: misspelt(text, chance),
        lambda: misheard(text, chance),
        lambda: buried(text, ordinary, chance),
        lambda: buried(text, ordinary, chance),
    ]
    chosen = chance.sample(range(len(makers)), 1 if len(text) > 160 else 2)
    return [made for made in (makers[i]() for i in chosen) if made.strip() and made != text]
