"""Long work in a thread of its own: any process can see how far it is, and what came of it."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from guildhall.storage.learning_jobs import DONE, FAILED, Job, JobStore
from guildhall.vocabulary.errors import GuildhallError

Progress = Callable[[int, int], None]
"""Told how much is done, of how much in all."""
Work = Callable[[Progress], Mapping[str, Any]]
"""Does the work; what it returns is kept as the job's result, so it must hold nobody's words."""
BEATS_EVERY: Final = 0.5
"""Seconds between two notes of how far it is."""
HEARTBEAT: Final = 10.0
"""Seconds between two signs of life, as a step may take longer than a silent process is believed to live."""


@dataclass(frozen=True)
class LongWork:
    """Begins jobs, notes how far they are, and ends them."""

    jobs: JobStore
    clock: Callable[[], datetime]
    stopwatch: Callable[[], float]
    _threads: dict[str, threading.Thread] = field(default_factory=dict, compare=False, repr=False)

    def begin(self, kind: str, about: str, by: str, work: Work) -> Job:
        """Do it in a thread of its own, unless the same is under way: then that is the job returned."""
        running = self.jobs.latest(kind, about)
        if running and running.runs(self.clock()):
            return running
        job = self.jobs.begin(kind, about, by, self.clock())
        thread = self._threads[job.id] = threading.Thread(target=self._do, args=(job, work), name=f"long-work-{kind}", daemon=True)
        thread.start()
        return job

    def wait(self, job: Job, seconds: float) -> Job:
        """The job as it stands when it is over, or so many seconds later; at once where another process is at it."""
        if thread := self._threads.get(job.id):
            thread.join(seconds)
        return self.jobs.latest(job.kind, job.about) or job

    def do(self, kind: str, about: str, by: str, work: Work, progress: Progress) -> Job:
        """The same in this thread, for a command. Raises what the work raises."""
        job = self.jobs.begin(kind, about, by, self.clock())
        try:
            self.jobs.end(job.id, DONE, work(progress), self.clock())
        except GuildhallError as error:
            self.jobs.end(job.id, FAILED, {"error": str(error)}, self.clock())
            raise
        return self.jobs.latest(kind, about) or job

    def _do(self, job: Job, work: Work) -> None:
        last, how_far, over = float("-inf"), (0, 0), threading.Event()

        def progress(done: int, total: int) -> None:
            nonlocal last, how_far
            how_far, now = (done, total), self.stopwatch()
            if now - last >= BEATS_EVERY:
                last = now
                self.jobs.beat(job.id, done, total, self.clock())

        def live() -> None:
            while not over.wait(HEARTBEAT):
                self.jobs.beat(job.id, *how_far, self.clock())

        heart = threading.Thread(target=live, name=f"long-work-{job.kind}-heart", daemon=True)
        heart.start()
        state, said = FAILED, {"error": "it was cut short"}  # for an error that nobody foresaw, which goes on to the log
        try:
            state, said = DONE, dict(work(progress))
        except (GuildhallError, SQLAlchemyError, OSError) as error:
            # Said without the words of an error that may quote a statement.
            said = {"error": str(error) if isinstance(error, GuildhallError) else type(error).__name__}
        finally:
            over.set()
            heart.join()
            self.jobs.end(job.id, state, said, self.clock())
            self._threads.pop(job.id, None)
