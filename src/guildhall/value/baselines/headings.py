"""Finds where a table begins: under titles and blank rows, with one row of headings or two, the upper one merged over several columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from guildhall.value.baselines.cells import is_empty, text_of
from guildhall.value.baselines.mapping import SYNONYMS, plain
from guildhall.value.baselines.tables import Row, Table, UnreadableFileError

LOOKED_THROUGH: Final = 40
"""The heading is looked for in so many rows."""
_KNOWN: Final = frozenset(name for names in SYNONYMS.values() for name in names)


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a table by column, '' for a column without one; `first` and `last` are the rows they stand in."""

    names: tuple[str, ...]
    first: int
    last: int

    @property
    def said(self) -> str:
        """Where they were found, in words."""
        where = f"row {self.first}" if self.first == self.last else f"rows {self.first} and {self.last}, joined"
        return f"Headings were found in {where}."


def find_headings(table: Table) -> Headings:
    """The headings of a table. Raises UnreadableFileError when no row looks like one."""
    rows = []
    for row in table.rows():
        if row.number > LOOKED_THROUGH:
            break
        rows.append(row)
    scored = [(_score(row), -row.number, place) for place, row in enumerate(rows)]
    best, _, place = max(scored, default=(0, 0, 0))
    if best < 2:
        raise UnreadableFileError(
            f"{table.name}: no row of headings was found in the first {LOOKED_THROUGH} rows. Give each column a heading, such as Date, Queue and Wait time"
        )
    upper = rows[place - 1] if place and _is_upper(rows[place - 1], rows[place]) else None
    lower = rows[place + 1] if upper is None and place + 1 < len(rows) and _is_lower(rows[place], rows[place + 1]) else None
    if upper is not None:
        return Headings(_joined(upper, rows[place]), upper.number, rows[place].number)
    if lower is not None:
        return Headings(_joined(rows[place], lower), rows[place].number, lower.number)
    return Headings(_distinct([text_of(cell) for cell in rows[place].cells]), rows[place].number, rows[place].number)


def _texts(row: Row) -> list[str]:
    return [text_of(cell) if isinstance(cell, str) else "" for cell in row.cells]


def _has_values(row: Row) -> bool:
    """Whether something stands in it that no heading is: a number or a date."""
    return any(
        isinstance(cell, int | float | date | datetime | time | timedelta)
        or (isinstance(cell, str) and any(map(str.isdigit, cell)) and len(cell) > 3)
        for cell in row.cells
    )


def _score(row: Row) -> int:
    texts = [text for text in _texts(row) if text]
    if len(texts) < 2 or _numbers(row) > len(texts) // 2:
        return 0
    names = [plain(text) for text in texts]
    known = sum(
        1
        for name in names
        if name in _KNOWN or any(name.endswith(f" {each}") or name.startswith(f"{each} ") for each in _KNOWN if len(each) > 3)
    )
    return 3 * known + (1 if len(set(names)) == len(names) else 0) + (1 if len(texts) > 2 else 0) if known else 0


def _numbers(row: Row) -> int:
    return sum(
        1 for cell in row.cells if isinstance(cell, int | float | date | time | timedelta) or (isinstance(cell, str) and cell[:1].isdigit())
    )


def _is_upper(row: Row, heading: Row) -> bool:
    """Whether a row over the headings is their upper half: texts over several columns, fewer than below, two of them at least."""
    texts = [text for text in _texts(row) if text]
    below = [text for text in _texts(heading) if text]
    return 2 <= len(texts) < len(below) and not _has_values(row) and len(row.cells) >= 3


def _is_lower(row: Row, after: Row) -> bool:
    """Whether the row under the headings fills what they leave open, as under merged headings, and holds no values."""
    upper, lower = _texts(row), _texts(after)
    if _has_values(after) or not any(lower):
        return False
    fills = sum(1 for place, text in enumerate(lower) if text and (place >= len(upper) or not upper[place]))
    return fills > 0 and all(not text or not is_empty(text) for text in lower)


def _joined(upper: Row, lower: Row) -> tuple[str, ...]:
    """Two rows as one: what is merged over several columns is said in each of them."""
    above, below = _texts(upper), _texts(lower)
    width, carried, names = max(len(above), len(below)), "", []
    for place in range(width):
        over = above[place] if place < len(above) else ""
        under = below[place] if place < len(below) else ""
        carried = over or (carried if under else "")
        names.append(f"{carried} {under}".strip() if carried != under else under)
    return _distinct(names)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """The same heading twice gets a number, so that each column can be named."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return tuple(found)
