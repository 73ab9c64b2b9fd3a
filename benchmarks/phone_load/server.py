"""A gateway in a process of its own on one processor: answers until its input ends, then says in JSON what that took."""

import asyncio
import ctypes
import ctypes.util
import gc
import itertools
import json
import os
import resource
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from benchmarks.phone_load.sessions import MediaOnly, Seen, WholeSession
from guildhall.providers.telephony.sip.bounds import Bounds
from guildhall.providers.telephony.sip.gateway import SipGateway

SESSIONS = {"media": MediaOnly, "session": WholeSession}
libc = ctypes.CDLL("libc.so.6") if sys.platform == "linux" and ctypes.util.find_library("c") else None
PAGE = os.sysconf("SC_PAGE_SIZE")


def memory_mb() -> float:
    """What the process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20


def give_back() -> None:
    """Give back what nobody holds, so that the next reading is of what is held.

    A call that is over is a ring of objects, which Python frees when its collector next looks at the oldest, and freed memory stays with
    the C library. Both grow the process without being held by anything.
    """
    gc.collect()
    if libc is not None:
        libc.malloc_trim(0)


def cpu_seconds() -> float:
    """What the process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def serve(kind: str, cores: set[int], calls: int, nice: int = 0) -> None:
    """Serve until told."""
    os.sched_setaffinity(0, cores)
    os.nice(nice)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    seen = Seen()
    gateway = SipGateway(port=0, bounds=Bounds(calls=calls + 10, invites_a_second=100))
    serving = asyncio.create_task(gateway.serve(SESSIONS[kind](seen)))
    await gateway.opened()
    print(gateway.address[1], flush=True)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ended.set)
    begun, used, samples, most = time.monotonic(), cpu_seconds(), [], 0
    call_seconds = 0.0
    while not ended.is_set():
        await asyncio.sleep(0.5)
        running = gateway.endpoint.running
        if not running:
            give_back()
        most, call_seconds = max(most, running), call_seconds + running * 0.5
        samples.append((time.monotonic() - begun, memory_mb(), running))
    late = np.array(gateway.ticker.lateness or [0.0]) * 1000
    found: dict[str, Any] = {
        **asdict(seen),
        "most_at_once": most,
        "call_seconds": round(call_seconds, 1),
        "cpu_seconds": round(cpu_seconds() - used, 3),
        "cores_a_call": round(50 * (cpu_seconds() - used) / max(seen.frames, 1), 5),  # by frames: a machine that stood still made fewer
        "late_ms": {f"p{share}": round(float(np.percentile(late, share)), 2) for share in (50, 95, 99)},
        "memory_mb": round(memory_mb(), 1),
        "memory_slope_mb_a_minute": slope(samples, most),
        "memory_idle_mb": idle(samples),
        "left": {
            "calls": gateway.endpoint.running,
            "ports": gateway.line.ports.open,
            "ticks": gateway.ticker.served,
            "refused": gateway.endpoint.counted.refused,
        },
    }
    print(json.dumps(found), flush=True)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


def slope(samples: list[tuple[float, float, int]], most: int) -> float | None:
    """How memory grew in the later half of the time in which as many calls as ever ran; None where that was too short to tell.

    By then what a call and the gateway hold within bounds is full (sound that waits, lateness of the last 5,000 ticks): what still grows
    would go on growing.
    """
    full = [(at, held) for at, held, running in samples if running >= 0.9 * most]
    steady = full[len(full) // 2 :]
    if len(steady) < 10:
        return None
    at, held = zip(*steady, strict=True)
    return round(float(np.polyfit(at, held, 1)[0]) * 60, 3)


def idle(samples: list[tuple[float, float, int]]) -> list[float]:
    """What was held when nobody called, before the calls and after each round of them."""
    found: list[float] = []
    for (_, held, running), (_, _, then) in itertools.pairwise([*samples, (0.0, 0.0, 1)]):
        if not running and then:
            found.append(round(held, 1))
    return found


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], {int(core) for core in sys.argv[2].split(",")}, *map(int, sys.argv[3:])))
