"""The signs of distress and danger that an adviser must know of, each once, the surest first."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from guildhall.handoffs.told import Heard, ToldTurn
from guildhall.vocabulary.briefs import Risk
from guildhall.vocabulary.categories import category_name
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.signals import DISTRESS, HAZARDS, Category, Grade

GRAVE: Final = frozenset({Category.DANGER_TO_LIFE, Category.SUICIDE_SELF_HARM})
FAINT: Final = 0.55
FAINT_IF_GRAVE: Final = 0.5
"""A sign without words of its own that is weaker than this is not worth an adviser's look; the lower bound is for danger to life and suicide."""
NEAR: Final = 0.05
"""When the whole of an utterance sounds like several kinds of distress, those this near to the strongest are told."""
WORDS_AT_MOST: Final = 30
_CLAUSE: Final = re.compile(r"[.!?؟۔।;,،]\s+|\n+")
_OTHER: Final = re.compile(
    r"\b(?:my|our|the|an?) (?:(?:old|elderly|poor|lovely|disabled|young|little|next|upstairs|downstairs) )*(?:neighbours?|neighbor|mum|mam|mother|"
    r"dad|father|nan|gran|grandma|grandad|aunt|uncle|sister|brother|friend|mate|colleague|lady|man|woman|couple|family|kids|children|child|"
    r"lad|girl|boy|baby|tenant)\b|\bnext door\b|\b(?:kids|children) (?:at|in|from) (?:number|no|the)\b|\bsomebody (?:else|i know)\b",
    re.IGNORECASE,
)
_SELF: Final = re.compile(r"\b(?:me|myself|i'?m|i am|i'?ve|i have been|us|i feel|i can'?t)\b", re.IGNORECASE)

IsUrgent = Callable[[ServiceKey], bool]
Weight = tuple[bool, bool, bool, float]


def risks_in(turns: Sequence[ToldTurn], is_urgent: IsUrgent) -> tuple[Risk, ...]:
    """Each kind of distress or danger where it was heard most surely, the newest time among equals.

    When a whole utterance sounded like many kinds, the weaker ones share one entry behind the others: they were acted upon, so they are told.
    """
    found: dict[Category, tuple[Weight, Risk]] = {}
    for turn in turns:
        for one in _worth_telling(turn):
            weight = (one.grade == Grade.CONFIRM, not _aside(one, turn), one.span is not None, one.strength)
            if one.category not in found or weight >= found[one.category][0]:
                words = _words(turn, one, is_urgent)
                found[one.category] = (weight, Risk(one.category, _label(one.category, words), one.grade, words, turn.at))
    ordered = sorted(found.values(), key=lambda item: item[0], reverse=True)
    aside = [risk for (sure, plain, _, _), risk in ordered if sure and not plain]
    return (*(risk for (sure, plain, _, _), risk in ordered if plain or not sure), *_together(aside))


def _together(aside: Sequence[Risk]) -> tuple[Risk, ...]:
    if not aside:
        return ()
    named = ", ".join(category_name(risk.category.value) for risk in aside)
    return (replace(aside[0], label=f"perhaps also {named}"),)


def surest(risks: Sequence[Risk]) -> tuple[Risk, ...]:
    """The risks that the next step depends on: the sure ones if any is sure, and the grave ones always."""
    sure = [risk for risk in risks if risk.grade == Grade.CONFIRM]
    return tuple(risk for risk in risks if not sure or risk in sure[:2] or risk.category in GRAVE)


def _worth_telling(turn: ToldTurn) -> Iterator[Heard]:
    """Every sure sign, every one with words of its own, and of the fainter rest the strongest and the grave ones."""
    heard = [one for one in turn.signals if one.category in DISTRESS | HAZARDS]
    spoken = {one.category for one in heard if one.span}
    sure = any(one.grade == Grade.CONFIRM for one in heard)
    strongest = max((one.strength for one in heard), default=0.0)
    for one in heard:
        grave = one.category in GRAVE
        faint = one.strength < (FAINT_IF_GRAVE if grave else FAINT) or not (grave or one.strength == strongest)
        if one.grade == Grade.CONFIRM or one.span or one.category in spoken or not (sure or faint):
            yield one


def _aside(signal: Heard, turn: ToldTurn) -> bool:
    """Whether it was only heard beside stronger kinds in the whole of an utterance. Danger to life and suicide always stand alone."""
    if signal.span or signal.category in GRAVE or any(one.span for one in turn.signals if one.category == signal.category):
        return False
    rivals = [one.strength for one in turn.signals if one.category in DISTRESS | HAZARDS]
    near = 0.0 if signal.category == Category.STAFF_DISTRESS else NEAR  # who writes to the council is hardly ever its staff
    return signal.strength < max(rivals) - near


def _label(category: Category, words: str) -> str:
    """The name of the category; that somebody else is meant, where the words say so."""
    name = category_name(category.value)
    return f"{name}, about somebody else" if _OTHER.search(words) and not _SELF.search(words) else name


def _words(turn: ToldTurn, signal: Heard, is_urgent: IsUrgent) -> str:
    """The resident's words: the clause that the signal's own words stand in, else the questions that are not plainly about something else."""
    if signal.span:
        return _clause(turn.text, *signal.span)
    kept = [asked.text for asked in turn.asked if asked.service is None or is_urgent(asked.service)]
    return " … ".join(kept) if kept else turn.text


def _clause(text: str, start: int, end: int) -> str:
    ends = [(match.start(), match.end()) for match in _CLAUSE.finditer(text)]
    first = max((after for _, after in ends if after <= start), default=0)
    last = min((before for before, _ in ends if before >= end), default=len(text))
    clause = text[first:last].strip(" .,;")
    return clause if len(clause.split()) <= WORDS_AT_MOST else text[start:end]
