"""Requests for a person as the console counts them: when they came, what was promised, when an adviser took over. No names, no numbers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from guildhall.handoffs.waiting import Wait
from guildhall.storage.database import Database
from guildhall.storage.people import OPEN
from guildhall.storage.schema import callbacks, handoffs
from guildhall.vocabulary.calls import CallStanding
from guildhall.vocabulary.handoffs import Lane


class WaitReader:
    """Reads requests for a person. `desk_open` says whether a queue's desk is open at a time."""

    def __init__(self, database: Database, desk_open: Callable[[str, datetime], bool]) -> None:
        self._database, self._desk_open = database, desk_open

    def since(self, start: datetime) -> tuple[Wait, ...]:
        """Every request since then, newest first."""
        return self._read(handoffs.c.requested_at >= start)

    def open_now(self) -> tuple[Wait, ...]:
        """Those that wait: urgent ones first, then the longest waiting."""
        found = self._read(handoffs.c.status.in_(OPEN))
        return tuple(sorted(found, key=lambda wait: (not wait.urgent, wait.requested_at)))

    def by_reference(self, reference: str) -> Wait | None:
        """The request of that reference."""
        return next(iter(self._read(handoffs.c.reference == reference)), None)

    def _read(self, condition: Any) -> tuple[Wait, ...]:
        query = (
            select(handoffs, callbacks.c.slot_starts_at)
            .outerjoin(callbacks, callbacks.c.handoff_id == handoffs.c.id)
            .where(condition)
            .order_by(handoffs.c.requested_at.desc())
        )
        with self._database.reading() as connection:
            return tuple(self._wait(row) for row in connection.execute(query))

    def _wait(self, row: Any) -> Wait:
        return Wait(
            row.reference, row.conversation_id, row.queue, row.reason, row.category, row.urgent, row.requested_at,
            self._desk_open(row.queue, row.requested_at), row.status in OPEN, row.slot_starts_at, row.met_at,
            row.first_reply_at, Lane(row.lane), CallStanding(row.call),
        )  # fmt: skip
