"""What may be said of an amount: always with its stage, its evidence and its day, and after the haircut for that level of evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from guildhall.value.ledger.claims import Account
from guildhall.vocabulary.benefits import COLUMN_LABELS, EVIDENCE_LABELS, STAGE_LABELS, Column, EvidenceLevel, GefClass, Stage, Standing
from guildhall.vocabulary.money import pounds

Haircuts = Mapping[EvidenceLevel, int]
SUGGESTED: Final[Haircuts] = {
    EvidenceLevel.E0: 60,
    EvidenceLevel.E1: 45,
    EvidenceLevel.E2: 35,
    EvidenceLevel.E3: 15,
    EvidenceLevel.E4: 5,
}
"""Percent taken off, until the council's own forecasts and what came of them say better."""


@dataclass(frozen=True, slots=True)
class Headline:
    """One amount in one column, in pence, with everything without which it may not be said."""

    benefit_id: str
    column: Column
    pence: int
    stage: Stage
    evidence: EvidenceLevel
    as_at: date
    attributed_pence: int
    haircut_percent: int
    after_haircut_pence: int

    def __str__(self) -> str:
        stage, evidence = STAGE_LABELS[self.stage][0].lower(), EVIDENCE_LABELS[self.evidence][0]
        day = f"{self.as_at.day} {self.as_at:%B %Y}"
        return f"{pounds(self.pence)} of {COLUMN_LABELS[self.column][0].lower()} at stage {stage}, evidence {evidence}, as at {day}"


@dataclass(frozen=True, slots=True)
class Net:
    """Council cash after what it costs, in pence. Costs are not cut by the haircut."""

    first_year_pence: int
    later_years_pence: int


def amount(account: Account, column: Column) -> int:
    """The amount of one column. Cash that is said to be delivered is what was claimed, signed and not taken back, and nothing else."""
    benefit = account.benefit
    taken = benefit.standing == Standing.DELIVERED or (benefit.standing == Standing.ELSEWHERE and account.claims)
    if column == Column.COUNCIL_CASH and benefit.facts.gef_class == GefClass.CASH_RELEASING and taken:
        return account.cash_pence
    return benefit.facts.worth.of(column)


def headline(account: Account, column: Column, as_at: date, haircuts: Haircuts = SUGGESTED) -> Headline:
    """What may be said of one column of one benefit."""
    benefit, pence = account.benefit, amount(account, column)
    share = 0 if benefit.standing in (Standing.ELSEWHERE, Standing.GONE) else share_of(account, column)
    attributed = pence * share // 100
    cut = haircuts[benefit.facts.evidence]
    return Headline(
        benefit.id, column, pence, benefit.stage, benefit.facts.evidence, as_at, attributed, cut, attributed * (100 - cut) // 100
    )  # fmt: skip


def share_of(account: Account, column: Column) -> int:
    """Percent of an amount that is attributed to the change. A claim is made within the share already."""
    claimed = column == Column.COUNCIL_CASH and account.benefit.standing == Standing.DELIVERED and bool(account.signed_claims)
    return 100 if claimed else account.benefit.facts.attribution_percent


def headlines(account: Account, as_at: date, haircuts: Haircuts = SUGGESTED) -> tuple[Headline, ...]:
    """One headline for each column that has an amount. They are never added."""
    return tuple(headline(account, column, as_at, haircuts) for column in Column if amount(account, column))


def net(account: Account, as_at: date, haircuts: Haircuts = SUGGESTED) -> Net | None:
    """Council cash after run and change cost, in the first year and in later ones; None while a cost is not known."""
    facts = account.benefit.facts
    if facts.run_cost_pence is None or facts.change_cost_pence is None:
        return None
    cash = headline(account, Column.COUNCIL_CASH, as_at, haircuts).after_haircut_pence
    later = cash if facts.recurrence == "recurring" else 0
    return Net(cash - facts.run_cost_pence - facts.change_cost_pence, later - facts.run_cost_pence)
