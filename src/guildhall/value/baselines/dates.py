"""Reads dates as councils' systems write them: the day first as in the UK, ISO, with the month's name, or as a spreadsheet's own number.

A date that could be two different days is refused, never guessed. That happens if the same file also has dates that make sense only with
the month first, or if a spreadsheet program seems to have swapped days and months when it opened a file.
"""

import re
from calendar import month_abbr, month_name
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from guildhall.value.baselines.cells import Cell, CellError, check_plain, is_empty, shown, text_of

EPOCH: Final = date(1899, 12, 30)
EPOCH_1904: Final = date(1904, 1, 1)
EARLIEST: Final = date(2000, 1, 1)
SERIALS: Final = (36526, 73050)
"""The numbers that a spreadsheet keeps for 1 January 2000 to the end of 2099."""
MONTHS: Final = {name.casefold(): n for names in (month_name, month_abbr) for n, name in enumerate(names) if n} | {"sept": 9}
_TIME: Final = r"(?:[T ,]+(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)? ?(?P<half>[AaPp]\.?[Mm]\.?)?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
_ISO: Final = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})" + _TIME)
_BASIC: Final = re.compile(r"(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})" + _TIME)
_PARTS: Final = re.compile(r"(?P<first>\d{1,2})[/.-](?P<second_part>\d{1,2})[/.-](?P<year>\d{4}|\d{2})" + _TIME)
_WEEKDAY: Final = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_NAMED: Final = re.compile(
    _WEEKDAY + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -/]+(?P<name>[A-Za-z]{3,9})\.?,?[ -/]+(?P<year>\d{4}|\d{2})" + _TIME, re.IGNORECASE
)
_NAMED_FIRST: Final = re.compile(
    _WEEKDAY + r"(?P<name>[A-Za-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})" + _TIME, re.IGNORECASE
)
_MONTHS_ONLY: Final = (
    re.compile(r"(?P<name>[A-Za-z]{3,9})\.?[ \-/]*'?(?P<year>\d{4}|\d{2})"),
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})"),
    re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})"),
)
_CLOCK: Final = re.compile(r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)? ?(?P<half>[AaPp]\.?[Mm]\.?)?")


