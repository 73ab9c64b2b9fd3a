"""Reading past swearing: words that say how somebody feels, and not what they ask.

What detectors hear is the whole of it, and nobody is refused for it. But `where the fuck is my bin` asks what `where is my bin` asks, and
nobody who calls us useless wants to read that we could not find an answer to that.
"""

import re
from typing import Final

from guildhall.understanding.followups import asks_only
from guildhall.understanding.words import listed, words_of

_HELL: Final = r"(?:bloody\s+|fucking\s+)?(?:fuck|hell|heck|devil)"
_EMPHASIS: Final = re.compile(
    rf"(?<=\b)(?:(?<=\bwhat)|(?<=\bwhen)|(?<=\bwhere)|(?<=\bwho)|(?<=\bwhy)|(?<=\bhow))\s+(?:the|in)\s+{_HELL}\b"
    r"|\bfor\s+(?:fuck|christ|god|pete|heaven)(?:'?s)?\s+sakes?\b[\s,.!-]*"
    r"|^\W*(?:bloody hell|damn thing|damn it|bollocks(?: to this)?|oi)\b[\s,.!-]*"
    r"|\b(?:fuck(?:ing?|in'?)|f\*+(?:k?ing?)|effing|bloody|sodding|god\s?damn(?:ed)?|damn(?:ed)?)\s+(?=\w)",
    re.IGNORECASE,
)
_INSULTS: Final = listed(
    "cunt cunts wanker wankers dickhead dickheads prick pricks twat twats idiot idiots moron morons arsehole arseholes bastard bastards "
    "useless thick stupid pathetic hopeless clowns muppets shower incompetent liars bloody fucking fuck off piss sod lot lots waste space"
)


def without_emphasis(text: str) -> str:
    """The text without words that only swear; the whole of it if nothing else is left."""
    plain = _EMPHASIS.sub("", text).strip()
    return plain if words_of(plain) else text


def only_insults(text: str) -> bool:
    """Whether a text calls somebody names and says nothing else."""
    folded = [word.folded for word in words_of(text)]
    insults = [word for word in folded if word in _INSULTS]
    return bool(insults) and all(word in _INSULTS or asks_only(word) for word in folded)
