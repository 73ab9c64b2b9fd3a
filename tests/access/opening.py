"""An entrance over a database of the test's own, with ids and secrets that count and a clock that stands still."""

from itertools import count
from pathlib import Path

from sqlalchemy import select

from guildhall.access.entrance import Entrance
from guildhall.records.sealing import Sealer
from guildhall.storage.database import metadata
from guildhall.storage.keys import KeyRing
from guildhall.storage.record import Record
from guildhall.storage.schema import events
from guildhall.storage.staff import StaffStore
from guildhall.storage.staff_sessions import SessionStore
from guildhall.testing.house import CountingIds, FakeClock
from guildhall.vocabulary.roles import Role
from tests.storage.where import open_database

MAPPING = {"Governance.Chair": Role.BOARD_CHAIR, "Governance.Audit": Role.AUDITOR}


class Opened:
    def __init__(self, folder: Path) -> None:
        self.database = open_database(folder / "access.sqlite3")
        metadata.create_all(self.database.engine)
        self.clock, numbers = FakeClock(), count(1)
        self.staff, self.sessions = StaffStore(self.database), SessionStore(self.database)
        self.entrance = Entrance(
            self.staff,
            self.sessions,
            Record(self.database, KeyRing(Sealer(bytes(32)), open_database(folder / "access-keys.sqlite3"))),
            self.clock,
            CountingIds(),
            lambda: f"secret-{next(numbers)}",
            mapping=MAPPING,
            strong_levels=frozenset({"strong"}),
        )

    def kinds(self) -> list[str]:
        with self.database.reading() as connection:
            return list(connection.execute(select(events.c.kind).order_by(events.c.seq)).scalars())

    def facts(self) -> str:
        with self.database.reading() as connection:
            return "\n".join(connection.execute(select(events.c.facts).order_by(events.c.seq)).scalars())
