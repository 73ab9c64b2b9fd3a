"""What is on the floor of the desk now: every request that is not over, with no words and no names of residents."""

from datetime import datetime

from sqlalchemy import func, select

from guildhall.storage.database import Database
from guildhall.storage.handoffs import handoff_of
from guildhall.storage.schema import handoffs
from guildhall.vocabulary.handoffs import LIVE, Handoff, HandoffStatus


class FloorReader:
    """Reads handoffs for whoever runs the desk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self) -> tuple[Handoff, ...]:
        """Every request that is not over, the oldest first."""
        query = select(handoffs).where(handoffs.c.status.in_(LIVE)).order_by(handoffs.c.requested_at, handoffs.c.id)
        with self._database.reading() as connection:
            return tuple(handoff_of(row) for row in connection.execute(query))

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
