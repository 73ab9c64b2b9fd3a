"""How long something took: seconds, minutes, or hours, minutes and seconds with colons."""

import re
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from guildhall.value.baselines.amounts import read_number
from guildhall.value.baselines.cells import Cell, CellError, check_plain, shown, text_of

LONGEST_SECONDS: Final = 86400
_COLONS: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,]\d+)?")
_SAID: Final = re.compile(r"(?:(\d+) ?h(?:ou)?r?s?)? ?(?:(\d+) ?m(?:in(?:ute)?s?)?)? ?(?:(\d+) ?s(?:ec(?:ond)?s?)?)?", re.IGNORECASE)
SPREADSHEET_MIDNIGHT: Final = date(1899, 12, 31)


class DurationUnit(StrEnum):
    """What a plain number in a column of durations counts."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    DAYS = "days"
    """As a spreadsheet keeps a time: a part of a day."""


PER_UNIT: Final = {DurationUnit.SECONDS: 1, DurationUnit.MINUTES: 60, DurationUnit.DAYS: 86400}


def read_seconds(cell: Cell, unit: DurationUnit = DurationUnit.SECONDS) -> int:
    """Whole seconds. 3:20 is three minutes and twenty seconds. Raises CellError for what is below zero or longer than a day."""
    check_plain(cell)
    seconds = _seconds(cell, unit)
    if seconds < 0:
        raise CellError(f"{shown(cell)} is below zero, which no duration is")
    if seconds > LONGEST_SECONDS:
        raise CellError(f"{shown(cell)} would be longer than a day; is the unit right?")
    return seconds


def _seconds(cell: Cell, unit: DurationUnit) -> int:
    if isinstance(cell, timedelta):
        return round(cell.total_seconds())
    if isinstance(cell, datetime):
        if cell.date() > SPREADSHEET_MIDNIGHT:
            raise CellError(f"{shown(cell)} is a date, not a duration")
        cell = cell.time()
    if isinstance(cell, time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second
    text = text_of(cell)
    if isinstance(cell, str) and (match := _COLONS.fullmatch(text)):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        if seconds > 59 or (match[1] and minutes > 59):
            raise CellError(f"{shown(cell)} is an impossible duration")
        return hours * 3600 + minutes * 60 + seconds
    if isinstance(cell, str) and text and (match := _SAID.fullmatch(text)) and any(match.groups()):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return hours * 3600 + minutes * 60 + seconds
    number, percent = read_number(cell)
    if percent:
        raise CellError(f"{shown(cell)} is a percentage, not a duration")
    return round(float(number) * PER_UNIT[unit])
