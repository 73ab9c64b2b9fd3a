"""Counts for whoever runs the desk: how much each adviser has, and how often a promise was not kept."""

from datetime import datetime

from sqlalchemy import func, select

from guildhall.storage.database import Database
from guildhall.storage.schema import handoffs
from guildhall.vocabulary.handoffs import HandoffStatus


class FloorReader:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> dict[str, int]:
        """How many conversations each adviser has; what is put aside does not count. Who has none is left out."""
        mine = (handoffs.c.status == HandoffStatus.ACCEPTED.value, handoffs.c.adviser_id != "")
        count = func.count(func.distinct(handoffs.c.conversation_id))
        with self._database.reading() as connection:
            rows = connection.execute(select(handoffs.c.adviser_id, count).where(*mine).group_by(handoffs.c.adviser_id)).all()
        return {row[0]: int(row[1]) for row in rows}

    def breaches(self, since: datetime) -> dict[str, int]:
        """How often the promise that somebody joins was not kept since then, by queue."""
        query = select(handoffs.c.queue, func.count()).where(handoffs.c.breached_at >= since).group_by(handoffs.c.queue)
        with self._database.reading() as connection:
            return {row[0]: int(row[1]) for row in connection.execute(query)}
