"""Words that people say to show that they listen. Said over our words they are no answer and no interruption, but for a question of yes or no."""

import re
from typing import Final

EVERYWHERE: Final = frozenset("mm mmm hm hmm mhm mmhm mm-hm uh-huh uhuh aha ah oh ok okay".split()) | {"mm hm", "uh huh", "m hm"}
IN_LANGUAGE: Final[dict[str, frozenset[str]]] = {
    "en": frozenset(
        {
            "right",
            "yeah",
            "yes",
            "yep",
            "yup",
            "i see",
            "sure",
            "fine",
            "good",
            "great",
            "all right",
            "alright",
            "go on",
            "got it",
            "okay then",
        }
    ),
    "ar": frozenset({"نعم", "طيب", "ايوه", "أيوه", "اه", "آه", "تمام", "حسنا", "حسناً", "ماشي"}),
    "cs": frozenset({"no", "jo", "ano", "jasně", "dobře", "hm", "chápu", "rozumím"}),
    "pa": frozenset({"ਹਾਂ", "ਹਾਂ ਜੀ", "ਜੀ", "ਅੱਛਾ", "ਠੀਕ ਹੈ", "haan", "haan ji", "ji", "acha", "theek hai"}),
    "pl": frozenset({"no", "tak", "dobrze", "dobra", "jasne", "rozumiem", "yhm", "ehe"}),
    "ps": frozenset({"هو", "ښه", "سمه ده", "سمده"}),
    "ro": frozenset({"da", "bine", "îhî", "așa", "înțeleg", "sigur"}),
    "sk": frozenset({"no", "hej", "áno", "dobre", "jasné", "rozumiem"}),
    "so": frozenset({"haa", "haye", "waayahay", "hagaag"}),
    "ur": frozenset({"جی", "ہاں", "جی ہاں", "اچھا", "ٹھیک ہے", "haan", "ji", "acha", "theek hai"}),
}
"""In Polish, Czech and Slovak "no" is what "yeah" is in English."""
_AROUND: Final = re.compile(r"[\s.,!?…;:،؟۔।-]+")


def is_backchannel(text: str, language: str) -> bool:
    """Whether these words only show that somebody listens; several of them in a row do, too."""
    known = EVERYWHERE | IN_LANGUAGE.get(language, frozenset())
    words = [word for word in _AROUND.split(text.casefold()) if word]
    return bool(words) and _all_known(words, known)


def _all_known(words: list[str], known: frozenset[str]) -> bool:
    if not words:
        return True
    return any(" ".join(words[:length]) in known and _all_known(words[length:], known) for length in (1, 2) if length <= len(words))
