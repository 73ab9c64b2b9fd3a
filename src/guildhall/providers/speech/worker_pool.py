"""A few speech workers, and a short queue before them. One that crashes or stalls is ended and replaced; whoever waited for it asks the next.

A caller's answer is worth little after a second, so the queue is short and says so when it is full: the dialogue then asks for a key.
"""

import asyncio
import os
import signal
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from guildhall.channels.phone.speech import NotYetError, SpeechError
from guildhall.providers.speech.jsgf import Hearable
from guildhall.providers.speech.worker_messages import BrokenMessageError, packed, received

log = structlog.get_logger("guildhall.speech")

WORKER: Final = (sys.executable, "-m", "guildhall.providers.speech.grammar_worker")
KEPT_WAITS: Final = 1000
TRIES: Final = 2


@dataclass(frozen=True)
class PoolLimits:
    """What a pool may cost, and when it is too slow."""

    workers: int = 2
    queued: int = 32
    answer_seconds: float = 3.0
    not_yet_seconds: float = 0.5
    """How long a caller waits for workers that are still starting, before they are told to press keys."""
    learn_seconds: float = 20.0
    start_seconds: float = 30.0
    alarm_seconds: float = 0.15


@dataclass(eq=False)
class Worker:
    """One process, and which grammars it was given."""

    process: asyncio.subprocess.Process
    knows: set[str] = field(default_factory=set)

    async def ask(self, request: dict[str, Any], sound: bytes = b"") -> dict[str, Any]:
        """One request and its answer. Raises BrokenMessageError when the process is gone."""
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(packed(request, sound))
            await self.process.stdin.drain()
        except ConnectionError as error:
            raise BrokenMessageError from error
        return (await received(self.process.stdout))[0]

    async def end(self) -> None:
        """Kill it."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGKILL)
        await self.process.wait()


class WorkerPool:
    """Speech workers. `start` before the first request, `close` after the last."""

    def __init__(self, limits: PoolLimits | None = None, command: tuple[str, ...] = WORKER) -> None:
        self.limits, self._command = limits or PoolLimits(), command
        self._free: asyncio.Queue[Worker | None] = asyncio.Queue()
        self._all: set[Worker] = set()
        self._closed = False
        self._starting: asyncio.Task[None] | None = None
        self._hearing: set[asyncio.Task[dict[str, Any]]] = set()
        self.waits: deque[float] = deque(maxlen=KEPT_WAITS)
        """How long the last requests waited for a worker, in seconds."""
        self.replaced = 0
        """How many workers were ended because they crashed or stalled."""

    @property
    def workers(self) -> tuple[Worker, ...]:
        """Those that run."""
        return tuple(self._all)

    def wake(self) -> None:
        """Begin to start them, where that has not been done: while a caller speaks there is time for it."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())

    async def start(self) -> None:
        """Start them, and wait until they are ready. Raises SpeechError when one does not start."""
        self.wake()
        assert self._starting is not None
        await asyncio.shield(self._starting)
        if not self._all:
            worker = await self._new()  # says why
            self._free.put_nowait(worker)

    async def _start(self) -> None:
        async def one() -> None:
            try:
                self._free.put_nowait(await self._new())
            except SpeechError as error:
                log.error("speech_worker_not_started", error=str(error))
                self._free.put_nowait(None)

        await asyncio.gather(*(one() for _ in range(self.limits.workers)))

    async def close(self) -> None:
        """End them all."""
        self._closed = True
        ending = [*self._hearing, *((self._starting,) if self._starting else ())]
        for task in ending:
            task.cancel()
        if ending:
            await asyncio.wait(ending)
        await asyncio.gather(*(worker.end() for worker in list(self._all)))
        self._all.clear()

    async def prepare(self, grammar: Hearable) -> None:
        """Have every worker that is free know a grammar before it is needed."""
        for _ in range(self._free.qsize()):
            with suppress(SpeechError):
                await self.hear(grammar, b"")

    async def hear(self, grammar: Hearable, sound: bytes) -> dict[str, Any]:
        """What was said. Raises SpeechError when nobody can tell in time."""
        self.wake()
        if len(self._hearing) >= self.limits.workers + self.limits.queued:
            raise SpeechError("embedded hearing: too many callers speak at once")
        hearing = asyncio.create_task(self._hear(grammar, sound))
        self._hearing.add(hearing)
        hearing.add_done_callback(self._done)
        return await asyncio.shield(hearing)  # whoever does not want to know any more must not cost us a worker

    def _done(self, hearing: asyncio.Task[dict[str, Any]]) -> None:
        self._hearing.discard(hearing)
        if not hearing.cancelled():
            hearing.exception()  # somebody may have stopped waiting for it

    async def _hear(self, grammar: Hearable, sound: bytes) -> dict[str, Any]:
        began = time.monotonic()
        for _ in range(TRIES):
            worker = await self._take(began)
            answer = await self._ask(worker, grammar, sound)
            if answer is not None:
                if "failed" in answer:
                    raise SpeechError(f"embedded hearing: {answer['failed']} in a speech worker")
                return answer
        raise SpeechError("embedded hearing: two speech workers failed at the same utterance")

    async def _take(self, began: float) -> Worker:
        starting = self._starting is not None and not self._starting.done()
        try:
            async with asyncio.timeout(self.limits.not_yet_seconds if starting else self.limits.answer_seconds):
                worker = await self._free.get()
        except TimeoutError as error:
            if starting:
                raise NotYetError("embedded hearing: the speech workers are still starting") from error
            raise SpeechError("embedded hearing: no speech worker was free in time") from error
        waited = time.monotonic() - began
        self.waits.append(waited)
        if waited > self.limits.alarm_seconds:
            log.warning("speech_worker_queue", waited_seconds=round(waited, 3), callers=len(self._hearing), workers=self.limits.workers)
        if worker is None:
            try:
                return await self._new()
            except SpeechError:
                self._free.put_nowait(None)  # the next request tries again
                raise
        return worker

    async def _ask(self, worker: Worker, grammar: Hearable, sound: bytes) -> dict[str, Any] | None:
        """The worker's answer; None when it failed and was ended."""
        answer: dict[str, Any] | None = None
        try:
            answer = await self._exchange(worker, grammar, sound)
        except (TimeoutError, BrokenMessageError) as error:
            log.warning("speech_worker_ended", why=type(error).__name__, grammar=grammar.name)
        finally:
            if answer is None:
                await self._replace(worker)
            else:
                self._free.put_nowait(worker)
        return answer

    async def _exchange(self, worker: Worker, grammar: Hearable, sound: bytes) -> dict[str, Any]:
        if grammar.name not in worker.knows:
            await self._teach(worker, grammar)
        answer = await self._heard_by(worker, grammar, sound)
        if "unknown" in answer:  # other grammars took its place
            await self._teach(worker, grammar)
            answer = await self._heard_by(worker, grammar, sound)
        return answer

    async def _heard_by(self, worker: Worker, grammar: Hearable, sound: bytes) -> dict[str, Any]:
        async with asyncio.timeout(self.limits.answer_seconds):
            return await worker.ask({"name": grammar.name}, sound)

    async def _teach(self, worker: Worker, grammar: Hearable) -> None:
        """A worker that learns a grammar is not stuck: it has longer, since the next one would have to begin anew."""
        async with asyncio.timeout(self.limits.learn_seconds):
            await worker.ask({"name": grammar.name, "jsgf": grammar.jsgf, "sounds": grammar.sounds})
        worker.knows.add(grammar.name)

    async def _replace(self, worker: Worker) -> None:
        self._all.discard(worker)
        self.replaced += not self._closed
        await worker.end()
        self._free.put_nowait(None)  # whoever comes next starts a new one

    async def _new(self) -> Worker:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**20, env=_environment()
            )
        except OSError as error:
            raise SpeechError(f"embedded hearing: a speech worker does not start ({error.strerror})") from error
        worker = Worker(process)
        self._all.add(worker)
        try:
            async with asyncio.timeout(self.limits.start_seconds):
                assert process.stdout is not None
                await received(process.stdout)
        except (TimeoutError, BrokenMessageError) as error:
            self._all.discard(worker)
            await worker.end()
            raise SpeechError("embedded hearing: a speech worker started and said nothing") from error
        return worker


def _environment() -> dict[str, str]:
    """What a worker needs of ours: where Python finds things, and one thread each. No secret of the gateway."""
    kept = {name: value for name in ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "LANG", "HOME") if (value := os.environ.get(name))}
    return {**kept, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
