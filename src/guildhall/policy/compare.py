"""Finite-domain check of two packs: everything the new one would treat less protectively, each with the fewest facts that show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from guildhall.policy.packs import Pack
from guildhall.vocabulary.decisions import Act, Facts
from guildhall.vocabulary.gates import Counterexample


class Kind(StrEnum):
    """Which way a difference goes."""

    LESS = "less_protective"
    MORE = "more_protective"
    OTHER = "otherwise_different"


@dataclass(frozen=True, slots=True)
class Message:
    """A message that may illustrate a difference: its words and what the detectors made of it."""

    text: str
    language: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which two packs differ, with the smallest facts that show it.

    `lost` and `gained` are protections in words. `sentence` reads whole: what is said, how, and what was and is now done.
    """

    kind: Kind
    rule_id: str
    facts: Facts
    before: tuple[Act, ...]
    after: tuple[Act, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    sentence: str
    message: Message | None = None

    def counterexample(self) -> Counterexample:
        """The difference as a gate shows it."""
        return Counterexample(self.sentence, self.message.text if self.message else "", self.message.language if self.message else "en")


@dataclass(frozen=True, slots=True)
class PackComparison:
    """Every difference of two packs, fewest facts first. `undecided` names what the check gave up on; it counts as not proved."""

    before: str
    after: str
    differences: tuple[Difference, ...]
    cells: int
    undecided: tuple[str, ...] = ()

    @property
    def less(self) -> tuple[Difference, ...]:
        """Where the new pack is less protective."""
        return tuple(d for d in self.differences if d.kind == Kind.LESS)

    @property
    def more(self) -> tuple[Difference, ...]:
        """Where it is only more protective."""
        return tuple(d for d in self.differences if d.kind == Kind.MORE)

    @property
    def loosens(self) -> bool:
        """Whether the board's chair must sign: something is less protective, or could not be proved not to be."""
        return bool(self.less or self.undecided)


def compare_packs(before: Pack, after: Pack, messages: Sequence[Message] = (), detectors: Sequence[str] = ()) -> PackComparison:
    """Compare two packs for all facts there can be. `messages` illustrate; `detectors` are names that really run, for readable sentences."""
    raise NotImplementedError
