"""Telling a question that names nothing it is about (`how much is it`, `when are you open`) from one that does.

Search always finds something that is near: without this, `how much is it` is answered with what a cremation costs.
"""

from typing import Final

from guildhall.understanding.followups import asks_only
from guildhall.understanding.words import listed, words_of

_OF_ANYTHING: Final = listed(
    "open opens opening close closes closed closing hour hours time times date day days week month today tonight tomorrow monday tuesday "
    "wednesday thursday friday saturday sunday weekend pay paying paid free price prices fee fees charge charges form forms help report "
    "reporting ask question questions information info thing things something anything someone somebody there here online old name"
)


def names_nothing(text: str) -> bool:
    """Whether an English text holds words, and none of them says what it is about."""
    words = words_of(text)
    return bool(words) and all(asks_only(word.folded) or word.folded in _OF_ANYTHING for word in words)
