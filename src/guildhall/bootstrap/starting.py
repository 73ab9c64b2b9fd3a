"""What is checked before the door opens, so that what is wrong is said at the start and not in front of a resident."""

from sqlalchemy import select

from guildhall.records.sealing import SealError
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import conversation_keys, conversations
from guildhall.vocabulary.errors import ConfigurationError


def check_keys_fit(settings: Settings, database: Database, keys: KeyRing) -> None:
    """Raise ConfigurationError when the master key does not open the newest conversation that still has a key."""
    newest = select(conversations.c.id).join(conversation_keys, conversation_keys.c.conversation_id == conversations.c.id)
    with database.reading() as connection:
        conversation = connection.execute(newest.order_by(conversations.c.started_at.desc()).limit(1)).scalar()
        if conversation is None:
            return
        try:
            keys.get(connection, conversation)
        except SealError:
            given = settings.master_key.get_secret_value()
            raise ConfigurationError(
                "the master key is another one than the one that sealed what this database holds.",
                file="GUILDHALL_MASTER_KEY" if given else settings.data_dir / "keys" / "master.key",
                fix="Put the right key back from its own backup. If the file was missing, the one there now was made just now and opens nothing.",
            ) from None
