"""The long work on published figures, behind the reader's back: making them again, and the rows behind one. Any process shows how far it is.

What is under way is not begun again, and what came of it stays for whoever looks next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from guildhall.bootstrap.figure_desk import FigureDesk
from guildhall.bootstrap.long_work import LongWork, Progress, Work
from guildhall.storage.analysis.evidence import MOST, EvidenceRows, as_csv, as_parquet
from guildhall.storage.analysis.export import ROWS, held
from guildhall.storage.analysis.manifest import digest_of_export
from guildhall.storage.learning_jobs import Job
from guildhall.value.publishing import PublishedFigure
from guildhall.vocabulary.errors import GuildhallError

AGAIN: Final = "figures_again"
ROWS_OF: Final = "figure_rows"
ALL: Final = "all"
PATIENCE_SECONDS: Final = 2.0
"""What is done within this is shown at once; for the rest there is a page that says how far it is."""
BEGINNING: Final = "figure_work.lock"


@dataclass(frozen=True)
class FigureWork:
    """One a process."""

    desk: FigureDesk
    work: LongWork

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
        return self.work.jobs.latest(kind, about)

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

    def _begin(self, kind: str, about: str, by: str, work: Work) -> Job:
        def without_statements(progress: Progress) -> Mapping[str, Any]:
            try:
                return work(progress)
            except duckdb.Error as error:
                raise GuildhallError(type(error).__name__) from error

        with held(self.desk.folder, lock=BEGINNING):  # two that ask at the same moment begin it once
            job = self.work.begin(kind, about, by[:40], without_statements)
        return self.work.wait(job, PATIENCE_SECONDS)
