"""Which recorded turns did not help, and which part of what was said in them was left open. Pure: facts and words in, reasons out."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from guildhall.vocabulary.gaps import WHOLE, Unhelped
from guildhall.vocabulary.outcomes import Outcome, Reason
from guildhall.vocabulary.signals import DISTRESS, Category, Grade
from guildhall.vocabulary.turns import PartKind

_MASK: Final = re.compile(r"\[[a-z_ -]+-\d+\]")
_LETTERS: Final = re.compile(r"\W+")
_LONGEST: Final = 600


def why_unhelped(facts: Mapping[str, Any]) -> Unhelped | None:
    """Why a finished turn did not help by its own facts, or None when it did, or when it is nothing that content could mend."""
    ended = (facts.get("outcome"), facts.get("reason"))
    if ended in ((Outcome.DECLINED, Reason.NO_EVIDENCE), (Outcome.DECLINED, Reason.OUT_OF_SCOPE)):
        return Unhelped.NO_EVIDENCE
    if ended == (Outcome.PARTLY_ANSWERED, Reason.PART_UNANSWERED):
        return Unhelped.PART_UNANSWERED
    if ended == (Outcome.HANDED_OVER, Reason.TWO_FAILED_TURNS):
        return Unhelped.ASKED_BACK_TWICE
    return None


def is_private(facts: Mapping[str, Any]) -> bool:
    """Whether somebody may be at risk in it: such words are for people who help, and content is not mended with them."""
    if facts.get("sensitive"):
        return True
    return any(
        signal.get("category") in set(Category) and Category(signal["category"]) in DISTRESS and signal.get("grade") == Grade.CONFIRM
        for signal in facts.get("signals", ())
    )


def first_failed(turns: Sequence[Mapping[str, Any]]) -> int:
    """Of a conversation's turns, oldest first, up to one that brought a person after failures: where the failures began."""
    place = len(turns) - 1
    while place > 0 and turns[place - 1].get("outcome") in (Outcome.ASKED_BACK, Outcome.DECLINED, Outcome.FAIL_SAFE):
        place -= 1
    return place


def open_parts(why: Unhelped, words: Mapping[str, Any]) -> list[int]:
    """Which of a turn's questions were left open, by their place; only WHOLE when that cannot be told."""
    questions = [str(question) for question in words.get("questions", ())]
    if why != Unhelped.PART_UNANSWERED or len(questions) < 2:
        return [WHOLE]
    answered = [_plain(part["question"]) for part in words.get("parts", ()) if part["kind"] == PartKind.ANSWER.value and part["question"]]
    left = [place for place, question in enumerate(questions) if not any(label in _plain(question) for label in answered)]
    return left if answered and len(left) < len(questions) else [WHOLE]


def question_of(part: int, words: Mapping[str, Any]) -> str:
    """What was asked, in the resident's words."""
    questions = words.get("questions", ())
    return str(questions[part]) if 0 <= part < len(questions) else str(words.get("utterance", ""))


def without_masks(text: str) -> str:
    """A masked text as the encoder reads it: the marks of what was masked mean nothing."""
    return " ".join(_MASK.sub(" ", text).split())[:_LONGEST]


def _plain(text: str) -> str:
    return _LETTERS.sub("", text.casefold())
