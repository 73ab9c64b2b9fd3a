"""Cuts what is to be said into sentences, each of which can be heard, cut off and said again by itself."""

import re
from dataclasses import replace
from typing import Final

from guildhall.channels.phone.moves import Spoken

END: Final = re.compile(r"(?<=[.!?؟۔।])\s+|\n+")
NO_END: Final = re.compile(r"(?:^|\s)(?:St|Mr|Mrs|Ms|Dr|No|Rd|Ave|e\.g|i\.e|[A-Z])\.$")
"""A full stop that ends no sentence."""
TYPED_A_MINUTE: Final = 40
"""Words a minute that a relay assistant is sure to type."""


def sentences_of(spoken: Spoken) -> list[Spoken]:
    """The sentences of something to say; the last one ends what it is part of."""
    pieces: list[str] = []
    for piece in (piece.strip() for piece in END.split(spoken.text)):
        if pieces and NO_END.search(pieces[-1]):
            pieces[-1] += f" {piece}"
        elif piece:
            pieces.append(piece)
    last = len(pieces) - 1
    return [replace(spoken, text=piece, ends=spoken.ends and number == last) for number, piece in enumerate(pieces)]


def typing_seconds(spoken: Spoken) -> float:
    """How long it takes to type it for somebody who reads the call."""
    return len(spoken.text.split()) * 60 / TYPED_A_MINUTE
