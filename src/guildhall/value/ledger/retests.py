"""Re-tests: a delivered benefit is looked at again after 6, 12 and 24 months. Then it is sustained, reversed or attributed to something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from guildhall.value.ledger.claims import Account
from guildhall.value.ledger.periods import months_after
from guildhall.vocabulary.benefits import GefClass, Stage

MONTHS: Final = (6, 12, 24)
EARLY: Final = timedelta(days=31)
"""How long before it is due a re-test may be signed."""


@dataclass(frozen=True, slots=True)
class Retest:
    """One re-test of one benefit."""

    benefit_id: str
    title: str
    months: int
    due_on: date
    overdue: bool


def next_retest(account: Account, today: date, months: Sequence[int] = MONTHS) -> Retest | None:
    """The re-test that comes next; None when all are done, or when nothing was delivered that could be tested."""
    benefit = account.benefit
    cash = benefit.facts.gef_class == GefClass.CASH_RELEASING
    began = account.reached_at(Stage.BUDGET_TAKEN if cash else Stage.FINANCE_VALIDATED)
    waiting = {Stage.BUDGET_TAKEN, Stage.SUSTAINED} if cash else {Stage.FINANCE_VALIDATED, Stage.SUSTAINED}
    done = sum(entry.stage == Stage.SUSTAINED and entry.moved for entry in account.entries)
    if began is None or benefit.stage not in waiting or done >= len(months):
        return None
    due_on = months_after(began.date(), months[done])
    return Retest(benefit.id, benefit.facts.title, months[done], due_on, due_on < today)


def too_early(account: Account, today: date) -> date | None:
    """The first day on which the next re-test may be signed, while that is still to come."""
    coming = next_retest(account, today)
    if coming is None:
        return None
    first = coming.due_on - EARLY
    return first if today < first else None


def retests(accounts: Sequence[Account], today: date, months: Sequence[int] = MONTHS) -> tuple[Retest, ...]:
    """Every re-test that comes next, the longest overdue first."""
    found = (next_retest(account, today, months) for account in accounts)
    return tuple(sorted((one for one in found if one), key=lambda one: (one.due_on, one.benefit_id)))
