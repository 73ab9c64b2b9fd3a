"""Fairness runs and waivers, one row each, kept for ever; and the board's keys as enrolment keeps them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Date, Float, Index, String, Table, Text, insert, select

from guildhall.storage.database import Database, UtcDateTime, metadata
from guildhall.storage.governance_schema import board_members
from guildhall.vocabulary.fairness import Waiver
from guildhall.vocabulary.roles import Role

fairness_runs = Table(
    "fairness_runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("pack", String(64), nullable=False),
    Column("found", Text, nullable=False),
    Index("ix_fairness_runs_council_at", "council", "at"),
)

fairness_waivers = Table(
    "fairness_waivers",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("council", String(64), nullable=False, index=True),
    Column("slice", String(64), nullable=False),
    Column("measure", String(32), nullable=False),
    Column("points", Float, nullable=False),
    Column("by", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("minute", String(200), nullable=False),
    Column("signed_at", UtcDateTime, nullable=False),
    Column("until", Date, nullable=False),
    Column("signature", String(120), nullable=False),
)
_KEPT = tuple(field.name for field in fields(Waiver))


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as it was kept. `found` is the comparison as JSON data."""

    id: str
    at: datetime
    pack: str
    found: dict[str, Any]


class FairnessStore:
    """Repository of one council's fairness runs and waivers."""

    def __init__(self, database: Database, council: str, new_id: Callable[[str], str]) -> None:
        self._database, self._council, self._new_id = database, council, new_id

    def add_run(self, at: datetime, pack: str, found: dict[str, Any]) -> str:
        """Keep a run; its id."""
        run = self._new_id("fairness")
        with self._database.writing() as connection:
            connection.execute(
                insert(fairness_runs).values(
                    id=run, council=self._council, at=at, pack=pack, found=json.dumps(found, ensure_ascii=False, separators=(",", ":"))
                )
            )
        return run

    def last_run(self) -> StoredRun | None:
        """The newest run, or None when there has been none."""
        runs = self.runs(1)
        return runs[0] if runs else None

    def runs(self, limit: int = 20) -> tuple[StoredRun, ...]:
        """Runs, newest first."""
        query = select(fairness_runs).where(fairness_runs.c.council == self._council).order_by(fairness_runs.c.at.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(StoredRun(row.id, row.at, row.pack, json.loads(row.found)) for row in connection.execute(query))

    def add_waiver(self, waiver: Waiver) -> str:
        """Keep a signed waiver; its id."""
        kept = self._new_id("waiver")
        values = {name: getattr(waiver, name) for name in _KEPT}
        with self._database.writing() as connection:
            connection.execute(insert(fairness_waivers).values(id=kept, **values))
        return kept

    def waivers(self) -> tuple[Waiver, ...]:
        """Every waiver ever signed, newest first."""
        query = select(fairness_waivers).where(fairness_waivers.c.council == self._council).order_by(fairness_waivers.c.signed_at.desc())
        with self._database.reading() as connection:
            return tuple(Waiver(**{name: row._mapping[name] for name in _KEPT}) for row in connection.execute(query))


class EnrolledBoard:
    """The board as enrolment keeps it."""

    def __init__(self, database: Database, council: str) -> None:
        self._database, self._council = database, council

    def public_key(self, name: str) -> str | None:
        """A member's public key, or None."""
        row = self._row(name)
        return str(row.public_key) if row else None

    def roles(self, name: str) -> tuple[Role, ...]:
        """A member's roles."""
        row = self._row(name)
        return tuple(Role(role) for role in json.loads(row.roles)) if row else ()

    def _row(self, name: str) -> Any:
        with self._database.reading() as connection:
            query = select(board_members).where(board_members.c.council == self._council, board_members.c.name == name)
            return connection.execute(query).one_or_none()
