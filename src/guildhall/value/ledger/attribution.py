"""Attribution: the benefits on one budget line can together claim at most 100% of the change on that line."""

from collections.abc import Iterable
from typing import Final

from guildhall.value.ledger.alike import alike
from guildhall.value.ledger.benefit import Benefit
from guildhall.vocabulary.benefits import Stage

SHARING: Final = frozenset(
    {Stage.APPROVED, Stage.IN_DELIVERY, Stage.MEASURED, Stage.FINANCE_VALIDATED, Stage.BUDGET_TAKEN, Stage.SUSTAINED}
)
"""Stages at which a benefit has its share of a budget line. What was reversed or substituted gives it back."""


def share_left(benefits: Iterable[Benefit], budget_code: str, beside: str = "") -> int:
    """Percent of a budget line that no benefit has, leaving one benefit out of account."""
    code = alike(budget_code)
    sharing = (one for one in benefits if one.stage in SHARING and one.id != beside and alike(one.facts.budget_code) == code)
    return 100 - sum(one.facts.attribution_percent for one in sharing)
