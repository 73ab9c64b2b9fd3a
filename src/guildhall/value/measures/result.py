"""The result of a measure: its rows, how sure each is, what was left out and why, and a hash with which it can be computed again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from guildhall.value.measures.measure import Measure

YET: Final = "what follows is not known yet."


@dataclass(frozen=True, slots=True)
class Row:
    """One group. `low` and `high` are the 95% interval, None where there is none. `n`: rows it rests on; `hits`: of a share, those counted.

    A `suppressed` row is too small to show without singling people out: it holds no numbers at all.
    """

    group: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    hits: int | None = None
    suppressed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Excluded:
    """Rows of a view that were left out, and why."""

    view: str
    why: str
    n: int

    @property
    def young(self) -> bool:
        """Whether they are too recent to be judged."""
        return self.why.endswith(YET)


@dataclass(frozen=True, slots=True)
class Result:
    """A measure over the days from `since` to `until`, both included. `as_at`: the time for which windows were judged to be over.

    `beside` are the results without which this one may not be shown. `simulated` is how many of the contacts were made by a simulator.
    """

    measure: Measure
    since: date
    until: date
    by: str
    rows: tuple[Row, ...]
    n: int
    excluded: tuple[Excluded, ...]
    query_hash: str
    computed_at: datetime
    as_at: datetime
    where: Mapping[str, str] = field(default_factory=dict)
    method: str = ""
    definition_hash: str = ""
    beside: tuple["Result", ...] = ()
    simulated: int = 0

    @property
    def whole(self) -> Row:
        """The one row of a result that is not split; the first of one that is."""
        return self.rows[0]

    @property
    def alarm(self) -> bool:
        """Whether any group is above the measure's alarm."""
        level = self.measure.alarm_above
        return level is not None and any(row.value is not None and row.value > level for row in self.rows)

    @property
    def left_out(self) -> int:
        """How many rows were left out in all."""
        return sum(one.n for one in self.excluded)
