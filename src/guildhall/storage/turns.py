"""Finished turns as the console reads them: their facts, never their words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, literal, or_, select

from guildhall.storage.database import Database
from guildhall.storage.knowledge import passages
from guildhall.storage.schema import events, handoffs
from guildhall.vocabulary.events import EventKind

COUNTED_AT_MOST = 10_000
SHORTEST_PART_OF_AN_ID = 6
WHOLE_IDS = ("conv_", "turn_")


@dataclass(frozen=True, slots=True)
class FinishedTurn:
    """One turn and its facts, as they were recorded."""

    id: str
    conversation_id: str
    at: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which turns are looked for; what is empty does not count. `about` is a reference, a conversation or a turn."""

    about: str = ""
    since: datetime | None = None
    until: datetime | None = None
    outcome: str = ""
    category: str = ""
    rule: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class KnownPassage:
    """A passage that search brought back, as it stands now."""

    title: str
    section: str
    url: str
    updated: str


class TurnReader:
    """Reads turns out of the record."""

    def __init__(self, database: Database, council: str) -> None:
        self._database, self._council = database, council

    def search(self, sought: Sought, limit: int, offset: int = 0) -> tuple[FinishedTurn, ...]:
        """The turns, newest first."""
        query = select(events).where(*_where(sought)).order_by(events.c.at.desc(), events.c.seq.desc()).limit(limit).offset(offset)
        with self._database.reading() as connection:
            return tuple(_turn(row) for row in connection.execute(query))

    def count(self, sought: Sought) -> int:
        """How many turns, counted to ten thousand and one."""
        some = select(literal(1)).select_from(events).where(*_where(sought)).limit(COUNTED_AT_MOST + 1).subquery()
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(some)).scalar_one())

    def get(self, conversation_id: str, turn_id: str) -> FinishedTurn | None:
        """The finished turn of that id in that conversation."""
        query = select(events).where(
            events.c.conversation_id == conversation_id, events.c.turn_id == turn_id, events.c.kind == EventKind.TURN_COMPLETED.value
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        return _turn(row) if row else None

    def tally(self, field: str, values: Sequence[str], since: datetime) -> dict[str, int]:
        """How many turns since then have each value of a fact; under the empty key, all of them."""
        sums = [func.sum(case((events.c.facts.contains(_pair(field, value), autoescape=True), 1), else_=0)) for value in values]
        query = select(func.count(), *sums).where(events.c.kind == EventKind.TURN_COMPLETED.value, events.c.at >= since)
        with self._database.reading() as connection:
            row = connection.execute(query).one()
        return {"": int(row[0])} | {value: int(row[place] or 0) for place, value in enumerate(values, 1)}

    def conversations(self, since: datetime) -> int:
        """How many conversations started since then."""
        query = select(func.count()).where(events.c.kind == EventKind.CONVERSATION_STARTED.value, events.c.at >= since)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def passages(self, ids: Sequence[str]) -> dict[str, KnownPassage]:
        """What the passages are now; one that was taken out is not among them."""
        if not ids:
            return {}
        query = select(passages).where(passages.c.council == self._council, passages.c.id.in_(list(ids)))
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {row.id: KnownPassage(row.title, row.section, row.url, row.updated) for row in rows}


def _where(sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [events.c.kind == EventKind.TURN_COMPLETED.value]
    if sought.since:
        found.append(events.c.at >= sought.since)
    if sought.until:
        found.append(events.c.at < sought.until)
    if sought.about:
        found.append(_about(sought.about))
    for field in ("outcome", "category", "language"):
        if value := getattr(sought, field):
            found.append(events.c.facts.contains(_pair(field, value), autoescape=True))
    if sought.rule:
        found.append(and_(events.c.facts.contains(f'"{sought.rule}@', autoescape=True), events.c.facts.contains("#")))
    return found


def _about(text: str) -> ColumnElement[bool]:
    if text.startswith(WHOLE_IDS):
        return or_(events.c.turn_id == text, events.c.conversation_id == text)
    # a request's reference leads to its conversation by an index, and there to the turn that gave it
    asked_in = select(handoffs.c.conversation_id).where(handoffs.c.reference == text.upper())
    reference = and_(events.c.conversation_id.in_(asked_in), events.c.facts.contains(_pair("reference", text.upper()), autoescape=True))
    if len(text) < SHORTEST_PART_OF_AN_ID:
        return reference
    return or_(reference, events.c.conversation_id.endswith(text, autoescape=True))  # a printed copy shows the end of the id


def _pair(field: str, value: str) -> str:
    return f'"{field}":{json.dumps(value, ensure_ascii=False)}'


def _turn(row: Row[Any]) -> FinishedTurn:
    return FinishedTurn(row.turn_id, row.conversation_id, row.at, json.loads(row.facts))
