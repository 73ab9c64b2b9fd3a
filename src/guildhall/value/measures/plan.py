"""Takes a formula apart: which aggregates it needs, of which rows, and how to put them together again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from guildhall.value.measures.book import MeasureBook
from guildhall.value.measures.formula import Formula, Gap, Money, Name, Number, Of, Operation, Share
from guildhall.value.measures.measure import Count, Exclusion, Measure

PENCE_FOR: dict[str, float] = {"contact": 1.0, "minute": 60.0, "hour": 3600.0}
DAYS_OF: dict[str, float] = {"month": 365.25 / 12, "year": 365.25}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows of a view may count at all."""

    exclusions: tuple[Exclusion, ...]
    window_days: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """One aggregate: a count, a share, or a function over a column."""

    scope: Scope
    what: Name | Share | Of
    view: str

    @property
    def adds_up(self) -> bool:
        """Whether its parts from several days make the whole."""
        return not self.weighted and not (isinstance(self.what, Of) and self.what.function in ("p50", "p90", "longest"))

    @property
    def weighted(self) -> bool:
        """Whether it is a share of a drawn sample, by strata."""
        return isinstance(self.what, Share) and self.what.weighted

    @property
    def whole(self) -> str:
        """The count whose rows it rests on."""
        return self.what.name if isinstance(self.what, Name) else self.what.whole if isinstance(self.what, Share) else self.what.count

    @property
    def part(self) -> str:
        """The count of the rows among them that are hits; empty where there are none."""
        return self.what.part if isinstance(self.what, Share) else self.what.until if isinstance(self.what, Of) else ""


@dataclass(frozen=True, slots=True)
class Spent:
    """What is spent a day, in pence."""

    pence_a_day: float


Node = Number | Spent | Leaf | Operation


@dataclass(frozen=True)
class Plan:
    """A measure's formula with every name resolved. `tree` ends in leaves and numbers."""

    measure: Measure
    tree: Any
    leaves: tuple[Leaf, ...] = field(default=())
    gap_by: str = ""

    @property
    def only(self) -> Leaf | None:
        """The leaf that is the whole formula, if it is one."""
        return self.tree if isinstance(self.tree, Leaf) else None

    @property
    def spends(self) -> bool:
        """Whether it holds the cost of a whole period, which no group of people has a part of."""
        return any(isinstance(part, Spent) for part in nodes(self.tree))


def nodes(tree: Any) -> Iterator[Any]:
    """Every part, itself first."""
    yield tree
    if isinstance(tree, Operation):
        yield from nodes(tree.left)
        yield from nodes(tree.right)


def plan_of(book: MeasureBook, measure: Measure) -> Plan:
    """The plan of a checked measure. That of a gap is its inner measure's, with the column it compares."""
    if isinstance(measure.tree, Gap):
        inner = book.measures[measure.tree.measure]
        scope = Scope(measure.exclusions, measure.window_days)
        tree = _resolve(book, inner.tree, _inside(scope, inner))
        return Plan(measure, tree, _leaves(tree), measure.tree.by)
    tree = _resolve(book, measure.tree, Scope(measure.exclusions, measure.window_days))
    return Plan(measure, tree, _leaves(tree))


def _inside(outer: Scope, measure: Measure) -> Scope:
    """A measure inside another keeps its own exclusions and window, and takes on the other's."""
    more = tuple(one for one in measure.exclusions if one not in outer.exclusions)
    return Scope((*outer.exclusions, *more), max(outer.window_days, measure.window_days))


def _resolve(book: MeasureBook, tree: Formula, scope: Scope) -> Any:
    match tree:
        case Number():
            return tree
        case Name(name) if name in book.measures:
            inner = book.measures[name]
            return _resolve(book, inner.tree, _inside(scope, inner))
        case Name(name):
            return Leaf(scope, tree, book.counts[name].view)
        case Share(_, whole):
            return Leaf(scope, tree, book.counts[whole].view)
        case Of():
            return Leaf(scope, tree, book.counts[tree.count].view)
        case Money(name, whole):
            cost = book.costs[name]
            return Spent(cost.pence / DAYS_OF[cost.per]) if whole else Number(cost.pence / PENCE_FOR[cost.per])
        case Operation(sign, left, right):
            return Operation(sign, _resolve(book, left, scope), _resolve(book, right, scope))
    raise AssertionError(tree)  # a gap inside a formula does not load


def _leaves(tree: Any) -> tuple[Leaf, ...]:
    return tuple(dict.fromkeys(part for part in nodes(tree) if isinstance(part, Leaf)))


def worked_out(tree: Any, values: Mapping[Leaf, Any], days: float) -> Any:
    """The formula with a value for each leaf: numbers, or arrays of one length. What is divided by nothing is not a number (nan)."""
    match tree:
        case Number(value):
            return value
        case Spent(pence):
            return pence * days
        case Leaf():
            return values[tree]
    left, right = (worked_out(side, values, days) for side in (tree.left, tree.right))
    with np.errstate(divide="ignore", invalid="ignore"):
        match tree.sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
        over = np.asarray(right, dtype=float)
        return np.where(over == 0, np.nan, np.asarray(left, dtype=float) / np.where(over == 0, np.nan, over))


def counts_of(book: MeasureBook, leaf: Leaf) -> tuple[Count, Count | None]:
    """The count that a leaf rests on and that of its hits."""
    return book.counts[leaf.whole], book.counts[leaf.part] if leaf.part else None
