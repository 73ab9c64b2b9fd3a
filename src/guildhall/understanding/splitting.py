"""Cutting an utterance into its questions: by sentences, by `and` or `also` before a new ask, and by lists of services.

A cut is made only where both sides can stand: a list such as `cardboard, glass and plastic` names one service, so it stays whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from guildhall.understanding.topics import Topic, TopicIndex
from guildhall.understanding.words import listed, sentences, words_of
from guildhall.vocabulary.joins import without_trail

MOST: Final = 8
_ASKS: Final = (
    r"(?:what|whats|what's|when|whens|when's|where|wheres|where's|who|whos|who's|whom|how|hows|how's|why|"
    r"which|is|are|am|can|could|do|does|did|will|would|should|shall|has|have i|"
    r"may i|must i|need to know|tell me|i (?:also )?(?:want|need|would like|wanna|wish)|i'd (?:also )?like|please|wot|wen|were do|wer)\b"
)
_ASK_START: Final = re.compile(
    rf"^[\s\W]*(?:(?:hi|hello|hey|ok|so|and|also|but|then|plus|please|sorry|oh|well|second(?:ly)?|finally|"
    rf"lastly|another thing|ay up|duck)\b[\s,:!.-]*)*{_ASKS}",
    re.IGNORECASE,
)
_AND_ASK: Final = re.compile(
    rf"(?:,\s*|\s+)(?:and|also|plus|&|then|or)\s+(?:also\s+|then\s+)?(?={_ASKS})|,\s*(?={_ASKS.replace('please|', '')})", re.IGNORECASE
)
_ALSO: Final = re.compile(r"[,;]?\s+(?:and also|and another thing|another thing|also|plus|as well as|oh and)\b[\s,:]*", re.IGNORECASE)
_LIST_OPENING: Final = re.compile(r"(?:\s*:\s+|\s+[–—-]+\s+|:\s*)")
_LIST_CUT: Final = re.compile(r"\s*[,;]\s*(?:and\s+|&\s*|also\s+|plus\s+)?|\s+(?:and|&|plus)\s+(?:also\s+)?", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?:^|[\s,;])(?:\(?\d{1,2}[.)]|[•*·-])\s+(?=\S)")
_COMPARED: Final = re.compile(r"\b(?:difference|compare|compared|versus|vs|same as|instead of|rather than|between)\b", re.IGNORECASE)
_WEAK: Final = listed(
    "i me my we you your it its is are am be the a an to of for in on at and or that this they them there do does did can "
    "could will would please pls know tell want need like also so help us our im ive id get got have has"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One question in the resident's words; `context` is more of the same utterance that it leans on."""

    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """The parts, at most `MOST`, and the words beyond them, which must be owned up to."""

    parts: tuple[Part, ...]
    remainder: str = ""
    listed: bool = False
    """Whether the resident numbered the parts, which leaves nothing to judge."""


def split(text: str, topics: TopicIndex) -> Split:
    """The questions of an utterance, in order. One question stays exactly as it was said."""
    whole = text.strip()
    if not whole:
        return Split(())
    numbered = _numbered(whole)
    parts = numbered or _by_sentences(whole, topics)
    if len(parts) <= 1:
        return Split((Part(whole, parts[0].context if parts else ""),))
    rest = " ".join(p.text for p in parts[MOST:])
    return Split(tuple(parts[:MOST]), rest, bool(numbered))


def _numbered(text: str) -> list[Part]:
    marks = list(_NUMBERED.finditer(text))
    if len(marks) < 2 or (marks[0].start() > 80 and len(marks) < 3):
        return []
    ends = [m.start() for m in marks[1:]] + [len(text)]
    items = [text[m.end() : end].strip(" ,;\n") for m, end in zip(marks, ends, strict=True)]
    context = text[: marks[0].start()].strip(" ,:;\n")
    return [Part(i, context) for i in items if _stands(i)]


def _by_sentences(text: str, topics: TopicIndex) -> list[Part]:
    """Statements join the ask they lead up to; each further ask is a part."""
    pieces: list[tuple[Part, bool]] = []
    for start, end in sentences(text):
        sentence = text[start:end].strip()
        listed = _listed(sentence, topics)
        if listed:
            pieces.extend((part, True) for part in listed)
        else:
            clauses = _clauses(sentence, topics)
            cut = len(clauses) > 1
            pieces.extend((Part(c), is_ask(c) or (cut and bool(topics.find(words_of(c))))) for c in clauses)
    return _gathered(pieces)


