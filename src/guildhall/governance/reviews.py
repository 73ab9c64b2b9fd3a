"""Which rules are to be looked at again. A date that has passed switches nothing off: it puts the rule on the board's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from guildhall.policy.config import RuleFile
from guildhall.policy.packs import Pack

SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """A rule whose review is overdue, or soon to be."""

    rule: RuleFile
    overdue: bool
    days: int
    """Days since the date, or until it."""


def due(pack: Pack, today: date) -> Sequence[Due]:
    """Every enforced rule to be reviewed within thirty days, the longest overdue first."""
    found = [rule for rule in pack.rules if rule.status == "enforced" and rule.review_by <= today + SOON]
    return [
        Due(rule, rule.review_by < today, abs((rule.review_by - today).days)) for rule in sorted(found, key=lambda rule: rule.review_by)
    ]
