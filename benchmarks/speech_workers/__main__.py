"""How soon callers who speak at once are heard, and what it costs. See the README beside this."""

import argparse
import asyncio
import resource
import time

import numpy as np

from guildhall.channels.phone.ports import FRAME_BYTES, FRAME_SECONDS
from guildhall.providers.speech.grammar_ear import GrammarEar
from guildhall.providers.speech.worker_pool import PoolLimits, WorkerPool
from tests.phone.speech_tools import CALLERS, caller_says
from tests.phone.test_grammar_floors import GRAMMARS, SAID, meant

TURNS = 2
APART_SECONDS = 0.2


async def call(number: int, ear: GrammarEar, after: list[float]) -> int:
    """One caller; how many of their answers came out right. `after` takes the seconds after the end of each turn."""
    await asyncio.sleep(number * APART_SECONDS)
    right = 0
    for turn in range(TURNS):
        slot = ("yes_no", "choice")[(number + turn) % 2]
        says, means = SAID[slot][(number * 7 + turn) % len(SAID[slot])]
        sound = caller_says(says, CALLERS[number % len(CALLERS)])  # ends with half a second of silence
        listening = await ear.open("en", GRAMMARS[slot])
        for at in range(0, len(sound), FRAME_BYTES):
            await listening.feed(sound[at : at + FRAME_BYTES])
            await asyncio.sleep(FRAME_SECONDS)
        ended = time.perf_counter()
        right += meant(slot, await listening.finish()) == means
        after.append(time.perf_counter() - ended)
        await asyncio.sleep(1.5)
    return right


async def run(calls: int, workers: int) -> None:
    for slot in ("yes_no", "choice"):
        for says, _ in SAID[slot]:
            for voice in CALLERS:
                caller_says(says, voice)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    pool = WorkerPool(PoolLimits(workers=workers))
    await pool.start()
    ear = GrammarEar(pool)
    await ear.prepare([GRAMMARS["yes_no"], GRAMMARS["choice"]])
    pool.waits.clear()
    after: list[float] = []
    right = await asyncio.gather(*(call(number, ear, after) for number in range(calls)))
    waits = list(pool.waits)
    await pool.close()
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
    p50, p95, p100 = (float(np.percentile(after, p)) * 1000 for p in (50, 95, 100))
    wait95, wait100 = (float(np.percentile(waits, p)) * 1000 for p in (95, 100))
    print(f"{calls} calls, {len(after)} turns, {workers} workers: {sum(right)} right")
    print(f"answer after the end of the turn: p50 {p50:.0f}, p95 {p95:.0f}, most {p100:.0f} ms")
    print(f"wait for a worker: p95 {wait95:.0f}, most {wait100:.0f} ms")
    print(f"processor: {processor:.1f} s in all (starting included), {processor / len(after):.2f} a turn")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=40)
    options.add_argument("--workers", type=int, default=2)
    given = options.parse_args()
    asyncio.run(run(given.calls, given.workers))


if __name__ == "__main__":
    main()
