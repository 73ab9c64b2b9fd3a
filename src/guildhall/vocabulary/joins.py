"""English words and marks that only join one question to the next, and say nothing by themselves."""

import re
from typing import Final

_WORD: Final = r"\b(?:and|also|plus|but|then|or|oh|n)\b"
_LEADING: Final = re.compile(rf"^\W*(?:{_WORD}[\s,]*)+", re.IGNORECASE)
_TRAILING: Final = re.compile(rf"(?:[\s,;:&+–—-]|{_WORD})+$", re.IGNORECASE)


def without_lead(text: str) -> str:
    """The text without what joins it to the one before; the text itself when nothing else is there."""
    return _LEADING.sub("", text) or text


def without_trail(text: str) -> str:
    """The text without what would join it to the next one."""
    return _TRAILING.sub("", text)
