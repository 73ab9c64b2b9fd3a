"""Whether a word is English: the speech model's dictionary has 120,000, names and rare ones too. It keeps nothing of what it is asked."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from guildhall.providers.speech.pronouncing import DICTIONARY, LETTERS

_LONGEST: Final = 24


@lru_cache(maxsize=1)
def _words() -> NDArray[np.bytes_]:
    """Its words in order, as bytes in one array of three megabytes, without other ways to say one (`a(2)`). Read when first asked for."""
    from pocketsphinx import get_model_path

    lines = Path(get_model_path(DICTIONARY)).read_bytes().splitlines()
    words = (line.partition(b" ")[0] for line in lines)
    return np.unique(np.array([word for word in words if len(word) <= _LONGEST and b"(" not in word], dtype=f"S{_LONGEST}"))


def is_spelt(word: str) -> bool:
    """Whether the dictionary has a word in lower case, with its apostrophe (`don't`) or without it."""
    if not LETTERS.match(word) or len(word) >= _LONGEST:
        return False
    forms = (word, *(f"{word[:-ends]}'{word[-ends:]}" for ends in (1, 2) if len(word) > ends + 1))
    return any(_holds(form.encode()) for form in forms)


def _holds(form: bytes) -> bool:
    words = _words()
    place: Any = np.searchsorted(words, np.bytes_(form))
    return bool(place < len(words) and words[place] == form)
