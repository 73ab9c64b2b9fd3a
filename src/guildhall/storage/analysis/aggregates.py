"""The aggregates of a plan, fetched: one query for all that add up over the same rows, and one for each list of values that must be put in order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from guildhall.storage.analysis.asking import NOBODY, Span, Text, Views, all_of, column, grouped, left_out, source, whole_of, within
from guildhall.value.measures.book import MeasureBook
from guildhall.value.measures.formula import Name, Of, Share
from guildhall.value.measures.intervals import Floats, Part
from guildhall.value.measures.plan import Leaf, Plan, Scope, counts_of
from guildhall.value.measures.result import Excluded

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """What adds up of a leaf: rows, hits among them, and sum, sum of squares and greatest of its column."""

    n: float = 0
    hits: float = 0
    total: float = 0
    squares: float = 0
    most: float | None = None

    def __add__(self, other: "Sums") -> "Sums":
        greatest = [value for value in (self.most, other.most) if value is not None]
        return Sums(
            self.n + other.n, self.hits + other.hits, self.total + other.total, self.squares + other.squares, max(greatest, default=None)
        )


@dataclass
class Fetched:
    """By leaf and group: the sums of each day ('' where days were not asked for), the values where order matters, the strata of what was drawn."""

    sums: dict[Leaf, dict[Key, dict[str, Sums]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(dict)))
    values: dict[Leaf, dict[Key, tuple[Floats, NDArray[np.bool_]]]] = field(default_factory=lambda: defaultdict(dict))
    strata: dict[Leaf, dict[Key, list[Part]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    @property
    def groups(self) -> list[Key]:
        """Every group that any leaf has, in order."""
        summed = {key for by_group in self.sums.values() for key in by_group}
        drawn = {key for by_group in self.strata.values() for key in by_group}
        return sorted(summed | drawn | {key for by_group in self.values.values() for key in by_group})

    def whole(self, leaf: Leaf, group: Key) -> Sums:
        """The sums of a leaf over all days."""
        return sum(self.sums[leaf].get(group, {}).values(), Sums())


@dataclass(frozen=True, slots=True)
class Asking:
    """A plan over a span, split by some columns."""

    engine: Views
    book: MeasureBook
    plan: Plan
    span: Span
    by: tuple[str, ...]

    def fetched(self, by_day: bool) -> Fetched:
        """Every aggregate of the plan."""
        found = Fetched()
        together: dict[tuple[Scope, str], list[Leaf]] = defaultdict(list)
        for leaf in self.plan.leaves:
            if isinstance(leaf.what, Of) and leaf.what.function in ("p50", "p90"):
                self._in_order(leaf, found)
            elif leaf.weighted:
                self._strata(leaf, found)
            else:
                together[leaf.scope, leaf.view].append(leaf)
        for (scope, view), leaves in together.items():
            self._sums(scope, view, leaves, by_day, found)
        return found

    def _kept(self, view: str, scope: Scope) -> Text:
        why, _ = left_out(view, scope, self.span, self.book.counts_simulated)
        inside = within(view, self.span)
        return Text(f"{inside.sql} AND ({why.sql}) = -1", inside.values + why.values)

    def _group(self, view: str) -> str:
        return ", ".join(f"{grouped(view, by)} AS g{number}" for number, by in enumerate(self.by))

    def _sums(self, scope: Scope, view: str, leaves: Sequence[Leaf], by_day: bool, found: Fetched) -> None:
        texts = [part for leaf in leaves for part in _columns(self.book, leaf)]
        kept = self._kept(view, scope)
        day = "strftime(v.day, '%Y-%m-%d')" if by_day else "''"
        heads = [self._group(view), f"{day} AS d", *(text.sql for text in texts)]
        sql = f"SELECT {', '.join(head for head in heads if head)} FROM {source(view)} WHERE {kept.sql} GROUP BY ALL"
        values = [value for text in texts for value in text.values] + kept.values
        size = len(self.by)
        for row in self.engine.query(sql, values):
            group, on, numbers = tuple(row[:size]), row[size], row[size + 1 :]
            for at, leaf in enumerate(leaves):
                n, hits, total, squares, most = numbers[5 * at : 5 * at + 5]
                found.sums[leaf][group][on] = Sums(int(n), int(hits), float(total or 0), float(squares or 0), most)
        for leaf in leaves:
            found.sums[leaf]  # so that a leaf with no rows at all is known

    def _in_order(self, leaf: Leaf, found: Fetched) -> None:
        what = leaf.what
        assert isinstance(what, Of)
        whole, until = counts_of(self.book, leaf)
        rows = all_of(leaf.view, whole.conditions)
        event = all_of(leaf.view, until.conditions) if until else Text("true")
        kept, value = self._kept(leaf.view, leaf.scope), column(leaf.view, what.column)
        names = "".join(f"g{number}, " for number in range(len(self.by)))
        inner = (
            f"SELECT {self._group(leaf.view)}{', ' if self.by else ''}CAST({value} AS DOUBLE) AS x, {event.sql} AS e FROM {source(leaf.view)} "
            f"WHERE {kept.sql} AND {rows.sql} AND {value} IS NOT NULL"
        )
        values = [*event.values, *kept.values, *rows.values]
        sizes = self.engine.query(f"SELECT {names}count(*) FROM ({inner}) GROUP BY ALL ORDER BY ALL", values)
        order = f" ORDER BY {names.rstrip(', ')}" if self.by else ""
        x, e = self.engine.arrays(f"SELECT x, e FROM ({inner}){order}", values)
        at = 0
        for row in sizes:
            group, size = tuple(row[:-1]), int(row[-1])
            found.values[leaf][group] = (np.asarray(x[at : at + size], dtype=float), np.asarray(e[at : at + size], dtype=bool))
            at += size
        found.values[leaf]

    def _strata(self, leaf: Leaf, found: Fetched) -> None:
        """How many rows of each stratum there are, how many are hits, and for how many turns they stand; each of a stratum stands for equally many.

        A turn of a sample that was closed before anybody decided it is among them, whatever marks the count asks for, and is no hit for sure.
        """
        whole, part = counts_of(self.book, leaf)
        assert part is not None
        rows, hits, kept = whole_of(leaf.view, whole.conditions), all_of(leaf.view, part.conditions), self._kept(leaf.view, leaf.scope)
        group = f"{self._group(leaf.view)}, " if self.by else ""
        counted = f"count(*), count(*) FILTER (WHERE {hits.sql} AND NOT {NOBODY}), sum(v.weight), count(*) FILTER (WHERE {NOBODY})"
        among = f"{kept.sql} AND {rows.sql} AND v.weight > 0"
        sql = f"SELECT {group}v.stratum, {counted} FROM {source(leaf.view)} WHERE {among} GROUP BY ALL ORDER BY ALL"
        size = len(self.by)
        for row in self.engine.query(sql, [*hits.values, *kept.values, *rows.values]):
            n, right, weight, undecided = row[size + 1 :]
            found.strata[leaf][tuple(row[:size])].append(Part(int(n), int(right), float(weight), int(undecided)))
        found.strata[leaf]

    def excluded(self) -> tuple[Excluded, ...]:
        """What each scope left out, by view and reason."""
        found: dict[tuple[str, str], int] = {}
        for scope, view in dict.fromkeys((leaf.scope, leaf.view) for leaf in self.plan.leaves):
            why, reasons = left_out(view, scope, self.span, self.book.counts_simulated)
            inside = within(view, self.span)
            sql = f"SELECT {why.sql} AS why, count(*) FROM {source(view)} WHERE {inside.sql} GROUP BY why"
            for number, n in self.engine.query(sql, why.values + inside.values):
                if number >= 0:
                    found[view, reasons[number]] = max(found.get((view, reasons[number]), 0), int(n))
        return tuple(Excluded(view, why, n) for (view, why), n in sorted(found.items()))

    def simulated(self) -> int:
        """How many of the contacts of the span were made by a simulator and counted."""
        if not self.book.counts_simulated:
            return 0
        inside = within("contacts", self.span)
        sql = f"SELECT count(*) FROM contacts AS v WHERE {inside.sql} AND v.simulated"
        return int(self.engine.query(sql, inside.values)[0][0])


def _columns(book: MeasureBook, leaf: Leaf) -> list[Text]:
    """Five columns: rows, hits, sum, sum of squares, greatest."""
    whole, part = counts_of(book, leaf)
    rows = all_of(leaf.view, whole.conditions)
    nothing = Text("0")
    match leaf.what:
        case Name():
            return [Text(f"count(*) FILTER (WHERE {rows.sql})", rows.values), nothing, nothing, nothing, Text("NULL")]
        case Share():
            assert part is not None
            hits = all_of(leaf.view, part.conditions)
            both = Text(f"count(*) FILTER (WHERE {rows.sql} AND {hits.sql})", rows.values + hits.values)
            return [Text(f"count(*) FILTER (WHERE {rows.sql})", rows.values), both, nothing, nothing, Text("NULL")]
        case Of(_, name):
            value = f"CAST({column(leaf.view, name)} AS DOUBLE)"
            inside = f"FILTER (WHERE {rows.sql} AND {value} IS NOT NULL)"
            made = [f"count(*) {inside}", f"sum({value}) {inside}", f"sum({value} * {value}) {inside}", f"max({value}) {inside}"]
            return [Text(made[0], rows.values), nothing, *(Text(sql, rows.values) for sql in made[1:])]


def of_group(found: Fetched, group: Key) -> Mapping[Leaf, Any]:
    """Each adding leaf's value in a group."""
    return {leaf: value_of(leaf, found.whole(leaf, group)) for leaf in found.sums}


def value_of(leaf: Leaf, sums: Sums) -> float:
    """A leaf's value from its sums; nan where it has none."""
    match leaf.what:
        case Name():
            return sums.n
        case Share():
            return sums.hits / sums.n if sums.n else float("nan")
        case Of("sum"):
            return sums.total
        case Of("longest"):
            return sums.most if sums.most is not None else float("nan")
        case _:
            return sums.total / sums.n if sums.n else float("nan")
