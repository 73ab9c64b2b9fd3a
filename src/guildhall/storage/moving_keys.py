"""Keys of a database from before the key store: moved there, each under a key of a person, and deleted where they were."""

from sqlalchemy import delete, select

from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.schema import conversation_keys, payloads

AT_ONCE = 500


def move_old_keys(database: Database, keys: KeyRing) -> int:
    """Move whatever keys the main database still holds; how many. Cut short, it goes on the next time."""
    moved = 0
    while True:
        with database.reading() as connection:
            rows = connection.execute(select(conversation_keys).limit(AT_ONCE)).all()
        if not rows:
            break
        keys.add({row.conversation_id: keys.sealer.key_of(row.wrapped, row.conversation_id) for row in rows})
        with database.writing() as connection:  # only once they are durable over there
            ids = [row.conversation_id for row in rows]
            connection.execute(delete(conversation_keys).where(conversation_keys.c.conversation_id.in_(ids)))
        moved += len(rows)
    if moved:
        database.scrub(rebuild=True)
    return moved


def holds_words(database: Database) -> bool:
    """Whether any sealed words are there."""
    with database.reading() as connection:
        return connection.execute(select(payloads.c.event_id).limit(1)).scalar() is not None
