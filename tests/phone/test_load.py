"""Many calls at once (T8): short by itself; with GUILDHALL_LONG=1 the hundred calls of a minute that the phone promises, on a machine with nothing else to do."""

import argparse
import os
import shutil

import pytest

from benchmarks.phone_load.__main__ import measure
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
        rate=5.0,
        cores=str(cores[0]),
        caller_cores=str(cores[-1]),
        nice=0,
    )
    found = measure(given)
    assert (found["failed"], found["sipp"]) == (0, 0), found
    assert found["over"] == found["keys"] == given.calls, "every call and every key, each once"
    assert found["gaps"] <= 0.001 * found["frames"] if LONG else found["gaps"] <= 0.02 * found["frames"], found
    assert found["left"] == {"calls": 0, "ports": 0, "ticks": 0, "refused": 0}
    assert found["cores_a_call"] < 0.05, found
    if LONG:
        assert found["late_ms"]["p99"] < 20, "on a machine that does nothing else"
        assert found["cores_a_call"] * 100 < 1, "a hundred calls fit on one processor"
        assert found["memory_slope_mb_a_minute"] is None or found["memory_slope_mb_a_minute"] < 1
