"""What a service with an open vocabulary heard, in the words of a grammar: the same meaning that a grammar engine would give."""

import re
from collections.abc import Sequence
from typing import Final

from guildhall.channels.phone.speech import Grammar

NOT_WORDS: Final = re.compile(r"[^\w\s']+")
SPACES: Final = re.compile(r"\s+")
MOST_HINTS: Final = 40
FILLERS: Final = frozenset({"um", "er", "erm", "uh", "please", "well", "so", "it's", "the"})


def plain(text: str) -> str:
    """Words in lower case without marks between them."""
    return SPACES.sub(" ", NOT_WORDS.sub(" ", text.lower())).strip()


def meaning(text: str, grammar: Grammar | None) -> str:
    """The meaning of the phrase that was said, and nothing else; empty when it is none of the grammar's."""
    if grammar is None:
        return ""
    said = plain(text)
    bare = " ".join(word for word in said.split() if word not in FILLERS)
    for phrase in grammar.phrases:
        for one in phrase.says:
            if plain(one) in (said, bare):
                return phrase.means
    return ""


def phrases_of(grammar: Grammar | None, hints: Sequence[str]) -> list[str]:
    """What is likely to be said: the council's own names first, then the grammar's phrases."""
    said = [one for phrase in (grammar.phrases if grammar else ()) for one in phrase.says]
    return list(dict.fromkeys([*hints, *said]))[:MOST_HINTS]
