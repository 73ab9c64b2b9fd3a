"""Speech workers that crash, stall, fail and forget: the caller's question is answered, or refused in time, and no process is left."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from guildhall.channels.phone.speech import NotYetError, SpeechError
from guildhall.providers.speech.jsgf import Hearable
from guildhall.providers.speech.worker_pool import PoolLimits, WorkerPool

COMMAND = (sys.executable, "-m", "tests.providers.speech.small_worker")
GRAMMAR = Hearable("g", "#JSGF", (), {}, "choice", ())
OTHER = Hearable("h", "#JSGF", (), {}, "choice", ())
QUICK = PoolLimits(workers=1, answer_seconds=5.0, start_seconds=30.0)


def run(body: Callable[[WorkerPool], Awaitable[Any]], limits: PoolLimits = QUICK) -> Any:
    async def whole() -> Any:
        pool = WorkerPool(limits, COMMAND)
        await pool.start()
        try:
            return await body(pool)
        finally:
            await pool.close()

    return asyncio.run(whole())


@pytest.fixture(autouse=True)
def found_by_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{Path('src').resolve()}:{Path.cwd()}")


def test_a_question_is_answered_and_a_grammar_is_sent_once() -> None:
    async def body(pool: WorkerPool) -> list[str]:
        return [(await pool.hear(GRAMMAR, word))["text"] for word in (b"one", b"two")] + [(await pool.hear(OTHER, b"three"))["text"]]

    assert run(body) == ["one", "two", "three"]


def test_a_worker_that_forgot_a_grammar_is_told_it_again() -> None:
    async def body(pool: WorkerPool) -> str:
        await pool.hear(GRAMMAR, b"forget")
        return str((await pool.hear(GRAMMAR, b"again"))["text"])

    assert run(body) == "again"


def test_a_worker_that_crashes_is_replaced_and_the_question_asked_again(tmp_path: Path) -> None:
    async def body(pool: WorkerPool) -> tuple[str, int]:
        answer = await pool.hear(GRAMMAR, f"once:{tmp_path / 'crashed'}".encode())
        return str(answer["text"])[:5], pool.replaced

    assert run(body) == ("once:", 1)


def test_a_question_that_ends_every_worker_is_given_up_and_the_next_one_is_answered() -> None:
    async def body(pool: WorkerPool) -> str:
        with pytest.raises(SpeechError, match="two speech workers failed at the same utterance"):
            await pool.hear(GRAMMAR, b"crash")
        return str((await pool.hear(GRAMMAR, b"fine"))["text"])

    assert run(body) == "fine"


def test_a_worker_that_stalls_is_ended_after_its_time() -> None:
    async def body(pool: WorkerPool) -> str:
        with pytest.raises(SpeechError, match="two speech workers failed"):
            await pool.hear(GRAMMAR, b"stall")
        assert pool.replaced == 2
        return str((await pool.hear(GRAMMAR, b"fine"))["text"])

    assert run(body, PoolLimits(workers=1, answer_seconds=1.0)) == "fine"


def test_a_failure_inside_a_worker_names_its_kind_and_keeps_the_worker() -> None:
    async def body(pool: WorkerPool) -> int:
        with pytest.raises(SpeechError, match="ValueError in a speech worker"):
            await pool.hear(GRAMMAR, b"fail")
        return pool.replaced

    assert run(body) == 0


def test_whoever_stops_waiting_costs_no_worker() -> None:
    async def body(pool: WorkerPool) -> tuple[bool, int]:
        first = (await pool.hear(GRAMMAR, b"one"))["pid"]
        asked = asyncio.create_task(pool.hear(GRAMMAR, b"two"))
        await asyncio.sleep(0)
        asked.cancel()
        return (await pool.hear(GRAMMAR, b"three"))["pid"] == first, pool.replaced

    assert run(body) == (True, 0)


def test_more_callers_than_may_wait_are_told_at_once() -> None:
    async def body(pool: WorkerPool) -> list[str]:
        asked = [asyncio.create_task(pool.hear(GRAMMAR, b"x")) for _ in range(6)]
        done = await asyncio.gather(*asked, return_exceptions=True)
        return sorted({str(one) if isinstance(one, SpeechError) else "heard" for one in done})

    assert run(body, PoolLimits(workers=1, queued=2)) == ["embedded hearing: too many callers speak at once", "heard"]


def test_two_workers_share_the_questions_and_both_are_made_ready() -> None:
    async def body(pool: WorkerPool) -> tuple[int, int]:
        await pool.prepare(GRAMMAR)
        knows = sum("g" in worker.knows for worker in pool.workers)
        return len({(await pool.hear(GRAMMAR, b"x"))["pid"] for _ in range(4)}), knows

    assert run(body, PoolLimits(workers=2)) == (2, 2)


def test_a_wait_for_a_worker_is_measured() -> None:
    async def body(pool: WorkerPool) -> int:
        await pool.hear(GRAMMAR, b"x")
        return len(pool.waits)

    assert run(body) == 1


def test_a_worker_that_does_not_start_says_so() -> None:
    async def start(command: tuple[str, ...]) -> None:
        await WorkerPool(QUICK, command).start()

    with pytest.raises(SpeechError, match="does not start"):
        asyncio.run(start(("/no/such/program",)))
    with pytest.raises(SpeechError, match="started and said nothing"):
        asyncio.run(start((*COMMAND, "dead")))


def test_no_process_outlives_the_pool() -> None:
    async def body(pool: WorkerPool) -> int:
        return int((await pool.hear(GRAMMAR, b"x"))["pid"])

    assert not Path(f"/proc/{run(body)}").exists()


def test_who_speaks_while_the_workers_start_is_told_in_half_a_second_and_not_left_waiting() -> None:
    async def early() -> float:
        pool = WorkerPool(QUICK, (*COMMAND, "slow"))
        began = asyncio.get_running_loop().time()
        try:
            with pytest.raises(NotYetError):
                await pool.hear(GRAMMAR, b"one")
            return asyncio.get_running_loop().time() - began
        finally:
            await pool.close()

    assert asyncio.run(early()) < 2.5, "not the five seconds of an answer, nor the thirty of a start"
