"""One analyser for every language: what a word is, for pages and for questions alike.

Steps: Unicode NFKC, invisible characters out, case and diacritics folded, words cut, English stemmed (Porter 2, Porter 2001).
Numbers, postcodes and references stay whole, because residents ask with them.
"""

import re
import unicodedata
from typing import Final

from guildhall.vocabulary.stems import stem

_LATIN_MARKS: Final = "\u0300-\u036f"
_ARABIC_MARKS: Final = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640"
_MARKS: Final = re.compile(f"[{_LATIN_MARKS}{_ARABIC_MARKS}]+")
# Vowel signs of the Indic scripts are marks, not letters, yet part of the word; the danda (U+0964, U+0965) is a full stop.
_LETTER: Final = r"(?:[^\W_]|[\u0900-\u0963\u0966-\u0dff])"
_WORD: Final = re.compile(rf"\d+(?:[.,]\d+)+|{_LETTER}+(?:'{_LETTER}+)*")
_POSTCODE: Final = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})\b")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}\b)")
_JOINED: Final = re.compile(r"\b(e|co|re|pre|non|anti|multi|sub)-(?=[a-z])")
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]+"
)
# Letters that differ only by keyboard or by neighbouring language, and Latin letters that no decomposition folds.
_SAME: Final = str.maketrans(
    {
        "آ": "ا",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ۍ": "ي",
        "ئ": "ي",
        "ك": "ک",
        "ګ": "گ",
        "ة": "ه",
        "ۀ": "ه",
        "ہ": "ه",
        "ھ": "ه",
        "ؤ": "و",
    }
    | {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'", "`": "'", "‐": "-", "‑": "-"}
)

_COMMON: Final = (
    "a an and are as at be been but by can could did do does for from had has have he her his how i if in is it its me my no not"
    " of on or our she should so some that the their them then there these they this to too us was we were what when where which"
    " who why will with would you your am im ive id ill dont just any about also please thanks thank ok okay yes hi hello wont"
    " wasnt isnt didnt doesnt cant couldnt havent hasnt hadnt shouldnt wouldnt arent werent youre youve theyre theyve thats whats"
    " wheres theres hes shes weve lets"
)
STOP_WORDS: Final = frozenset(_COMMON.split())


def visible(text: str) -> str:
    """The text without characters nobody sees (zero-width, direction marks, tags)."""
    return _INVISIBLE.sub("", text)


def fold(text: str) -> str:
    """Lower case without diacritics or presentation forms: two spellings a reader takes for one become one."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKC", visible(text)).casefold().translate(_SAME)
    if plain.isascii():
        return plain
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", plain)).translate(_SAME))


def words(text: str) -> list[str]:
    """The folded words of a text, unstemmed, in order; a postcode also appears joined, as `av11gh`."""
    folded = fold(text)
    if "-" in folded:
        folded = _JOINED.sub(r"\1", folded)
    if "," in folded:
        folded = _THOUSANDS.sub("", folded)
    found = [_bare(word) for word in _WORD.findall(folded)]
    found.extend(outward + inward for outward, inward in _POSTCODE.findall(folded))
    return found


def _bare(word: str) -> str:
    if "'" not in word:
        return word
    return word.removesuffix("'s").replace("'", "")


class Analyser:
    """Texts to terms. Keeps every stem it has made, so one instance serves a whole process."""

    def __init__(self) -> None:
        self._terms: dict[str, str] = {}

    def terms(self, text: str) -> list[str]:
        """The terms of a text in order; stop words are left out."""
        return [self.term(word) for word in words(text) if word not in STOP_WORDS]

    def term(self, word: str) -> str:
        """The term of one folded word."""
        term = self._terms.get(word)
        if term is None:
            term = stem(word) if len(word) > 2 and word.isascii() and word.isalpha() else word
            if len(self._terms) < 200_000:  # strangers' words must not grow memory without end
                self._terms[word] = term
        return term
