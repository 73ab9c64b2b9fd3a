"""Decision replay: past facts judged again by other rules. It reads values and returns values; it has nothing to act with."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from guildhall.policy.packs import Pack
from guildhall.policy.stored import StoredDecision
from guildhall.vocabulary.decisions import Facts


class Change(StrEnum):
    """How a past decision would come out now."""

    MISSED = "newly_missed"
    FIRED = "newly_fired"
    CHANGED = "changed_action"


@dataclass(frozen=True, slots=True)
class Replayable:
    """One past decision: the facts as they were judged, and the facts to judge now (the same, unless words were heard again)."""

    turn_id: str
    was: Facts
    now: Facts
    pack: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sampled:
    """A difference to read: which turn, what was done and what would be done now."""

    turn_id: str
    change: Change
    subject: str
    language: str
    sentence: str
    less_protective: bool


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What other rules would have changed. `counts` is by change, then subject (a category of evidence, or a rule), then language."""

    before: str
    after: str
    decisions: int
    cannot_be_replayed: int
    not_reproduced: int
    """Decisions recorded under the old pack that it does not reproduce from their facts; more than none means that the record or the code is wrong."""
    less_protective: int
    counts: dict[Change, dict[str, dict[str, int]]]
    sample: tuple[Sampled, ...]

    def total(self, change: Change) -> int:
        """How many differences of one sort, all subjects and languages together."""
        return sum(n for languages in self.counts.get(change, {}).values() for n in languages.values())

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON, the same for the same replay, fit to be hashed and signed."""
        raise NotImplementedError


def replayable(decisions: Iterable[StoredDecision]) -> Iterable[Replayable | None]:
    """Stored decisions as they are replayed from facts alone; None for one that was recorded without facts."""
    raise NotImplementedError


def replay(past: Iterable[Replayable | None], before: Pack, after: Pack, sample: int = 50) -> Generator[int, None, ReplayReport]:
    """Judge each past decision by both packs. Yields how many are done, now and then; returns the report."""
    raise NotImplementedError
