"""Stems of English words (Porter 2, Porter 2001).

The library's stemmer keeps the word it works on in itself, so two threads that share one spoil each other's stems: each has its own.
"""

import threading

import Stemmer

_own = threading.local()


def stem(word: str) -> str:
    """The stem of one lower-case word. Safe from any thread."""
    stemmer = getattr(_own, "stemmer", None)
    if stemmer is None:
        stemmer = _own.stemmer = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word))
