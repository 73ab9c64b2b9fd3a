"""What the record knows of a desk's day: promises that were not kept, and how long residents waited for a human voice."""

import json
from datetime import datetime

from sqlalchemy import select

from guildhall.handoffs.figures import Answered, Broken
from guildhall.storage.database import Database
from guildhall.storage.schema import events, handoffs
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import Lane, Promise


class QueueFiguresReader:
    """Reads only, and no words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def broken_since(self, since: datetime) -> tuple[Broken, ...]:
        """Promises that were not kept since then."""
        query = select(events.c.facts).where(events.c.kind == EventKind.HANDOFF_BREACHED.value, events.c.at >= since)
        with self._database.reading() as connection:
            facts = [json.loads(row) for row in connection.execute(query.order_by(events.c.seq)).scalars()]
        return tuple(Broken(one["queue"], Promise(one["promise"])) for one in facts)

    def answered_since(self, since: datetime) -> tuple[Answered, ...]:
        """Requests made since then whose resident has heard from an adviser."""
        query = select(handoffs.c.queue, handoffs.c.lane, handoffs.c.requested_at, handoffs.c.first_reply_at)
        heard = (handoffs.c.requested_at >= since, handoffs.c.first_reply_at.is_not(None))
        with self._database.reading() as connection:
            rows = connection.execute(query.where(*heard)).all()
        return tuple(Answered(row.queue, Lane(row.lane), row.requested_at, row.first_reply_at) for row in rows)
