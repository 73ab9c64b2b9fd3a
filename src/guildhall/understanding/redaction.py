"""Masking personal data before words leave the house: each piece becomes a token such as `[phone-1]`, equal pieces the same."""

import re
from collections.abc import Iterable
from functools import lru_cache

from guildhall.understanding.personal_data import find
from guildhall.vocabulary.questions import Mask, Redacted


def redact(text: str, published: Iterable[str] = ()) -> Redacted:
    """The text with personal data masked. What the council itself publishes (its phones, e-mails, addresses) is not personal."""
    open_to_all = _open_to_all(tuple(published))
    tokens: dict[tuple[str, str], str] = {}
    counts: dict[str, int] = {}
    masks: list[Mask] = []
    pieces: list[str] = []
    position = 0
    for datum in find(text):
        value = _plain(text[datum.start : datum.end])
        if value in open_to_all:
            continue
        if (datum.kind, value) not in tokens:
            counts[datum.kind] = counts.get(datum.kind, 0) + 1
            tokens[datum.kind, value] = f"[{datum.kind}-{counts[datum.kind]}]"
        token = tokens[datum.kind, value]
        masks.append(Mask(datum.kind, datum.start, datum.end, token))
        pieces.extend((text[position : datum.start], token))
        position = datum.end
    pieces.append(text[position:])
    return Redacted("".join(pieces), tuple(masks))


@lru_cache(maxsize=8)
def _open_to_all(published: tuple[str, ...]) -> frozenset[str]:
    return frozenset(_plain(value) for value in published)


def _plain(value: str) -> str:
    return re.sub(r"[\s\-().,]", "", value).casefold()
