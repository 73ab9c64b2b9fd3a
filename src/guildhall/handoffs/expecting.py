"""How long a waiting resident may expect to wait, from the waits of those who came just before them. No figure is better than a wrong one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

LOOK_BACK: Final = timedelta(hours=2)
"""Waits of an earlier hour say nothing about this one."""
AT_LEAST: Final = 5
"""From fewer waits nothing is said."""
IN_TEN: Final = 8
"""So many of ten residents wait no longer than they are told."""


@dataclass(frozen=True, slots=True)
class Join:
    """A resident whom an adviser joined: when they asked, and when the adviser came."""

    asked_at: datetime
    joined_at: datetime


def expected_seconds(position: int, joins: Sequence[Join], now: datetime, first_since: datetime | None = None) -> int | None:
    """Seconds until an adviser joins whoever stands at that place, counted from 1; None when there is too little to go on.

    Each earlier wait is shared out over the places its resident had before them. It is also None when the queue has come to a standstill:
    somebody waits (`first_since`), and nobody was joined for longer than two places should take.
    """
    recent = [join for join in joins if now - LOOK_BACK <= join.joined_at <= now and join.asked_at <= join.joined_at]
    if len(recent) < AT_LEAST or position < 1:
        return None
    a_place = sorted((join.joined_at - join.asked_at).total_seconds() / _place(join, recent) for join in recent)
    seconds = a_place[ceil(len(a_place) * IN_TEN / 10) - 1]
    moved = max(join.joined_at for join in recent)
    if first_since and (now - max(moved, first_since)).total_seconds() > 2 * max(seconds, 60):
        return None
    return ceil(position * seconds)


def _place(mine: Join, joins: Sequence[Join]) -> int:
    """The place in the queue when it was asked: one more than those who had asked before and were joined later."""
    return 1 + sum(1 for other in joins if other.asked_at < mine.asked_at < other.joined_at)
