"""What is checked before the door opens, so that what is wrong is said at the start and not in front of a resident."""

from sqlalchemy import select

from guildhall.records.sealing import SealError
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import conversations
from guildhall.vocabulary.errors import ConfigurationError, NotFoundError

LOOKED_AT = 20
"""Conversations whose key is tried, newest first, until one still has a key: the others were erased."""


def check_keys_fit(settings: Settings, database: Database, keys: KeyRing) -> None:
    """Raise ConfigurationError when the master key does not open the newest conversation that still has a key."""
    with database.reading() as connection:
        newest = connection.execute(select(conversations.c.id).order_by(conversations.c.started_at.desc()).limit(LOOKED_AT)).scalars().all()
    for conversation in newest:
        try:
            keys.get(conversation)
        except NotFoundError:
            continue
        except SealError:
            given = settings.master_key.get_secret_value()
            raise ConfigurationError(
                "the master key is another one than the one that sealed what this database holds.",
                file="GUILDHALL_MASTER_KEY" if given else settings.data_dir / "keys" / "master.key",
                fix="Put the right key back from its own backup. If the file was missing, the one there now was made just now and opens nothing.",
            ) from None
        return
