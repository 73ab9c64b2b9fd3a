"""Which script words are written in, by Unicode block, counted over letters only."""

import re
from typing import Final

_BLOCKS: Final = {
    "latin": "A-Za-zÀ-ɏḀ-ỿ",
    "arabic": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "gurmukhi": "\u0a00-\u0a7f",
    "other": "\u0370-\u05ff\u0700-\u074f\u0780-\u089f\u0900-\u09ff\u0a80-\u1cff\u2c00-\u2dff"
    "\u2e80-\u9fff\ua000-\uabff\uac00-\ud7ff\U00010000-\U0001efff\U00020000-\U0002ffff",
}
_PATTERNS: Final = {name: re.compile(f"[{block}]") for name, block in _BLOCKS.items()}


def script_of(text: str) -> tuple[str, float]:
    """The commonest of latin, arabic, gurmukhi and other, and its share of the letters. ("", 0) when there are none."""
    if text.isascii():
        return ("latin", 1.0) if any(c.isalpha() for c in text) else ("", 0.0)
    counts = {name: len(pattern.findall(text)) for name, pattern in _PATTERNS.items()}
    total = sum(counts.values())
    if not total:
        return "", 0.0
    name = max(counts, key=counts.__getitem__)
    return name, counts[name] / total
