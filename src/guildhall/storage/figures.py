"""Read-only questions to the record for papers and the board: how many, how it ended, how long it took. Never what was said.

`QUERIES` names them, so that a paper can say which question a figure answers.
"""

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, String, and_, func, inspect, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from guildhall.storage.database import Database
from guildhall.storage.schema import conversations, events, handoffs
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.figures import Figures

QUERIES: Final[dict[str, str]] = {
    "conversations": "Conversations started in the period, and by which channel.",
    "turns": "Turns completed in the period.",
    "languages": "Turns by the language of the utterance.",
    "outcomes": "Turns by how they ended.",
    "person": "Turns in which a person was offered, brought in, or neither.",
    "composers": "Turns by what composed the answer.",
    "handoffs": "Requests for a person, the urgent ones, and callbacks booked.",
    "latency": "Time from the utterance to the end of the turn: half, and 95 in 100.",
    "versions": "Detectors and models of the latest turn.",
}
TIMED: Final = 5_000
"""Latency is read from so many of the latest turns."""
LEAST_TIMED: Final = 10


class json_text(FunctionElement[str]):  # noqa: N801  (it is written as the SQL function it is)
    """A key of a column of JSON text, as text, on SQLite and PostgreSQL alike."""

    inherit_cache = True
    type = String()
    name = "json_text"


@compiles(json_text, "sqlite")
def _on_sqlite(element: json_text, compiler: Any, **options: Any) -> str:
    column, key = element.clauses
    return f"json_extract({compiler.process(column, **options)}, '$.' || {compiler.process(key, **options)})"


@compiles(json_text, "postgresql")
def _on_postgresql(element: json_text, compiler: Any, **options: Any) -> str:
    column, key = element.clauses
    return f"(CAST({compiler.process(column, **options)} AS json) ->> CAST({compiler.process(key, **options)} AS text))"


class FiguresStore:
    """Counts of one council's part of the record."""

    def __init__(self, database: Database, council: str) -> None:
        self._database, self._council = database, council

    @property
    def ready(self) -> bool:
        """Whether there is a record to ask."""
        return bool(inspect(self._database.engine).has_table(events.name))

    def between(self, since: datetime, until: datetime) -> Figures:
        """The figures of a period, from its start up to but not including its end."""
        with self._database.reading() as connection:
            by_channel = self._grouped(connection, conversations.c.channel, self._started(since, until))
            turns = self._turns(since, until)
            asked = select(handoffs.c.urgent, func.count()).join(conversations, conversations.c.id == handoffs.c.conversation_id)
            asked = asked.where(conversations.c.council == self._council, _within(handoffs.c.requested_at, since, until))
            urgent = {bool(row[0]): int(row[1]) for row in connection.execute(asked.group_by(handoffs.c.urgent))}
            booked = self._events(EventKind.CALLBACK_BOOKED, since, until)
            counted = self._by(connection, turns, ("language", "outcome", "person", "composer"))
            return Figures(
                since=since,
                until=until,
                conversations=sum(by_channel.values()),
                turns=sum(counted["outcome"].values()),
                by_channel=by_channel,
                by_language=counted["language"],
                by_outcome=counted["outcome"],
                by_person=counted["person"],
                by_composer={name: count for name, count in counted["composer"].items() if name},
                handoffs=sum(urgent.values()),
                urgent_handoffs=urgent.get(True, 0),
                callbacks=int(connection.execute(select(func.count()).select_from(booked.subquery())).scalar_one()),
                latency_ms=_latency(connection, turns),
                versions=_versions(connection, turns),
            )

    def _started(self, since: datetime, until: datetime) -> ColumnElement[bool]:
        return and_(conversations.c.council == self._council, _within(conversations.c.started_at, since, until))

    def _turns(self, since: datetime, until: datetime) -> Select[Any]:
        return self._events(EventKind.TURN_COMPLETED, since, until)

    def _events(self, kind: EventKind, since: datetime, until: datetime) -> Select[Any]:
        joined = events.join(conversations, conversations.c.id == events.c.conversation_id)
        query = select(events.c.seq, events.c.facts, events.c.at).select_from(joined)
        return query.where(events.c.kind == kind.value, conversations.c.council == self._council, _within(events.c.at, since, until))

    def _grouped(self, connection: Connection, column: ColumnElement[str], where: ColumnElement[bool]) -> dict[str, int]:
        query = select(column, func.count()).where(where).group_by(column).order_by(column)
        return {str(row[0]): int(row[1]) for row in connection.execute(query)}

    def _by(self, connection: Connection, turns: Select[Any], keys: tuple[str, ...]) -> dict[str, dict[str, int]]:
        """Turns by each key, from one reading of the rows: combinations are few, turns are many."""
        inner = turns.subquery()
        named = select(*(json_text(inner.c.facts, key).label(key) for key in keys)).select_from(inner).subquery()
        columns = [named.c[key] for key in keys]
        found: dict[str, dict[str, int]] = {key: {} for key in keys}
        for row in connection.execute(select(*columns, func.count()).group_by(*columns).order_by(*columns)):
            for key, value in zip(keys, row, strict=False):
                found[key][str(value or "")] = found[key].get(str(value or ""), 0) + int(row[-1])
        return found


def _within(column: ColumnElement[datetime], since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(column >= since, column < until)


def _latency(connection: Connection, turns: Select[Any]) -> tuple[float, float] | None:
    latest = turns.order_by(events.c.seq.desc()).limit(TIMED)
    times = sorted(sum(json.loads(row.facts)["timings_ms"].values()) for row in connection.execute(latest))
    if len(times) < LEAST_TIMED:
        return None
    return times[(len(times) - 1) // 2], times[min(len(times) - 1, int(0.95 * len(times)))]


def _versions(connection: Connection, turns: Select[Any]) -> tuple[str, ...]:
    row = connection.execute(turns.order_by(events.c.seq.desc()).limit(1)).first()
    return tuple(json.loads(row.facts).get("versions", ())) if row else ()
