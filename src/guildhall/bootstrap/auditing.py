"""Audited samples, wired: for an open house, and for a command that opens no model."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.settings import Settings
from guildhall.storage.auditing import AuditStore
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade
from guildhall.storage.staff import StaffStore


@dataclass(frozen=True, slots=True)
class Audits:
    """The audits of a council, and its staff."""

    store: AuditStore
    staff: StaffStore


def audits_of(guildhall: Guildhall) -> AuditStore:
    """The audits of an open house."""
    return _store(guildhall.database, guildhall.profile, guildhall.house.clock)


@contextmanager
def opened_audits(settings: Settings, council: str = "") -> Iterator[Audits]:
    """The audits of a council for a command. Raises ConfigurationError."""
    profile = load_council(settings.councils_dir, council or settings.council, settings.data_dir / "cache" / "yaml")
    database = Database(settings.database)
    try:
        upgrade(database)
        yield Audits(_store(database, profile, Clock(settings.today)), StaffStore(database))
    finally:
        database.close()


def _store(database: Database, profile: CouncilProfile, clock: Callable[[], datetime]) -> AuditStore:
    return AuditStore(database, profile.slug, new_id, clock, profile.calendar.zone)
