"""Alembic's entry: runs migrations over the connection that the caller's database gives."""

from alembic import context

import guildhall.storage.after_schema
import guildhall.storage.auditing_schema
import guildhall.storage.baselines_schema
import guildhall.storage.calls_schema
import guildhall.storage.desk_schema
import guildhall.storage.evidence_schema
import guildhall.storage.fairness
import guildhall.storage.governance_schema
import guildhall.storage.knowledge
import guildhall.storage.learning_schema
import guildhall.storage.ledger_schema
import guildhall.storage.log
import guildhall.storage.misses
import guildhall.storage.opportunities_schema
import guildhall.storage.published_schema
import guildhall.storage.rights_schema
import guildhall.storage.schema
import guildhall.storage.staff
import guildhall.storage.staff_sessions
import guildhall.storage.supervision_schema
import guildhall.storage.switches
import guildhall.storage.tools_schema  # noqa: F401 - importing them puts their tables into the metadata
from guildhall.storage.database import Database, metadata


def run() -> None:
    """Run the migrations in one transaction."""
    database: Database = context.config.attributes["database"]
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection = connection.execution_options(guildhall_write=True)
        context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()


run()
