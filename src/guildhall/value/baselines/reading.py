"""Reads a whole table twice: first to learn how its dates are written and which rows are duplicates, then to import or refuse each row."""

import hashlib
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Final

import numpy as np

from guildhall.value.baselines.cells import CellError, is_empty, text_of
from guildhall.value.baselines.checking import RowChecks
from guildhall.value.baselines.dates import DateReading, SeenDates
from guildhall.value.baselines.headings import Headings, find_headings
from guildhall.value.baselines.mapping import Kind, Mapping, Role, guess_columns, guess_kind, guess_unit, personal_columns
from guildhall.value.baselines.report import Refused, Report, Why
from guildhall.value.baselines.rows import BaselineRow, CallRow, MonthRow
from guildhall.value.baselines.tables import Row, Table, UnreadableFileError

MOST_NAMES: Final = 500
"""A column of queues or channels has so many different ones at most."""
BEAT: Final = 2000
Progress = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What has to be known from outside: today, and the council's time zone."""

    today: date
    zone: tzinfo


@dataclass
class Reading:
    """A table under a mapping. `rows` gives what can be kept, one after the other, and fills `report` meanwhile. `progress` counts rows of two rounds."""

    table: Table
    headings: Headings
    mapping: Mapping
    terms: Terms
    progress: Progress = no_progress
    report: Report = field(default_factory=Report)

    def rows(self) -> Iterator[BaselineRow]:
        """The rows of the baseline. Raises UnreadableFileError when the mapping does not fit the table."""
        survey = self._survey()
        dates = DateReading(self.terms.today, self.terms.zone, self.mapping.dates, survey.dates, self.table.starts_1904)
        checks = self._checks(dates)
        self._begin(checks)
        names: dict[Role, set[str]] = {Role.QUEUE: set(), Role.CHANNEL: set()}
        met: set[int] = set()
        months: set[tuple[date, str, str]] = set()
        for done, row in enumerate(self._body(), 1):
            if done % BEAT == 0:
                self.progress(survey.rows + done, 2 * survey.rows)
            if row.blank:
                self.report.blank += 1
                continue
            self.report.read += 1
            found = checks.check(row)
            if isinstance(found, Refused):
                self.report.refuse(found)
                continue
            if self._is_twice(row, found.row, survey, met, months):
                self.report.refuse(Refused(row.number, "", Why.DUPLICATE, _twice(self.mapping)))
                continue
            self._count_names(found.row, names)
            self.report.kept += 1
            self.report.rounded += found.rounded
            yield found.row
        self.progress(2 * survey.rows, 2 * survey.rows)

    def _checks(self, dates: DateReading) -> RowChecks:
        try:
            return RowChecks.of(self.mapping, self.headings.names, dates)
        except CellError as error:
            raise UnreadableFileError(f"{self.table.name}: {error}") from error

    def _begin(self, checks: RowChecks) -> None:
        self.report.about += [*self.table.about, self.headings.said]
        taken = set(checks.places.values())
        self.report.dropped = tuple(name for place, name in enumerate(self.headings.names) if name and place not in taken)
        self.report.personal = personal_columns(self.headings.names, self.mapping.columns)
        if self.mapping.kind == Kind.CALLS and not checks.places.keys() & {Role.REFERENCE}:
            self.report.about.append(
                "No column names a call, so a call that is there twice is found only where the whole row, with its time of day, is the same."
            )

    def _body(self) -> Iterator[Row]:
        for row in self.table.rows():
            if row.number > self.headings.last:
                yield row

    def _survey(self) -> "_Survey":
        found = _Survey()
        checks = self._checks(DateReading(self.terms.today, self.terms.zone))
        digests = array("Q")
        day = Role.WHEN if self.mapping.kind == Kind.CALLS else Role.MONTH
        for row in self._body():
            found.rows += 1
            if found.rows % BEAT == 0:
                self.progress(found.rows, 2 * found.rows)
            if not row.blank:
                found.dates.see(checks.cell(row, day))
                digests.append(_identity(row, checks))
        if self.mapping.kind == Kind.CALLS and digests:
            values, times = np.unique(np.frombuffer(digests, dtype=np.uint64), return_counts=True)
            found.twice = frozenset(int(value) for value in values[times > 1])
        found.checks = checks
        return found

    def _is_twice(self, row: Row, made: BaselineRow, survey: "_Survey", met: set[int], months: set[tuple[date, str, str]]) -> bool:
        if isinstance(made, MonthRow):
            key = (made.month, made.queue, made.channel)
            again = key in months
            months.add(key)
            return again
        if not survey.twice or survey.checks is None:
            return False
        digest = _identity(row, survey.checks)
        named = Role.REFERENCE in survey.checks.places and not is_empty(survey.checks.cell(row, Role.REFERENCE))
        if digest not in survey.twice or not (named or _has_clock(made)):
            return False
        again = digest in met
        met.add(digest)
        return again

    def _count_names(self, row: BaselineRow, names: dict[Role, set[str]]) -> None:
        for role, name in ((Role.QUEUE, row.queue), (Role.CHANNEL, row.channel)):
            names[role].add(name)
            if len(names[role]) > MOST_NAMES:
                raise UnreadableFileError(
                    f"{self.table.name}: the column “{self.mapping.columns.get(role, role.value)}” holds more than {MOST_NAMES} different names, so it is "
                    f"hardly a {role.value}; name another column, or none"
                )


@dataclass
class _Survey:
    rows: int = 0
    dates: SeenDates = field(default_factory=SeenDates)
    twice: frozenset[int] = frozenset()
    checks: RowChecks | None = None


def _identity(row: Row, checks: RowChecks) -> int:
    """A number for what makes a call the same call: its reference, or else the whole row. Eight bytes: two of a million calls share one by chance never."""
    reference = checks.cell(row, Role.REFERENCE)
    text = f"r\0{text_of(reference)}" if not is_empty(reference) else "\0".join(map(text_of, row.cells))
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _has_clock(row: CallRow) -> bool:
    return bool(row.when.hour or row.when.minute or row.when.second)


def _twice(mapping: Mapping) -> str:
    return (
        "the same call stands in an earlier row" if mapping.kind == Kind.CALLS else "this month of the same queue stands in an earlier row"
    )


def guess_mapping(table: Table, kind: Kind | None = None, **given: object) -> tuple[Headings, Mapping]:
    """The headings of a table and the mapping they suggest. Raises UnreadableFileError when they do not even name a date and a figure."""
    headings = find_headings(table)
    chosen = kind or guess_kind(headings.names)
    columns = guess_columns(headings.names, chosen)
    units = {
        f"{role.value}_unit": guess_unit(columns[role])
        for role in (Role.WAIT, Role.TALK)
        if role in columns and f"{role.value}_unit" not in given
    }
    try:
        return headings, Mapping.model_validate({"kind": chosen, "columns": columns, **units, **given})
    except ValueError as error:
        said = str(error).split("Value error, ")[-1].split(" [type=")[0]
        known = ", ".join(f"“{name}”" for name in headings.names if name)
        raise UnreadableFileError(
            f"{table.name}: the headings do not tell what is what: {said}. The headings are {known}. Give a mapping"
        ) from error
