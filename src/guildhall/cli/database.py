"""`guildhall database`: bring the schema up to date."""

import click

from guildhall.cli.opening import explains_errors
from guildhall.settings import Settings
from guildhall.storage.database import Database
from guildhall.storage.migrating import upgrade as upgrade_schema


@click.group()
def database() -> None:
    """Look after the database."""


@database.command()
@explains_errors
def upgrade() -> None:
    """Bring the database to the schema this version needs."""
    changed = upgrade_schema(Database(Settings().database))
    click.echo("The schema was brought up to date." if changed else "The schema is up to date.")
