"""`guildhall safeguarding`: records of escalations about people at risk, and acknowledging one when the console cannot be reached."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from guildhall.cli.looking import named_option
from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings

if TYPE_CHECKING:
    from guildhall.vocabulary.safeguarding import SafeguardingRecord


@click.group()
def safeguarding() -> None:
    """Safeguarding records: who was told, and who has it in hand."""


@safeguarding.command("list")
@council_option
@click.option("--all", "everything", is_flag=True, help="Closed ones too.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@explains_errors
def listing(council: str, everything: bool, as_json: bool) -> None:
    """List records, those that nobody acknowledged first. No words of residents are shown."""
    from guildhall.bootstrap.after import open_after_alone

    after = open_after_alone(Settings(), council)
    found = after.safeguarding.find() if everything else after.safeguarding.open_ones()
    after.close()
    if as_json:
        click.echo(json.dumps([asdict(record) for record in found], ensure_ascii=False, indent=2, default=_plain))
        return
    if not found:
        click.echo("No safeguarding record is open.")
    for record in found:
        click.echo(f"{record.raised_at:%Y-%m-%d %H:%M}  {record.id}  {record.reference}  {record.category}  {_stands(record)}")


@safeguarding.command()
@council_option
@named_option
@click.argument("record")
@explains_errors
def acknowledge(council: str, who: str, record: str) -> None:
    """Say that you have a record in hand: its id, or the reference of the alert. Nobody else is told after that."""
    from guildhall.bootstrap.after import open_after_alone
    from guildhall.bootstrap.identifiers import Clock

    settings = Settings()
    after = open_after_alone(settings, council)
    found = after.safeguarding.get(record)
    done = after.safeguarding.acknowledge(found.id, who, Clock(settings.today)())
    after.close()
    click.echo(f"{done.reference} is acknowledged by {done.acknowledged_by}, {done.acknowledged_at:%d %B %Y %H:%M} UTC.")


def _stands(record: "SafeguardingRecord") -> str:
    if record.closed_at:
        return f"closed: {record.outcome}"
    if record.acknowledged_by:
        return f"acknowledged by {record.acknowledged_by}"
    last = next((step.route for step in reversed(record.steps) if step.route), "")
    if record.next_at is None:
        return "NOT ACKNOWLEDGED, no route left to tell"
    return f"not acknowledged, told {last}, until {record.next_at:%H:%M} UTC" if last else "nobody told yet"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
