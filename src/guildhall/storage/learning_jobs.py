"""Long pieces of work, so that any process can show how far one is, and what came of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, insert, select, update

from guildhall.storage.database import Database
from guildhall.storage.learning_schema import learning_jobs

RUNNING, DONE, FAILED = "running", "done", "failed"
SILENT_AFTER: Final = timedelta(seconds=60)
"""A running piece of work that said nothing for so long has died with its process."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `result` holds nobody's words."""

    id: str
    kind: str
    about: str
    by: str
    started_at: datetime
    beat_at: datetime
    done: int
    total: int
    state: str
    result: Mapping[str, Any] = field(default_factory=dict)

    def runs(self, now: datetime) -> bool:
        """Whether somebody still works at it."""
        return self.state == RUNNING and now - self.beat_at < SILENT_AFTER

    def died(self, now: datetime) -> bool:
        """Whether it was cut short."""
        return self.state == RUNNING and not self.runs(now)


class JobStore:
    """Repository of long pieces of work of one council."""

    def __init__(self, database: Database, council: str, new_id: Callable[[str], str]) -> None:
        self._database, self._council, self._new_id = database, council, new_id

    def begin(self, kind: str, about: str, by: str, at: datetime) -> Job:
        """Say that work begins. Begun at the very time of the one before it, it counts as later: the newest is told by its time."""
        before = self.latest(kind, about)
        at = max(at, before.started_at + timedelta(microseconds=1)) if before else at
        job = Job(self._new_id("job"), kind, about, by, at, at, 0, 0, RUNNING)
        values = {name: getattr(job, name) for name in Job.__slots__ if name != "result"} | {"council": self._council, "result": ""}
        with self._database.writing() as connection:
            connection.execute(insert(learning_jobs).values(**values))
        return job

    def beat(self, job_id: str, done: int, total: int, at: datetime) -> None:
        """Say how far it is."""
        with self._database.writing() as connection:
            connection.execute(update(learning_jobs).where(learning_jobs.c.id == job_id).values(done=done, total=total, beat_at=at))

    def end(self, job_id: str, state: str, result: Mapping[str, Any], at: datetime) -> None:
        """Say how it ended."""
        values = {"state": state, "result": json.dumps(result, ensure_ascii=False), "beat_at": at}
        with self._database.writing() as connection:
            connection.execute(update(learning_jobs).where(learning_jobs.c.id == job_id).values(**values))

    def latest(self, kind: str, about: str) -> Job | None:
        """The newest of its kind about something."""
        return next(iter(self.all(kind, about)), None)

    def last_done(self, kind: str) -> dict[str, Job]:
        """The newest of a kind that came to its end, by what it is about."""
        here = (learning_jobs.c.council == self._council, learning_jobs.c.kind == kind, learning_jobs.c.state == DONE)
        with self._database.reading() as connection:
            rows = connection.execute(select(learning_jobs).where(*here).order_by(learning_jobs.c.started_at, learning_jobs.c.id))
            return {row.about: _job(row) for row in rows}

    def all(self, kind: str, about: str) -> tuple[Job, ...]:
        """Every one of its kind about something, the newest first."""
        here = (learning_jobs.c.council == self._council, learning_jobs.c.kind == kind, learning_jobs.c.about == about)
        query = select(learning_jobs).where(*here).order_by(learning_jobs.c.started_at.desc(), learning_jobs.c.id.desc())
        with self._database.reading() as connection:
            return tuple(_job(row) for row in connection.execute(query))


def _job(row: Row[Any]) -> Job:
    result = json.loads(row.result) if row.result else {}
    return Job(row.id, row.kind, row.about, row.by, row.started_at, row.beat_at, row.done, row.total, row.state, result)
