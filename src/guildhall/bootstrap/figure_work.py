"""The long work on published figures, behind the reader's back: making them again, and the rows behind one. Any process shows how far it is.

What is under way is not begun again, and what came of it stays for whoever looks next.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb
from sqlalchemy.exc import SQLAlchemyError

from guildhall.bootstrap.figure_desk import FigureDesk
from guildhall.storage.analysis.evidence import MOST, EvidenceRows, as_csv, as_parquet
from guildhall.storage.analysis.export import ROWS, held
from guildhall.storage.analysis.manifest import digest_of_export
from guildhall.storage.learning_jobs import DONE, FAILED, Job, JobStore
from guildhall.value.publishing import PublishedFigure
from guildhall.vocabulary.errors import GuildhallError

AGAIN: Final = "figures_again"
ROWS_OF: Final = "figure_rows"
ALL: Final = "all"
PATIENCE_SECONDS: Final = 2.0
"""What is done within this is shown at once; for the rest there is a page that says how far it is."""
BEATS_EVERY_SECONDS: Final = 10.0
BEGINNING: Final = "figure_work.lock"
Progress = Callable[[int, int], None]


@dataclass
class FigureWork:
    """One a process."""

    desk: FigureDesk
    jobs: JobStore
    _threads: dict[str, threading.Thread] = field(default_factory=dict)

    def make_again(self, by: str, figure_id: str = "") -> Job:
        """Make one figure again, or every one that stands. As far as it is after a moment."""

        def work(progress: Progress) -> Mapping[str, Any]:
            made = self.desk.recompute(by, figure_id, progress)
            return {"made": len(made.checked), "gone": len(made.superseded)}

        return self._begin(AGAIN, figure_id or ALL, by, work)

    def prepare_rows(self, figure: PublishedFigure, by: str) -> Job:
        """Write the rows behind a figure into files. As far as it is after a moment."""

        def work(_progress: Progress) -> Mapping[str, Any]:
            self._keep(figure, self.desk.rows(figure.id, MOST))
            return {}

        return self._begin(ROWS_OF, figure.id, by, work)

    def latest(self, kind: str, about: str = ALL) -> Job | None:
        """The newest work of a kind about a figure, or about all."""
        return self.jobs.latest(kind, about)

    def runs(self, job: Job | None) -> bool:
        """Whether somebody is at it."""
        return job is not None and job.runs(self.desk.clock())

    def died(self, job: Job | None) -> bool:
        """Whether it was cut short."""
        return job is not None and job.died(self.desk.clock())

    def rows_file(self, figure: PublishedFigure, kind: str) -> Path | None:
        """The rows as a file, of the export as it stands; None where they were not written yet."""
        path = self._path(figure, kind)
        return path if path.exists() else None

    def _path(self, figure: PublishedFigure, kind: str) -> Path:
        return self.desk.folder / ROWS / f"{figure.id}-{digest_of_export(self.desk.folder)[:16]}.{kind}"

    def _keep(self, figure: PublishedFigure, found: EvidenceRows) -> None:
        folder = self.desk.folder / ROWS
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{figure.id}-*"):
            old.unlink(missing_ok=True)
        for kind, content in (("csv", "".join(as_csv(found)).encode()), ("parquet", as_parquet(found))):
            path = self._path(figure, kind)
            fresh = path.with_suffix(".new")
            fresh.write_bytes(content)
            fresh.replace(path)

    def _begin(self, kind: str, about: str, by: str, work: Callable[[Progress], Mapping[str, Any]]) -> Job:
        with held(self.desk.folder, lock=BEGINNING):  # two that ask at the same moment begin it once
            job = self.jobs.latest(kind, about)
            if job is None or not self.runs(job):
                job = self.jobs.begin(kind, about, by[:40], self.desk.clock())
                thread = threading.Thread(target=self._do, args=(job, work), name=kind, daemon=True)
                self._threads[job.id] = thread
                thread.start()
        if mine := self._threads.get(job.id):
            mine.join(PATIENCE_SECONDS)
        return self.jobs.latest(kind, about) or job

    def _do(self, job: Job, work: Callable[[Progress], Mapping[str, Any]]) -> None:
        over, how_far = threading.Event(), (0, 0)

        def beat() -> None:
            """A step may take longer than a silent process is believed to live."""
            while not over.wait(BEATS_EVERY_SECONDS):
                self.jobs.beat(job.id, how_far[0], how_far[1], self.desk.clock())

        def progress(done: int, total: int) -> None:
            nonlocal how_far
            how_far = (done, total)
            self.jobs.beat(job.id, done, total, self.desk.clock())

        heart = threading.Thread(target=beat, name="beat", daemon=True)
        heart.start()
        try:
            state, result = DONE, work(progress)
        except (GuildhallError, SQLAlchemyError, duckdb.Error, OSError) as error:
            # Said without the words of an error that may quote a statement.
            state, result = FAILED, {"error": str(error) if isinstance(error, GuildhallError) else type(error).__name__}
        over.set()
        heart.join()
        self.jobs.end(job.id, state, result, self.desk.clock())
        self._threads.pop(job.id, None)
