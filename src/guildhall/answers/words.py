"""Words as the answers room compares them: stems of content words, English stop words left out."""

import re
from functools import lru_cache

import snowballstemmer

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
STOP = frozenset(
    ["a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "being", "but", "by", "can", "could", "did", "do", "does", "doing", "for", "from", "get", "had", "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "itself", "just", "me", "more", "most", "my", "no", "nor", "not", "of", "on", "once", "only", "or", "other", "our", "ours", "out", "over", "own", "please", "same", "she", "should", "so", "some", "such", "than", "thank", "that", "the", "their", "theirs", "them", "then", "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why", "will", "with", "would", "you", "your", "yours", "need", "want", "know", "tell", "im", "ive", "id", "its", "thats", "whats", "hi", "hello", "ok", "u", "ur", "r", "pls", "cant", "dont"]
)
_stemmer = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one casefolded word."""
    stemmed: str = _stemmer.stemWord(word)
    return stemmed


def words_of(text: str) -> list[str]:
    """Every word, casefolded, straight apostrophes dropped, in order."""
    return [word.replace("’", "").replace("'", "") for word in WORD.findall(text.casefold())]


def content_words(text: str) -> frozenset[str]:
    """Stems of the words that carry meaning."""
    return frozenset(stem(word) for word in words_of(text) if word not in STOP)
