"""The migrations make exactly the schema that the code declares, and a schema from the future is refused."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from guildhall.storage.database import metadata
from guildhall.storage.migrating import upgrade
from guildhall.vocabulary.errors import GuildhallError
from tests.storage.where import open_database


def test_migrations_make_the_schema_that_is_declared(tmp_path: Path) -> None:
    database = open_database(tmp_path / "m.sqlite3")
    assert upgrade(database)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert not upgrade(database)
    database.close()


def test_a_schema_from_the_future_is_refused(tmp_path: Path) -> None:
    database = open_database(tmp_path / "m.sqlite3")
    upgrade(database)
    with database.writing() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(GuildhallError, match="install the newer Guildhall"):
        upgrade(database)
    database.close()
