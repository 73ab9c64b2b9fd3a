"""Misses found later: the register of cases."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, String, Table, Text, insert, select, update

from guildhall.storage.database import Database, UtcDateTime, metadata
from guildhall.vocabulary.errors import NotFoundError
from guildhall.vocabulary.ids import ConversationId, TurnId
from guildhall.vocabulary.misses import FoundBy, Miss, MissKind

misses = Table(
    "misses",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("turn_id", String(40), nullable=False, index=True),
    Column("conversation_id", String(40), nullable=False),
    Column("turn_at", UtcDateTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("category", String(40), nullable=False),
    Column("found_by", String(40), nullable=False),
    Column("found_at", UtcDateTime, nullable=False, index=True),
    Column("recorded_by", String(40), nullable=False),
    Column("learned", Text, nullable=False),
    Column("closed_at", UtcDateTime),
)


class MissStore:
    """Repository of misses. A case is closed, never taken out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, miss: Miss) -> None:
        """Keep a case."""
        values = {name: getattr(miss, name) for name in Miss.__slots__}
        with self._database.writing() as connection:
            connection.execute(insert(misses).values(values | {"kind": miss.kind.value, "found_by": miss.found_by.value}))

    def close(self, miss_id: str, learned: str, at: datetime) -> None:
        """Say what was learned. Raises NotFoundError when there is no such open case."""
        with self._database.writing() as connection:
            query = update(misses).where(misses.c.id == miss_id, misses.c.closed_at.is_(None)).values(learned=learned, closed_at=at)
            if connection.execute(query).rowcount != 1:
                raise NotFoundError(f"there is no open case {miss_id}")

    def get(self, miss_id: str) -> Miss | None:
        """The case of that id."""
        return next(iter(self._found(misses.c.id == miss_id)), None)

    def of_turn(self, turn_id: str) -> tuple[Miss, ...]:
        """The cases of one turn."""
        return self._found(misses.c.turn_id == turn_id)

    def everything(self) -> tuple[Miss, ...]:
        """Every case: open ones first, then the newest."""
        return tuple(sorted(self._found(), key=lambda miss: (miss.closed_at is not None, -miss.found_at.timestamp())))

    def _found(self, *conditions: Any) -> tuple[Miss, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(misses).where(*conditions).order_by(misses.c.found_at)).all()
        return tuple(
            Miss(
                row.id, TurnId(row.turn_id), ConversationId(row.conversation_id), row.turn_at, MissKind(row.kind), row.category,
                FoundBy(row.found_by), row.found_at, row.recorded_by, row.learned, row.closed_at,
            )
            for row in rows
        )  # fmt: skip
