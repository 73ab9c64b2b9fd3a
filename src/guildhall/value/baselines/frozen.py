"""A frozen baseline, what is missing without one, and what a page may compare with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from guildhall.value.baselines.mapping import Kind
from guildhall.value.baselines.months import MonthSeries
from guildhall.value.baselines.report import Report
from guildhall.vocabulary.errors import RefusedError

ENOUGH_MONTHS: Final = 12
BETTER_MONTHS: Final = 24


@dataclass(frozen=True, slots=True)
class About:
    """What whoever imports has to say: what it is called, where the file came from, and who answers for it (a role, or a team)."""

    name: str
    source: str
    owner: str

    def __post_init__(self) -> None:
        for what, text in (("a name", self.name), ("a source", self.source), ("an owner", self.owner)):
            if not text.strip():
                raise RefusedError(f"a baseline needs {what}; nothing was imported.")
            if len(text) > 200:
                raise RefusedError(f"{what} may have 200 characters at most; nothing was imported.")


@dataclass(frozen=True, slots=True)
class Contents:
    """What was read: the digest over its rows, the days from the first to the last, and its months."""

    kind: Kind
    mapping: str
    first: date
    last: date
    rows: int
    sha256: str
    series: tuple[MonthSeries, ...]
    report: Report


@dataclass(frozen=True, slots=True)
class Draft:
    """An import that somebody looks at before it is confirmed. Nothing uses it."""

    id: str
    about: About
    contents: Contents
    by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Baseline:
    """A frozen baseline. It is never edited: a newer one supersedes it, with a reason, and both stay."""

    id: str
    about: About
    contents: Contents
    by: str
    frozen_at: datetime
    supersedes: str = ""
    reason: str = ""
    superseded_by: str = ""

    @property
    def in_force(self) -> bool:
        """Whether no newer one has taken its place."""
        return not self.superseded_by

    def series(self, measure: str, queue: str = "") -> MonthSeries | None:
        """The months of one measure, of all contacts or of one queue."""
        return next((found for found in self.contents.series if (found.measure, found.queue) == (measure, queue)), None)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the kept rows found. `matches` is false when anything differs; `said` tells what."""

    matches: bool
    said: str
    sha256: str


def months_said(series: MonthSeries | None) -> str:
    """What has to be said beside a baseline of few months; '' when there is nothing to say."""
    months = len(series.points) if series else 0
    if months >= BETTER_MONTHS:
        return ""
    if months >= ENOUGH_MONTHS:
        return f"The baseline has {months} months, so each season is seen once or not wholly. {BETTER_MONTHS} months are better."
    return (
        f"The baseline has only {months} {'month' if months == 1 else 'months'}. With fewer than {ENOUGH_MONTHS}, only a before and after (E2) is possible: "
        "an interrupted time series (E3) is refused."
    )


def why_no_comparison(baselines: Iterable[Baseline], measure: str, launch: date | None = None, queue: str = "") -> str:
    """Why nothing may be compared with what a measure was before, in words for a page; '' when it may be."""
    standing = [found for found in baselines if found.in_force]
    if not standing:
        return "No comparison is shown, because no baseline has been frozen. First import a call log or monthly figures from before the launch."
    fitting = [found for found in standing if found.series(measure, queue)]
    if not fitting:
        return f"No comparison is shown, because no frozen baseline has the measure “{measure}”{f' for {queue}' if queue else ''}."
    if launch is not None and all(_first_month(found.series(measure, queue)) >= launch.replace(day=1) for found in fitting):
        return f"No comparison is shown, because no frozen baseline of this measure has a month before the launch in {launch:%B %Y}."
    return ""


def _first_month(series: MonthSeries | None) -> date:
    return series.points[0].month if series and series.points else date.max


def gaps_said(series: Sequence[MonthSeries]) -> tuple[str, ...]:
    """Months that are missing between others, in words, for the series of all contacts."""
    said = []
    for each in series:
        if each.queue:
            continue
        months = [point.month for point in each.points]
        held = {(month.year, month.month) for month in months}
        if months:
            number, last = 12 * months[0].year + months[0].month - 1, 12 * months[-1].year + months[-1].month - 1
            lacking = [date(n // 12, n % 12 + 1, 1) for n in range(number, last) if (n // 12, n % 12 + 1) not in held]
            if lacking:
                said.append(
                    f"{each.label}: {', '.join(f'{month:%B %Y}' for month in lacking[:6])}{' and more' if len(lacking) > 6 else ''} missing."
                )
    return tuple(dict.fromkeys(said))
