"""In which order residents are helped: by need, then by how long they have waited."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from guildhall.vocabulary.handoffs import LANE_RANK, Handoff, HandoffStatus, Lane
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
FOLLOWED_FOR: Final = timedelta(hours=24)
"""A request about danger that nobody could join is given to the next adviser who comes, for so long; after that it stands in the list."""


def lane_of(category: str, escalated: bool, urgent: bool) -> Lane:
    """The lane of a request: what the rules heard, how surely, and whether the council calls its queue urgent."""
    heard = Category(category) if category else None
    if heard in DANGER:
        return Lane.DANGER if escalated else Lane.CARE
    return Lane.CARE if heard in CARE or urgent else Lane.ORDINARY


def in_order(waiting: Iterable[Handoff], others: Iterable[Handoff] = (), apart: timedelta = timedelta()) -> list[Handoff]:
    """Those who wait, whoever comes first first: by lane, then whoever lost their adviser, then by how long they have waited.

    In the danger lane requests from one source stand at least `apart` from each other, as if each had come no sooner than that after the
    one before. So a flood of false distress from one place does not stand before somebody else, and nobody is banned: the same people come,
    only not before others. `others` are the requests of the last day, whatever became of them; a flood that is served keeps its spacing.
    """
    waiting = list(waiting)
    stands = {handoff.id: handoff.requested_at for handoff in waiting} | _spaced(waiting, others, apart)
    return sorted(waiting, key=lambda h: (LANE_RANK[h.lane], not h.live, h.met_at is None, stands[h.id], h.id))


def _spaced(waiting: list[Handoff], others: Iterable[Handoff], apart: timedelta) -> dict[str, datetime]:
    """Where requests about danger stand whose source is known."""
    known = {h.id: h for h in (*others, *waiting) if h.lane == Lane.DANGER and h.source}
    stands: dict[str, datetime] = {}
    last: dict[str, datetime] = {}
    for handoff in sorted(known.values(), key=lambda h: (h.requested_at, h.id)):
        before = last.get(handoff.source)
        stands[handoff.id] = last[handoff.source] = max(handoff.requested_at, before + apart) if before else handoff.requested_at
    return stands


def may_be_given(handoff: Handoff, now: datetime) -> bool:
    """Whether an adviser is to be asked to take it: the resident waits in the conversation, or was lately in danger and nobody has come yet."""
    if handoff.status != HandoffStatus.REQUESTED:
        return False
    return handoff.live or (handoff.lane == Lane.DANGER and now - handoff.requested_at < FOLLOWED_FOR)
