"""Opens the key store: apart from the database, brought in line with what was erased, and with the keys of older databases moved in."""

from guildhall.bootstrap.identifiers import master_key, new_id
from guildhall.bootstrap.knowledge import say_to_terminal
from guildhall.records.sealing import Sealer
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.moving_keys import holds_words, move_old_keys
from guildhall.storage.tombstones import TombstoneFile
from guildhall.vocabulary.errors import ConfigurationError


def open_keys(settings: Settings, database: Database) -> KeyRing:
    """The deployment's keys. Raises ConfigurationError when they would lie in the main database, and so in its backups."""
    if settings.keys_database == settings.database:
        raise ConfigurationError(
            "the key store would be in the main database, and so in its backups.",
            file="GUILDHALL_KEYS_DATABASE_URL",
            fix="Give it a database of its own, or leave it empty.",
        )
    keys = KeyRing(Sealer(master_key(settings)), Database(settings.keys_database, durable=True), TombstoneFile(settings.erased), new_id)
    keys.catch_up()
    move_old_keys(database, keys)
    if keys.is_empty() and holds_words(database):
        say_to_terminal(
            "The key store is empty, but the database holds sealed words: nobody can read them. Check GUILDHALL_KEYS_DATABASE_URL, "
            "or put a copy of the keys back with `guildhall backup restore keys`."
        )
    return keys


def open_passing_keys(settings: Settings, database: Database) -> KeyRing:
    """Keys beside a database that is kept for one run only, such as a measurement's."""
    url = f"{database.url}.keys" if database.is_sqlite else settings.keys_database
    return KeyRing(Sealer(master_key(settings)), Database(url), None, new_id)
