"""How handoffs ended: taken back in the first minute, counted, given out as rows without words, and looked at by a supervisor."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from guildhall.handoffs.misdirection import Ending
from guildhall.storage.database import Database
from guildhall.storage.desk_schema import labels
from guildhall.storage.handoffs import EventWriter, HandoffStore, NotTheOwnerError, lock, locked, own
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import handoffs
from guildhall.storage.tools_schema import looks
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.handoffs import Handoff, HandoffStatus
from guildhall.vocabulary.turns import Owner

UNDO_WITHIN: Final = timedelta(seconds=60)
COLUMNS: Final = (
    "reference", "queue", "reason", "category", "lane", "status", "language", "service", "live", "requested_at", "taken_at", "met_at",
    "first_reply_at", "closed_at", "seconds_to_adviser", "seconds_to_first_reply", "minutes_to_close", "returned", "overflowed_from",
    "breached_at", "wrap_up", "right_team", "right_queue", "labels",
)  # fmt: skip
"""The columns of the export. No words, no names, nobody's number."""


@dataclass(frozen=True, slots=True)
class Look:
    """What an adviser asked a supervisor to look at. `looked_at` is None until somebody has."""

    reference: str
    conversation_id: str
    asked_by: str
    asked_at: datetime
    looked_by: str = ""
    looked_at: datetime | None = None


class EndingStore:
    """Repository of what became of handoffs."""

    def __init__(self, database: Database, keys: KeyRing, new_id: Callable[[str], str]) -> None:
        self._database = database
        self._handoffs = HandoffStore(database, keys, new_id)
        self._writer = EventWriter(keys, new_id)

    def may_undo(self, reference: str, staff_id: str, now: datetime) -> bool:
        """Whether the wrap-up can still be taken back by whoever made it."""
        found = self._handoffs.get(reference)
        return _undone_by(found, staff_id, now)

    def undo(self, reference: str, staff_id: str, at: datetime) -> Handoff:
        """Take a wrap-up back: the adviser has the conversation again. Raises NotTheOwnerError after a minute, or once it has moved on."""
        with self._database.writing() as connection:
            found = locked(connection, reference)
            owner = lock(connection, found.conversation_id)
            if not _undone_by(found, staff_id, at) or owner.owner != Owner.CLOSED.value:
                raise NotTheOwnerError(f"the wrap-up of {reference} can no longer be taken back")
            together = (handoffs.c.conversation_id == found.conversation_id, handoffs.c.closed_at == found.closed_at)
            again = {"status": HandoffStatus.ACCEPTED.value, "wrap_up": "", "right_team": None, "right_queue": "", "closed_at": None}
            connection.execute(update(handoffs).where(*together, handoffs.c.adviser_id == staff_id).values(**again))
            connection.execute(looks.delete().where(looks.c.reference == reference, looks.c.looked_at.is_(None)))
            facts = {"reference": reference, "by": staff_id, "wrap_up": found.wrap_up}
            self._writer.note(connection, EventKind.HANDOFF_REOPENED, at, found.conversation_id, facts)
            own(connection, self._writer, found.conversation_id, Owner.ADVISER, staff_id, at)
        return self._handoffs.get(reference)

    def endings(self, since: datetime) -> tuple[Ending, ...]:
        """What was wrapped up since then, with whether it had reached the right team."""
        query = select(handoffs.c.queue, handoffs.c.service, handoffs.c.right_team, handoffs.c.right_queue).where(
            handoffs.c.closed_at >= since, handoffs.c.status == HandoffStatus.CLOSED.value, handoffs.c.right_team.is_not(None)
        )
        with self._database.reading() as connection:
            return tuple(Ending(row.queue, row.service, bool(row.right_team), row.right_queue) for row in connection.execute(query))

    def handled(self, since: datetime, until: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each handoff that was asked for in between: its conversation's id, and its row for the export. The oldest first."""
        query = select(handoffs).where(handoffs.c.requested_at >= since, handoffs.c.requested_at < until)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(handoffs.c.requested_at, handoffs.c.reference)).all()
            marked: dict[str, list[str]] = {}
            for label in connection.execute(select(labels).order_by(labels.c.label)):
                marked.setdefault(label.conversation_id, []).append(label.label)
        for row in rows:
            yield row.conversation_id, _exported(row, marked.get(row.conversation_id, []))

    def to_look_at(self) -> tuple[Look, ...]:
        """What supervisors are asked to look at and have not, the oldest first."""
        query = select(looks).where(looks.c.looked_at.is_(None)).order_by(looks.c.asked_at)
        with self._database.reading() as connection:
            return tuple(
                Look(row.reference, row.conversation_id, row.asked_by, row.asked_at, row.looked_by, row.looked_at)
                for row in connection.execute(query)
            )

    def looked(self, reference: str, by: str, at: datetime) -> bool:
        """A supervisor has looked at it; false when somebody did before."""
        with self._database.writing() as connection:
            row = connection.execute(select(looks.c.conversation_id).where(looks.c.reference == reference)).first()
            if row is None:
                return False
            lock(connection, row.conversation_id)
            open_one = (looks.c.reference == reference, looks.c.looked_at.is_(None))
            if not connection.execute(update(looks).where(*open_one).values(looked_by=by, looked_at=at)).rowcount:
                return False
            self._writer.note(connection, EventKind.SUPERVISOR_LOOKED, at, row.conversation_id, {"reference": reference, "by": by})
        return True


def _undone_by(found: Handoff, staff_id: str, now: datetime) -> bool:
    mine = found.status == HandoffStatus.CLOSED and found.adviser_id == staff_id
    return mine and found.closed_at is not None and now - found.closed_at <= UNDO_WITHIN


def _exported(row: Any, marked: list[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in COLUMNS if hasattr(row, name)}
    values["seconds_to_adviser"] = _seconds(row.requested_at, row.met_at)
    values["seconds_to_first_reply"] = _seconds(row.requested_at, row.first_reply_at)
    closing = _seconds(row.requested_at, row.closed_at)
    values["minutes_to_close"] = closing // 60 if closing is not None else None
    values["labels"] = "; ".join(marked)
    return {name: _plain(values[name]) for name in COLUMNS}


def _seconds(start: datetime, end: datetime | None) -> int | None:
    return int((end - start).total_seconds()) if end else None


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)
