"""Reads what a desk's line is made of: every request that is not over, what came from the same source lately, who passed what on."""

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from guildhall.handoffs.expecting import Join
from guildhall.handoffs.ordering import Came
from guildhall.storage.database import Database
from guildhall.storage.handoffs import handoff_of
from guildhall.storage.schema import conversations, events, handoffs
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import LIVE, Handoff, HandoffStatus, Lane


class LineReader:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self) -> tuple[Handoff, ...]:
        """Every request that is not over, the oldest first."""
        return self._find(handoffs.c.status.in_(LIVE))

    def changed_since(self, seq: int) -> tuple[Handoff, ...]:
        """Every request, over or not, of the conversations in which something happened after that event."""
        moved = select(events.c.conversation_id).where(events.c.seq > seq, events.c.conversation_id.is_not(None))
        return self._find(handoffs.c.conversation_id.in_(moved))

    def _find(self, where: ColumnElement[bool]) -> tuple[Handoff, ...]:
        query = select(handoffs, conversations.c.source).join(conversations, conversations.c.id == handoffs.c.conversation_id)
        with self._database.reading() as connection:
            found = connection.execute(query.where(where).order_by(handoffs.c.requested_at)).all()
        return tuple(handoff_of(row) for row in found)

    def danger_since(self, since: datetime) -> tuple[Came, ...]:
        """Every request about danger since then whose source is known, whatever became of it."""
        query = select(handoffs.c.id, conversations.c.source, handoffs.c.requested_at)
        query = query.join(conversations, conversations.c.id == handoffs.c.conversation_id)
        danger = (handoffs.c.requested_at >= since, handoffs.c.lane == Lane.DANGER.value, conversations.c.source != "")
        with self._database.reading() as connection:
            return tuple(Came(*row) for row in connection.execute(query.where(*danger)))

    def load(self) -> Mapping[str, int]:
        """How many conversations each adviser has or is being asked to take, without those put aside."""
        busy = handoffs.c.status.in_((HandoffStatus.OFFERED, HandoffStatus.ACCEPTED))
        count = func.count(handoffs.c.conversation_id.distinct())
        with self._database.reading() as connection:
            rows = connection.execute(select(handoffs.c.adviser_id, count).where(busy).group_by(handoffs.c.adviser_id)).all()
        return {row[0]: int(row[1]) for row in rows}

    def joins_since(self, since: datetime) -> Mapping[str, tuple[Join, ...]]:
        """Residents who asked since then, waited in the conversation and were joined, by queue."""
        query = select(handoffs.c.queue, handoffs.c.requested_at, handoffs.c.queued_at, handoffs.c.met_at)
        met = (handoffs.c.requested_at >= since, handoffs.c.met_at.is_not(None), handoffs.c.live.is_(True))
        found: dict[str, list[Join]] = defaultdict(list)
        with self._database.reading() as connection:
            for row in connection.execute(query.where(*met)):
                waited = row.queued_at if row.queued_at and row.queued_at <= row.met_at else row.requested_at
                found[row.queue].append(Join(waited, row.met_at))
        return {queue: tuple(joins) for queue, joins in found.items()}

    def passed_since(self, since: datetime) -> Mapping[str, Mapping[str, datetime]]:
        """For each request that was passed back since then: who had it, or was asked, and when they last passed it back."""
        found: dict[str, dict[str, datetime]] = defaultdict(dict)
        query = select(events.c.facts, events.c.at).where(events.c.kind == EventKind.HANDOFF_PASSED_BACK.value, events.c.at >= since)
        with self._database.reading() as connection:
            for row in connection.execute(query.order_by(events.c.seq)):
                facts = json.loads(row.facts)
                found[facts["reference"]][facts["had"]] = row.at
        return found

    def last_change(self) -> int:
        """The number of the newest event: while it stays, nothing about a line has changed but the time."""
        with self._database.reading() as connection:
            return int(connection.execute(select(func.max(events.c.seq))).scalar() or 0)
