"""A figure of a page: a chart in two sizes, what it shows in words, its key, and the table it was drawn from."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from guildhall.web.charts.shapes import Drawing

MOST_SERIES = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what a person reads, where it leads, and the value as a file holds it (what is read, when not given)."""

    text: str
    href: str = ""
    raw: float | int | str | None = None
    under: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart. Cells of the first column are the rows' headings; `numeric` columns stand to the right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: bool = True

    def csv(self) -> str:
        """The table as a CSV file, values unrounded; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.columns)
        for row in self.rows:
            writer.writerow([_safe(cell.text if cell.raw is None else cell.raw) for cell in row])
        return out.getvalue()


def _safe(value: float | str) -> float | str:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


@dataclass(frozen=True, slots=True)
class Key:
    """One series in the key: its number (1 to 4), its name, and whether it is drawn as a `fill`, a `line` or a `mark`."""

    series: int
    name: str
    drawn: str = "fill"


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart of a page. `name` is its id there; `finding` is a sentence that says what is seen; `note` a caveat below it."""

    name: str
    title: str
    finding: str
    wide: Drawing
    narrow: Drawing
    table: Table
    keys: tuple[Key, ...] = ()
    note: str = ""
    csv: str = ""
    full: bool = field(default=False)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.table.rows


def keys_of(names: Sequence[str], drawn: str = "fill") -> tuple[Key, ...]:
    """The key of these series. Raises ValueError for more than four, which nobody can tell apart."""
    if len(names) > MOST_SERIES:
        raise ValueError(f"a chart shows at most {MOST_SERIES} series, not {len(names)}: put some together, or draw bars")
    return tuple(Key(number, name, drawn) for number, name in enumerate(names, 1))
