"""Reading a follow-up in the light of the conversation: the resident's own words, plus only words from earlier turns.

Nothing is ever inferred: every word of a standalone question was said by the resident in this conversation. A test proves it.
"""

import re
from collections.abc import Sequence
from typing import Final

from guildhall.understanding.topics import TopicIndex
from guildhall.understanding.words import listed, words_of
from guildhall.vocabulary.turns import PastTurn

_LOOK_BACK: Final = 3
_MOST_WORDS: Final = 24
_OPENS: Final = re.compile(
    r"^\W*(?:ok(?:ay)? |right |so |oh |thanks |ta )*(?:what about|how about|what if|and\b|but\b|or\b|"
    r"same for|also\b|then\b|is that|are they|a co z|a co|co z|si pentru|dar pentru|a čo|wa maadha an|"
    r"aur\b|te\b|اور|او|وماذا عن|ਅਤੇ)",
    re.IGNORECASE,
)
_POINTS: Final = listed(
    "it its it's thats that this they them their theirs there those these one ones same he she him her mine so else instead "
    "both either neither another"
)
_WEAK: Final = listed(
    "i me my we us our you your u ur is are am was were be been do does did done can could will would should shall may might "
    "must have has had having the a an to of for in on at by with from and or but if so as not no yes please pls plz ok okay "
    "thanks thank hi hello hey just what when where who how why which whats wheres hows much many long often get got any some "
    "need want know tell about also then now im ive id ill dont cant its cost costs include happen happens work apply"
)


def is_follow_up(text: str, topics: TopicIndex) -> bool:
    """Whether a text leans on what was said before: it opens like one, points back, or is too bare to stand."""
    words = words_of(text)
    if not words:
        return False
    if _OPENS.match(text):
        return True
    named = bool(topics.find(words))
    strong = [w for w in words if w.folded not in _WEAK and w.folded not in _POINTS]
    if points_back(text) and len(strong) <= 4 and not named:
        return True
    return not named and len(strong) <= 2


def asks_only(folded: str) -> bool:
    """Whether a folded word asks, joins or points, and says nothing of what a text is about."""
    return folded in _WEAK or folded in _POINTS


def points_back(text: str) -> bool:
    """Whether a text points at something said before: `them`, `that one`."""
    return any(w.folded in _POINTS for w in words_of(text))


def standalone(text: str, earlier: Sequence[str], topics: TopicIndex) -> str:
    """`text` with the telling words of earlier utterances (oldest first) put behind it, when it is a follow-up; else `text`."""
    if not earlier or not is_follow_up(text, topics):
        return text
    said = {w.folded for w in words_of(text)}
    added: list[str] = []
    for utterance in list(reversed(earlier))[:_LOOK_BACK]:
        fresh = [w for w in words_of(utterance) if w.folded not in said and w.folded not in _WEAK and w.folded not in _POINTS]
        for word in fresh:
            if word.folded not in said and len(added) < _MOST_WORDS:
                said.add(word.folded)
                added.append(utterance[word.start - (utterance[word.start - 1 : word.start] == "£") : word.end])
        if topics.find(words_of(utterance)):
            break
    return f"{text} {' '.join(added)}" if added else text


def utterances(turns: Sequence[PastTurn]) -> list[str]:
    """What earlier turns asked, oldest first; where we asked back, the question that was about counts with it."""
    return [turn.utterance if not turn.asked_about else f"{turn.asked_about} {turn.utterance}" for turn in turns]
