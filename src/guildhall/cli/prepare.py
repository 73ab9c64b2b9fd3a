"""`guildhall prepare`: make everything ready before the first resident comes."""

import click

from guildhall.bootstrap.prepare import prepare as make_ready
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings


@click.command()
@council_option
@explains_errors
def prepare(council: str) -> None:
    """Upgrade the database, read the council's content, and make models and router, all only if needed."""
    make_ready(Settings(), council, click.echo)
    click.echo("Everything is ready.")
