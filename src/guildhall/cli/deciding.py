"""Who acts by a command that takes a role: one question, asked before anything is opened or read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from guildhall.settings import Settings
from guildhall.vocabulary.roles import Role

if TYPE_CHECKING:
    from guildhall.bootstrap.roles_held import Acting
    from guildhall.storage.staff import StaffStore


def who_acts(name: str, roles: frozenset[Role], what: str) -> "Acting":
    """Who acts, by the staff of this deployment. Raises RefusedError and NotFoundError, which name the role and who holds it."""
    from guildhall.bootstrap.roles_held import acting

    with _staff() as staff:
        return acting(staff, name, roles, what)


def names_of_staff() -> dict[str, str]:
    """Names by id, for what was done by an id."""
    with _staff() as staff:
        return staff.names()


@contextmanager
def _staff() -> "Iterator[StaffStore]":
    from guildhall.storage.database import Database
    from guildhall.storage.migrating import upgrade
    from guildhall.storage.staff import StaffStore

    database = Database(Settings().database)
    try:
        upgrade(database)
        yield StaffStore(database)
    finally:
        database.close()
