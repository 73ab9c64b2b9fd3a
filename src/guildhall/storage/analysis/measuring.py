"""A measure over a span of days, from the views: value, interval, rows and what was left out, so that anybody can make it again."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np

from guildhall.storage.analysis.aggregates import Asking, Fetched, Key, of_group, value_of
from guildhall.storage.analysis.asking import Span, Views
from guildhall.storage.analysis.gaps import gap_rows
from guildhall.value.measures import intervals
from guildhall.value.measures.book import MeasureBook
from guildhall.value.measures.formula import Name, Of, Share
from guildhall.value.measures.intervals import DRAWS, FEWEST_DAYS, Estimate
from guildhall.value.measures.plan import Leaf, Plan, plan_of, worked_out
from guildhall.value.measures.result import Result, Row
from guildhall.value.measures.suppression import suppressed
from guildhall.value.measures.views import ABOUT_PEOPLE, GROUPINGS
from guildhall.vocabulary.errors import NotFoundError, RefusedError

TIMES: Final = ("day", "week", "month")
LONGEST_SPAN: Final = 3700
NO_SAMPLE: Final = "No audited sample of this period is finished yet."
OPEN_ONES: Final = (
    "{} of {} turns are undecided, because their sample was closed before all marks were in. The interval counts them both ways, "
    "and the figure is halfway between."
)
METHODS: Final = {
    "count": "All of them were counted, so there is no interval.",
    "share": "95% interval of a share by Wilson's method.",
    "weighted": "Each kind of turn by how many of it there were; 95% interval by Wilson's method for as many turns as the sample is worth.",
    "mean": "95% interval of a mean by Student's method.",
    "longest": "The greatest of all that were seen, so there is no interval.",
    "quantile": "95% interval from order statistics.",
    "waiting": "Kaplan-Meier estimate, with those who left or still wait as not reached by then; 95% interval by Brookmeyer and Crowley.",
    "redrawn": f"95% interval from the days drawn again {DRAWS:,} times with a fixed seed.",
    "none": "No interval: it rests on a figure that does not add up over days, or on too few days.",
}


@dataclass(frozen=True)
class Measuring:
    """Computes the measures of a book. `manifest` is the digest of the data, and `as_at` the time for which windows are judged."""

    engine: Views
    book: MeasureBook
    as_at: datetime
    manifest: str
    clock: Callable[[], datetime]

    def compute(
        self, key: str, since: date, until: date, by: str = "", where: Mapping[str, str] | None = None, *, beside: bool = True
    ) -> Result:
        """The measure from `since` to `until`, both included. Raises NotFoundError or RefusedError for what cannot be asked."""
        measure = self.measure(key)
        narrowed = dict(sorted((where or {}).items()))
        plan = plan_of(self.book, measure)
        self._check(plan, since, until, by, narrowed)
        span = Span(since, until, self.as_at, narrowed)
        asking = Asking(self.engine, self.book, plan, span, ())
        left_out = asking.excluded()
        rows, method = self._rows(plan, span, by, left_out[0].why if left_out else "")
        shown = suppressed(rows, self.book.small_number, whole_split=by in ABOUT_PEOPLE, about_people=by in ABOUT_PEOPLE or bool(narrowed))
        return Result(
            measure, since, until, by, shown, sum(row.n for row in shown),
            left_out, self.query_hash(key, span, by), self.clock(), self.as_at, narrowed, method, self.book.definition_hash(key),
            tuple(self.compute(one, since, until, by, narrowed, beside=False) for one in measure.beside) if beside else (), asking.simulated(),
        )  # fmt: skip

    def measure(self, key: str) -> Any:
        """The measure of that name. Raises NotFoundError."""
        if key not in self.book.measures:
            raise NotFoundError(f"there is no measure `{key}`; `guildhall value measures` lists them.")
        return self.book.measures[key]

    def query_hash(self, key: str, span: Span, by: str) -> str:
        """SHA-256 over formula, definitions, period, filters, time of judging and data."""
        asked = {
            "definition": self.book.definition(key),
            "since": span.since.isoformat(),
            "until": span.until.isoformat(),
            "by": by,
            "where": dict(span.where),
            "as_at": span.as_at.isoformat(),
            "data": self.manifest,
        }
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    def _check(self, plan: Plan, since: date, until: date, by: str, where: Mapping[str, str]) -> None:
        if until < since:
            raise RefusedError(f"the period ends on {until} before it begins on {since}; give the earlier day first.")
        if (until - since).days > LONGEST_SPAN:
            raise RefusedError("the period is longer than ten years; give a shorter one.")
        if by and by not in GROUPINGS:
            raise RefusedError(f"a figure cannot be split by `{by}`; use one of {', '.join(GROUPINGS)}.")
        for name in where:
            if name not in ABOUT_PEOPLE:
                raise RefusedError(f"a figure cannot be narrowed by `{name}`; use one of {', '.join(ABOUT_PEOPLE)}.")
        if plan.spends and (by not in ("", *TIMES) or where):
            raise RefusedError(
                f"`{plan.measure.key}` holds the cost of a whole period, which no part of the contacts can be given; split it by day, week or month."
            )
        if plan.gap_by and by and by == plan.gap_by:
            raise RefusedError(f"`{plan.measure.key}` compares by {by} already; split it by something else.")

    def _rows(self, plan: Plan, span: Span, by: str, left_out: str) -> tuple[list[Row], str]:
        """The rows and how their intervals are made. Where all there was is left out, for this reason, nothing is known: not even that it is none."""
        split = tuple(name for name in (by, plan.gap_by) if name)
        rests_on_one = plan.only is not None and not (isinstance(plan.only.what, Of) and plan.only.what.function == "sum")
        fetched = Asking(self.engine, self.book, plan, span, split).fetched(by_day=not rests_on_one)
        if left_out and not split and not fetched.groups:
            return [Row("", None, None, None, 0, note=f"Everything was left out. {left_out}")], METHODS["none"]
        groups = fetched.groups or ([()] if not split else [])
        if not split and () not in groups:
            groups = [()]
        rows = [self._row(plan, fetched, group, span, by) for group in groups]
        if plan.gap_by:
            inner = self.book.measures[plan.measure.tree.measure]  # type: ignore[union-attr]  # it is a gap
            return gap_rows(groups, rows, by, inner, self.book.gap_group_at_least, self._seed(plan))
        return [replace(row, group=group[0] if group else "") for row, group in zip(rows, groups, strict=True)], self._method(plan, rows)

    def _row(self, plan: Plan, fetched: Fetched, group: Key, span: Span, by: str) -> Row:
        if plan.only is not None and not (isinstance(plan.only.what, Of) and plan.only.what.function == "sum"):
            return _single(plan.only, fetched, group)
        values = dict(of_group(fetched, group))
        sizes = [fetched.whole(leaf, group).n for leaf in fetched.sums]
        for leaf in (*fetched.values, *fetched.strata):
            row = _single(leaf, fetched, group)
            values[leaf] = row.value if row.value is not None else float("nan")
            sizes.append(row.n)
        days = _days(span, by, group)
        value = float(np.asarray(worked_out(plan.tree, values, len(days))))
        ends = self._redrawn(plan, fetched, group, days) if np.isfinite(value) else None
        low, high = ends or (None, None)
        return Row("", value if np.isfinite(value) else None, low, high, int(max(sizes, default=0)))

    def _redrawn(self, plan: Plan, fetched: Fetched, group: Key, days: list[str]) -> tuple[float, float] | None:
        if len(days) < FEWEST_DAYS or not all(leaf.adds_up for leaf in plan.leaves):
            return None
        drawn = np.random.default_rng(self._seed(plan)).multinomial(len(days), [1 / len(days)] * len(days), size=DRAWS)
        values: dict[Leaf, Any] = {}
        for leaf in plan.leaves:
            of_day = fetched.sums[leaf].get(group, {})
            parts = np.array([_parts(leaf, of_day, day) for day in days])
            top, under = (drawn @ parts).T
            with np.errstate(divide="ignore", invalid="ignore"):
                values[leaf] = top / under if _divides(leaf) else top
        return intervals.of_redrawn(np.broadcast_to(np.asarray(worked_out(plan.tree, values, len(days)), dtype=float), (DRAWS,)))

    def _seed(self, plan: Plan) -> int:
        return int(self.book.definition_hash(plan.measure.key)[:8], 16)

    def _method(self, plan: Plan, rows: list[Row]) -> str:
        match plan.only.what if plan.only else None:
            case Name():
                return METHODS["count"]
            case Share(_, _, weighted):
                return METHODS["weighted" if weighted else "share"]
            case Of("mean"):
                return METHODS["mean"]
            case Of("longest"):
                return METHODS["longest"]
            case Of("p50" | "p90", _, _, until):
                return METHODS["waiting" if until else "quantile"]
        return METHODS["redrawn" if any(row.low is not None for row in rows) else "none"]


def _single(leaf: Leaf, fetched: Fetched, group: Key) -> Row:
    """The row of a formula that is one aggregate."""
    what = leaf.what
    if isinstance(what, Of) and what.function in ("p50", "p90"):
        part = 0.5 if what.function == "p50" else 0.9
        x, reached = fetched.values[leaf].get(group, (np.array([]), np.array([], dtype=bool)))
        made = intervals.of_waiting(x, reached, part) if what.until else intervals.of_quantile(x, part)
        return Row("", made.value, made.low, made.high, len(x), int(reached.sum()) if what.until else None)
    if leaf.weighted:
        parts = fetched.strata[leaf].get(group, [])
        made, judged = intervals.of_strata(parts), sum(one.n for one in parts)
        note = OPEN_ONES.format(undecided, judged) if (undecided := sum(one.undecided for one in parts)) else "" if judged else NO_SAMPLE
        return Row("", made.value, made.low, made.high, judged, note=note)
    sums = fetched.whole(leaf, group)
    n = int(sums.n)
    if isinstance(what, Share):
        made = intervals.of_share(int(sums.hits), n)
        return Row("", made.value, made.low, made.high, n, int(sums.hits))
    if isinstance(what, Of) and what.function == "mean":
        made = intervals.of_mean(sums.total, sums.squares, n)
        return Row("", made.value, made.low, made.high, n)
    value = value_of(leaf, sums)
    made = Estimate(value if np.isfinite(value) else None)
    return Row("", made.value, None, None, n, n if isinstance(what, Name) else None)


def _divides(leaf: Leaf) -> bool:
    return isinstance(leaf.what, Share) or (isinstance(leaf.what, Of) and leaf.what.function == "mean")


def _parts(leaf: Leaf, of_day: Mapping[str, Any], day: str) -> tuple[float, float]:
    sums = of_day.get(day)
    if sums is None:
        return 0.0, 0.0
    top = {Name: sums.n, Share: sums.hits, Of: sums.total}[type(leaf.what)]
    return float(top), float(sums.n)


def _days(span: Span, by: str, group: Key) -> list[str]:
    """The days that a group could have rows on, as ISO text."""
    every = [span.since + timedelta(days=at) for at in range((span.until - span.since).days + 1)]
    match by:
        case "day":
            return [group[0]]
        case "week":
            return [day.isoformat() for day in every if (day - timedelta(days=day.weekday())).isoformat() == group[0]]
        case "month":
            return [day.isoformat() for day in every if day.isoformat()[:7] == group[0]]
        case "weekday":
            return [day.isoformat() for day in every if str(day.weekday()) == group[0]]
    return [day.isoformat() for day in every]