class DateOrder(StrEnum):
    """Which number of 3/4/2025 is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(slots=True)
class SeenDates:
    """What a whole column of dates shows about how it was written, gathered before any of it is read."""

    day_certain: int = 0
    month_certain: int = 0
    unclear: int = 0
    real_early: int = 0
    real_late: int = 0

    def see(self, cell: Cell) -> None:
        """Take one cell into account."""
        if isinstance(cell, date):
            if cell.day > 12:
                self.real_late += 1
            else:
                self.real_early += 1
        elif isinstance(cell, str) and (match := _PARTS.fullmatch(text_of(cell))):
            first, second = int(match["first"]), int(match["second_part"])
            self.day_certain += first > 12 >= second
            self.month_certain += second > 12 >= first
            self.unclear += first <= 12 and second <= 12

    @property
    def turned_round(self) -> bool:
        """Whether a spreadsheet program seems to have taken the first number of some dates for the month: real dates up to the 12th only, text above."""
        return self.real_early > 0 and self.real_late == 0 and self.day_certain > 0

    def mixed(self, order: DateOrder) -> bool:
        """Whether some dates make sense only in the other order."""
        return bool(self.month_certain if order == DateOrder.DAY_FIRST else self.day_certain)


@dataclass(frozen=True, slots=True)
class DateReading:
    """How dates of one column are read. `today` is the last day that can have happened; `zone` is where times without one were taken."""

    today: date
    zone: tzinfo
    order: DateOrder = DateOrder.DAY_FIRST
    seen: SeenDates = field(default_factory=SeenDates)
    starts_1904: bool = False

    def read(self, cell: Cell) -> datetime:
        """A day or a moment as local time without a zone; midnight where no time stands. Raises CellError."""
        check_plain(cell)
        if is_empty(cell):
            raise CellError("there is no date")
        return self._possible(self._read(cell), cell)

    def read_month(self, cell: Cell) -> date:
        """The first day of a month, from any date in it or from the month alone. Raises CellError."""
        check_plain(cell)
        text = text_of(cell)
        for pattern in _MONTHS_ONLY:
            if isinstance(cell, str) and (match := pattern.fullmatch(text)):
                named = match.groupdict()
                month = _month(named["name"], cell) if named.get("name") else int(named["month"])
                return self._possible(_moment(_year(named["year"]), month, 1, {}, cell), cell).date()
        if isinstance(cell, int | float) and 200001 <= cell <= 209912:
            return self._possible(_moment(int(cell) // 100, int(cell) % 100, 1, {}, cell), cell).date()
        return self.read(cell).date().replace(day=1)

    def _read(self, cell: Cell) -> datetime:
        if isinstance(cell, date):
            if self.seen.turned_round and cell.day <= 12:
                raise CellError(
                    f"the date {cell:%d/%m/%Y} may have its day and month turned round: in this column every date up to the 12th became a date and "
                    "the others stayed text, which happens when a file with the day first is opened by a program set to the month first"
                )
            return self._local(cell) if isinstance(cell, datetime) else datetime.combine(cell, time())
        if isinstance(cell, bool | time | timedelta):
            raise CellError(f"{shown(cell)} is no date")
        if isinstance(cell, int | float):
            return self._serial(float(cell), cell)
        text = text_of(cell)
        if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
            return self._serial(float(text), cell)
        for pattern in (_ISO, _BASIC, _NAMED, _NAMED_FIRST):
            if match := pattern.fullmatch(text):
                named = match.groupdict()
                month = _month(named["name"], cell) if named.get("name") else int(named["month"])
                return self._local(_moment(_year(named["year"]), month, int(named["day"]), named, cell))
        if match := _PARTS.fullmatch(text):
            return self._in_parts(match, cell)
        raise CellError(f"{shown(cell)} is no date that is known here; write it as 2025-04-03, 03/04/2025 or 3 April 2025")

    def _in_parts(self, match: re.Match[str], cell: Cell) -> datetime:
        first, second = int(match["first"]), int(match["second_part"])
        day, month = (first, second) if self.order == DateOrder.DAY_FIRST else (second, first)
        if month > 12 >= day:
            other = "month first" if self.order == DateOrder.DAY_FIRST else "day first"
            raise CellError(
                f"{shown(cell)} is impossible with the {_first(self.order)} first; if the whole file has the {other}, say so in the mapping"
            )
        if first <= 12 and second <= 12 and first != second and self.seen.mixed(self.order):
            raise CellError(f"{shown(cell)} is ambiguous: other dates in this file have the {_other(self.order)} first")
        return self._local(_moment(_year(match["year"]), month, day, match.groupdict(), cell))

    def _serial(self, number: float, cell: Cell) -> datetime:
        if 20000101 <= number <= 20991231:
            number = int(number)
            return _moment(int(number) // 10000, int(number) // 100 % 100, int(number) % 100, {}, cell)
        if not SERIALS[0] - 1462 <= number <= SERIALS[1]:
            raise CellError(
                f"{shown(cell)} is no date; a spreadsheet keeps days of this century as numbers from {SERIALS[0]} to {SERIALS[1]}"
            )
        start = EPOCH_1904 if self.starts_1904 else EPOCH
        seconds = round(number % 1 * 86400)
        return datetime.combine(start + timedelta(days=int(number)), time()) + timedelta(seconds=seconds)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None) if moment.tzinfo else moment

    def _possible(self, moment: datetime, cell: Cell) -> datetime:
        if moment.date() > self.today:
            raise CellError(f"{shown(cell)} is {moment.day} {moment:%B %Y}, which has not happened yet")
        if moment.date() < EARLIEST:
            raise CellError(f"{shown(cell)} is {moment.day} {moment:%B %Y}; nothing before the year 2000 is taken")
        return moment.replace(microsecond=0)


def read_clock(cell: Cell) -> time:
    """A time of day, from a cell of its own. Raises CellError."""
    check_plain(cell)
    if isinstance(cell, datetime):
        return cell.time().replace(microsecond=0)
    if isinstance(cell, time):
        return cell.replace(microsecond=0, tzinfo=None)
    if isinstance(cell, float) and 0 <= cell < 1:
        return (datetime(1, 1, 1) + timedelta(seconds=round(cell * 86400))).time()  # noqa: DTZ001  (a time of day has no zone)
    if match := _CLOCK.fullmatch(text_of(cell)):
        return _clock(match.groupdict(), cell)
    raise CellError(f"{shown(cell)} is no time of day; write it as 14:05 or 2:05 pm")


def _clock(named: dict[str, str | None], cell: Cell) -> time:
    hour, minute, second = (int(named.get(part) or 0) for part in ("hour", "minute", "second"))
    half = (named.get("half") or "").casefold().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise CellError(f"{shown(cell)} has an impossible time")
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise CellError(f"{shown(cell)} has an impossible time") from None


def _moment(year: int, month: int, day: int, named: dict[str, str | None], cell: Cell) -> datetime:
    clock = _clock(named, cell)
    try:
        moment = datetime.combine(date(year, month, day), clock)
    except ValueError:
        raise CellError(f"{shown(cell)} is impossible: there is no such day") from None
    zone = named.get("zone")
    if not zone:
        return moment
    if zone == "Z":
        return moment.replace(tzinfo=UTC)
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return (moment - (ahead if zone[0] == "+" else -ahead)).replace(tzinfo=UTC)


def _year(text: str | None) -> int:
    number = int(text or 0)
    return number if number > 99 else 2000 + number


def _month(name: str | None, cell: Cell) -> int:
    found = MONTHS.get((name or "").casefold())
    if not found:
        raise CellError(f"{shown(cell)} names no month that is known here")
    return found


def _first(order: DateOrder) -> str:
    return "day" if order == DateOrder.DAY_FIRST else "month"


def _other(order: DateOrder) -> str:
    return "month" if order == DateOrder.DAY_FIRST else "day"
