"""Events of one kind with the words that a resident gave with them, read back for one conversation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import events, payloads
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import EventKind


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `words` are empty once they were erased."""

    id: str
    conversation_id: str
    at: datetime
    facts: Mapping[str, Any]
    words: Mapping[str, Any] = field(default_factory=dict, repr=False)


def told(database: Database, keys: KeyRing, kind: EventKind, *where: ColumnElement[bool]) -> tuple[Told, ...]:
    """The events of a kind, the oldest first."""
    query = select(events, payloads.c.sealed).outerjoin(payloads, payloads.c.event_id == events.c.id)
    with database.reading() as connection:
        rows = connection.execute(query.where(events.c.kind == kind.value, *where).order_by(events.c.seq)).all()
    return tuple(Told(row.id, row.conversation_id, row.at, json.loads(row.facts), _words(keys, row)) for row in rows)


def _words(keys: KeyRing, row: Any) -> Mapping[str, Any]:
    if not row.sealed:
        return {}
    try:
        words: dict[str, Any] = keys.sealer.open(keys.get(row.conversation_id), row.sealed, row.id)
    except NotFoundError:
        return {}  # erased: the facts stay
    return words
