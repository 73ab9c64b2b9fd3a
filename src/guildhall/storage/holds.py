"""Holds: placed and lifted by named people, each in the record first."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update

from guildhall.records.holding import Hold
from guildhall.records.ports import Appends
from guildhall.storage.database import Database, in_lots
from guildhall.storage.rights_schema import holds
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import ConversationId, EventId
from guildhall.vocabulary.rights import EVERYTHING, HoldKind


class HoldStore:
    """Repository of holds."""

    def __init__(self, database: Database, record: Appends, clock: Callable[[], datetime], new_id: Callable[[str], str]) -> None:
        self._database = database
        self._record = record
        self._clock = clock
        self._new_id = new_id

    def place(self, kind: HoldKind, targets: Collection[str], reason: str, by: str) -> tuple[Hold, ...]:
        """One hold a conversation, or one on everything. Raises RefusedError without a name and a reason."""
        _need(by, reason)
        now = self._clock()
        made = [Hold(self._new_id("hold"), kind, target, reason.strip(), by.strip(), now) for target in dict.fromkeys(targets)]
        self._record.append([self._event(EventKind.HOLD_PLACED, hold, by) for hold in made])
        with self._database.writing() as connection:
            for hold in made:
                connection.execute(
                    insert(holds).values(
                        id=hold.id,
                        kind=kind.value,
                        target=hold.target,
                        reason=hold.reason,
                        placed_by=hold.placed_by,
                        placed_at=now,
                        lifted_by="",
                        lift_reason="",
                    )
                )
        return tuple(made)

    def lift(self, hold_id: str, reason: str, by: str) -> Hold:
        """End a hold. Raises NotFoundError when there is none of that id in force, RefusedError without a name and a reason."""
        _need(by, reason)
        hold = next((hold for hold in self.all() if hold.id == hold_id), None)
        if hold is None:
            raise NotFoundError(f"no hold {hold_id} is in force; `guildhall hold list` shows those that are")
        self._record.append([self._event(EventKind.HOLD_LIFTED, hold, by)])
        with self._database.writing() as connection:
            values = {"lifted_by": by.strip(), "lifted_at": self._clock(), "lift_reason": reason.strip()}
            connection.execute(update(holds).where(holds.c.id == hold_id).values(**values))
        return hold

    def all(self, lifted: bool = False) -> tuple[Hold, ...]:
        """Holds in force, the oldest first; with `lifted` those that ended too."""
        query = select(holds).order_by(holds.c.placed_at, holds.c.id)
        return self._read(query if lifted else query.where(holds.c.lifted_at.is_(None)))

    def on(self, conversation_ids: Collection[str]) -> tuple[Hold, ...]:
        """The holds in force that keep any of these conversations."""
        found: dict[str, Hold] = {}
        for lot in in_lots(sorted(set(conversation_ids))):
            query = select(holds).where(holds.c.lifted_at.is_(None), holds.c.target.in_([*lot, EVERYTHING]))
            found |= {hold.id: hold for hold in self._read(query.order_by(holds.c.placed_at, holds.c.id))}
        return tuple(found.values())

    def free(self, conversation_ids: Collection[str]) -> tuple[str, ...]:
        """Those that no hold keeps, in their order."""
        kept = {hold.target for hold in self.on(conversation_ids)}
        return () if EVERYTHING in kept else tuple(c for c in conversation_ids if c not in kept)

    def _read(self, query: Select[Any]) -> tuple[Hold, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return tuple(Hold(r.id, HoldKind(r.kind), r.target, r.reason, r.placed_by, r.placed_at, r.lifted_by, r.lifted_at) for r in rows)

    def _event(self, kind: EventKind, hold: Hold, by: str) -> Event:
        where = None if hold.target == EVERYTHING else ConversationId(hold.target)
        facts = {"hold": hold.id, "kind": hold.kind.value, "target": hold.target, "by": by.strip()}
        return Event(EventId(self._new_id("event")), kind, self._clock(), where, None, facts)


def _need(by: str, reason: str) -> None:
    if not by.strip() or not reason.strip():
        raise RefusedError("a hold is placed and lifted by a named person with a reason; give --as NAME and --reason TEXT.")
