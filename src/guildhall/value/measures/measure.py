"""Counts, measures and unit costs after they have been read and checked."""

from dataclasses import dataclass
from datetime import date

from guildhall.value.measures.conditions import Condition
from guildhall.value.measures.formula import Formula
from guildhall.value.measures.units import Unit


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of one view that fulfil every condition."""

    key: str
    view: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Rows that a measure leaves out, and why."""

    view: str
    conditions: tuple[Condition, ...]
    why: str


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one of something costs, in pence, since when and by whose word."""

    key: str
    label: str
    pence: int
    per: str
    source: str
    as_of: date

    def is_old(self, today: date, after_months: int) -> bool:
        """Whether it is older than so many months of a twelfth of a year."""
        return (today - self.as_of).days > after_months * 365.25 / 12


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `formula` is the text as written, and `tree` what it says."""

    key: str
    label: str
    about: str
    unit: Unit
    formula: str
    tree: Formula
    exclusions: tuple[Exclusion, ...] = ()
    window_days: int = 0
    source: str = ""
    better: str = ""
    beside: tuple[str, ...] = ()
    alarm_above: float | None = None
    caution: str = ""

    @property
    def window(self) -> str:
        """The window in words; nothing where there is none."""
        return f"{self.window_days} {'day' if self.window_days == 1 else 'days'}" if self.window_days else ""
