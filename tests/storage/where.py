"""The database of a test: an SQLite file, or a schema of its own on the PostgreSQL that GUILDHALL_TEST_POSTGRESQL names.

Locks and notices are of a whole database there, so tests that run at the same time have one each, or they would wait for each other. After
some schemas a new database is taken: in one with tens of thousands of tables everything is slow that looks a table up.
"""

import os
import uuid
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine, make_url, text

from guildhall.storage.database import Database

OPENED: list[Database] = []
ADDRESSES: dict[Path, str] = {}
SCHEMAS_A_DATABASE: Final = 25
SERVER = os.environ.get("GUILDHALL_TEST_POSTGRESQL", "")
_schemas = count()


def open_database(path: Path) -> Database:
    """The database at a path, empty when it is opened first; nobody but this test uses it."""
    OPENED.append(Database(_address_of(path) if SERVER else f"sqlite:///{path}"))
    return OPENED[-1]


def close_databases() -> None:
    """Give back the connections of every database that was opened."""
    while OPENED:
        OPENED.pop().close()
    ADDRESSES.clear()


def _address_of(path: Path) -> str:
    if path not in ADDRESSES:
        database, schema = _own(SERVER, next(_schemas) // SCHEMAS_A_DATABASE), f"test_{uuid.uuid4().hex}"
        engine = create_engine(database)
        with engine.begin() as connection:
            connection.execute(text(f"create schema {schema}"))
        engine.dispose()
        ADDRESSES[path] = f"{database}?options=-csearch_path%3D{schema}"
    return ADDRESSES[path]


@cache
def _own(server: str, number: int) -> str:
    """The address of a database on a server that no other process of the tests uses."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{number}_{uuid.uuid4().hex[:8]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
