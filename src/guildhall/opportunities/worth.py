"""Works out what an opportunity would be worth in a year, in pounds, from people's own figures, before anything is proved.

The result is four columns, which are never added together. The value of the time saved is:
time = volume a year · minutes each · (1 + share done again after a mistake) · share that it would save · what an hour costs
"""

from dataclasses import dataclass
from typing import Final

from guildhall.opportunities.register import Details, TimeGoes
from guildhall.vocabulary.benefits import Column, GefClass

TIME_COLUMN: Final[dict[TimeGoes, Column]] = {
    TimeGoes.CAPACITY: Column.REINVESTED_CAPACITY,
    TimeGoes.GROWTH: Column.AVOIDED_COST,
    TimeGoes.AGENCY: Column.COUNCIL_CASH,
    TimeGoes.OVERTIME: Column.COUNCIL_CASH,
    TimeGoes.POST: Column.COUNCIL_CASH,
}
"""In which column the time stands, by what becomes of it. Without an act that has a name it is capacity."""
CLASS_OF: Final[dict[Column, GefClass]] = {
    Column.COUNCIL_CASH: GefClass.CASH_RELEASING,
    Column.AVOIDED_COST: GefClass.COST_AVOIDANCE,
    Column.REINVESTED_CAPACITY: GefClass.NON_CASH_MONETISABLE,
    Column.RESIDENT_BENEFIT: GefClass.QUALITY_ONLY,
}


@dataclass(frozen=True, slots=True)
class Pounds:
    """An estimate of one year in pence, column by column, before running costs and before any haircut. There is no sum."""

    council_cash: int = 0
    avoided_cost: int = 0
    reinvested_capacity: int = 0
    resident_benefit: int = 0

    def of(self, column: Column) -> int:
        """The pence of one column."""
        return int(getattr(self, column.value))

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that hold something."""
        return tuple(column for column in Column if self.of(column))


def time_pence(known: Details) -> int | None:
    """What the time it would save costs a year; None where a figure is missing."""
    if known.saves_percent is None or not (known.volume_pa and known.minutes_each and known.staff_pence_an_hour):
        return None
    return round(known.hours_pa * (1 + known.error_rate) * known.staff_pence_an_hour * known.saves_percent / 100)


def pounds_of(known: Details) -> Pounds | None:
    """What it would be worth a year; None where nobody has given figures: that is not the same as nothing."""
    time = time_pence(known)
    said = {
        Column.COUNCIL_CASH: known.cash_pence_pa,
        Column.AVOIDED_COST: known.avoided_pence_pa,
        Column.RESIDENT_BENEFIT: known.resident_pence_pa,
    }
    if time is None and all(pence is None for pence in said.values()):
        return None
    found = {column: said.get(column) or 0 for column in Column}
    found[TIME_COLUMN[known.time_goes]] += time or 0
    return Pounds(**{column.value: pence for column, pence in found.items()})


def missing(known: Details) -> tuple[str, ...]:
    """Which figures its time still needs before it can be valued."""
    wanted = (
        (known.volume_pa, "how many there are a year"),
        (known.minutes_each, "how many minutes of staff time each takes"),
        (known.staff_pence_an_hour, "what an hour of staff time costs"),
        (known.saves_percent is not None, "how much of that time it would save"),
    )
    return tuple(words for value, words in wanted if not value)


def class_of(pounds: Pounds) -> GefClass | None:
    """The class its first column suggests: cash before avoided cost before capacity. People decide in the ledger."""
    return next((CLASS_OF[column] for column in pounds.columns), None)


def how(known: Details) -> str:
    """How its time was valued, in a sentence that can be checked with a calculator; empty where it was not."""
    pence = time_pence(known)
    if pence is None:
        return ""
    again = f", with {100 * known.error_rate:g}% of them done again" if known.error_rate else ""
    return (
        f"How the time was valued: {known.volume_pa:,} a year at {known.minutes_each:g} minutes each{again}. It would save {known.saves_percent}% of that time, "
        f"at £{known.staff_pence_an_hour / 100:,.2f} an hour: £{pence / 100:,.0f}."
    )
