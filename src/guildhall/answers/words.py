"""Words as the answers room compares them: stems of content words, English stop words left out."""

import re

from guildhall.vocabulary import stems
from guildhall.vocabulary.forgetting import remembering

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP = (
    "a about after all also am an and any are as at be been being but by can could did do does doing for from get had has "
    "have having he her here hers him his how i if in into is it its itself just me more most my no nor not of on once only "
    "or other our ours out over own please same she should so some such than thank that the their theirs them then there "
    "these they this those through to too under until up very was we were what when where which while who whom why will with "
    "would you your yours need want know tell im ive id thats whats hi hello ok u ur r pls cant dont"
)
STOP = frozenset(_STOP.split())


@remembering(65536)
def stem(word: str) -> str:
    """The stem of one casefolded word."""
    return stems.stem(word)


def words_of(text: str) -> list[str]:
    """Every word, casefolded, straight apostrophes dropped, in order."""
    return [word.replace("’", "").replace("'", "") for word in WORD.findall(text.casefold())]


@remembering(4096)
def content_words(text: str) -> frozenset[str]:
    """Stems of the words that carry meaning."""
    return frozenset(stem(word) for word in words_of(text) if word not in STOP)


# What residents say and what pages say, where neither is the other's stem. Each word stands for the first of its row.
_SAME = (
    "cost price fee charge",
    "christmas xmas",
    "phone ring call telephone",
    "fine fined penalty ticket pcn",
    "close shut",
    "child kid children son daughter",
    "settee sofa couch",
    "rubbish waste trash",
    "repair mend fix",
    "steal stolen nicked pinched theft",
    "identification id identity",
    "chemist pharmacy",
    "marry marriage wedding",
    "baby babies",
    "sort deal deals",
    "evict eviction",
    "choose pick",
    "buy purchase",
    "begin start starts",
    "end finish",
    "sure certain",
    "bailiff enforcement",
    "grass lawn",
    "lamp light lights streetlight",
    "doctor gp",
    "die death dead died",
    "bed bedroom",
    "rid dispose disposal",
    "reply answer respond",
    "car vehicle",
    "house home",
    "town city",
    "borrow lend",
    "licence license licensing",
    "challenge appeal contest dispute",
    "pay paid payment",
    "help support assistance",
    "hen chicken",
    "mess poo fouling",
)
# Verbs and fillers of a question that say nothing of its subject.
_FILLERS = (
    "get got go going come comes make put tell like still back someone somebody something thing things way use let say said see look give "
    "keep try happen mean think work find im ive us mine yours anything everything one person people lot loads much many really ever "
    "yet now old before since during between each every per cannot able"
)
FILLERS = frozenset(stem(word) for word in _FILLERS.split())
SAME = {stem(word): stem(row.split()[0]) for row in _SAME for word in row.split()}
ID = re.compile(r"\bID\b|\bI\.D\b")


@remembering(4096)
def topic_words(text: str) -> frozenset[str]:
    """Stems of the words that carry meaning, those that mean the same counted as one. For choosing, never for checking."""
    found = frozenset(SAME.get(word, word) for word in content_words(text) if word not in FILLERS)
    return found | {stem("identification")} if ID.search(text) else found
