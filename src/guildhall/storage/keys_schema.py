"""Tables of the key store. They are a database of their own, with backups of its own, and have no migrations: they are made when missing."""

from sqlalchemy import Column, LargeBinary, MetaData, String, Table

from guildhall.storage.database import Database, UtcDateTime, metadata
from guildhall.storage.schema import Sequence

keys_metadata = MetaData(naming_convention=metadata.naming_convention)

subjects = Table(
    "subjects",
    keys_metadata,
    Column("id", String(40), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

wrapped_keys = Table(
    "wrapped_keys",
    keys_metadata,
    Column("conversation_id", String(40), primary_key=True),
    Column("subject_id", String(40), nullable=False, index=True),
    Column("wrapped", LargeBinary, nullable=False),
)

tombstones = Table(
    "tombstones",
    keys_metadata,
    Column("seq", Sequence, primary_key=True, autoincrement=True),
    Column("conversation_id", String(40), nullable=False, unique=True),
    Column("erasure", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

purpose_keys = Table(
    "purpose_keys",
    keys_metadata,
    Column("purpose", String(64), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)


def make_tables(database: Database) -> None:
    """Make what is missing."""
    with database.writing() as connection:
        keys_metadata.create_all(connection)
