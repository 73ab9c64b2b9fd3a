"""Calls that end in every state, most of them badly (T9): nothing is left of any. With GUILDHALL_LONG=1 for a day; GUILDHALL_SOAK_SECONDS says how long otherwise."""

import asyncio
import gc
import os

from benchmarks.phone_soak.__main__ import Soak
from benchmarks.phone_soak.habits import HABITS

LONG = os.environ.get("GUILDHALL_LONG") == "1"
SECONDS = float(os.environ.get("GUILDHALL_SOAK_SECONDS") or (24 * 3600 if LONG else 15))
A_CALL = 120
"""So many more objects a call may stay by, of a few that are kept for good; a call that leaked would leave thousands."""


def test_t9_nothing_is_left_of_calls_that_end_in_every_state() -> None:
    asyncio.run(Soak(6, a_second=4).run())  # tables and caches fill
    gc.collect()
    before = len(gc.get_objects())
    report = asyncio.run(Soak(SECONDS, a_second=2 if LONG else 5, seed=2).run())
    gc.collect()
    grown = len(gc.get_objects()) - before
    assert report["wrong"] == {}, "no dead air, no call that went wrong"
    assert report["left"] == {"calls": 0, "ports": 0, "ticks": 0, "transactions": 0, "tasks": 0}
    assert len(report["by_habit"]) == len({habit.__name__ for habit in HABITS}), "every way to end was tried"
    assert grown < A_CALL * 100 and grown < A_CALL * max(report["calls"], 20), f"{grown} objects more after {report['calls']} calls"
    if LONG:
        assert report["memory_slope_mb_an_hour"] < 1
