"""Works out which turns still need marks, and what the marks of a turn add up to.

Marks are blind: nobody sees another person's mark before giving their own. Two people mark some of the turns. If they differ, a third
person marks the turn too, as blind as the others, and the third mark decides.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from math import ceil

from guildhall.value.auditing.sampling import Candidate, Stratum
from guildhall.vocabulary.auditing import FAULT_LABELS, FAULTS_OF, MARK_LABELS, MARKS_OF, Fault, Mark
from guildhall.vocabulary.errors import RefusedError


@dataclass(frozen=True, slots=True)
class GivenMark:
    """One mark. A correction is another mark that stands instead, with the next `revision`; the one before it is kept."""

    id: str
    item_id: str
    mark: Mark
    fault: Fault | None
    by: str
    at: datetime
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A turn of a draw with the marks that stand, the oldest marker first. `gone`: its words were erased before it was marked enough."""

    id: str
    turn: Candidate
    number: int
    gone: bool = False
    marks: tuple[GivenMark, ...] = ()

    @property
    def dropped(self) -> bool:
        """Whether it cannot be marked at all, so that the next in the order takes its place."""
        return self.gone and not self.marks


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a turn was judged to be in the end."""

    mark: Mark
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A turn that counts in figures, and for how many turns it stands. `verdict` is None where the sample was closed before anybody decided."""

    item: Item
    verdict: Verdict | None
    weight: float


@dataclass(frozen=True)
class Draw:
    """A draw with its items. `double_percent`: how many in a hundred are marked by two people. Days are those of the council."""

    id: str
    since: date
    until: date
    size: int
    floor: int
    double_percent: int
    seed: int
    by: str
    at: datetime
    simulated: bool
    strata: tuple[Stratum, ...]
    items: tuple[Item, ...] = field(default=(), repr=False)
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_why: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    closed_why: str = ""

    @cached_property
    def active(self) -> Mapping[str, tuple[Item, ...]]:
        """By stratum, the items that are to be marked, in their order: who was dropped is replaced by the next."""
        found: dict[str, list[Item]] = defaultdict(list)
        for item in sorted(self.items, key=lambda one: (one.turn.stratum, one.number)):
            if not item.dropped:
                found[item.turn.stratum].append(item)
        return {one.key: tuple(found[one.key][: one.drawn]) for one in self.strata}

    @cached_property
    def doubled(self) -> frozenset[str]:
        """The ids of items that two people mark: the first of each stratum."""
        return frozenset(item.id for items in self.active.values() for item in items[: ceil(len(items) * self.double_percent / 100 - 1e-9)])

    @cached_property
    def in_order(self) -> tuple[Item, ...]:
        """Every active item, strata taken in turns, so that what is marked first is already like the whole."""
        return tuple(sorted((item for items in self.active.values() for item in items), key=lambda one: (one.number, one.turn.stratum)))

    @property
    def dropped(self) -> int:
        """How many drawn turns could not be marked because their words are erased."""
        return sum(1 for item in self.items if item.dropped)

    @property
    def missing(self) -> int:
        """How many of them nobody stood by for."""
        return sum(one.drawn for one in self.strata) - len(self.in_order)

    def needed(self, item: Item) -> int:
        """How many more marks an item takes; none once the draw is closed."""
        return 0 if self.closed_at is not None else self.lacks(item)

    def lacks(self, item: Item) -> int:
        """How many marks it is short of a verdict."""
        given = len(item.marks)
        if given == 0:
            return 0 if item.gone else 1
        if item.gone or item.id not in self.doubled or given > 2:
            return 0
        return 1 if given == 1 or item.marks[0].mark != item.marks[1].mark else 0

    def verdict(self, item: Item) -> Verdict | None:
        """What it was judged to be; None while marks are wanting. Two who differ, and no third that can be had, cannot tell."""
        if not item.marks or self.lacks(item):
            return None
        first, rest = item.marks[0], item.marks[1:]
        if not rest or rest[0].mark == first.mark:
            return Verdict(first.mark, first.fault)
        return Verdict(rest[1].mark, rest[1].fault) if len(rest) > 1 else Verdict(Mark.CANNOT_TELL, None)

    @cached_property
    def undecided(self) -> frozenset[str]:
        """The ids of items without a verdict in a draw that was closed: each counts both ways."""
        return frozenset() if self.closed_at is None else frozenset(item.id for item in self.in_order if self.verdict(item) is None)

    @property
    def given(self) -> int:
        """How many marks stand."""
        return sum(len(item.marks) for item in self.in_order)

    @property
    def wanted(self) -> int:
        """How many marks it takes, as far as is known by now."""
        if self.closed_at is not None:
            return self.given
        promised = sum(1 for item in self.in_order if item.id in self.doubled and not item.marks and not item.gone)
        return self.given + sum(self.needed(item) for item in self.in_order) + promised

    @property
    def finished(self) -> bool:
        """Whether every item has its verdict or the draw was closed, so that it may count."""
        return self.withdrawn_at is None and bool(self.in_order) and not any(self.needed(item) for item in self.in_order)

    def next_for(self, member: str) -> Item | None:
        """What somebody marks next: begun ones first, so that pairs are complete early; never one that they marked before."""
        if self.withdrawn_at is not None:
            return None
        open_ones = [item for item in self.in_order if self.needed(item) and all(mark.by != member for mark in item.marks)]
        return min(open_ones, key=lambda item: (-len(item.marks), item.number, item.turn.stratum), default=None)

    def item(self, item_id: str) -> Item | None:
        """The item of that id."""
        return next((item for item in self.items if item.id == item_id), None)

    def counted(self) -> tuple[Counted, ...]:
        """The active items with a verdict, and their weights: what a stratum holds over how many of it could be judged.

        In a draw that was closed, those that nobody decided are counted too, without a verdict and by the same weight.
        """
        found = []
        for stratum in self.strata:
            judged = [(item, verdict) for item in self.active[stratum.key] if (verdict := self.verdict(item))]
            open_ones = [item for item in self.active[stratum.key] if item.id in self.undecided]
            told = sum(1 for _, verdict in judged if verdict.mark != Mark.CANNOT_TELL) + len(open_ones)
            for item, verdict in judged:
                found.append(Counted(item, verdict, 0.0 if verdict.mark == Mark.CANNOT_TELL else stratum.size / told))
            found += [Counted(item, None, stratum.size / told) for item in open_ones]
        return tuple(found)


def checked(item: Item, mark: str, fault: str) -> Verdict:
    """A mark as it was sent. Raises MarkError naming the field."""
    marks = MARKS_OF[item.turn.group]
    if mark not in marks:
        raise MarkError("mark", f"Choose one of {', '.join(MARK_LABELS[one][0].lower() for one in marks)}")
    given = Mark(mark)
    faults = FAULTS_OF[given]
    if not faults:
        if fault:
            raise MarkError("fault", f"Leave the reason out for a turn that is {MARK_LABELS[given][0].lower()}, or choose another mark")
        return Verdict(given, None)
    if fault not in faults:
        names: Sequence[str] = [FAULT_LABELS[one][0].lower() for one in faults]
        raise MarkError("fault", f"Choose a reason for “{MARK_LABELS[given][0].lower()}”: {', '.join(names)}")
    return Verdict(given, Fault(fault))


class MarkError(RefusedError):
    """A mark that means nothing; `field` is the one to put right."""

    def __init__(self, field_name: str, text: str) -> None:
        super().__init__(text)
        self.field = field_name
