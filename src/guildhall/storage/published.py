"""Published figures: written once with their event, superseded once with another, never edited."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from guildhall.storage.database import Database
from guildhall.storage.published_schema import published_figures as table
from guildhall.storage.record import write_events
from guildhall.value.measures.units import Unit
from guildhall.value.publishing import Beside, Checked, PublishedFigure
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.events import Event, EventKind
from guildhall.vocabulary.ids import EventId


class PublishedStore:
    """Repository of one council's published figures."""

    def __init__(self, database: Database, council: str, new_id: Callable[[str], str]) -> None:
        self._database, self._council, self._new_id = database, council, new_id

    def add(self, figure: PublishedFigure) -> None:
        """Keep a figure, with its event."""
        facts = {
            "figure": figure.id, "measure": figure.measure, "value": figure.value, "n": figure.n, "since": figure.since.isoformat(),
            "until": figure.until.isoformat(), "where": dict(figure.where), "query_hash": figure.query_hash,
            "definition_hash": figure.definition_hash, "by": figure.approver,
        }  # fmt: skip
        with self._database.writing() as connection:
            connection.execute(insert(table).values(_values(figure)))
            write_events(connection, None, [self._event(EventKind.FIGURE_PUBLISHED, figure.published_at, facts)])

    def supersede(self, figure: PublishedFigure, why: str, by: str, at: datetime) -> bool:
        """Say that a figure no longer stands, with its event. False when somebody said so before."""
        with self._database.writing() as connection:
            still = table.c.id == figure.id, table.c.council == self._council, table.c.superseded_at.is_(None)
            done = connection.execute(update(table).where(*still).values(superseded_at=at, superseded_why=why, checked_at=at)).rowcount
            if done:
                facts = {"figure": figure.id, "measure": figure.measure, "why": why, "by": by}
                write_events(connection, None, [self._event(EventKind.FIGURE_SUPERSEDED, at, facts)])
        return bool(done)

    def checked(self, one: Checked, by: str, at: datetime) -> PublishedFigure:
        """The figure after it was made again: still standing and checked now, or superseded."""
        if one.matches:
            with self._database.writing() as connection:
                connection.execute(update(table).where(table.c.id == one.figure.id).values(checked_at=at))
            return replace(one.figure, checked_at=at)
        self.supersede(one.figure, one.why, by, at)
        return self.get(one.figure.id)

    def get(self, figure_id: str) -> PublishedFigure:
        """The figure of that id. Raises NotFoundError."""
        with self._database.reading() as connection:
            row = connection.execute(select(table).where(table.c.council == self._council, table.c.id == figure_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no published figure {figure_id}; `guildhall value published` lists them.")
        return _figure(row)

    def all(self) -> tuple[PublishedFigure, ...]:
        """Every figure, the newest first."""
        with self._database.reading() as connection:
            query = select(table).where(table.c.council == self._council).order_by(table.c.published_at.desc(), table.c.id.desc())
            return tuple(_figure(row) for row in connection.execute(query))

    def _event(self, kind: EventKind, at: datetime, facts: dict[str, Any]) -> Event:
        return Event(EventId(self._new_id("event")), kind, at, facts={"council": self._council, **facts})


def _values(figure: PublishedFigure) -> dict[str, Any]:
    plain = {name: getattr(figure, name) for name in PublishedFigure.__slots__ if name not in ("where", "definition", "beside", "unit")}
    return plain | {
        "unit": figure.unit.value,
        "narrowed": json.dumps(dict(figure.where), sort_keys=True, ensure_ascii=False),
        "definition": json.dumps(dict(figure.definition), sort_keys=True, ensure_ascii=False),
        "beside": json.dumps([asdict(one) for one in figure.beside], ensure_ascii=False),
    }


def _figure(row: Row[Any]) -> PublishedFigure:
    plain = {name: getattr(row, name) for name in PublishedFigure.__slots__ if name not in ("where", "definition", "beside", "unit")}
    return PublishedFigure(
        **plain,
        unit=Unit(row.unit),
        where=json.loads(row.narrowed),
        definition=json.loads(row.definition),
        beside=tuple(Beside(**one) for one in json.loads(row.beside)),
    )
