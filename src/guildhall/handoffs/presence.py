"""Who is at the desk: what an adviser says about themselves counts only while their page is heard of."""

from datetime import datetime, timedelta
from typing import Final

from guildhall.vocabulary.handoffs import Adviser, AdviserStatus

PRESENT_FOR: Final = timedelta(seconds=60)
"""An adviser whose page has not been heard of for so long is not there, whatever they said last."""


def is_present(adviser: Adviser, now: datetime) -> bool:
    """Whether they are here and take something new."""
    return adviser.status == AdviserStatus.AVAILABLE and is_here(adviser, now)


def is_here(adviser: Adviser, now: datetime) -> bool:
    """Whether their page is open, whatever they take."""
    heard = adviser.seen_at is not None and now - adviser.seen_at < PRESENT_FOR
    return heard and adviser.status != AdviserStatus.OFFLINE


def left_at(adviser: Adviser) -> datetime | None:
    """When somebody who is not here was here last, as far as is known."""
    if adviser.status == AdviserStatus.OFFLINE:
        return adviser.status_since
    return adviser.seen_at + PRESENT_FOR if adviser.seen_at else None
