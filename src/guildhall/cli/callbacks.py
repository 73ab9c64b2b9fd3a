"""`guildhall callbacks`: who is waiting for a person, urgent first."""

import json

import click

from guildhall.cli.looking import as_option, looker, purpose_option
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings


@click.command()
@council_option
@as_option
@purpose_option("answering callbacks")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def callbacks(council: str, who: str, purpose: str, as_json: bool) -> None:
    """List every open request for a person, with the callback booked on it. Whoever looks is recorded."""
    from guildhall.bootstrap.people import open_views

    waiting = open_views(Settings(), council).waiting(looker(who, purpose))
    if as_json:
        click.echo(json.dumps([_plain(row) for row in waiting], ensure_ascii=False, indent=2))
        return
    if not waiting:
        click.echo("Nobody is waiting.")
    for row in waiting:
        slot = f"{row.slot_starts_at:%a %d %b %H:%M}" if row.slot_starts_at else "as soon as possible"
        who = (
            f"{row.details.name}, {row.details.phone}, {'may' if row.details.safe_to_leave_message else 'do NOT'} leave a message"
            if row.details
            else "no callback booked"
        )
        click.echo(f"{row.reference}  {'URGENT ' if row.urgent else ''}{row.queue}  {row.reason} {row.category}  {slot}  {who}")


def _plain(row: object) -> dict[str, object]:
    from dataclasses import asdict

    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in asdict(row).items()}  # type: ignore[call-overload]
