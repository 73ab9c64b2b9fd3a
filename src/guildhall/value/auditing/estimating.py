"""Works out what the marks of a sample say: each share with its interval, how far two markers agree, and what was wrong.

Each turn counts by its weight: the number of turns of its kind that it stands for.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from guildhall.value.auditing.marking import Counted, Draw, Verdict
from guildhall.value.measures.intervals import Estimate, Part, of_strata
from guildhall.vocabulary.auditing import Fault, Group, Mark

FEWEST_PAIRS: Final = 30
"""Below so many pairs a kappa says too little for anybody to be sure that it is enough."""
ENOUGH_AGREEMENT: Final = 0.7
"""Below this kappa two people do not mean the same by a mark, and the rubric wants talking about."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share of turns. `n`: marked ones that it rests on; `stands_for`: turns of the record that they stand for.

    `undecided` of the `n` were never decided, so they are counted both ways: `lowest` has none of them as hits, and `highest` all.
    """

    estimate: Estimate
    n: int
    stands_for: float
    undecided: int = 0
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two people who marked the same turns agree beyond chance: Cohen's kappa (1960). None where all marks are alike or none are double."""

    pairs: int
    same: int
    kappa: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def enough(self) -> bool | None:
        """Whether it is enough; None where nobody can know."""
        if self.kappa is None or (self.pairs < FEWEST_PAIRS and self.kappa >= ENOUGH_AGREEMENT):
            return None
        return self.kappa >= ENOUGH_AGREEMENT


@dataclass(frozen=True, slots=True)
class StratumResult:
    """What became of one stratum."""

    key: str
    size: int
    drawn: int
    judged: int
    good: int
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class Results:
    """What a draw came to. `finished` is false while it says only what was marked so far."""

    finished: bool
    accuracy: Figure
    declined_rightly: Figure
    should_have_declined: Figure
    agreement: Agreement
    faults: tuple[tuple[Fault, int, float], ...]
    """Each reason with how many turns, and how many they stand for."""
    strata: tuple[StratumResult, ...]
    cannot_tell: int
    dropped: int
    missing: int
    undecided: int = 0


def results(draw: Draw) -> Results:
    """The results of a draw as it stands."""
    counted = draw.counted()
    told = [one for one in counted if one.weight]
    answers = [one for one in told if one.item.turn.group != Group.DECLINED]
    declined = [one for one in told if one.item.turn.group == Group.DECLINED]
    return Results(
        finished=draw.finished,
        accuracy=_figure(answers, lambda verdict: verdict.mark == Mark.RIGHT),
        declined_rightly=_figure(declined, lambda verdict: verdict.mark == Mark.RIGHTLY_DECLINED),
        should_have_declined=_figure(answers, lambda verdict: verdict.fault == Fault.SHOULD_HAVE_DECLINED),
        agreement=agreement(draw),
        faults=_faults(told),
        strata=tuple(_stratum(draw, key, told) for key in draw.active),
        cannot_tell=len(counted) - len(told),
        dropped=draw.dropped,
        missing=draw.missing,
        undecided=len(draw.undecided),
    )


def _figure(counted: Sequence[Counted], hit: Callable[[Verdict], bool]) -> Figure:
    strata: dict[str, list[Counted]] = defaultdict(list)
    for one in counted:
        strata[one.item.turn.stratum].append(one)
    parts = [
        Part(
            len(found),
            sum(one.verdict is not None and hit(one.verdict) for one in found),
            sum(one.weight for one in found),
            sum(one.verdict is None for one in found),
        )
        for found in strata.values()
    ]
    size, undecided = sum(part.size for part in parts), sum(part.undecided for part in parts)
    if not undecided:
        return Figure(of_strata(parts), len(counted), size)
    lowest = sum(part.size * part.hits / part.n for part in parts) / size
    highest = sum(part.size * (part.hits + part.undecided) / part.n for part in parts) / size
    return Figure(of_strata(parts), len(counted), size, undecided, lowest, highest)


def _faults(counted: Sequence[Counted]) -> tuple[tuple[Fault, int, float], ...]:
    found: dict[Fault, list[float]] = defaultdict(list)
    for one in counted:
        if one.verdict is not None and one.verdict.fault is not None:
            found[one.verdict.fault].append(one.weight)
    made = ((fault, len(weights), sum(weights)) for fault, weights in found.items())
    return tuple(sorted(made, key=lambda row: (-row[2], row[0])))


def _stratum(draw: Draw, key: str, counted: Sequence[Counted]) -> StratumResult:
    (stratum,) = (one for one in draw.strata if one.key == key)
    mine = [one.verdict for one in counted if one.item.turn.stratum == key]
    decided = [verdict for verdict in mine if verdict is not None]
    good = sum(verdict.mark in (Mark.RIGHT, Mark.RIGHTLY_DECLINED) for verdict in decided)
    return StratumResult(key, stratum.size, stratum.drawn, len(decided), good, len(mine) - len(decided))


def agreement(draw: Draw) -> Agreement:
    """How far the first two markers of each turn agree, over all codes of the rubric."""
    pairs = [(item.marks[0].mark, item.marks[1].mark) for item in draw.in_order if len(item.marks) > 1]
    same = sum(one == other for one, other in pairs)
    if len({mark for pair in pairs for mark in pair}) < 2:
        return Agreement(len(pairs), same)
    from statsmodels.stats.inter_rater import cohens_kappa  # a second to import: only who has pairs pays it

    codes, table = list(Mark), Counter(pairs)
    found = cohens_kappa([[table[one, other] for other in codes] for one in codes])
    low, high = max(-1.0, float(found.kappa_low)), min(1.0, float(found.kappa_upp))
    return Agreement(len(pairs), same, float(found.kappa), low, high)
