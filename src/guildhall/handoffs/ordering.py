"""In which order residents are helped: by need, then by how long they have waited."""

from collections.abc import Iterable

from guildhall.vocabulary.handoffs import LANE_RANK, Handoff, Lane
from guildhall.vocabulary.signals import HAZARDS, Category

DANGER = HAZARDS | {
    Category.DANGER_TO_LIFE,
    Category.SUICIDE_SELF_HARM,
    Category.ADULT_ABUSE_OR_NEGLECT,
    Category.CHILD_AT_RISK,
    Category.DOMESTIC_ABUSE,
    Category.HOMELESS_TONIGHT,
    Category.THREAT_TO_OTHERS,
    Category.EXPLOITATION,
}
CARE = frozenset(
    {
        Category.FINANCIAL_HARDSHIP,
        Category.BEREAVEMENT,
        Category.HATE_CRIME_OR_HARASSMENT,
        Category.CONFUSION_OR_SCAM,
        Category.CHILD_USER,
        Category.STAFF_DISTRESS,
    }
)


def lane_of(category: str, escalated: bool, urgent: bool) -> Lane:
    """The lane of a request: what the rules heard, how surely, and whether the council calls its queue urgent."""
    heard = Category(category) if category else None
    if heard in DANGER:
        return Lane.DANGER if escalated else Lane.CARE
    return Lane.CARE if heard in CARE or urgent else Lane.ORDINARY


def in_order(waiting: Iterable[Handoff]) -> list[Handoff]:
    """Those who wait, whoever comes first first."""
    return sorted(waiting, key=lambda handoff: (LANE_RANK[handoff.lane], handoff.requested_at, handoff.id))
