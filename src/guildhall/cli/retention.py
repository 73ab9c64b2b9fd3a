"""`guildhall retention`: how long what is kept, and doing what is due."""

import json

import click
import duckdb

from guildhall.bootstrap.rights import open_rights
from guildhall.cli.knowledge_display import progress_bar, show_table
from guildhall.cli.opening import council_option, explains_errors
from guildhall.records.retention import HOW
from guildhall.settings import Settings
from guildhall.storage.retention import Due
from guildhall.vocabulary.errors import GuildhallError


@click.group()
def retention() -> None:
    """How long what is kept, by the council's retention.yaml. `serve` runs it daily."""


@retention.command()
@council_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def show(council: str, as_json: bool) -> None:
    """Show every schedule with its authority, and how much is due."""
    rights = open_rights(Settings(), council)
    due, last = rights.retention.due(), rights.retention.last_run()
    rights.close()
    if as_json:
        click.echo(json.dumps([_plain(one) for one in due], ensure_ascii=False, indent=2))
        return
    for one in due:
        schedule = one.schedule
        own = f"adopted by {schedule.adopted.by} on {schedule.adopted.on:%d %B %Y}" if schedule.adopted else "an example, not adopted yet"
        click.secho(f"{one.name}: {schedule.title}", bold=True)
        click.echo(f"  {HOW[schedule.covers][2]}: {schedule.days} days from {schedule.trigger.replace('_', ' ')}, then {schedule.action}")
        click.echo(f"  {schedule.authority} ({own})")
        if schedule.includes:
            click.echo(f"  In it: {'; '.join(schedule.includes)}.")
        click.echo(f"  Due now: {len(one.over)}; held: {one.held}")
    click.echo(f"Last run: {f'{last:%d %B %Y %H:%M} UTC' if last else 'never'}")


@retention.command()
@council_option
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--clock-is-right", default="", metavar="NAME", help="Your name, if the clock jumped and is right all the same.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def run(council: str, dry_run: bool, clock_is_right: str, as_json: bool) -> None:
    """Erase, unlink or delete what is past its time, holds excepted, and finish erasures that were cut short."""
    rights = open_rights(Settings(), council)
    try:
        if dry_run:
            due: tuple[Due, ...] = rights.retention.due()
            clean = True
        else:
            rights.retention.check_clock(clock_is_right)
            _settle(council)
            with progress_bar("Looking for what is past its time") as progress:
                ran = rights.retention.run(progress, clock_is_right)
            due, clean = ran.due, all(certificate.clean for certificate in ran.certificates)
            for certificate in ran.certificates:
                click.echo(f"Certificate: {rights.keep_certificate(certificate)}", err=True)
    finally:
        rights.close()
    if as_json:
        click.echo(json.dumps([_plain(one) for one in due], ensure_ascii=False, indent=2))
    else:
        rows = [(one.name, str(len(one.over)), one.schedule.action.value, str(one.held)) for one in due]
        show_table(("Schedule", "Would be done" if dry_run else "Done", "How", "Held"), rows)
    if not clean:
        raise SystemExit(1)


def _settle(council: str) -> None:
    """Put into the record whether residents came again, before it is forgotten who they are. Where it cannot be, retention runs all the same."""
    from guildhall.bootstrap.value import open_value_alone  # opens an engine, which nothing else here needs

    value = open_value_alone(Settings(), council)
    try:
        value.before_forgetting()
    except (GuildhallError, OSError, duckdb.Error) as error:
        why = error if isinstance(error, GuildhallError) else type(error).__name__
        click.echo(f"Whether residents came again could not be put into the record: {why}", err=True)
    finally:
        value.close()


def _plain(due: Due) -> dict[str, object]:
    return {"name": due.name, **due.schedule.model_dump(mode="json"), "due": len(due.over), "held": due.held}
