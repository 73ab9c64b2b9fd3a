"""What the page of a benefit says of claims for the same act by somebody else."""

from datetime import UTC, datetime

import pytest

from guildhall.value.ledger.benefit import Benefit
from guildhall.value.ledger.claims import Account, Claim
from guildhall.vocabulary.benefits import CashAct, Stage
from guildhall.web.console.ledger.views import elsewhere
from tests.value.ledger.a_ledger import ready


def holding(key: str, code: str, act: CashAct, reference: str, period: str = "2026-10") -> Account:
    claim = Claim(f"claim-{key}", key, code, period, act, reference, 100, "document:x", "fin", datetime(2026, 11, 1, tzinfo=UTC))
    return Account(Benefit(key, Stage.FINANCE_VALIDATED, ready(title=f"Benefit {key}"), 1), claims=(claim,))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (holding("b", "HO-1", CashAct.POST_DELETED, "P 1047"), True),
        (holding("b", "CS-4410", CashAct.OVERTIME_CUT, "p1047"), True),
        (holding("b", "HO-1", CashAct.POST_DELETED, "P-1047", "2026-11"), False),
        (holding("b", "HO-1", CashAct.POST_DELETED, "P-1048"), False),
    ],
)
def test_the_same_number_on_another_line_or_as_another_kind_of_act_is_shown(other: Account, said: bool) -> None:
    mine = holding("a", "CS-4410", CashAct.POST_DELETED, "P-1047")
    assert [title for _, title in elsewhere((mine, other), mine)] == (["Benefit b"] if said else [])
