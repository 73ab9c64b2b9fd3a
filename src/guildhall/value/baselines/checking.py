"""One row of a file under a mapping: a row of the baseline, or the reason why it is refused."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from guildhall.value.baselines.amounts import read_count, read_number, read_pence
from guildhall.value.baselines.cells import PERSONAL, Cell, CellError, check_plain, is_empty, shown, text_of
from guildhall.value.baselines.dates import DateReading, read_clock
from guildhall.value.baselines.durations import read_seconds
from guildhall.value.baselines.mapping import Kind, Mapping, Role, plain
from guildhall.value.baselines.report import Refused, Why
from guildhall.value.baselines.rows import BaselineRow, CallRow, MonthRow
from guildhall.value.baselines.tables import Row

LONGEST_NAME: Final = 80
REMEMBERED: Final = 20_000
"""So many cells are remembered with what they mean."""
_TOTALS: Final = re.compile(r"^(?:grand |sub[ -]?|overall )?totals?\b|^(?:average|mean|sum|overall|count)\b", re.IGNORECASE)
_YES: Final = ("yes", "y", "true", "1")
_NO: Final = ("no", "n", "false", "0")
_KINDS: Final = {
    Role.WHEN: Why.DATE, Role.MONTH: Why.DATE, Role.TIME: Why.TIME, Role.WAIT: Why.TIME, Role.TALK: Why.TIME, Role.AMOUNT: Why.NUMBER,
    Role.VALUE: Why.NUMBER, Role.COUNT: Why.NUMBER, Role.ENDING: Why.ENDING, Role.QUEUE: Why.TEXT, Role.CHANNEL: Why.TEXT, Role.REFERENCE: Why.TEXT,
}  # fmt: skip


@dataclass(slots=True)
class Checked:
    """A row that can be kept, and whether an amount in it was rounded to the penny."""

    row: BaselineRow
    rounded: bool = False


class _RowError(Exception):
    def __init__(self, role: Role | None, why: Why, said: str) -> None:
        super().__init__(said)
        self.role, self.why, self.said = role, why, said


@dataclass(frozen=True)
class RowChecks:
    """How rows of one table are read."""

    mapping: Mapping
    places: dict[Role, int]
    headings: Sequence[str]
    dates: DateReading

    @classmethod
    def of(cls, mapping: Mapping, headings: Sequence[str], dates: DateReading) -> "RowChecks":
        """For the headings of a table. Raises CellError when the mapping names a column that is not there."""
        places: dict[Role, int] = {}
        named = [plain(name) for name in headings]
        for role, heading in mapping.columns.items():
            exact = [place for place, name in enumerate(headings) if name == heading]
            alike = [place for place, name in enumerate(named) if name and name == plain(heading)]
            if not (exact or alike):
                known = ", ".join(f"“{name}”" for name in headings if name)
                raise CellError(f"the mapping reads {role.value} from a column “{heading}”, which the file does not have; it has {known}")
            places[role] = (exact or alike)[0]
        return cls(mapping, places, headings, dates)

    def cell(self, row: Row, role: Role) -> Cell:
        """The cell of a role; None where there is none."""
        place = self.places.get(role)
        return row.cells[place] if place is not None and place < len(row.cells) else None

    def check(self, row: Row) -> Checked | Refused:
        """The row of the baseline, or why there is none."""
        try:
            self._check_formulas(row)
            return self._call(row) if self.mapping.kind == Kind.CALLS else self._month(row)
        except _RowError as error:
            if error.why == Why.DATE and (other := self._no_row(row)):
                return other
            return Refused(row.number, self.mapping.columns.get(error.role, "") if error.role else "", error.why, error.said)

    def _check_formulas(self, row: Row) -> None:
        if row.unsaved and any(place in row.unsaved for place in self.places.values()):
            raise _RowError(
                None,
                Why.FORMULA,
                "a formula has no value saved beside it; open the file in a spreadsheet program, save it and import it again",
            )

    def _no_row(self, row: Row) -> Refused | None:
        """What a row without a date is, if it is none of the table: the headings again, a totals row, or a note."""
        filled = [text_of(cell) for cell in row.cells if not is_empty(cell)]
        if sum(self._repeats(place, cell) for place, cell in enumerate(row.cells)) > max(1, 0.7 * len(filled)):
            return Refused(row.number, "", Why.HEADINGS, "the headings again")
        if filled and _TOTALS.match(filled[0]):
            return Refused(row.number, "", Why.TOTALS, f"a row that adds up others ({shown(filled[0])})")
        day = self.cell(row, Role.WHEN if self.mapping.kind == Kind.CALLS else Role.MONTH)
        if len(filled) <= max(1, len(self.places) // 3) and (is_empty(day) or len(text_of(day)) > 20):
            return Refused(row.number, "", Why.NOTE, "a note, and no row of the table")
        return None

    def _repeats(self, place: int, cell: Cell) -> bool:
        """Whether a cell says what its column is headed, or the lower half of that."""
        if not isinstance(cell, str) or not cell or not cell[0].isalpha() or place >= len(self._plain):
            return False
        text = plain(cell)
        return bool(text) and (self._plain[place] == text or self._plain[place].endswith(f" {text}"))

    @cached_property
    def _plain(self) -> tuple[str, ...]:
        return tuple(plain(name) for name in self.headings)

    @cached_property
    def _endings(self) -> dict[str, str]:
        """What each word means in this file: in a column headed “Abandoned”, yes means abandoned."""
        heading = plain(self.mapping.columns.get(Role.ENDING, ""))
        found = {word.casefold(): "abandoned" for word in self.mapping.abandoned} | {
            word.casefold(): "answered" for word in self.mapping.answered
        }
        if heading.startswith("abandon") and "answered" not in heading:
            found |= {word: "abandoned" for word in _YES if word in found} | {word: "answered" for word in _NO if word in found}
        return found

    def _call(self, row: Row) -> Checked:
        when: datetime = self._read(row, Role.WHEN, self.dates.read)
        if not is_empty(clock := self.cell(row, Role.TIME)):
            when = datetime.combine(when.date(), self._try(Role.TIME, read_clock, clock))
        amount, rounded = self._optional(row, Role.AMOUNT, read_pence) or (None, False)
        count = self._optional(row, Role.COUNT, read_count)
        made = CallRow(
            when, self._known(row, Role.QUEUE, self._queue), self._known(row, Role.CHANNEL, self._channel) or self.mapping.channel,
            self._known(row, Role.ENDING, self._ending), self._known(row, Role.WAIT, self._wait), self._known(row, Role.TALK, self._talk),
            amount, 1 if count is None else count,
        )  # fmt: skip
        return Checked(made, rounded)

    def _month(self, row: Row) -> Checked:
        month = self._read(row, Role.MONTH, self.dates.read_month)
        queue, channel = self._name(row, Role.QUEUE), self._name(row, Role.CHANNEL) or self.mapping.channel
        value = self._read(row, Role.VALUE, _plain_number) if Role.VALUE in self.places else None
        amount, rounded = self._read(row, Role.AMOUNT, read_pence) if Role.AMOUNT in self.places else (None, False)
        alone = value is None and amount is None
        count = self._read(row, Role.COUNT, read_count) if alone else self._optional(row, Role.COUNT, read_count)
        return Checked(MonthRow(month, queue, channel, value, amount, count), rounded)

    def _queue(self, row: Row) -> str:
        return self._name(row, Role.QUEUE)

    def _channel(self, row: Row) -> str:
        return self._name(row, Role.CHANNEL)

    def _wait(self, row: Row) -> int | None:
        seconds: int | None = self._optional(row, Role.WAIT, lambda cell: read_seconds(cell, self.mapping.wait_unit))
        return seconds

    def _talk(self, row: Row) -> int | None:
        seconds: int | None = self._optional(row, Role.TALK, lambda cell: read_seconds(cell, self.mapping.talk_unit))
        return seconds

    def _ending(self, row: Row) -> str:
        if Role.ENDING not in self.places:
            return ""
        cell = self.cell(row, Role.ENDING)
        word = text_of(cell).casefold()
        if ending := self._endings.get(word):
            return ending
        said = f"{shown(cell)} says neither that it was answered nor that it was abandoned; add it to one of the lists in the mapping"
        raise _RowError(Role.ENDING, Why.ENDING, said if word else "nothing says whether it was answered or abandoned")

    def _name(self, row: Row, role: Role) -> str:
        cell = self.cell(row, role)
        if is_empty(cell):
            return ""
        self._try(role, check_plain, cell)
        name = text_of(cell)
        if PERSONAL.search(name):
            raise _RowError(role, Why.PERSONAL, "the cell looks like somebody's phone number, postcode or e-mail address, and is not kept")
        if len(name) > LONGEST_NAME:
            raise _RowError(role, Why.TEXT, f"{shown(cell)} has {len(name)} characters; {LONGEST_NAME} are the most that a name may have")
        return name

    def _read(self, row: Row, role: Role, read: Callable[[Cell], Any]) -> Any:
        return self._try(role, read, self.cell(row, role))

    def _known(self, row: Row, role: Role, read: Callable[[Row], Any]) -> Any:
        """What `read` makes of a row's cell, remembered: names, endings and durations stand in thousands of rows."""
        cell = self.cell(row, role)
        if not isinstance(cell, str):
            return read(row)
        key = (role, cell)
        if key not in self._remembered:
            found = read(row)
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = found
        return self._remembered[key]

    @cached_property
    def _remembered(self) -> dict[tuple[Role, str], Any]:
        return {}

    def _optional(self, row: Row, role: Role, read: Callable[[Cell], Any]) -> Any:
        cell = self.cell(row, role)
        return None if is_empty(cell) else self._try(role, read, cell)

    def _try(self, role: Role, read: Callable[[Cell], Any], cell: Cell) -> Any:
        try:
            return read(cell)
        except CellError as error:
            raise _RowError(role, _KINDS[role], str(error)) from error


def _plain_number(cell: Cell) -> str:
    number, _ = read_number(cell)
    return format(number.normalize(), "f")
