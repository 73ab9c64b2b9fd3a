"""Web addresses written out in words, however they are spelt: a resident may type or tap them, so they are links too."""

import re
from typing import Final

from guildhall.answers.facts_in_text import EMAIL
from guildhall.answers.tampering import as_read
from guildhall.vocabulary.forgetting import remembering

_ENDS: Final = "com|org|net|uk|example|io|ly|me|info|biz|app|page|link|site|online|eu|ru|cn|xyz"
_ADDRESS: Final = re.compile(
    r"(?:\bhttps?:)?//[^\s<>\"')\]|”]+|\bwww\.[^\s<>\"')\]|”]+"
    rf"|(?<![@\w./-])(?:[\w-]+\.)+(?:{_ENDS})\b(?!@)(?:/[^\s<>\"')\]|”]*)?",
    re.IGNORECASE,
)
_SCHEME: Final = re.compile(r"\b(?:javascript|vbscript|data|blob|file|geo|intent|ftp):[^\s<>\"”]+", re.IGNORECASE)


@remembering(8192)
def addresses_in(text: str) -> tuple[str, ...]:
    """Every address in the words, as one that a browser could open. E-mail addresses are not among them."""
    words = EMAIL.sub(" ", as_read(text))
    found = [match[0].rstrip(".,;:!?*") for match in _ADDRESS.finditer(words)]
    opened = [address if "//" in address else f"https://{address}" for address in found]
    return (*opened, *(match[0] for match in _SCHEME.finditer(words)))


def without_addresses(text: str) -> str:
    """A resident's words as we may say them back: an address in them becomes an ellipsis."""
    if not addresses_in(text):
        return text
    return EMAIL.sub("…", _ADDRESS.sub("…", _SCHEME.sub("…", as_read(text))))
