"""Many calls at once (T8): short by itself; with GUILDHALL_LONG=1 the hundred calls of a minute that the phone promises, on a machine with nothing else to do."""

import argparse
import asyncio
import gc
import os
import shutil
import tracemalloc

import pytest

from benchmarks.phone_load.__main__ import measure
from benchmarks.phone_load.server import idle, slope
from benchmarks.phone_load.sessions import Seen, WholeSession
from guildhall.providers.telephony.simulator import Script, SimulatedGateway, Waits
from tests.channels.phone.staged import SPEAKS
from tests.phone.tools import program

LONG = os.environ.get("GUILDHALL_LONG") == "1"


@pytest.mark.parametrize("kind", ["media", "session"])
def test_t8_every_call_of_many_is_answered_heard_and_over(kind: str) -> None:
    program("sipp")
    cores = sorted(os.sched_getaffinity(0))
    if shutil.which("taskset") is None:
        pytest.fail("could not run: taskset is not installed; apt-get install util-linux", pytrace=False)
    given = argparse.Namespace(
        kind=kind,
        calls=100 if LONG else 12,
        seconds=60 if LONG else 4,
        rounds=2 if LONG else 1,
        rate=5.0,
        cores=str(cores[0]),
        caller_cores=str(cores[-1]),
        nice=0,
    )
    found = measure(given)
    assert (found["failed"], found["sipp"]) == (0, 0), found
    assert found["over"] == found["keys"] == given.calls * given.rounds, "every call and every key, each once"
    assert found["gaps"] <= 0.001 * found["frames"] if LONG else found["gaps"] <= 0.02 * found["frames"], found
    assert found["left"] == {"calls": 0, "ports": 0, "ticks": 0, "refused": 0}
    assert found["cores_a_call"] < 0.05, found
    if LONG:
        assert found["late_ms"]["p99"] < 20, "on a machine that does nothing else"
        assert found["cores_a_call"] * 100 < 1, "a hundred calls fit on one processor"
        assert found["memory_slope_mb_a_minute"] is None or found["memory_slope_mb_a_minute"] < 1, found
        after_one, after_two = found["memory_idle_mb"][-2:]
        assert after_two - after_one < 3, "what a second hundred calls have left is next to nothing"


async def _calls(session: WholeSession, number: int) -> None:
    steps = [step for _ in range(3) for step in (Waits(2), SPEAKS, Waits(1))]
    for _ in range(number):
        await SimulatedGateway([Script(steps)]).serve(session)


def test_a_call_that_is_over_leaves_nothing_in_memory() -> None:
    async def kept() -> float:
        session = WholeSession(Seen())
        await _calls(session, 5)
        tracemalloc.start()
        try:
            await _calls(session, 2)
            gc.collect()
            before, _ = tracemalloc.get_traced_memory()
            await _calls(session, 10)
            gc.collect()
            return (tracemalloc.get_traced_memory()[0] - before) / 10
        finally:
            tracemalloc.stop()

    assert asyncio.run(kept()) < 2000, "bytes a call"


def test_memory_that_fills_up_once_is_no_slope_and_a_leak_is_one() -> None:
    fills = [(0.5 * tick, 40 + min(tick, 40) / 10, 12) for tick in range(120)]
    leaks = [(0.5 * tick, 40 + tick / 50, 12) for tick in range(120)]
    assert slope(fills, 12) == 0 and slope(leaks, 12) == pytest.approx(2.4)
    assert idle([(0, 40.0, 0), (1, 44.0, 3), (2, 43.0, 0), (3, 42.0, 0), (4, 44.0, 3), (5, 42.5, 0)]) == [40.0, 42.0, 42.5]
