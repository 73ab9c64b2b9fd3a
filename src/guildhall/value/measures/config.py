"""`value.yaml` as it is written: counts, measures and unit costs. The baseline ships them. A council adds its own, or replaces one by its name."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from guildhall.value.ledger.config import HaircutsEntry
from guildhall.value.measures.units import Unit

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Simple = bool | int | float | str
View = Literal["contacts", "turns", "waits", "audits"]
Sentence = Annotated[str, StringConstraints(min_length=10, max_length=800)]


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CountEntry(Strict):
    """A number of rows of one view of the record."""

    of: View = Field(
        description="What is counted: `contacts`, `turns`, `waits` (requests for a person) or `audits` (turns of finished audited samples)."
    )
    where: dict[str, Simple | list[Simple]] = Field(
        default_factory=dict,
        description='Conditions, all at once: a value, a list of values, `is known`, `is not known`, `not x`, or a comparison such as "< 10".',
    )


class ExclusionEntry(CountEntry):
    """Rows that a measure leaves out. They are counted and shown with the reason."""

    why: Sentence = Field(description="Why they are left out, for whoever reads the figure.")


class MeasureEntry(Strict):
    """One measure."""

    label: str = Field(min_length=2, max_length=80, description="Its name on pages.")
    about: Sentence = Field(description="What it says, in plain English, and what it does not.")
    unit: Unit = Field(description="What the figure is.")
    formula: str = Field(
        min_length=1, max_length=1000, description="Counts, measures, unit costs and numbers; docs/howto/value.md has the functions."
    )
    exclude: list[ExclusionEntry] = Field(default_factory=list, description="Rows left out, each with its reason.")
    window_days: int = Field(default=0, ge=0, le=400, description="How many days old a contact must be before it counts.")
    source: Sentence = Field(description="Where the definition or the data come from.")
    better: Literal["more", "less", ""] = Field(default="", description="Whether more or less of it is better, if either.")
    beside: list[Key] = Field(default_factory=list, description="Measures without which it may not be shown.")
    alarm_above: float | None = Field(default=None, description="The figure above which the pages raise an alarm.")
    caution: str = Field(default="", max_length=400, description="A sentence that always stands with the figure.")


class UnitCostEntry(Strict):
    """What one of something costs."""

    label: str = Field(min_length=2, max_length=80, description="What it is the cost of.")
    pence: int = Field(ge=0, description="Pence.")
    per: Literal["contact", "minute", "hour", "month", "year"] = Field(description="For one of what.")
    source: Sentence = Field(description="Who says so, and where.")
    as_of: date = Field(description="The day it was true. An old one is flagged.")


class ValueFile(Strict):
    """`value.yaml`."""

    small_number: int = Field(default=5, ge=5, le=50, description="Groups of people with fewer are not shown.")
    gap_group_at_least: int = Field(default=30, ge=10, description="How many a group must hold to be compared in a gap.")
    unit_costs_old_after_months: int = Field(default=24, ge=1, description="When a unit cost is flagged as old.")
    haircuts: HaircutsEntry = Field(
        default_factory=HaircutsEntry, description="Taken off amounts of the benefits ledger, by level of evidence."
    )
    counts: dict[Key, CountEntry] = Field(default_factory=dict, description="By name.")
    measures: dict[Key, MeasureEntry] = Field(default_factory=dict, description="By name.")
    unit_costs: dict[Key, UnitCostEntry] = Field(default_factory=dict, description="By name.")
