"""`python -m benchmarks.phone_pipecat`: processor a call, ours and pipecat's, turn about in one run; the same caller, the same greeting, no model."""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from benchmarks.phone_pipecat.callers import Frames, by_sip, by_stream
from guildhall.providers.telephony.g711 import Law
from tests.phone.tools import free_port

HERE = Path(__file__).parent
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
Calls = Callable[[int, Frames], Coroutine[Any, Any, int]]


def used(pid: int) -> tuple[float, float]:
    """Processor seconds and megabytes of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    held = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 2**20
    return (int(fields[11]) + int(fields[12])) / TICKS, held


async def load(port: int, pid: int, call: Calls, law: Law, given: argparse.Namespace) -> dict[str, Any]:
    """So many calls at once, measured from when all are there until the first ends."""
    os.sched_setaffinity(0, {given.caller_core})
    frames = Frames(law, given.seconds)
    calls = [asyncio.create_task(call(port, frames)) for _ in range(given.calls)]
    await asyncio.sleep(2)
    loop = asyncio.get_running_loop()
    begun, (before, _) = loop.time(), used(pid)
    await asyncio.sleep(given.seconds - 4)
    after, held = used(pid)
    lasted = loop.time() - begun
    came = await asyncio.gather(*calls)
    return {
        "cores_a_call": round((after - before) / lasted / given.calls, 5),
        "megabytes": round(held, 1),
        "frames_back_least": min(came),
        "frames_sent": len(frames.frames),
    }


def ours(given: argparse.Namespace) -> tuple[subprocess.Popen[str], int]:
    """Our gateway with voice detection."""
    words = [sys.executable, "-m", "benchmarks.phone_load.server", "media", str(given.core), str(given.calls)]
    server = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    return server, int(server.stdout.readline())


def theirs(given: argparse.Namespace, hearing: str) -> tuple[subprocess.Popen[str], int]:
    """Pipecat, with Silero or without."""
    port = free_port()
    words = [given.python, "-W", "ignore", str(HERE / "peer_pipecat.py"), str(port), str(given.core), hearing]
    server = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1"}
    )
    return server, port


async def listening(port: int) -> None:
    """Wait until the peer has started; its first import takes a while."""
    async with asyncio.timeout(120):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.5)
                continue
            writer.close()
            return


async def measure(given: argparse.Namespace) -> list[dict[str, Any]]:
    """Every side, turn about."""
    rows = []
    for turn in range(given.turns):
        for side in ("guildhall", "pipecat", "pipecat with silero"):
            server, port = ours(given) if side == "guildhall" else theirs(given, "silero" if "silero" in side else "none")
            try:
                if side != "guildhall":
                    await listening(port)
                call, law = (by_sip, Law.A) if side == "guildhall" else (by_stream, Law.MU)
                row = {"side": side, "turn": turn, "load": os.getloadavg()[0], **await load(port, server.pid, call, law, given)}
            finally:
                server.kill()
                server.wait()
            print(json.dumps(row), flush=True)
            rows.append(row)
    return rows


def main() -> None:
    """Measure and say the ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.phone_pipecat")
    parser.add_argument("--python", default="var/pipecat/bin/python", help="the throw-away environment's (see README)")
    parser.add_argument("--calls", type=int, default=8)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--caller-core", type=int, default=1)
    given = parser.parse_args()
    if not Path(given.python).exists():
        sys.exit(f"could not run: {given.python} is not there; benchmarks/phone_pipecat/README.md says how to make it")
    rows = asyncio.run(measure(given))
    least = {side: min(row["cores_a_call"] for row in rows if row["side"] == side) for side in {row["side"] for row in rows}}
    print(json.dumps({"least_cores_a_call": least, "calls_a_core": {side: int(1 / cores) for side, cores in least.items()}}, indent=2))


if __name__ == "__main__":
    main()