def _gathered(pieces: Sequence[tuple[Part, bool]]) -> list[Part]:
    if sum(ask for _, ask in pieces) <= 1:
        contexts = [p.context for p, _ in pieces if p.context]
        return [Part(" ".join(p.text for p, _ in pieces), " ".join(contexts))] if pieces else []
    parts: list[Part] = []
    waiting: list[str] = []
    for part, ask in pieces:
        if not ask:
            waiting.append(part.text)
            continue
        parts.append(Part(" ".join([*waiting, part.text]), part.context))
        waiting = []
    if waiting:
        parts[-1] = Part(" ".join([parts[-1].text, *waiting]), parts[-1].context)
    return parts


def is_ask(text: str) -> bool:
    """Whether an English clause asks for something and can stand by itself."""
    if re.search(r"[?؟]", text) or _ASK_START.match(text):
        return _stands(text)
    return bool(re.match(r"^\W*(?:also|plus|another thing|oh and|secondly)\b", text, re.IGNORECASE)) and _stands(text)


def _stands(text: str) -> bool:
    """Whether a piece says something by itself."""
    words = words_of(text)
    return any(w.folded not in _WEAK for w in words) and len(words) >= 1


def _clauses(sentence: str, topics: TopicIndex) -> list[str]:
    """A sentence cut at `and how …`, `also …`, and at `and` between two services."""
    cuts = sorted(
        {m.end() for m in _AND_ASK.finditer(sentence)}
        | {m.end() for m in _ALSO.finditer(sentence)}
        | set(_between_topics(sentence, topics))
    )
    pieces: list[str] = []
    start = 0
    for cut in [*cuts, len(sentence)]:
        piece = sentence[start:cut]
        if cut != len(sentence) and not _may_cut(sentence[start:cut], sentence[cut:], topics):
            continue
        pieces.append(without_trail(piece).strip(" ,;"))
        start = cut
    return [p for p in pieces if p]


def _may_cut(left: str, right: str, topics: TopicIndex) -> bool:
    """Both sides must say something, and a bare statement is not cut from the ask that follows it by a comma alone."""
    words_left, words_right = words_of(left), words_of(right)
    if len([w for w in words_left if w.folded not in _WEAK]) < 1 or len([w for w in words_right if w.folded not in _WEAK]) < 1:
        return False
    asks_left = bool(_ASK_START.match(left)) or bool(topics.find(words_left))
    return asks_left and len(words_left) >= 2 and len(words_right) >= 2


def _between_topics(sentence: str, topics: TopicIndex) -> list[int]:
    """Places after an `and` or comma that has one service on its left and another on its right."""
    if _COMPARED.search(sentence):
        return []
    words = words_of(sentence)
    found = topics.find(words)
    cuts: list[int] = []
    for left, right in pairwise(found):
        if not _apart(left, right):
            continue
        gap_start, gap_end = words[left.last].end, words[right.first].start
        joins = list(re.finditer(r"(?:,|\band\b|&|\bplus\b)\s*", sentence[gap_start:gap_end], re.IGNORECASE))
        if joins:
            cuts.append(gap_start + joins[0].end())
    return cuts


def _apart(left: Topic, right: Topic) -> bool:
    return not set(left.keys) & set(right.keys)


def _listed(sentence: str, topics: TopicIndex) -> list[Part]:
    """`moved in Sat: council tax, bins, permit, and is me lad's school nearby?`: one part an item, each with the opening words."""
    opening = _LIST_OPENING.search(sentence)
    if opening is None or opening.start() == 0:
        return []
    context, body = sentence[: opening.start()], sentence[opening.end() :]
    pieces = [p for p in _LIST_CUT.split(body) if p.strip(" ?.!")]
    last_join = [m for m in _LIST_CUT.finditer(body) if re.search(r"and|&|plus|also", m.group(), re.IGNORECASE)]
    if len(pieces) < 3 or not last_join:
        return [] if len(pieces) < 3 or not all(topics.find(words_of(p)) for p in pieces) else [Part(p.strip(), context) for p in pieces]
    closing = body[last_join[-1].end() :]
    after = re.search(r",\s*", closing)
    frame = closing[after.end() :] if after else ""
    listed = body[: last_join[-1].end()] + (closing[: after.start()] if after else closing)
    items = [p.strip(" ?.!") for p in _LIST_CUT.split(listed) if p.strip(" ?.!")]
    short = sum(len(i.split()) <= 5 for i in items)
    known = sum(bool(topics.find(words_of(i))) for i in items)
    needed = 1 if ":" in opening.group() else len(items) / 2
    if short < len(items) - 1 or known < needed:
        return []
    return [Part(item, " ".join(filter(None, (context.strip(), frame.strip())))) for item in items]
