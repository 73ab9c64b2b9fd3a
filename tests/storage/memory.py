"""A database in a folder of the test's own, with ids that count and a clock that stands still."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from guildhall.records.sealing import Sealer
from guildhall.storage import governance_schema, log, rights_schema, schema
from guildhall.storage.conversations import ConversationStore
from guildhall.storage.database import metadata
from guildhall.storage.keys import KeyRing
from guildhall.storage.people import PeopleStore
from guildhall.storage.record import Record
from guildhall.storage.tombstones import TombstoneFile
from tests.storage.where import open_database

NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


class Memory:
    """Every repository over one database."""

    def __init__(self, path: Path) -> None:
        assert governance_schema.policy_packs is not None
        assert schema.events is not None and rights_schema.holds is not None
        self.database = open_database(path)
        assert log.log_records is not None
        metadata.create_all(self.database.engine)
        self.erased = TombstoneFile(path.with_suffix(".erased"))
        self.keys = KeyRing(Sealer(bytes(32)), open_database(path.with_suffix(".keys")), self.erased)
        self.new_id = counting()
        self.record = Record(self.database, self.keys)
        self.conversations = ConversationStore(self.database, self.keys, "testshire", self.new_id, lambda: "secret")
        references = count(1)
        self.people = PeopleStore(self.database, self.keys, self.new_id, lambda: f"REF-{next(references):04}")


def counting() -> Callable[[str], str]:
    """Ids that count, so that a test can name them."""
    numbers = count(1)
    return lambda kind: f"{kind}-{next(numbers)}"


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    """Fresh repositories."""
    made = Memory(tmp_path / "test.sqlite3")
    yield made
    made.database.close()
