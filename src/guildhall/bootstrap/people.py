"""The store of requests for a person alone, for commands that need no models."""

from guildhall.bootstrap.identifiers import master_key, new_id, new_reference
from guildhall.records.sealing import Sealer
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.migrating import upgrade
from guildhall.storage.people import PeopleStore


def open_people(settings: Settings, _council: str = "") -> PeopleStore:
    """The deployment's requests for a person."""
    database = Database(settings.database)
    upgrade(database)
    return PeopleStore(database, KeyRing(Sealer(master_key(settings))), new_id, new_reference)
