"""When made-up contacts come: a weekly and a daily shape, the phone by day and the web also in the evening."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from guildhall.testing.contact_stories import DAYS, HOURS_PHONE, HOURS_WEB


def arrivals(random: np.random.Generator, phone: npt.NDArray[Any], days: int) -> npt.NDArray[Any]:
    """A time for each contact, in seconds from the first midnight on local clocks. The first day is a Monday."""
    day = _pick(random, len(phone), np.resize(DAYS, days) * (1 + 0.08 * random.standard_normal(days)).clip(0.7, 1.3))
    hour = np.where(phone, _pick(random, len(phone), HOURS_PHONE), _pick(random, len(phone), HOURS_WEB))
    return day * 86400.0 + hour * 3600.0 + random.random(len(phone)) * 3599


def utc_offsets(first: date, days: int, zone: str) -> npt.NDArray[Any]:
    """How far local clocks are ahead of UTC at noon of each day, in seconds."""
    noons = (datetime(first.year, first.month, first.day, 12, tzinfo=ZoneInfo(zone)) + timedelta(days=day) for day in range(days))
    return np.array([int((noon.utcoffset() or timedelta()).total_seconds()) for noon in noons])


def _pick(random: np.random.Generator, count: int, shares: Any) -> npt.NDArray[Any]:
    edges = np.cumsum(np.asarray(shares, float) / np.sum(shares))
    return np.minimum(np.searchsorted(edges, random.random(count), side="right"), len(edges) - 1)
