"""Brings the database to the schema this version needs, and says so when a newer one wrote it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from guildhall.storage.database import Database
from guildhall.vocabulary.errors import GuildhallError


def alembic_config(database: Database) -> Config:
    """Alembic's configuration, pointed at this database and our migrations."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["database"] = database
    return config


def upgrade(database: Database) -> bool:
    """Upgrade to the newest schema; whether anything was done. Raises GuildhallError for a schema from the future."""
    config = alembic_config(database)
    script = ScriptDirectory.from_config(config)
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return False
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise GuildhallError(f"the database has schema {current}, which this version does not know; install the newer Guildhall")
    command.upgrade(config, "head")
    return True


def is_current(database: Database) -> bool:
    """Whether the schema is the one this version writes. Changes nothing."""
    head = ScriptDirectory.from_config(alembic_config(database)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
