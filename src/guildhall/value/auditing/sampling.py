"""Draws the turns to mark: from each kind of turn, so that rare kinds are included, and by a seed, so that the same record gives the same sample."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from guildhall.vocabulary.auditing import Group
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.languages import Language
from guildhall.vocabulary.outcomes import Outcome, Reason

NOTHING_TO_JUDGE: Final = frozenset({Reason.SMALL_TALK, Reason.NOTHING_SAID, Reason.NOT_THE_OWNER, Reason.BEING_CHECKED})
ABSTAINED: Final = frozenset({Reason.TWO_FAILED_TURNS, Reason.NO_APPROVED_TEXT})
"""Reasons for which a turn that brought a person had nothing to answer with."""
SMALLEST: Final = 10
LARGEST: Final = 2000
RESERVE: Final = 5
"""At least so many turns of a stratum stand by for those whose words are gone; as many as were drawn, where there are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A turn that could be marked: codes of the record, no words."""

    turn_id: str
    conversation_id: str
    at: datetime
    group: Group
    language: str
    channel: str
    service: str = ""
    ward: str = ""
    arm: str = ""

    @property
    def stratum(self) -> str:
        """What it did, whether in English, and where: `answered/english/web`."""
        return f"{self.group}/{'english' if self.language == Language.ENGLISH else 'other'}/{self.channel}"


@dataclass(frozen=True, slots=True)
class Stratum:
    """How many turns there are of a kind, and how many of them are to be marked."""

    key: str
    size: int
    drawn: int

    @property
    def weight(self) -> float:
        """How many turns each drawn one stands for: one over the chance of being drawn."""
        return self.size / self.drawn


@dataclass(frozen=True, slots=True)
class Place:
    """A turn in the order of its stratum, from 1. Those after the stratum's `drawn` stand by."""

    candidate: Candidate
    number: int


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn."""

    seed: int
    strata: tuple[Stratum, ...]
    places: tuple[Place, ...]

    @property
    def size(self) -> int:
        """How many are to be marked."""
        return sum(one.drawn for one in self.strata)


def group_of(outcome: str, reason: str) -> Group | None:
    """What a turn did; None where there is nothing to judge."""
    if reason in NOTHING_TO_JUDGE:
        return None
    if outcome == Outcome.DECLINED or (outcome == Outcome.HANDED_OVER and reason in ABSTAINED):
        return Group.DECLINED
    return {Outcome.ANSWERED.value: Group.ANSWERED, Outcome.PARTLY_ANSWERED.value: Group.PARTLY}.get(outcome)


def seed_of(council: str, since: date, until: date, attempt: int) -> int:
    """The seed of a draw: made from the period, so that nobody can draw until they like the sample. `attempt` counts draws of it before."""
    return int(hashlib.sha256(f"{council}|{since}|{until}|{attempt}".encode()).hexdigest()[:12], 16)


def draw(candidates: Iterable[Candidate], size: int, floor: int, seed: int) -> Sample:
    """A sample of about `size`: `floor` of each stratum, or all there are, and the rest by how many there are. Raises RefusedError."""
    strata: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        strata[one.stratum].append(one)
    if not strata:
        raise RefusedError("there are no turns to mark in this period; choose another period.")
    sizes = {key: len(found) for key, found in sorted(strata.items())}
    drawn = allocate(sizes, size, floor)
    places = []
    for key in sizes:
        ordered = sorted(strata[key], key=lambda one: (_rank(seed, one.turn_id), one.turn_id))
        kept = ordered[: drawn[key] + max(RESERVE, drawn[key])]
        places += [Place(one, number) for number, one in enumerate(kept, 1)]
    return Sample(seed, tuple(Stratum(key, sizes[key], drawn[key]) for key in sizes), tuple(places))


def allocate(sizes: Mapping[str, int], size: int, floor: int) -> dict[str, int]:
    """How many of each stratum: the floor, then in proportion to what is left of each, by largest remainders. Raises RefusedError."""
    if not SMALLEST <= size <= LARGEST:
        raise RefusedError(f"a sample holds {SMALLEST} to {LARGEST:,} turns, not {size:,}.")
    if floor < 2:
        raise RefusedError("at least 2 turns of each kind are needed to say how sure a figure is.")
    found = {key: min(floor, there) for key, there in sizes.items()}
    least = sum(found.values())
    if size < least:
        raise RefusedError(f"{len(sizes)} kinds of turns with at least {floor} of each make {least}; draw that many, or fewer of each.")
    rest = {key: sizes[key] - found[key] for key in sizes}
    left, all_left = size - least, sum(rest.values())
    if left >= all_left:
        return dict(sizes)
    exact = {key: left * there / all_left for key, there in rest.items()}
    for key, share in exact.items():
        found[key] += int(share)
    still = size - sum(found.values())
    for key in sorted(exact, key=lambda key: (int(exact[key]) - exact[key], key))[:still]:
        found[key] += 1
    return found


def _rank(seed: int, turn_id: str) -> str:
    """A turn's place in the draw: random, and its own whatever else is in the record."""
    return hashlib.sha256(f"{seed}:{turn_id}".encode()).hexdigest()
