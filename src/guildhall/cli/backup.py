"""`guildhall backup`: copies of the database and, apart, of the keys; and putting one back so that erased words stay gone."""

import json
from pathlib import Path

import click

from guildhall.bootstrap.backups import Backups, What, open_backups
from guildhall.cli.looking import as_option, looker, named_option, reason_option
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings

what_argument = click.argument("what", type=click.Choice([what.value for what in What]))


@click.group()
def backup() -> None:
    """Copies of the database and, apart, of the keys. Never keep both in one place."""


@backup.command()
@what_argument
@as_option
@council_option
@explains_errors
def make(what: str, who: str, council: str) -> None:
    """Copy the `main` database, or the `keys`, into its own folder, and delete copies past their schedule."""
    backups = open_backups(Settings(), council)
    path, deleted = backups.make(What(what), looker(who, "backup").name)
    click.echo(f"{path}")
    click.echo(f"{deleted} older copies deleted. Keep copies of keys apart from copies of the database.", err=True)
    backups.close()


@backup.command()
@what_argument
@click.argument("copy", type=click.Path(dir_okay=False, path_type=Path))
@named_option
@reason_option
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def restore(what: str, copy: Path, who: str, reason: str, council: str, as_json: bool) -> None:
    """Put COPY back. What was erased since is erased again before anybody can read it. Stop the server first."""
    _restore(open_backups(Settings(), council), What(what), copy, who, reason, as_json, drill=False)


@backup.command()
@what_argument
@click.argument("copy", type=click.Path(dir_okay=False, path_type=Path))
@as_option
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def drill(what: str, copy: Path, who: str, council: str, as_json: bool) -> None:
    """Rehearse a restore of COPY beside the live database, and throw it away."""
    _restore(open_backups(Settings(), council), What(what), copy, looker(who, "drill").name, "restore drill", as_json, drill=True)


@backup.command()
@council_option
@explains_errors
def replay(council: str) -> None:
    """Erase again whatever was erased before, after a database was put back by other means than `restore`."""
    backups = open_backups(Settings(), council)
    click.echo(f"{backups.replay()} conversations that were erased had come back with words or keys, and are gone again.")
    backups.close()


def _restore(backups: Backups, what: What, copy: Path, who: str, reason: str, as_json: bool, drill: bool) -> None:
    done = backups.restore(what, copy, who, reason, drill)
    backups.close()
    if as_json:
        facts = {"copy": str(done.copy), "sha256": done.digest, "erased": done.tombstones, "erased_again": done.erased_again}
        click.echo(json.dumps(facts | {"drill": drill}, indent=2))
        return
    click.echo(
        f"{'The drill went well, and nothing was changed' if drill else 'Put back'}: {done.copy}. {done.tombstones} conversations are on the "
        f"list of what was erased; {done.erased_again} rows or keys of theirs were in the copy and were erased again."
    )
