"""The database of a test: an SQLite file, or a schema of its own on the PostgreSQL that GUILDHALL_TEST_POSTGRESQL names.

Locks and notices are of a whole database there, so tests that run at the same time have one each, or they would wait for each other.
"""

import os
import uuid
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from guildhall.storage.database import Database

OPENED: list[Database] = []
SCHEMAS: dict[Path, str] = {}
SERVER = os.environ.get("GUILDHALL_TEST_POSTGRESQL", "")


def open_database(path: Path) -> Database:
    """The database at a path, empty when it is opened first; nobody but this test uses it."""
    OPENED.append(Database(f"sqlite:///{path}" if not SERVER else f"{_own(SERVER)}?options=-csearch_path%3D{_schema_of(path)}"))
    return OPENED[-1]


def close_databases() -> None:
    """Give back the connections of every database that was opened."""
    while OPENED:
        OPENED.pop().close()
    SCHEMAS.clear()


def _schema_of(path: Path) -> str:
    if path in SCHEMAS:
        return SCHEMAS[path]
    schema = SCHEMAS[path] = f"test_{uuid.uuid4().hex}"
    engine = create_engine(_own(SERVER))
    with engine.begin() as connection:
        connection.execute(text(f"create schema {schema}"))
    engine.dispose()
    return schema


@cache
def _own(server: str) -> str:
    """The address of a database on a server that no other process of the tests uses."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{uuid.uuid4().hex[:8]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
