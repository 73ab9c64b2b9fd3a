"""Which languages a phone may offer, and how: pure, so that a council can see why before anybody rings.

By voice: any words can be heard and said, or the words of a grammar. By keys: what is said is real, recorded or spoken by a voice of that
language, and the answers come by the keypad. Where the council's menus are not written in it there is nothing to press keys for: the caller is
greeted in it, and gets a person. Otherwise not by the assistant at all: a person, with an interpreter.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from guildhall.channels.phone.speech import Hearing, Speaking


class Offer(StrEnum):
    """How a language is offered."""

    OPEN = "open"
    """The caller may say anything."""
    DIRECTED = "directed"
    """The caller chooses by word or key."""
    KEYS = "keys"
    """The caller listens and presses keys."""
    GREETED = "greeted"
    """The caller is greeted in their language, and brought to a person with an interpreter."""
    PERSON = "person"
    """A person, with an interpreter."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """How much of the wording of a language is recorded."""

    sentences: int
    missing: int
    problems: int = 0

    @property
    def complete(self) -> bool:
        """Whether all of it is, and in order."""
        return self.sentences > 0 and not self.missing and not self.problems


@dataclass(frozen=True, slots=True)
class LanguageOffer:
    """What a language is offered by, and why."""

    language: str
    offer: Offer
    why: str


def offers(
    languages: Iterable[str],
    hears: Iterable[Hearing],
    speaks: Iterable[Speaking],
    packs: Mapping[str, Recorded] | None = None,
    menus: Callable[[str], bool] = lambda _: True,
) -> tuple[LanguageOffer, ...]:
    """How each of the council's languages is offered, in its order. `menus` says whether all menus are written in a language."""
    hears, speaks, packs = tuple(hears), tuple(speaks), packs or {}
    found = (_offer(language, hears, speaks, packs.get(language)) for language in languages)
    return tuple(one if menus(one.language) or one.offer not in (Offer.DIRECTED, Offer.KEYS) else _greeted(one.language) for one in found)


def _greeted(language: str) -> LanguageOffer:
    return LanguageOffer(language, Offer.GREETED, "The menus are not written in it: callers are greeted in it, and get a person.")


def _offer(language: str, hears: tuple[Hearing, ...], speaks: tuple[Speaking, ...], pack: Recorded | None) -> LanguageOffer:
    spoken = any(language in one.languages - one.recorded for one in speaks)
    recorded = (pack is not None and pack.complete) or any(language in one.recorded for one in speaks)
    if not spoken and not recorded:
        return LanguageOffer(language, Offer.PERSON, f"No voice speaks it, and {_lacks(pack)}.")
    said = "a voice speaks it" if spoken else "all its wording is recorded"
    if spoken and any(one.opens(language) for one in hears):
        return LanguageOffer(language, Offer.OPEN, f"Any words can be heard, and {said}.")
    if any(language in one.languages for one in hears):
        return LanguageOffer(language, Offer.DIRECTED, f"The words of each question can be heard, and {said}.")
    return LanguageOffer(language, Offer.KEYS, f"Nothing can hear it, but {said}: the answers come by keys.")


def _lacks(pack: Recorded | None) -> str:
    if pack is None or not pack.sentences:
        return "none of its wording is recorded"
    if pack.problems:
        return f"{pack.problems} of its recordings are not in order"
    return f"{pack.missing} of its {pack.sentences + pack.missing} sentences are not recorded"
